"""HTTP bodies of the review queue."""

from datetime import datetime
from typing import Any

import msgspec

from wire.http import Operator, Words


class FindingInfo(msgspec.Struct, frozen=True):
    """A signal of collusion or of a bot: ``score`` is 0 to 100, ``evidence`` what made it."""

    id: int
    kind: str
    players: tuple[str, ...]
    score: int
    evidence: dict[str, Any]
    since: datetime
    until: datetime
    found_at: datetime
    state: str
    decided_by: str | None = None
    remark: str | None = None


class FindingsResponse(msgspec.Struct, frozen=True):
    """Newest first; ``next`` is the ``before`` of the next page, None at the end."""

    findings: tuple[FindingInfo, ...]
    next: int | None


class LookRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Look through the record now."""

    by: Operator


class LookResponse(msgspec.Struct, frozen=True):
    hands: int
    found: int


class FindingDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """It bans nobody: that is another act."""

    by: Operator
    confirmed: bool
    remark: Words
