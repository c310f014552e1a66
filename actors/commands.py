"""What can be asked of the table machine. Time and chance arrive here and nowhere else.

``now`` is an instant in milliseconds on one monotonic scale. Chips are minor units.
"""

import msgspec

from games.holdem.records import Action
from wire.events import Event


class Player(msgspec.Struct, frozen=True):
    """Who asks: account id, name, and player, guest or bot."""

    id: str
    name: str
    kind: str


class Reserve(msgspec.Struct, frozen=True, tag=True):
    """Hold a seat (any if None) while the buy-in is on its way through the ledger."""

    now: int
    player: Player
    seat: int | None
    amount: int


class Release(msgspec.Struct, frozen=True, tag=True):
    """The buy-in failed: the held seat is free again."""

    now: int
    seat: int


class SitDown(msgspec.Struct, frozen=True, tag=True):
    """The buy-in is in escrow under ``session``: the player takes the held seat."""

    now: int
    player: Player
    seat: int
    session: str
    amount: int
    post_now: bool


class AskTopUp(msgspec.Struct, frozen=True, tag=True):
    """May the player bring this much more? Changes nothing."""

    now: int
    player: str
    amount: int


class TopUp(msgspec.Struct, frozen=True, tag=True):
    """The top-up is in escrow: it comes into play with the next hand."""

    now: int
    player: str
    amount: int


class StandUp(msgspec.Struct, frozen=True, tag=True, omit_defaults=True):
    """``after_hand``: he plays the hand on that he is in, and stands up when it is over. So a host
    sends players away: he plays himself, and who leaves in the hand folds."""

    now: int
    player: str
    after_hand: bool = False


class SetSitOut(msgspec.Struct, frozen=True, tag=True):
    now: int
    player: str
    on: bool


class SetStraddle(msgspec.Struct, frozen=True, tag=True):
    now: int
    player: str
    on: bool


class SetEntropy(msgspec.Struct, frozen=True, tag=True):
    """``digest`` is the hash of what the player mixes into the deals from the next one on."""

    now: int
    player: str
    digest: bytes


class Act(msgspec.Struct, frozen=True, tag=True):
    """``action`` is one of the game's own records; ``turn`` None means the present one."""

    now: int
    player: str
    hand: int
    action: Action
    turn: int | None = None


class CommitSeed(msgspec.Struct, frozen=True, tag=True):
    """The next hand will be dealt from ``seed``: for a table that has none yet."""

    now: int
    seed: bytes


class Deal(msgspec.Struct, frozen=True, tag="FairDeal"):
    """Start the next hand from the seed committed to before (or from a fixed deck: tests), and
    commit to ``seed`` for the one after it. Seeds have 32 bytes."""

    now: int
    seed: bytes
    deck: tuple[int, ...] | None = None


class DealV1(msgspec.Struct, frozen=True, tag="Deal"):
    """A deal of before there were commitments, in journals only: from ``seed`` at once."""

    now: int
    seed: bytes
    deck: tuple[int, ...] | None = None


CHANCE = CommitSeed | Deal | DealV1
"""What brings chance to a table: sealed in the journal."""


class ClockRanOut(msgspec.Struct, frozen=True, tag=True):
    """The timer of turn number ``turn`` fired."""

    now: int
    turn: int


class SetConnected(msgspec.Struct, frozen=True, tag=True):
    now: int
    player: str
    on: bool


class Sweep(msgspec.Struct, frozen=True, tag=True):
    """Stand up those who have been away for too long."""

    now: int


class CloseTable(msgspec.Struct, frozen=True, tag=True):
    """No new hand: everybody is stood up as soon as the running one is over."""

    now: int


class TakeOver(msgspec.Struct, frozen=True, tag=True):
    """Another process serves the table from here on: everybody is away until he is back, a
    running turn gets its minimum. ``fault`` is why the one before gave up, if it said."""

    now: int
    fault: str = ""


class Pause(msgspec.Struct, frozen=True, tag=True):
    """An operator (``by``) stops the table: no deal, no action, no clock."""

    now: int
    by: str


class Resume(msgspec.Struct, frozen=True, tag=True):
    """An operator lets a paused table go on."""

    now: int
    by: str


class VoidHand(msgspec.Struct, frozen=True, tag=True):
    """The hand in play does not count: by an operator, or by policy after a fault."""

    now: int
    hand: int
    reason: str
    by: str


ByPlayer = AskTopUp | TopUp | StandUp | SetSitOut | SetStraddle | SetEntropy | SetConnected
OperatorCommand = Pause | Resume | VoidHand | StandUp
Command = (
    ByPlayer
    | Reserve
    | Release
    | SitDown
    | Act
    | CommitSeed
    | Deal
    | DealV1
    | ClockRanOut
    | Sweep
    | CloseTable
    | TakeOver
    | Pause
    | Resume
    | VoidHand
)


class HandOver(msgspec.Struct, frozen=True):
    """Effect: settle hand ``hand``: (session, change) and the rake; they sum to zero. ``seed`` is
    for the record."""

    hand: int
    changes: tuple[tuple[str, int], ...]
    rake: int
    seed: bytes = b""


class CashOut(msgspec.Struct, frozen=True):
    """Effect: the stake of ``session`` goes home, once by ``key``. ``sent_away``: by his host, his
    line ends with it."""

    player: str
    session: str
    chips: int
    key: str
    sent_away: bool = False


class HandVoid(msgspec.Struct, frozen=True):
    """Effect: keep the record of a hand that does not count; the ledger never heard of it."""

    hand: int
    seed: bytes = b""


Effect = HandOver | CashOut | HandVoid


class Outcome(msgspec.Struct, frozen=True):
    """What a step did: events for the players, effects for the ledger, the seat concerned."""

    events: list[Event] = []
    effects: list[Effect] = []
    seat: int = -1


def leaves_trace(command: Command, outcome: Outcome) -> bool:
    """Whether a step changed what a later one depends on: only such commands are journalled.

    A reservation is not: it ends with its process, and the chips it waited for go home.
    """
    match command:
        case Reserve() | Release() | AskTopUp():
            return False
        case Sweep():
            # Who is to leave after the hand plays no further turn of it, and no event says so.
            return outcome.seat >= 0 or bool(outcome.events)
        case ClockRanOut() | SetConnected():
            return bool(outcome.events)
        case _:
            return True
