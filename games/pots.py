"""Main and side pots, and how they are shared. Knows amounts and seats, not cards."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Pot(NamedTuple):
    """Chips (minor units) and the seats that can win them, in deal order."""

    amount: int
    seats: tuple[int, ...]


def build_pots(paid: Mapping[int, int], contenders: Sequence[int], dead: int = 0) -> list[Pot]:
    """Split contributions into main and side pots, main pot first.

    ``paid`` is what each seat put in over the hand, folded seats included; ``contenders`` are
    the seats that have not folded, in deal order. Uncalled chips must have been returned.
    ``dead`` chips, which give nobody a share, are for all contenders.
    """
    assert contenders, "a hand ends with at least one contender"
    levels = sorted({paid[seat] for seat in contenders if paid[seat] > 0})
    pots: list[Pot] = []
    below = 0
    for level in levels:
        amount = sum(min(chips, level) - min(chips, below) for chips in paid.values())
        pots.append(Pot(amount, tuple(s for s in contenders if paid[s] >= level)))
        below = level
    if not pots or (dead and pots[0].seats != tuple(contenders)):
        # Somebody is all-in with nothing but dead money.
        pots.insert(0, Pot(0, tuple(contenders)))
    pots[0] = Pot(pots[0].amount + dead, pots[0].seats)
    # A folded seat may have paid more than any contender (a short all-in against dead money).
    excess = sum(max(0, chips - below) for chips in paid.values())
    if excess:
        pots[-1] = Pot(pots[-1].amount + excess, pots[-1].seats)
    assert sum(pot.amount for pot in pots) == sum(paid.values()) + dead
    return pots


def share(amount: int, winners: Sequence[int]) -> list[tuple[int, int]]:
    """Split a pot evenly; odd chips go one each to the first winners left of the button.

    ``winners`` must be in deal order (left of the button first); TDA rule 20.
    """
    each, odd = divmod(amount, len(winners))
    shares = [(seat, each + (1 if i < odd else 0)) for i, seat in enumerate(winners)]
    assert sum(chips for _, chips in shares) == amount
    return shares
