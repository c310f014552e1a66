"""Bodies of the HTTP API about money: payments, limits, operators' acts.

Amounts are minor units of their currency, session time is seconds, instants are ISO 8601 in UTC.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from wire.codes import LimitName
from wire.http import Amount, Operator, Reason, Words
from wire.limits import CHIPS_MAX

CurrencyCode = Annotated[str, msgspec.Meta(pattern=r"^[A-Z][A-Z0-9]{2,7}(?![\s\S])")]
Ref = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,40}(?![\s\S])")]
"""Chosen by whoever asks: again with the same one is the same request."""
TransferKey = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[!-~]+(?![\s\S])")]
Limited = Annotated[int, msgspec.Meta(ge=0, le=CHIPS_MAX)]
Days = Annotated[int, msgspec.Meta(ge=1, le=36_500)]
Kind = Literal["deposit", "loss", "buy_in", "session"]
Span = Literal["day", "week", "month", "session"]
Exclusion = Literal["self_exclusion", "cooling_off"]


class CurrencyInfo(msgspec.Struct, frozen=True):
    """``exponent`` is how many digits the minor unit is away: 2 for cents."""

    code: str
    exponent: int


class CurrenciesResponse(msgspec.Struct, frozen=True):
    currencies: tuple[CurrencyInfo, ...]


class PaymentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Money in or out."""

    ref: Ref
    amount: Amount
    currency: CurrencyCode = "PLAY"


class PaymentInfo(msgspec.Struct, frozen=True):
    """``state`` is pending until it is posted or voided, for good; ``why`` says what came of it.
    What is still pending at ``expires`` is voided, unless its money has moved."""

    id: int
    key: str
    kind: Literal["deposit", "withdrawal"]
    player: str
    currency: str
    amount: int
    provider: str
    state: Literal["pending", "posted", "voided"]
    why: str
    begun: datetime
    expires: datetime
    decided: datetime | None = None


class PaymentsResponse(msgspec.Struct, frozen=True):
    """Newest first; ``next`` is the ``before`` of the next page, None at the end."""

    payments: tuple[PaymentInfo, ...]
    next: int | None


class LimitRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``amount`` None takes the limit away. ``currency`` does not matter to session time."""

    kind: Kind
    span: Span
    amount: Limited | None
    currency: CurrencyCode = "PLAY"


class LimitInfo(msgspec.Struct, frozen=True):
    """``amount`` is in force (None: no limit); with ``next_at``, ``next_amount`` is from then on.
    ``by`` is player or operator: both count, the strictest wins."""

    kind: str
    span: str
    currency: str
    by: str
    amount: int | None
    next_amount: int | None = None
    next_at: datetime | None = None


class RoomInfo(msgspec.Struct, frozen=True):
    """``left`` until the limit is reached, in the window that ends at ``until``."""

    limit: LimitName
    left: int
    until: datetime


class LimitsResponse(msgspec.Struct, frozen=True):
    """``rooms`` are those of the asked currency. ``excluded`` is an exclusion in force; it has no
    end without ``excluded_until``. ``play_until`` ends the present session of play. ``counts``
    says from when a limit that was just set counts."""

    limits: tuple[LimitInfo, ...]
    rooms: tuple[RoomInfo, ...]
    excluded: Exclusion | None = None
    excluded_until: datetime | None = None
    play_until: datetime | None = None
    counts: Literal["at_once", "later", "same"] | None = None


class ExclusionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cooling-off of up to 42 days, or a self-exclusion of 180 days or more; without ``days``
    for ever. Nobody can shorten it."""

    kind: Exclusion
    days: Days | None = None


class OperatorLimitRequest(LimitRequest, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A limit that the operator sets, beside the player's own."""

    by: Operator
    reason: Words


class OperatorExclusionRequest(
    ExclusionRequest, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    by: Operator
    reason: Words


class PromotionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Promotional chips, at once."""

    by: Operator
    ref: Ref
    player: str
    amount: Amount
    reason: Words
    currency: CurrencyCode = "PLAY"


class AdjustmentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Propose to put a wallet right, by ``amount`` up or, below zero, down."""

    by: Operator
    ref: Ref
    player: str
    amount: Annotated[int, msgspec.Meta(ge=-CHIPS_MAX, le=CHIPS_MAX)]
    reason: Words
    currency: CurrencyCode = "PLAY"


class ReversalRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Propose to take a transfer back by another one."""

    by: Operator
    ref: Ref
    transfer: TransferKey
    reason: Words


class DecisionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``by`` is the operator who decides: of an approval not the one who proposed."""

    by: Operator
    remark: Reason = ""


class OperationAnswer(msgspec.Struct, frozen=True):
    """``code`` is proposed, applied, rejected, or duplicate for what was asked before."""

    id: int
    code: str


class OperationInfo(msgspec.Struct, frozen=True):
    """``amount`` is what the player's wallet gets, below zero what it gives. ``state`` is
    proposed, applied, rejected or refused, which ``result`` explains."""

    id: int
    kind: str
    player: str
    currency: str
    amount: int
    reverses: str | None
    reason: str
    proposer: str
    proposed_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    remark: str
    result: str | None


class OperationsResponse(msgspec.Struct, frozen=True):
    """Newest first; ``next`` is the ``before`` of the next page, None at the end."""

    operations: tuple[OperationInfo, ...]
    next: int | None


class PaymentDecisionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Post (the money has moved) or void (it will not) a pending payment."""

    by: Operator
    key: TransferKey
    post: bool
    why: Words
