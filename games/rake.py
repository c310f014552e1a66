"""What the house takes from a pot, by a versioned spec."""

import msgspec

from games.pots import Pot

BASIS_POINTS = 10_000


class RakeSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A share of the pot, capped by the number of players dealt in.

    ``caps`` holds (players dealt, cap in minor units), ascending; the last entry whose player
    count is reached applies. ``version`` names the spec in hand records and never changes
    meaning.
    """

    version: str = "none"
    rate_bp: int = 0
    caps: tuple[tuple[int, int], ...] = ()
    no_flop_no_drop: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.rate_bp <= BASIS_POINTS:
            raise ValueError("rate_bp is between 0 and 10000")
        if list(self.caps) != sorted(self.caps):
            raise ValueError("caps ascend by players")

    def take(self, pot_total: int, players_dealt: int, saw_flop: bool) -> int:
        """Rake in minor units, rounded down, for a pot without its uncalled bet."""
        if self.no_flop_no_drop and not saw_flop:
            return 0
        rake = pot_total * self.rate_bp // BASIS_POINTS
        reached = [cap for players, cap in self.caps if players_dealt >= players]
        return min(rake, reached[-1]) if reached else rake


def spread(rake: int, pots: list[Pot]) -> list[int]:
    """Rake of each pot, in proportion to its size; the odd chips come from the main pot."""
    total = sum(pot.amount for pot in pots)
    assert 0 <= rake <= total
    if not rake:
        # The pot itself may be empty: everybody folds to a big blind without a small one.
        return [0] * len(pots)
    parts = [rake * pot.amount // total for pot in pots]
    parts[0] += rake - sum(parts)
    return parts
