"""HTTP bodies of a player's own history: links to his hands, and his sittings.

Amounts are minor units, instants are ISO 8601 in UTC.
"""

from datetime import datetime
from typing import Annotated

import msgspec

from wire.http import HandRecord

ShareDays = Annotated[int, msgspec.Meta(ge=1, le=365)]


class ShareRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever has the link sees the hand as I saw it, for so many days."""

    days: ShareDays = 30


class ShareInfo(msgspec.Struct, frozen=True):
    """A link that I made and that still works."""

    id: str
    table: str
    hand: int
    made: datetime
    expires: datetime


class ShareResponse(msgspec.Struct, frozen=True):
    """``token`` is told this once; the server keeps a digest of it."""

    share: ShareInfo
    token: str


class SharesResponse(msgspec.Struct, frozen=True):
    """Newest first."""

    shares: tuple[ShareInfo, ...]


class SharedRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: Annotated[str, msgspec.Meta(max_length=64)]


class SharedHand(msgspec.Struct, frozen=True):
    """A hand as the player at ``record.seat`` saw it, who shows it until ``expires``."""

    record: HandRecord
    expires: datetime


class SittingInfo(msgspec.Struct, frozen=True):
    """A stake from its first buy-in to its way home. ``brought`` and ``home`` are what went to the
    table and came back; ``chips`` are at the table now."""

    session: str
    table: str
    currency: str
    began: datetime
    ended: datetime | None
    brought: int
    home: int
    chips: int


class SittingsResponse(msgspec.Struct, frozen=True):
    """Newest first; ``next`` is the ``after`` of the next page, None at the end."""

    sittings: tuple[SittingInfo, ...]
    next: str | None


class StackPoint(msgspec.Struct, frozen=True):
    """The stake after one change of it: by a buy-in, a hand, or the way home."""

    at: datetime
    kind: str
    hand: int | None
    amount: int
    balance: int


class SittingResponse(msgspec.Struct, frozen=True):
    """``points`` are oldest first. Of a long sitting not each: ``changes`` is how many there were,
    first and last are always among them."""

    sitting: SittingInfo
    hands: int
    best: int
    worst: int
    changes: int
    points: tuple[StackPoint, ...]
