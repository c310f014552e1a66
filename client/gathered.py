"""Main and side pots as a client can work them out: what each seat has put in on past streets."""

from collections.abc import Collection

import msgspec

from games.pots import build_pots


class Gathered(msgspec.Struct, kw_only=True):
    """Chips (minor units) that are in the middle, this street's bets not among them.

    Who put in what is known only to a client that saw the hand begin; one that came in the
    middle was told the pots (``told``) and adds later streets to the last of them.
    """

    by_seat: dict[int, int] = {}
    dead: int = 0
    told: tuple[int, ...] | None = None

    def add(self, seat: int, amount: int) -> None:
        """A live bet of a street that is over, or an ante."""
        if self.told is None:
            self.by_seat[seat] = self.by_seat.get(seat, 0) + amount
        elif amount:
            *others, last = self.told or (0,)
            self.told = (*others, last + amount)

    def pots(self, contenders: Collection[int], all_in: Collection[int]) -> tuple[int, ...]:
        """Main pot first. ``contenders`` have not folded; side pots need one of them all-in."""
        if self.told is not None:
            return self.told
        total = sum(self.by_seat.values()) + self.dead
        inside = [seat for seat in contenders if self.by_seat.get(seat)]
        if not inside or not any(seat in all_in for seat in inside):
            return (total,) if total else ()
        main, *side = (pot.amount for pot in build_pots(self.by_seat, inside))
        return (main + self.dead, *side)
