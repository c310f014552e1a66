"""The stateless Serve deployments: auth and wallet. Refusals are values, not exceptions:
they have to cross processes."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import asyncpg

from actors.actor import node_address
from actors.archive import Archive
from actors.bank import TRANSIENT, Bank
from actors.rail_line import connect_rail
from actors.serve_bank import SETTLE_S_MAX, SettleCall, Unsettled
from auth.accounts import Somebody
from auth.audit import Act
from auth.audit import Wanted as AuditWanted
from auth.bans import Ban, Banned
from auth.doors import Doors
from auth.errors import AuthError, CodeNeeded
from auth.identities import Identities
from auth.passkeys import site_of
from auth.recovery import Address
from auth.rescue import Rescues
from auth.rights import Role
from auth.roles import Holder
from auth.rotation import KeyFolder, PublicKeyFile
from auth.seals import Seals
from auth.second_factor import Enrolment, FactorState
from auth.service import Auth
from auth.sessions import Opened, ended_sessions
from auth.tokens import Identity, Tokens
from serve.desk import Desk
from serve.mailer import mailer_of
from serve.part import Part, begin_part
from serve.rail import Rail, RailStatus
from serve.runtime import ACCOUNT_SEALS, Runtime, connect_postgres, connect_redis
from serve.signals.review import Review, look_elsewhere
from telemetry import traces
from telemetry.carried import apart
from wallet.cashier import Cashier
from wallet.currencies import PLAY
from wallet.fanout.channel import Channel
from wallet.fanout.holdings import Holdings, read_holdings
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.publisher import Publisher
from wallet.ledger import Balance, Ledger, OwnStake, Result, StatementLine, Wanted
from wallet.monitor import watch
from wallet.results import LedgerResult
from wallet.seamless.errors import PlayerHasChips
from wallet.seamless.open import Seamless
from wallet.seamless.states import Outstanding, Person
from wallet.settler import Settler, calm_collector
from wire.http import ErrorBody

T = TypeVar("T")
SWEEP_S = 3_600.0
PAYMENTS_SWEEP_S = 60.0
RETIRED_AT_ONCE_MAX = 1_000
SETTLERS = 2
"""Tasks that write batches of hands, each with a connection of its own."""
FANOUT = FanoutLimits()
log = logging.getLogger(__name__)


class AuthDeployment(Part):
    """Accounts and tokens. Every method answers with its result or an ErrorBody."""

    def __init__(self, runtime: Runtime) -> None:
        begin_part("auth", runtime)
        self._runtime = runtime
        self._opening = asyncio.Lock()
        self._auth: Auth | None = None
        self._doors: Doors | None = None
        self._identities: Identities | None = None
        self._rescues: Rescues | None = None

    async def _open(self) -> Auth:
        async with self._opening:
            if self._auth is None:
                pool = await connect_postgres(self._runtime)
                keys = KeyFolder(Path(self._runtime.keys_dir))
                seals = Seals(Path(self._runtime.keys_dir, ACCOUNT_SEALS))
                mail = self._runtime.mail
                self._auth = Auth(
                    pool, connect_redis(self._runtime), keys, seals, mailer=mailer_of(mail),
                    url=mail.url,
                )  # fmt: skip
                site = site_of(mail.url, self._runtime.host.limits.allowed_origins)
                self._doors = Doors(self._auth, pool, site)
                providers = self._runtime.providers
                self._identities = Identities(self._auth, pool, providers, mail.url)
                self._rescues = Rescues(self._auth, pool)
                self._sweeping = apart(_sweep(self._auth))
            return self._auth

    async def _answer(self, ask: Callable[[Auth], Awaitable[T]]) -> T | ErrorBody:
        try:
            return await ask(await self._open())
        except CodeNeeded as half:
            return ErrorBody(half.code, half.message, continuation=half.continuation)
        except AuthError as refused:
            return ErrorBody(refused.code, refused.message, refused.retry_after_s)

    async def register(
        self, name: str, password: str, address: str, device: str
    ) -> Tokens | ErrorBody:
        return await self._answer(lambda auth: auth.register(name, password, address, device))

    async def login(
        self, name: str, password: str, address: str, device: str, code: str
    ) -> Tokens | ErrorBody:
        return await self._answer(lambda auth: auth.login(name, password, address, device, code))

    async def upgrade(
        self, guest: UUID, name: str, password: str, address: str, device: str
    ) -> Tokens | ErrorBody:
        return await self._answer(lambda auth: auth.upgrade(guest, name, password, address, device))

    async def prove(
        self, who: Identity, password: str, code: str, address: str
    ) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.prove(who, password, code, address))

    async def address(self, account: UUID) -> Address | ErrorBody:
        return await self._answer(lambda auth: auth.recovery.address(account))

    async def own(self, method: str, *args: object) -> ErrorBody | None:
        """One of the methods of ``Auth`` by which somebody changes his own account."""
        return await self._answer(lambda auth: getattr(auth, method)(*args))

    async def door(self, method: str, *args: object) -> object:
        """One of the methods of ``Doors``."""
        return await self._answer(lambda _: getattr(self._doors, method)(*args))

    async def identity(self, method: str, *args: object) -> object:
        """One of the methods of ``Identities``."""
        return await self._answer(lambda _: getattr(self._identities, method)(*args))

    async def rescue(self, method: str, *args: object) -> object:
        """One of the methods of ``Rescues``."""
        return await self._answer(lambda _: getattr(self._rescues, method)(*args))

    async def factor_state(self, account: UUID) -> FactorState | ErrorBody:
        return await self._answer(lambda auth: auth.factors.state(account))

    async def enrol_factor(
        self, who: Identity, password: str, address: str
    ) -> Enrolment | ErrorBody:
        return await self._answer(lambda auth: auth.enrol_factor(who, password, address))

    async def confirm_factor(self, account: UUID, code: str) -> list[str] | ErrorBody:
        return await self._answer(lambda auth: auth.confirm_factor(account, code))

    async def remove_factor(
        self, who: Identity, password: str, code: str, address: str
    ) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.remove_factor(who, password, code, address))

    async def guest(self, address: str, device: str) -> Tokens | ErrorBody:
        return await self._answer(lambda auth: auth.guest(address, device))

    async def refresh(self, token: str) -> Tokens | ErrorBody:
        return await self._answer(lambda auth: auth.refresh(token))

    async def launch(self, account: UUID, request: UUID) -> str | ErrorBody:
        return await self._answer(lambda auth: auth.launch(account, request))

    async def enter(self, token: str, address: str, device: str) -> Tokens | ErrorBody:
        return await self._answer(lambda auth: auth.enter(token, address, device))

    async def sessions(self, account: UUID) -> list[Opened] | ErrorBody:
        return await self._answer(lambda auth: auth.sessions(account))

    async def revoke_own(self, account: UUID, sid: UUID) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.revoke_own(account, sid))

    async def logout_everywhere(self, account: UUID) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.logout_everywhere(account))

    async def find(self, prefix: str, count: int) -> list[Somebody] | ErrorBody:
        return await self._answer(lambda auth: auth.find(prefix, count))

    async def person(self, account: UUID) -> Somebody | ErrorBody:
        return await self._answer(lambda auth: auth.person(account))

    async def ban(self, account: UUID, ban: Ban) -> Banned | ErrorBody:
        return await self._answer(lambda auth: auth.ban(account, ban))

    async def lift_ban(self, account: UUID) -> Banned | ErrorBody:
        return await self._answer(lambda auth: auth.lift_ban(account))

    async def keep_away(
        self, account: UUID, table: str, ban: Ban, sooner: bool
    ) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.keep_away(account, table, ban, sooner))

    async def may_enter(self, account: UUID, table: str, seat: bool, code: str) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.may_enter(account, table, seat, code))

    async def private(self, method: str, *args: object) -> object:
        """One of the methods of ``PrivateTables``."""
        return await self._answer(lambda auth: getattr(auth.private, method)(*args))

    async def logout(self, sid: UUID) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.logout(sid))

    async def roles(self, account: UUID) -> frozenset[Role] | ErrorBody:
        return await self._answer(lambda auth: auth.roles.of(account))

    async def holders(self) -> list[Holder] | ErrorBody:
        return await self._answer(lambda auth: auth.roles.all())

    async def grant_role(self, name: str, role: Role, by: str) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.roles.grant(name, role, by))

    async def revoke_role(self, name: str, role: Role) -> ErrorBody | None:
        return await self._answer(lambda auth: auth.roles.revoke(name, role))

    async def audit_asked(
        self, who: str, address: str, act: str, asked: str, before: str | None
    ) -> int | ErrorBody:
        return await self._answer(lambda auth: auth.audit.asked(who, address, act, asked, before))

    async def audit_ended(
        self, number: int, who: str, outcome: str, answer: str, after: str | None
    ) -> ErrorBody | None:
        return await self._answer(
            lambda auth: auth.audit.ended(number, who, outcome, answer, after)
        )

    async def audit(self, wanted: AuditWanted, limit: int) -> list[Act] | ErrorBody:
        return await self._answer(lambda auth: auth.audit.search(wanted, limit))

    async def identify(self, access: str) -> Identity | ErrorBody:
        """Who a bearer token speaks for, if his session still lives."""
        auth = await self._open()
        try:
            identity = auth.verify_access(access)
        except AuthError as refused:
            return ErrorBody(refused.code, refused.message)
        active, _ = await asyncio.gather(auth.is_active(identity.sid), auth.seen(identity.sid))
        if not active:
            return ErrorBody("session_ended", "This session has ended; sign in again.")
        return identity

    async def ready(self) -> bool:
        """Whether accounts can be read."""
        return await (await self._open()).ready()


async def _sweep(auth: Auth) -> None:
    """Forget what has expired, now and then."""
    while True:
        await asyncio.sleep(SWEEP_S)
        try:
            await auth.sweep()
        except Exception:
            log.exception("expired sessions are swept later")


async def _end_payments(cashier: Cashier, publisher: Publisher) -> None:
    """Payments that nobody has decided in time."""
    while True:
        await asyncio.sleep(PAYMENTS_SWEEP_S)
        try:
            if await cashier.sweep():
                publisher.single()
        except Exception:
            log.exception("expired payments are ended later")


async def _open_months(ledger: Ledger) -> None:
    """There is always a partition to write to: at the start, and long before a month ends."""
    while True:
        try:
            await ledger.open_months()
        except Exception:
            log.exception("partitions are opened later")
        await asyncio.sleep(SWEEP_S)


async def _retire_hands(archive: Archive, days: int) -> None:
    """Records of hands are kept for so many days; any number of processes may do this."""
    while days:
        try:
            before = datetime.now(UTC) - timedelta(days=days)
            while await archive.retire(before, RETIRED_AT_ONCE_MAX) == RETIRED_AT_ONCE_MAX:
                pass
        except Exception:
            log.exception("old hands are deleted later")
        await asyncio.sleep(SWEEP_S)


def _dsn(runtime: Runtime) -> Path:
    return Path(runtime.dsn_file)


class RailDeployment(Part):
    """Spectators of all tables, apart from the tables' own processes. Each replica has a listener
    of its own: whoever is asked answers for itself."""

    def __init__(self, runtime: Runtime) -> None:
        begin_part("rail", runtime)
        self._runtime = runtime
        self._opening = asyncio.Lock()
        self._rail: Rail | None = None
        self._running: asyncio.Task[None] | None = None

    async def where(self) -> RailStatus:
        """Where to watch; opens the listener if need be."""
        async with self._opening:
            if self._rail is None:
                host = self._runtime.host
                redis = connect_rail(host.redis_file, host.rail)
                keys = PublicKeyFile(Path(host.jwks_file))
                address = host.address or node_address()
                ended = partial(ended_sessions, await connect_postgres(self._runtime))
                rail = Rail(redis, keys, host.limits, host.rail, address, ended)
                await rail.open(host.bind, host.ports)
                self._running = apart(rail.run())
                self._rail = rail
        return self._rail.status()

    async def check_health(self) -> None:
        """Serve starts a replica anew whose rail has ended."""
        if self._running is not None and self._running.done():
            raise RuntimeError("the rail has ended")


class WalletDeployment(Part):
    """The ledger over Serve handles: a ``Bank`` for the tables, a wallet for players."""

    def __init__(self, runtime: Runtime) -> None:
        begin_part("wallet", runtime)
        self._runtime = runtime
        self._opening = asyncio.Lock()
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._settlers: list[Settler] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._seamless: Seamless | None = None
        self._publisher: Publisher | None = None
        self._desk: Desk | None = None

    async def _bank(self) -> Bank:
        """The ledger, or the operator's money around it."""
        ledger = await self._ledger()
        if self._runtime.operator is None:
            return ledger
        if self._seamless is None:
            assert self._pool is not None
            assert self._publisher is not None
            self._seamless = Seamless(
                self._pool, ledger, self._runtime.operator, ended=self._publisher.elsewhere
            )
            self._seamless.start()
        return self._seamless.bank

    async def bind(self, player: UUID, name: str, currency: str, token: str) -> bool:
        """Who a player is at the operator; False if either is bound otherwise, or has chips."""
        await self._bank()
        assert self._seamless is not None
        try:
            return await self._seamless.bank.bind(player, Person(name, currency, token))
        except PlayerHasChips:
            return False

    async def _ledger(self) -> Ledger:
        async with self._opening:
            if self._pool is None:
                self._pool = await connect_postgres(self._runtime)
                dsn = _dsn(self._runtime)
                channel = Channel(connect_redis(self._runtime), FANOUT)
                self._publisher = Publisher(self._pool, channel, FANOUT)
                watch(self._publisher)
                self._settlers = [Settler(dsn, self._publisher) for _ in range(SETTLERS)]
                self._tasks = [apart(settler.run()) for settler in self._settlers]
                self._tasks.append(apart(_open_months(Ledger(self._pool))))
                days = self._runtime.hand_retention_days
                self._tasks.append(apart(_retire_hands(Archive(self._pool), days)))
                calm_collector()
                look = partial(look_elsewhere, dsn)
                self._tasks.append(apart(Review(self._pool).nightly(look)))
                self._tasks.append(apart(self._publisher.run()))
                self._desk = Desk(self._pool, self._runtime.cashier, self._publisher.single)
                self._tasks.append(apart(_end_payments(self._desk.cashier, self._publisher)))
            return Ledger(self._pool, self._settlers)

    async def ready(self) -> bool:
        """Whether the ledger can be read."""
        await self._ledger()
        assert self._pool is not None
        return bool(await self._pool.fetchval("SELECT 1"))

    async def grant_today(self, player: UUID, bot: bool) -> Result:
        """Open the wallet if need be and hand out the day's play chips (UTC), once."""
        ledger = await self._ledger()
        await ledger.open_wallet(player)
        amount = self._runtime.bot_grant if bot else self._runtime.daily_grant
        if amount == 0:
            return Result(LedgerResult.DUPLICATE, 0)
        today = datetime.fromtimestamp(time.time(), UTC).date()
        return self._told(await ledger.grant_daily(player, amount, today))

    async def balance(self, player: UUID, currency: str = PLAY) -> Balance:
        """Of an operator's player, what the operator says; without an answer nothing is free."""
        await self._bank()
        own = await (await self._ledger()).balance(player, currency)
        if self._seamless is None or currency != PLAY:
            return own
        theirs = (await self._seamless.bank.operator_balances([player]))[player]
        return Balance(own.amount + theirs, own.version, own.at_tables)

    async def outstanding(self) -> list[Outstanding]:
        """What is under way at the operator."""
        await self._bank()
        return await self._seamless.store.outstanding() if self._seamless is not None else []

    async def stakes_of(self, player: UUID) -> list[OwnStake]:
        """Where a player has chips in play."""
        await self._bank()
        return await (await self._ledger()).stakes_of(player)

    async def holdings(self, players: list[UUID]) -> dict[UUID, Holdings]:
        """The truth for those who follow these players."""
        await self._bank()
        assert self._pool is not None
        found = await read_holdings(self._pool, players)
        if self._seamless is not None:
            for player, balance in (await self._seamless.bank.operator_balances(players)).items():
                found[player].elsewhere = {PLAY: balance}
        return found

    async def desk(self, method: str, *args: object) -> object:
        """One of the methods of ``serve.desk.Desk``."""
        await self._ledger()
        assert self._desk is not None
        return await getattr(self._desk, method)(*args)

    async def statement(
        self, player: UUID, limit: int, before: int | None, wanted: Wanted
    ) -> list[StatementLine]:
        return await (await self._ledger()).statement(player, limit, before, wanted)

    async def buy_in(
        self,
        player: UUID,
        table: str,
        session: UUID,
        amount: int,
        key: str,
        epoch: int,
        currency: str = PLAY,
    ) -> Result:
        bank = await self._bank()
        return self._told(await bank.buy_in(player, table, session, amount, key, epoch, currency))

    async def settle_all(self, hands: list[SettleCall]) -> list[Result | Unsettled]:
        """Each by itself: none waits for longer than ``SETTLE_S_MAX`` because of another."""
        bank = await self._bank()

        async def settle(hand: SettleCall) -> Result | Unsettled:
            try:
                table, number, epoch, moves, rake, seen = hand
                with traces.span("wallet.settle", parent=seen) if seen else traces.NOTHING:
                    settled = bank.settle(table, number, epoch, moves, rake)
                    return await asyncio.wait_for(settled, SETTLE_S_MAX)
            except Exception as failure:
                return Unsettled(repr(failure), isinstance(failure, TRANSIENT))

        return await asyncio.gather(*(settle(hand) for hand in hands))

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result:
        return self._told(await (await self._bank()).cash_out(player, table, session, key))

    def _told(self, result: Result) -> Result:
        """Whoever follows the player hears of it now, not at the next look into the outbox."""
        assert self._publisher is not None
        self._publisher.single()
        return result
