"""What happens at a table besides the cards: seats, chips and clocks, as frozen records.

Durations are milliseconds counted from the sending of the frame: clients' clocks differ.
"""

import msgspec

from games.fair.records import FairEvent
from games.holdem.hand import Legal
from games.holdem.records import Event as HoldemEvent


class SeatTaken(msgspec.Struct, frozen=True, tag="seat_taken"):
    """``kind`` is player, guest or bot: bots are always labelled."""

    seat: int
    name: str
    kind: str
    stack: int


class SeatVacated(msgspec.Struct, frozen=True, tag="seat_vacated"):
    """The player left; ``chips`` go to his wallet."""

    seat: int
    chips: int


class ChipsAdded(msgspec.Struct, frozen=True, tag="chips_added"):
    """A top-up came into play."""

    seat: int
    amount: int
    stack: int


class SatOut(msgspec.Struct, frozen=True, tag="sat_out", omit_defaults=True):
    """``sent_away``: by the host of the table, which he leaves when his hand is over."""

    seat: int
    sent_away: bool = False


class SatIn(msgspec.Struct, frozen=True, tag="sat_in"):
    seat: int


class WentAway(msgspec.Struct, frozen=True, tag="went_away"):
    """The player's line broke; the seat waits and the clock runs."""

    seat: int


class CameBack(msgspec.Struct, frozen=True, tag="came_back"):
    seat: int


class TurnBegan(msgspec.Struct, frozen=True, tag="turn_began"):
    """A seat is to act: its options, the time of the turn and the bank behind it. An action
    names ``turn``, which grows by one from decision to decision."""

    seat: int
    options: Legal
    clock_ms: int
    bank_ms: int
    turn: int


class BankStarted(msgspec.Struct, frozen=True, tag="bank_started"):
    """The time of the turn is over; the player's bank runs."""

    seat: int
    bank_ms: int


class TablePaused(msgspec.Struct, frozen=True, tag="table_paused"):
    """The clocks stand still and nothing is dealt: ``reason`` is operator or storage."""

    reason: str


class TableResumed(msgspec.Struct, frozen=True, tag="table_resumed"):
    """Play goes on; the running turn has ``remaining_ms`` left (0 if there is none)."""

    remaining_ms: int


class TimedOut(msgspec.Struct, frozen=True, tag="timed_out"):
    """No time left: the seat checks if that is free, else folds."""

    seat: int


TableEvent = (
    SeatTaken
    | SeatVacated
    | ChipsAdded
    | SatOut
    | SatIn
    | WentAway
    | CameBack
    | TurnBegan
    | BankStarted
    | TimedOut
    | TablePaused
    | TableResumed
)
Event = HoldemEvent | FairEvent | TableEvent
