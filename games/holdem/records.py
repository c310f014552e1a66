"""What players do (actions) and what happened (events): closed unions of frozen records.

Amounts are chips in minor units. Events are public except the cards of ``HoleDealt``. ``proofs``
are parallel to ``cards``; without any an event looks as it did before there were proofs.
"""

from enum import StrEnum
from typing import Any

import msgspec

from games.fair.records import Opening


class Street(StrEnum):
    """The betting rounds, in order."""

    PREFLOP = "preflop"
    FLOP = "flop"
    TURN = "turn"
    RIVER = "river"


STREETS = tuple(Street)


class PostKind(StrEnum):
    """Why chips went in before the cards: live posts count towards a call, dead ones do not."""

    ANTE = "ante"
    SMALL_BLIND = "small_blind"
    BIG_BLIND = "big_blind"
    STRADDLE = "straddle"
    JOIN = "join"
    DEAD = "dead"


class Post(msgspec.Struct, frozen=True):
    """A forced bet asked of a seat; a short stack posts what it has."""

    seat: int
    kind: PostKind
    amount: int

    @property
    def live(self) -> bool:
        return self.kind not in (PostKind.ANTE, PostKind.DEAD)


class Fold(msgspec.Struct, frozen=True, tag="fold"):
    pass


class Check(msgspec.Struct, frozen=True, tag="check"):
    pass


class Call(msgspec.Struct, frozen=True, tag="call"):
    pass


class Raise(msgspec.Struct, frozen=True, tag="raise"):
    """Bet or raise *to* this total for the street."""

    to: int


Action = Fold | Check | Call | Raise


class HandStarted(msgspec.Struct, frozen=True, tag="hand_started"):
    hand: int
    button: int
    seats: tuple[int, ...]
    stacks: tuple[int, ...]


class Posted(msgspec.Struct, frozen=True, tag="posted"):
    seat: int
    kind: PostKind
    amount: int


class HoleDealt(msgspec.Struct, frozen=True, tag="hole_dealt", omit_defaults=True):
    """Two cards to a seat; ``cards`` is empty for everybody else."""

    seat: int
    cards: tuple[int, ...]
    proofs: tuple[Opening, ...] = ()


class Acted(msgspec.Struct, frozen=True, tag="acted"):
    """``paid`` went from the stack now; ``bet`` is the seat's total on this street."""

    seat: int
    action: str
    paid: int
    bet: int
    all_in: bool


class BoardDealt(msgspec.Struct, frozen=True, tag="board_dealt", omit_defaults=True):
    street: Street
    cards: tuple[int, ...]
    proofs: tuple[Opening, ...] = ()


class BetReturned(msgspec.Struct, frozen=True, tag="bet_returned"):
    seat: int
    amount: int


class HandShown(msgspec.Struct, frozen=True, tag="hand_shown", omit_defaults=True):
    """``made`` names the hand, empty while the board is not complete."""

    seat: int
    cards: tuple[int, ...]
    made: str
    proofs: tuple[Opening, ...] = ()


class HandMucked(msgspec.Struct, frozen=True, tag="hand_mucked"):
    seat: int


class PotAwarded(msgspec.Struct, frozen=True, tag="pot_awarded"):
    """Pot 0 is the main pot; ``amount`` includes ``rake``; ``shares`` are (seat, chips)."""

    pot: int
    amount: int
    rake: int
    shares: tuple[tuple[int, int], ...]


class HandEnded(msgspec.Struct, frozen=True, tag="hand_ended"):
    """``stacks`` are parallel to the seats of ``HandStarted``."""

    hand: int
    stacks: tuple[int, ...]
    rake: int


class HandVoided(msgspec.Struct, frozen=True, tag="hand_voided"):
    """The hand does not count: ``stacks`` of ``seats`` are as before it. ``reason`` is the
    policy's or the operator's."""

    hand: int
    seats: tuple[int, ...]
    stacks: tuple[int, ...]
    reason: str


Event = (
    HandStarted
    | Posted
    | HoleDealt
    | Acted
    | BoardDealt
    | BetReturned
    | HandShown
    | HandMucked
    | PotAwarded
    | HandEnded
    | HandVoided
)


def bare(event: Any) -> Any:
    """The event without its proofs: of the seed they can be made again."""
    if isinstance(event, HoleDealt | BoardDealt | HandShown) and event.proofs:
        return msgspec.structs.replace(event, proofs=())
    return event
