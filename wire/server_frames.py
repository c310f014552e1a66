"""Frames from the table to the client: a closed tagged union."""

from datetime import datetime

import msgspec

from games.fair.records import DeckSealed
from games.holdem.records import BoardDealt, HandShown, HandStarted, HoleDealt
from games.holdem.view import PublicHand
from games.protocol import NO_SEAT
from wire.codes import LimitName
from wire.events import Event


class SeatView(msgspec.Struct, frozen=True):
    """One taken seat. ``stack`` is what is behind, in minor units; ``added`` waits for the next
    hand."""

    seat: int
    name: str
    kind: str
    stack: int
    added: int = 0
    sitting_out: bool = False
    away: bool = False
    straddle: bool = False


class TableInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What does not change while a table is open. Chips in minor units, times in ms."""

    table: str
    name: str
    game: str
    seats: int
    small_blind: int
    big_blind: int
    ante: int
    straddle: bool
    buy_in_min: int
    buy_in_max: int
    turn_ms: int
    rake_bp: int
    currency: str = "PLAY"


class ClockView(msgspec.Struct, frozen=True):
    """The running turn: whose, what is left of it, whether it is the bank, the bank behind, and
    its number."""

    seat: int
    remaining_ms: int
    in_bank: bool
    bank_ms: int
    turn: int


class FairView(msgspec.Struct, frozen=True):
    """What a newcomer missed of the fair deal: the commitment of the next hand's seed and, once a
    hand was dealt, how that one was sealed and the cards he may see of it, with their proofs."""

    commitment: bytes
    sealed: DeckSealed | None = None
    opened: tuple[HandStarted | HoleDealt | BoardDealt | HandShown, ...] = ()


class TableView(msgspec.Struct, frozen=True):
    """The whole table as one viewer may see it: ``cards`` are his own, ``paused`` is why nothing
    moves (operator, storage), if so."""

    info: TableInfo
    seats: tuple[SeatView, ...]
    hand: PublicHand | None
    cards: tuple[int, ...] = ()
    clock: ClockView | None = None
    paused: str = ""
    fair: FairView | None = None


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The first frame. ``missed`` says how many updates follow instead of a snapshot; with
    ``view`` set the client starts afresh from it, at sequence number ``seq``."""

    table: str
    epoch: int
    seq: int
    seat: int = NO_SEAT
    missed: int = 0
    view: TableView | None = None


class Update(msgspec.Struct, frozen=True, tag="update"):
    """What one step brought; ``seq`` grows by one from update to update within an epoch."""

    epoch: int
    seq: int
    events: tuple[Event, ...]


class Accepted(msgspec.Struct, frozen=True, tag="accepted"):
    """The request was applied; its effect is in the updates. ``seat`` after a Sit."""

    ref: str
    seat: int = NO_SEAT


class LimitReached(msgspec.Struct, frozen=True):
    """Which of the player's limits forbids it, what it leaves in minor units, and when it ends:
    never, if that is none."""

    limit: LimitName
    left: int
    until: datetime | None


class Refused(msgspec.Struct, frozen=True, tag="refused", omit_defaults=True):
    """The request was not applied. ``ref`` is None where it could not be read; ``limit`` says
    more of ``limit_reached``."""

    ref: str | None
    code: str
    message: str
    limit: LimitReached | None = None


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    ref: str


ServerFrame = Welcome | Update | Accepted | Refused | Pong
