"""HTTP bodies about players: where they are signed in, bans, and being sent away from a table."""

from datetime import datetime
from typing import Annotated

import msgspec

from wire.accounts import Email
from wire.http import Operator, Reason, Words

Minutes = Annotated[int, msgspec.Meta(ge=1, le=43_200)]
"""Up to thirty days."""


class SessionInfo(msgspec.Struct, frozen=True):
    """``device`` is what the program said of itself; ``used`` is when it got its last tokens."""

    id: str
    device: str
    address: str
    opened: datetime
    expires: datetime
    used: datetime | None = None
    current: bool = False


class SessionsResponse(msgspec.Struct, frozen=True):
    """Newest first."""

    sessions: tuple[SessionInfo, ...]


class BanInfo(msgspec.Struct, frozen=True):
    """``until`` is None for ever."""

    until: datetime | None
    reason: str


class PlayerEntry(msgspec.Struct, frozen=True):
    """A player or guest; ``closed`` accounts are never used again."""

    id: str
    name: str
    kind: str
    opened: datetime
    closed: bool = False
    ban: BanInfo | None = None


class PlayersResponse(msgspec.Struct, frozen=True):
    """By name."""

    players: tuple[PlayerEntry, ...]


class BanRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Until an instant with its zone, or for ever."""

    by: Operator
    reason: Words
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class LiftRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by: Operator
    reason: Words


class BanResponse(msgspec.Struct, frozen=True):
    """What was, and what is; None is no ban."""

    before: BanInfo | None
    after: BanInfo | None


class KickRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``player`` stands up (a hand that he is in is folded), and stays away for so many minutes."""

    by: Operator
    player: Words
    minutes: Minutes
    reason: Words


class RescueRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``note``: how the operator knows that it is him. The token goes to ``email``, or to the
    verified address."""

    by: Operator
    note: Words
    email: Email = ""


class RescueDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    by: Operator
    remark: Reason = ""


class RescueInfo(msgspec.Struct, frozen=True):
    """``state`` is waiting, approved or rejected."""

    id: int
    player: str
    name: str
    email: str
    note: str
    proposer: str
    proposed: datetime
    state: str


class RescuesResponse(msgspec.Struct, frozen=True):
    """Those that wait, oldest first."""

    rescues: tuple[RescueInfo, ...]
