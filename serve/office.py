"""The gateway's view of the other deployments, and the ticket office.

Ray's ``remote`` has no types: the casts of the serving side are here and nowhere else.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar, cast
from uuid import UUID, uuid5

import asyncpg
from ray import serve as ray_serve
from starlette.responses import StreamingResponse

from actors import commands as c
from actors.archive import Archive, ArchivedHand, OwnSearch, Search
from actors.host import TableStatus
from actors.spec import TableSpec
from auth.accounts import Somebody
from auth.audit import Act
from auth.audit import Wanted as AuditWanted
from auth.bans import Ban, Banned
from auth.keys import PublicKeys
from auth.launches import LAUNCH_TTL
from auth.recovery import Address
from auth.rights import Role
from auth.roles import Holder
from auth.rotation import KeyFolder
from auth.seals import Seals
from auth.second_factor import Enrolment, FactorState
from auth.sessions import Opened
from auth.tickets import TICKET_TTL_S, mint_ticket, sealed_route
from auth.tickets import Role as TicketRole
from auth.tokens import Identity, Tokens
from games.refusal import Refusal
from serve.desk_health import Health
from serve.errors import ApiError
from serve.rail import RailStatus
from serve.rates import Rates
from serve.reconcile import Reconciled
from serve.reports import Reports
from serve.runtime import APP, EDGE_SEALS, Runtime, connect_postgres, connect_redis, read_secret
from serve.signals.review import Review, look_elsewhere
from serve.streams import Streams
from telemetry import traces
from telemetry.carried import carried
from wallet.currencies import PLAY
from wallet.dsn import DatabaseBusy
from wallet.fanout.feed import Feed
from wallet.fanout.holdings import Holdings
from wallet.fanout.limits import FanoutLimits
from wallet.ledger import Balance, OwnStake, Result, StatementLine, Wanted
from wallet.seamless.signing import Verifier, load_public
from wallet.seamless.states import Outstanding
from wire.desk import ConcurrencyResponse, DeskHealth, RevenueResponse
from wire.http import (
    ErrorBody,
    LaunchRequest,
    LaunchResponse,
    LobbyResponse,
    Operator,
    OperatorTables,
    TicketResponse,
)

log = logging.getLogger(__name__)
T = TypeVar("T")
PLAYERS = UUID("3f1d0c52-8f5b-5a39-9a53-5b8a3a0f2d71")
"""Ids of operators' players are made under it, of the site's name and theirs."""
KEPT_AWAY: Final = frozenset({"sent_away", "invite_needed"})
"""What is refused to those who come, and not to those who are in a hand."""


class Office:
    """Handles to auth, wallet and floor; the keys that sign tickets; the hand archive."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._keys = KeyFolder(Path(runtime.keys_dir))
        self._edge_seals = Seals(Path(runtime.keys_dir, EDGE_SEALS)) if runtime.edge_url else None
        self._auth = ray_serve.get_deployment_handle("auth", APP)
        self._wallet = ray_serve.get_deployment_handle("wallet", APP)
        self._floor = ray_serve.get_deployment_handle("floor", APP)
        self._rail = ray_serve.get_deployment_handle("rail", APP)
        self.rates = Rates(read_secret(runtime.redis_file), runtime.rates)
        self._archive: Archive | None = None
        self.reports = Reports(Path(runtime.report_file))
        self._connecting = asyncio.Lock()
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._streams: Streams | None = None
        self._verifier: Verifier | None = None
        self._health = Health(runtime, self.pool, self.probe)

    async def _ask(self, handle: Any, method: str, *args: object) -> Any:
        try:
            return await handle.call.remote(carried(), method, *args)
        except DatabaseBusy as failure:
            log.warning("%s is refused: %s", method, DatabaseBusy.__doc__)
            raise ApiError("database_busy", retry_after_s=1) from failure
        except Exception as failure:
            log.exception("%s failed", method)
            raise ApiError("unavailable", retry_after_s=1) from failure

    async def _auth_ask(self, method: str, *args: object) -> Any:
        answer = await self._ask(self._auth, method, *args)
        if isinstance(answer, ErrorBody):
            raise ApiError.of(answer)
        return answer

    # Accounts

    async def tokens(self, method: str, *args: str) -> Tokens:
        """``method`` is register, login, guest or refresh. A new account gets today's chips."""
        tokens = cast(Tokens, await self._auth_ask(method, *args))
        if method in ("register", "guest"):
            await self.grant(tokens.identity)
        return tokens

    async def launch(self, asked: LaunchRequest) -> LaunchResponse:
        """A token for an operator's player, who is bound to him from now on."""
        assert self.runtime.operator is not None
        if asked.site != self.runtime.operator.site:
            raise ApiError("launch_elsewhere")
        account = uuid5(PLAYERS, f"{asked.site}:{asked.player}")
        # First: a copy of an old message must not bring its old token back.
        token = cast(str, await self._auth_ask("launch", account, asked.request_uuid))
        bound = await self._ask(self._wallet, "bind", account, asked.player, asked.currency,
                                asked.token)  # fmt: skip
        if not bound:
            raise ApiError("player_not_bound")
        return LaunchResponse(token, int(LAUNCH_TTL.total_seconds()), str(account))

    async def outstanding(self) -> list[Outstanding]:
        """What is under way at the operator."""
        return cast(list[Outstanding], await self._ask(self._wallet, "outstanding"))

    def launch_verifier(self) -> Verifier:
        """Who may send players here; raises ApiError if nobody may."""
        operator = self.runtime.operator
        if operator is None or not operator.launch_key_file:
            raise ApiError("route_unknown")
        if self._verifier is None:
            key = load_public(Path(operator.launch_key_file))
            self._verifier = Verifier([key], operator.limits.freshness_s_max, time.time)
        return self._verifier

    async def identify(self, access: str) -> Identity:
        return cast(Identity, await self._auth_ask("identify", access))

    @property
    def public_keys(self) -> PublicKeys:
        """What tokens and tickets are verified with."""
        return self._keys.public

    def machine_token(self) -> str:
        """What the command line on this machine shows."""
        return read_secret(self.runtime.operator_file)

    async def roles(self, account: UUID) -> frozenset[Role]:
        """What the account was given on top of being a player."""
        return cast(frozenset[Role], await self._auth_ask("roles", account))

    async def audit_asked(self, *line: str | None) -> int:
        """``Audit.asked``."""
        return cast(int, await self._auth_ask("audit_asked", *line))

    async def audit_ended(self, number: int, *line: str | None) -> None:
        """``Audit.ended``."""
        await self._auth_ask("audit_ended", number, *line)

    async def audit(self, wanted: AuditWanted, limit: int) -> list[Act]:
        """What operators did, newest first."""
        return cast(list[Act], await self._auth_ask("audit", wanted, limit))

    async def holders(self) -> list[Holder]:
        """Every role that somebody has."""
        return cast(list[Holder], await self._auth_ask("holders"))

    async def grant_role(self, name: str, role: Role, by: str) -> None:
        await self._auth_ask("grant_role", name, role, by)

    async def revoke_role(self, name: str, role: Role) -> None:
        await self._auth_ask("revoke_role", name, role)

    async def logout(self, sid: UUID) -> None:
        await self._auth_ask("logout", sid)

    async def upgrade(self, guest: UUID, *asked: str) -> Tokens:
        """A guest becomes a player."""
        return cast(Tokens, await self._auth_ask("upgrade", guest, *asked))

    async def prove(self, who: Identity, password: str, code: str, address: str) -> None:
        await self._auth_ask("prove", who, password, code, address)

    async def own(self, method: str, *args: object) -> None:
        """One of the methods of ``Auth`` by which somebody changes his own account."""
        await self._auth_ask("own", method, *args)

    async def door(self, method: str, *args: object) -> Any:
        """One of the methods of ``auth.doors.Doors``."""
        return await self._auth_ask("door", method, *args)

    async def identity(self, method: str, *args: object) -> Any:
        """One of the methods of ``auth.identities.Identities``."""
        return await self._auth_ask("identity", method, *args)

    async def address(self, account: UUID) -> Address:
        """His e-mail address."""
        return cast(Address, await self._auth_ask("address", account))

    async def check_money(self, who: Identity) -> None:
        """Whether he may move money now; raises ApiError."""
        await self._auth_ask("own", "check_money", who)

    async def private(self, method: str, *args: object) -> Any:
        """One of the methods of ``auth.private_tables.PrivateTables``."""
        return await self._auth_ask("private", method, *args)

    async def rescue(self, method: str, *args: object) -> Any:
        """One of the methods of ``auth.rescue.Rescues``."""
        return await self._auth_ask("rescue", method, *args)

    async def factor_state(self, account: UUID) -> FactorState:
        return cast(FactorState, await self._auth_ask("factor_state", account))

    async def enrol_factor(self, who: Identity, password: str, address: str) -> Enrolment:
        return cast(Enrolment, await self._auth_ask("enrol_factor", who, password, address))

    async def confirm_factor(self, account: UUID, code: str) -> list[str]:
        return cast(list[str], await self._auth_ask("confirm_factor", account, code))

    async def remove_factor(self, who: Identity, password: str, code: str, address: str) -> None:
        await self._auth_ask("remove_factor", who, password, code, address)

    async def sessions(self, account: UUID) -> list[Opened]:
        """Where an account is signed in."""
        return cast(list[Opened], await self._auth_ask("sessions", account))

    async def revoke_own(self, account: UUID, sid: UUID) -> None:
        await self._auth_ask("revoke_own", account, sid)

    async def logout_everywhere(self, account: UUID) -> None:
        await self._auth_ask("logout_everywhere", account)

    async def find(self, prefix: str, count: int) -> list[Somebody]:
        """Players and guests by how their names begin."""
        return cast(list[Somebody], await self._auth_ask("find", prefix, count))

    async def person(self, account: UUID) -> Somebody:
        """A player or guest by his id."""
        return cast(Somebody, await self._auth_ask("person", account))

    async def ban(self, account: UUID, ban: Ban) -> Banned:
        return cast(Banned, await self._auth_ask("ban", account, ban))

    async def lift_ban(self, account: UUID) -> Banned:
        return cast(Banned, await self._auth_ask("lift_ban", account))

    async def kick(
        self, by: Operator, table: str, account: UUID, minutes: int, reason: str
    ) -> None:
        """First no more tickets, then up from his seat and out of the door."""
        until = datetime.now(UTC) + timedelta(minutes=minutes)
        await self.keep_away(account, table, Ban(until, reason), sooner=True)
        await self.operate(by, "operate", table, c.StandUp(0, str(account)), reason=reason)

    async def keep_away(self, account: UUID, table: str, ban: Ban, *, sooner: bool) -> None:
        """No tickets to one table until then; ``sooner`` also where that shortens a ban."""
        await self._auth_ask("keep_away", account, table, ban, sooner)

    # Chips

    async def grant(self, identity: Identity) -> Result:
        bot = identity.kind == "bot"
        return cast(Result, await self._ask(self._wallet, "grant_today", identity.account, bot))

    async def balance(self, player: UUID, currency: str = PLAY) -> Balance:
        return cast(Balance, await self._ask(self._wallet, "balance", player, currency))

    async def stakes_of(self, player: UUID) -> list[OwnStake]:
        return cast(list[OwnStake], await self._ask(self._wallet, "stakes_of", player))

    def balances(self, player: UUID, currency: str, access: str) -> StreamingResponse:
        """The player's balance as it changes, while his session lives."""
        if self._streams is None:
            redis = connect_redis(self.runtime)
            self._streams = Streams(Feed(redis, self._holdings, FanoutLimits()))
        return self._streams.response(player, currency, lambda: self.identify(access))

    async def _holdings(self, players: Sequence[UUID]) -> dict[UUID, Holdings]:
        answer = await self._ask(self._wallet, "holdings", list(players))
        return cast(dict[UUID, Holdings], answer)

    async def statement(
        self, player: UUID, limit: int, before: int | None, wanted: Wanted
    ) -> list[StatementLine]:
        answer = await self._ask(self._wallet, "statement", player, limit, before, wanted)
        return cast(list[StatementLine], answer)

    async def desk(self, method: str, *args: object) -> Any:
        """One of the methods of ``serve.desk.Desk``; its refusal is raised."""
        answer = await self._ask(self._wallet, "desk", method, *args)
        if isinstance(answer, ErrorBody):
            raise ApiError.of(answer)
        return answer

    # Tables

    async def lobby(self) -> LobbyResponse:
        return cast(LobbyResponse, await self._ask(self._floor, "lobby"))

    async def statuses(self) -> list[TableStatus]:
        return cast(list[TableStatus], await self._ask(self._floor, "statuses"))

    async def probe(self, name: str) -> str:
        """Whether floor, wallet or auth answers and can do its work now: ok, degraded or down."""
        handle = {"floor": self._floor, "wallet": self._wallet, "auth": self._auth}[name]
        answer = await self._ask(handle, "ready")
        return answer if isinstance(answer, str) else "ok" if answer else "down"

    async def health(self) -> DeskHealth:
        """How the parts of the system are."""
        return await self._health.look()

    async def ticket(
        self, identity: Identity, table: str, role: TicketRole, code: str = ""
    ) -> TicketResponse:
        """A ticket to where the table is served now, or to the rail."""
        status = cast(TableStatus | None, await self._ask(self._floor, "where", table))
        if status is None:
            wanted = await self._ask(self._floor, "wanted", table)
            raise ApiError("table_not_open" if wanted else "table_unknown")
        await self._check_entry(identity.account, table, role, code)
        at: TableStatus | RailStatus = status
        if role == "rail":
            at = cast(RailStatus, await self._ask(self._rail, "where"))
            if at.busy:
                raise ApiError("table_busy", retry_after_s=1)
        hidden = self._edge_seals is not None
        token = mint_ticket(
            self._keys,
            identity,
            table=table,
            epoch=at.epoch,
            addr="" if hidden else at.addr,
            port=0 if hidden else at.port,
            route=sealed_route(self._edge_seals, at.addr, at.port) if self._edge_seals else "",
            role=role,
            now=time.time(),
            trace=traces.here(),
        )
        door = self.runtime.edge_url or f"ws://{at.addr}:{at.port}"
        url = f"{door}/t/{table}?ticket={token}"
        delay_s = status.spec.rail_delay_s if role == "rail" else 0
        return TicketResponse(table, url, TICKET_TTL_S, delay_s)

    async def _check_entry(self, account: UUID, table: str, role: TicketRole, code: str) -> None:
        """Whoever is kept away comes back to the seat that he still has: he is in a hand, and a
        broken line must not fold him. A ticket that outlives the seat is refused by the table
        (``Front.turn_out``), and by every later epoch."""
        try:
            await self._auth_ask("may_enter", account, table, role == "seat", code)
        except ApiError as refused:
            if role != "seat" or refused.body.code not in KEPT_AWAY:
                raise
            seated = await self._ask(self._floor, "holds_seat", table, str(account))
            if seated is None:
                raise ApiError("table_not_open") from refused
            if not seated:
                raise

    # Operators

    async def reconciled(self) -> Reconciled:
        return cast(Reconciled, await self._ask(self._floor, "reconciled"))

    async def concurrency(self, since: datetime | None) -> ConcurrencyResponse:
        """The floor over the last hour."""
        return cast(ConcurrencyResponse, await self._ask(self._floor, "concurrency", since))

    async def revenue(self, since: datetime | None) -> RevenueResponse:
        """What the house has had over the last hour."""
        return cast(RevenueResponse, await self._ask(self._floor, "revenue", since))

    async def operator_tables(self) -> OperatorTables:
        return cast(OperatorTables, await self._ask(self._floor, "overview"))

    async def operate(
        self, by: Operator, action: str, target: str, argument: object = None, reason: str = ""
    ) -> None:
        """One of the floor's acts for operators."""
        asked = self._ask(self._floor, "act", by, action, target, argument, reason)
        refused = cast(Refusal | None, await asked)
        if refused:
            raise ApiError(refused.code, refused.message)

    # Hands

    async def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """The gateway's own line to Postgres: for what is only read, and for what is no money."""
        async with self._connecting:
            if self._pool is None:
                self._pool = await connect_postgres(self.runtime)
            return self._pool

    async def _records(self) -> Archive:
        if self._archive is None:
            self._archive = Archive(await self.pool())
        return self._archive

    async def hands(
        self, player: UUID, limit: int, before: int | None, wanted: OwnSearch
    ) -> list[ArchivedHand]:
        return list(await (await self._records()).hands_of(player, before, limit, wanted))

    async def hand(self, table: str, number: int) -> ArchivedHand | None:
        return await (await self._records()).hand(table, number)

    async def search(self, wanted: Search, before: int | None, limit: int) -> list[ArchivedHand]:
        return await (await self._records()).search(wanted, before, limit)

    async def review(self) -> Review:
        """The review queue."""
        return Review(await self.pool())

    async def look_for_signals(self) -> tuple[int, int]:
        """Look through the record now: how many hands, how many findings."""
        return await look_elsewhere(Path(self.runtime.dsn_file))

    # Tests

    async def open_table(self, spec: TableSpec) -> TableStatus | None:
        return cast(TableStatus | None, await self._ask(self._floor, "open_table", spec))

    async def forget_table(self, table: str) -> None:
        """It was not opened."""
        await self._ask(self._floor, "forget", table)

    async def put_decks(self, table: str, decks: list[tuple[int, ...]]) -> bool:
        return bool(await self._ask(self._floor, "put_decks", table, decks))
