"""HTTP bodies of the operator's desk: rights, the floor over time, players, health, proposals.

Amounts are minor units, instants are ISO 8601 in UTC.
"""

from datetime import datetime
from typing import Literal

import msgspec

from wire.http import Amount, Operator, Reason, Words
from wire.money import OperationInfo, PaymentInfo
from wire.players import PlayerEntry


class RightsResponse(msgspec.Struct, frozen=True):
    """What I may do, and whether money and hands need two people."""

    roles: tuple[str, ...]
    rights: tuple[str, ...]
    two_person: bool = False


class FloorSample(msgspec.Struct, frozen=True):
    """The floor at one instant. ``hands`` counts those that ended since the floor was started,
    at tables that are open now; ``lag_ms`` is of the latest event loop."""

    at: datetime
    tables: int
    playing: int
    players: int
    bots: int
    hands: int
    lag_ms: float


class ConcurrencyResponse(msgspec.Struct, frozen=True):
    """The last hour or what there is of it, oldest first, one sample every ``every_s``."""

    every_s: float
    samples: tuple[FloorSample, ...]


class RevenueSample(msgspec.Struct, frozen=True):
    """What the house had of a currency at an instant; what it gained is the difference of two.
    ``house`` is of rake, and of what adjustments took from it or gave."""

    at: datetime
    currency: str
    house: int


class RevenueResponse(msgspec.Struct, frozen=True):
    """As ``ConcurrencyResponse``; an instant has one sample a currency."""

    every_s: float
    samples: tuple[RevenueSample, ...]


class InterruptedHandInfo(msgspec.Struct, frozen=True):
    """Dealt, and neither settled nor voided, at a table that nobody serves now."""

    table: str
    hand: int
    dealt: datetime
    epoch: int


class FundsInPlay(msgspec.Struct, frozen=True):
    """Chips in escrow at a table; ``served`` if somebody has its lease now."""

    table: str
    currency: str
    stakes: int
    chips: int
    served: bool


class InterruptedResponse(msgspec.Struct, frozen=True):
    hands: tuple[InterruptedHandInfo, ...]
    funds: tuple[FundsInPlay, ...]
    as_of: datetime


class SeatInfo(msgspec.Struct, frozen=True):
    """A table at which a player has chips."""

    table: str
    since: datetime


class PlayerSheet(msgspec.Struct, frozen=True):
    """One player, where he sits and what he was given."""

    player: PlayerEntry
    roles: tuple[str, ...]
    seats: tuple[SeatInfo, ...]


class PurseInfo(msgspec.Struct, frozen=True):
    """One of a player's accounts; ``table`` is None for the wallet."""

    currency: str
    amount: int
    table: str | None = None


class PlayerMoney(msgspec.Struct, frozen=True):
    """What a player has and where, and what operators did to it last, newest first."""

    purses: tuple[PurseInfo, ...]
    operations: tuple[OperationInfo, ...]
    payments: tuple[PaymentInfo, ...]


class PartHealth(msgspec.Struct, frozen=True):
    """``state`` is ok, degraded or down; ``ms`` is how long it took to answer. ``facts`` are for
    people."""

    name: str
    state: Literal["ok", "degraded", "down"]
    ms: float
    facts: dict[str, str]


class DeskLink(msgspec.Struct, frozen=True):
    """Another tool of the operator's, by the settings."""

    name: str
    url: str


class DeskHealth(msgspec.Struct, frozen=True):
    parts: tuple[PartHealth, ...]
    links: tuple[DeskLink, ...]
    at: datetime


class VoidProposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask a second operator to void the hand in play."""

    by: Operator
    hand: Amount
    reason: Words


class ProposalDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``by`` is whoever decides: of a yes not the one who asked."""

    by: Operator
    remark: Reason = ""


class ProposalInfo(msgspec.Struct, frozen=True):
    """A void that waits for a second operator, until ``expires``; then it is none. ``state`` is
    open, approved, rejected or expired; ``outcome`` is done, or why it was refused."""

    id: int
    table: str
    hand: int
    reason: str
    proposer: str
    proposed: datetime
    expires: datetime
    state: str
    decided_by: str | None = None
    outcome: str | None = None


class ProposalsResponse(msgspec.Struct, frozen=True):
    """Newest first."""

    proposals: tuple[ProposalInfo, ...]
