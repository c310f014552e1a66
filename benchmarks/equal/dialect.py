"""The workload's frames as a ``Codec``: what is not one of them is not sent at all.

The end of a hand goes out with the deal of the next one: here a hand is dealt when the last one
is settled, and whoever was told of the end before would act too early.
"""

import itertools
from typing import Any, Final

import msgspec

from benchmarks.equal.game import ACTIONS, Began, Bet, Placed
from wire import client_frames as f
from wire.codec import Codec
from wire.server_frames import Accepted, Refused, ServerFrame, Update

SIT: Final = "sit"
NOTHING: Final = b""


class Seat(msgspec.Struct, tag="seat"):
    seat: int


class Start(msgspec.Struct, tag="start"):
    hand: int
    turn: int


class Upd(msgspec.Struct, tag="upd"):
    hand: int
    seq: int
    actor: int
    amount: int
    pot: int
    turn: int


class Over(msgspec.Struct, tag="over"):
    hand: int
    winner: int
    pot: int
    turn: int


class Err(msgspec.Struct, tag="err"):
    why: str


class Act(msgspec.Struct, tag="act"):
    """The one frame of a client."""

    hand: int
    seq: int
    amount: int


_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(Act).decode
_refs: Final = itertools.count()


def encode(frame: ServerFrame) -> bytes:
    """A frame of ours in the workload's words."""
    match frame:
        case Update():
            events: Any = frame.events
            for event in events:
                if isinstance(event, Placed):
                    return _encode(Upd(*msgspec.structs.astuple(event)))
                if isinstance(event, Began):
                    return _encode(_began(event))
        case Accepted(ref=ref, seat=seat) if ref == SIT:
            return _encode(Seat(seat))
        case Refused():
            return _encode(Err("refused"))
    return NOTHING


def _began(event: Any) -> Start | Over:
    if event.hand == 1:
        return Start(1, event.turn)
    return Over(event.hand - 1, event.winner, event.pot, event.turn)


def decode(data: bytes) -> f.ClientFrame:
    """An action of theirs as a request of ours; each is a new one."""
    act = _decode(data)
    bet: Any = Bet(act.hand, act.seq, act.amount)
    turn = (act.hand - 1) * ACTIONS + act.seq + 1
    return f.Act(str(next(_refs)), act.hand, turn, bet)


DIALECT: Final = Codec("equal", True, encode, decode, encode, decode, _decode)  # type: ignore[arg-type]
