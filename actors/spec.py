"""What a table is: its game, its stakes and its manners."""

from typing import Final

import msgspec

from games.clock import ClockSpec
from games.holdem.game import HoldemSpec
from wallet.currencies import PLAY
from wire.limits import RAIL_DELAY_S_MAX
from wire.server_frames import TableInfo

TABLES_PER_ACTOR_MAX: Final = 500


class TableSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One table. Buy-ins are minor units of ``currency``; times are milliseconds.

    ``pause_ms`` lies between hands, ``showdown_pause_ms`` instead of it after a showdown.
    A player away or sitting out for ``away_ms_max`` is stood up; after ``timeouts_max`` turns
    without a decision he is sat out. After an interruption the player to act has at least
    ``resume_ms`` (a whole turn, if that is shorter). Up to ``tables_per_actor`` tables that say
    the same number share a process: small ones cost less, and fall together with it.
    Spectators see everything ``rail_delay_s`` seconds later. A ``private`` table is not in the
    lobby: who is let in, auth knows.
    """

    table: str
    name: str
    game: HoldemSpec
    clock: ClockSpec = ClockSpec()
    buy_in_min: int
    buy_in_max: int
    pause_ms: int = 2_000
    showdown_pause_ms: int = 4_500
    away_ms_max: int = 600_000
    resume_ms: int = 10_000
    timeouts_max: int = 2
    fixed_decks: bool = False
    currency: str = PLAY
    tables_per_actor: int = 1
    rail_delay_s: int = 0
    private: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.buy_in_min <= self.buy_in_max:
            raise ValueError("buy_in_min is positive and at most buy_in_max")
        if self.buy_in_min < self.game.blinds.big:
            raise ValueError("buy_in_min is at least the big blind")
        if min(self.pause_ms, self.showdown_pause_ms, self.away_ms_max, self.resume_ms) < 0:
            raise ValueError("times are not negative")
        if not 1 <= self.tables_per_actor <= TABLES_PER_ACTOR_MAX:
            raise ValueError(f"tables_per_actor is 1 to {TABLES_PER_ACTOR_MAX}")
        if not 0 <= self.rail_delay_s <= RAIL_DELAY_S_MAX:
            raise ValueError(f"rail_delay_s is 0 to {RAIL_DELAY_S_MAX}")

    def info(self) -> TableInfo:
        """The part that players are told."""
        blinds = self.game.blinds
        return TableInfo(
            table=self.table,
            name=self.name,
            game="nlhe",
            seats=self.game.seats,
            small_blind=blinds.small,
            big_blind=blinds.big,
            ante=blinds.ante,
            straddle=blinds.straddle,
            buy_in_min=self.buy_in_min,
            buy_in_max=self.buy_in_max,
            turn_ms=self.clock.turn_ms,
            rake_bp=self.game.rake.rate_bp,
            currency=self.currency,
        )
