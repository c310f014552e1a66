"""Frames from the client to the table: a closed tagged union.

``ref`` is the client's own reference: a request repeated with the same one is applied once and
answered the same. Amounts are chips in minor units.
"""

from typing import Annotated

import msgspec

from games.fair.deal import ENTROPY_CHARS_MAX
from games.holdem.records import Action
from wire.limits import CHIPS_MAX, REF_CHARS_MAX

Ref = Annotated[str, msgspec.Meta(max_length=REF_CHARS_MAX, pattern=r"^[ -~]+(?![\s\S])")]
"""Printable ASCII: it becomes part of a key of the ledger."""
Chips = Annotated[int, msgspec.Meta(ge=1, le=CHIPS_MAX)]
HandNumber = Annotated[int, msgspec.Meta(ge=0, le=CHIPS_MAX)]
TurnNumber = Annotated[int, msgspec.Meta(ge=0, le=CHIPS_MAX)]
EntropyText = Annotated[
    str, msgspec.Meta(max_length=ENTROPY_CHARS_MAX, pattern=r"^[ -~]*(?![\s\S])")
]
"""Printable ASCII, so that its bytes are the same everywhere."""
SeatNumber = Annotated[int, msgspec.Meta(ge=0, le=63)]


class Sit(msgspec.Struct, frozen=True, tag="sit", forbid_unknown_fields=True):
    """Take a seat (any free one if None) with ``buy_in`` chips from the wallet.

    ``post_now`` pays the big blind at once instead of waiting for it to come round.
    """

    ref: Ref
    buy_in: Chips
    seat: SeatNumber | None = None
    post_now: bool = False


class Act(msgspec.Struct, frozen=True, tag="act", forbid_unknown_fields=True):
    """Play an action in turn number ``turn`` of hand number ``hand``: for no other it counts."""

    ref: Ref
    hand: HandNumber
    turn: TurnNumber
    action: Action


class TopUp(msgspec.Struct, frozen=True, tag="top_up", forbid_unknown_fields=True):
    """Bring more chips from the wallet; they are in play from the next hand on."""

    ref: Ref
    amount: Chips


class SitOut(msgspec.Struct, frozen=True, tag="sit_out", forbid_unknown_fields=True):
    """Skip the coming hands (``on``) or play again."""

    ref: Ref
    on: bool


class Straddle(msgspec.Struct, frozen=True, tag="straddle", forbid_unknown_fields=True):
    """Straddle whenever the seat may, or stop doing so."""

    ref: Ref
    on: bool


class Stand(msgspec.Struct, frozen=True, tag="stand", forbid_unknown_fields=True):
    """Leave the seat; the chips go to the wallet once the last hand is settled."""

    ref: Ref


class Entropy(msgspec.Struct, frozen=True, tag="entropy", forbid_unknown_fields=True):
    """Mix ``value`` into the deals from the next one on, until you send another; it is empty when
    you sit down. Only its hash is kept and shown."""

    ref: Ref
    value: EntropyText


class Ping(msgspec.Struct, frozen=True, tag="ping", forbid_unknown_fields=True):
    """Answered by a Pong with the same reference."""

    ref: Ref


ClientFrame = Sit | Act | TopUp | SitOut | Straddle | Stand | Entropy | Ping
