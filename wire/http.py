"""Bodies of the HTTP API, for the gateway and the SDK alike.

Chips are minor units, times are seconds, instants are ISO 8601 in UTC.
"""

import unicodedata
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from games.fair.proof import HandProof
from wire.limits import CHIPS_MAX
from wire.server_frames import LimitReached, TableInfo

ErrorCode = str
Amount = Annotated[int, msgspec.Meta(ge=1, le=CHIPS_MAX)]


class ErrorBody(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong: a stable code, one sentence, and when to try again if that helps. ``limit``
    says more of ``limit_reached``; with ``continuation`` the code that ``code_needed`` asks for is
    sent, after signing in at another site."""

    code: ErrorCode
    message: str
    retry_after_s: int = 0
    limit: LimitReached | None = None
    continuation: str = ""


class ErrorResponse(msgspec.Struct, frozen=True):
    """The one shape of every error."""

    error: ErrorBody


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    password: str


class LoginRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``code`` where there is a second factor: of the authenticator, or a recovery code."""

    name: str
    password: str
    code: Annotated[str, msgspec.Meta(max_length=64)] = ""


class LaunchRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An operator sends his player to ``site``: who he is at the operator's, and the token of his
    session there."""

    request_uuid: UUID
    site: Annotated[str, msgspec.Meta(max_length=128)]
    player: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    currency: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    token: Annotated[str, msgspec.Meta(max_length=1_024)]


class LaunchResponse(msgspec.Struct, frozen=True):
    """``launch`` signs the player in, once, for ``expires_in_s``; ``player`` is his id here."""

    launch: str
    expires_in_s: int
    player: str


class EnterRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    launch: Annotated[str, msgspec.Meta(max_length=128)]


class RefreshRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    refresh: str


class PlayerInfo(msgspec.Struct, frozen=True):
    """``kind`` is player, guest or bot."""

    id: str
    name: str
    kind: str


class TokensResponse(msgspec.Struct, frozen=True):
    """``access`` goes into ``Authorization: Bearer``; ``refresh`` buys the next pair, once."""

    access: str
    refresh: str
    expires_in_s: int
    player: PlayerInfo


class TableListing(msgspec.Struct, frozen=True):
    """One table of the lobby. ``dealt`` and ``hands`` count begun and finished hands since it was
    opened; ``average_pot`` is over the last ones. A ``busy`` table takes no newcomers for now,
    whatever seats it has: its server is at its limit."""

    info: TableInfo
    players: int
    bots: int
    dealt: int
    hands: int
    average_pot: int
    hands_per_hour: int
    busy: bool = False


class LobbyResponse(msgspec.Struct, frozen=True):
    """``stale`` is set while the live listing can't be read."""

    tables: tuple[TableListing, ...]
    stale: bool = False


class TicketRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``code`` once, where the table is private."""

    role: Literal["seat", "rail"] = "seat"
    code: Annotated[str, msgspec.Meta(max_length=64)] = ""


class TicketResponse(msgspec.Struct, frozen=True):
    """Open ``url`` (the ticket is in it) before ``expires_in_s`` have passed; it works once. What
    a spectator sees is ``delay_s`` old."""

    table: str
    url: str
    expires_in_s: int
    delay_s: int = 0


class QuickSeatRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``big_blind`` picks the stakes; any that the wallet can buy into if None."""

    big_blind: Amount | None = None
    currency: str = "PLAY"


class QuickSeatResponse(msgspec.Struct, frozen=True):
    """A ticket to the liveliest table with a free seat, and what to buy in for."""

    ticket: TicketResponse
    info: TableInfo
    buy_in: int


class WalletResponse(msgspec.Struct, frozen=True):
    """``amount`` is free to use, ``at_tables`` is in play; ``version`` grows by each change."""

    amount: int
    at_tables: int
    version: int
    currency: str = "PLAY"


class StakeInfo(msgspec.Struct, frozen=True):
    """My chips at a table, as of the last hand."""

    table: str
    amount: int
    currency: str


class StakesResponse(msgspec.Struct, frozen=True):
    """Oldest first."""

    stakes: tuple[StakeInfo, ...]


class DailyGrantResponse(msgspec.Struct, frozen=True):
    """``granted`` is 0 when today's chips have been handed out already."""

    granted: int
    wallet: WalletResponse


class StatementLine(msgspec.Struct, frozen=True):
    """One change of a wallet or of a stake; ``balance`` is that account's after it."""

    id: int
    at: datetime
    kind: str
    account: str
    table: str | None
    hand: int | None
    amount: int
    balance: int
    currency: str


class StatementResponse(msgspec.Struct, frozen=True):
    """Newest first; ``next`` is the ``before`` of the next page, None at the end."""

    lines: tuple[StatementLine, ...]
    next: int | None


class Report(msgspec.Struct, frozen=True):
    """One of the operator's reports: a table. ``as_of`` is the instant it is true for, older than
    now where a ``replica`` is behind; ``next`` is the ``before`` of the next page."""

    name: str
    as_of: datetime
    replica: bool
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    next: int | None = None


class HandRules(msgspec.Struct, frozen=True, kw_only=True):
    """The game of a hand as it was: forced bets in minor units, the rake and its version.
    ``currency`` is that of all amounts of the record; empty in one of before it was kept."""

    game: str
    seats: int
    small_blind: int
    big_blind: int
    ante: int
    straddle: bool
    rake_version: str
    rake_bp: int
    rake_caps: tuple[tuple[int, int], ...]
    no_flop_no_drop: bool
    currency: str = ""


class PlatformDecision(msgspec.Struct, frozen=True):
    """The table acted for a player, in event number ``event``: time_out, disconnected (his time ran
    out while his line was broken) or left (he had stood up)."""

    event: int
    why: str


class HandRecord(msgspec.Struct, frozen=True):
    """A finished hand as the asking player saw it: others' cards only if they were shown.

    ``players`` are (seat, name), ``events`` the table's events of that hand, ``times`` the ms of
    the table's clock from the deal to each of them. ``voided`` is why the hand does not count, else
    ``settlement`` is the key of its transfer in the ledger. ``digest`` is the hash of the whole
    record as stored. ``proof`` is for ``squaredeal verify``. ``net`` is what ``seat`` won or (below
    zero) lost, None without a result or a seat; ``pot`` is all pots together.
    """

    table: str
    hand: int
    ended: datetime
    players: tuple[tuple[int, str], ...]
    seat: int
    events: msgspec.Raw
    epoch: int = 0
    voided: str | None = None
    rules: HandRules | None = None
    times: tuple[int, ...] = ()
    platform: tuple[PlatformDecision, ...] = ()
    settlement: str | None = None
    digest: bytes = b""
    proof: HandProof | None = None
    net: int | None = None
    pot: int = 0


class HandsResponse(msgspec.Struct, frozen=True):
    """Newest first; ``next`` is the ``before`` of the next page, None at the end."""

    hands: tuple[HandRecord, ...]
    next: int | None


class HandTextResponse(msgspec.Struct, frozen=True):
    """A hand in a format of other programs: phh or pokerstars."""

    format: str
    text: str


Words = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+(?![\s\S])")]
"""What a person says: no control characters."""
Reason = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*(?![\s\S])")]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=3_600)]


class OperatorTable(msgspec.Struct, frozen=True):
    """A wanted table as an operator sees it: the actor, node and process that serve it, or why it
    could not be opened when that was tried last. ``players`` counts ``bots`` too; ``lag_ms`` is how
    late the actor's event loop comes to its timers, ``busy`` that it takes no newcomers,
    ``draining`` that it is to be empty."""

    table: str
    open: bool = False
    actor: str = ""
    node: str = ""
    pid: int = 0
    address: str = ""
    epoch: int = 0
    players: int = 0
    hand: int = 0
    playing: bool = False
    paused: bool = False
    failure: str = ""
    bots: int = 0
    seats: int = 0
    small_blind: int = 0
    big_blind: int = 0
    currency: str = ""
    hands_per_hour: int = 0
    average_pot: int = 0
    lag_ms: float = 0.0
    busy: bool = False
    draining: bool = False
    release: str = ""


class OperatorTables(msgspec.Struct, frozen=True):
    """``spares`` are warm actors without a table; ``outdated`` are actors of other releases than
    the floor's, whose tables are on their way to new ones."""

    tables: tuple[OperatorTable, ...]
    spares: int
    outdated: int = 0


class Operator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who acts, and who else has agreed to it. Two names that look the same are one: no character
    is invisible, or another way to write a plain one."""

    name: Words
    approver: Words | None = None

    def __post_init__(self) -> None:
        for name in (self.name, self.approver):
            plain = " ".join(unicodedata.normalize("NFKC", name or "").split())
            if name is not None and not (name == plain and name.isprintable()):
                raise ValueError("a name has no space around it and no unusual characters")


class OperatorRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``grace_s``: so long a hand in play may take to end, for move, drain and close."""

    by: Operator
    reason: Reason = ""
    grace_s: Seconds = 120.0


class VoidRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take back hand number ``hand``, which is in play."""

    by: Operator
    hand: Amount
    reason: Words


class DrainRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``target`` is the name of an actor, or the id or address of a node."""

    by: Operator
    target: Words
    grace_s: Seconds = 120.0
    reason: Reason = ""


class RoleRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A role for the player called ``player``, or no longer."""

    by: Operator
    player: Words
    role: Literal["host", "support", "floor", "cashier", "compliance", "admin"]
    reason: Reason = ""


class RoleHolder(msgspec.Struct, frozen=True):
    """Who has a role, and who gave it when."""

    name: str
    role: str
    granted_by: str
    granted_at: datetime


class RolesResponse(msgspec.Struct, frozen=True):
    """Every role that somebody has."""

    roles: tuple[RoleHolder, ...]


class AuditLine(msgspec.Struct, frozen=True):
    """An operator's act. ``who`` is the name of an account, or ``machine:NAME``; ``asked``,
    ``answer``, ``before`` and ``after`` are JSON; ``outcome`` is done, or the code of the refusal,
    and null for an act whose process died over it."""

    number: int
    at: datetime
    who: str
    address: str
    act: str
    asked: str
    outcome: str | None
    answer: str | None
    before: str | None = None
    after: str | None = None


class AuditResponse(msgspec.Struct, frozen=True):
    """``next`` is the ``before`` of the next page."""

    lines: tuple[AuditLine, ...]
    next: int | None


class HealthResponse(msgspec.Struct, frozen=True):
    """``parts`` names what was asked and how it is: ok or down."""

    status: Literal["ok", "degraded", "down"]
    parts: dict[str, str]
