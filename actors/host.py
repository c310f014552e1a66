"""An actor's tables: opened, listed, handed over and closed. Plain asyncio: tests need no Ray."""

import asyncio
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Container, Coroutine, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from redis.asyncio import Redis

from actors import commands as c
from actors.archive import Archive
from actors.bank import Bank
from actors.chance import Chance, SourceFailed
from actors.journal import Pen
from actors.leases import LEASE_S, Leases, granted_until
from actors.lifeline import Lifeline
from actors.load import LagMeter, Load
from actors.machine import TableMachine
from actors.monitor import TAKEOVERS
from actors.postgres_journal import PostgresJournal
from actors.press import Press
from actors.rail_line import connect_rail
from actors.recovery import Recovered, fits, recover
from actors.revocations import Revocations
from actors.scribe import Scribe
from actors.sockets import ANY_PORT, Connection, Door
from actors.spec import TableSpec
from actors.sweep import run_sweeps
from actors.table import Table
from actors.warden import Warden
from auth.rotation import PublicKeyFile
from auth.seals import Seals
from auth.sessions import ended_sessions
from games.refusal import Refusal
from telemetry import traces
from telemetry.config import TelemetryConfig
from wallet.dsn import create_pool
from wallet.ledger import Ledger
from wallet.protection import Protections
from wire.http import TableListing
from wire.limits import Limits, RailLimits

POOL_CONNECTIONS_MAX = 2
QUERY_S_MAX = 20.0
"""Longest answer of the database outside the journal; the rows of a long hand come at once."""
PRUNE_S = 20.0
RESEED_S = 300.0
log = logging.getLogger(__name__)


class CloseUnfinished(Exception):
    """Something is still owed to the ledger: the table must be opened and closed once more."""


class HostConfig(msgspec.Struct, frozen=True):
    """What an actor is started with. Secrets stay in files: ``dsn_file`` and the keys in
    ``journal_keys`` (a folder); ``jwks_file`` has the keys that tickets are verified with.

    ``bind`` is the address listened on, ``address`` the one put into tickets: without it, that of
    the node. ``ports`` are the first and the last that may be listened on; 0 means any.
    ``entropy_file`` is mixed into the seeds (``actors.chance``). Without ``redis_file`` nobody can
    watch. An actor takes one of ``resource`` from its node, if one is named.
    """

    dsn_file: str
    journal_keys: str
    jwks_file: str
    bind: str = "127.0.0.1"
    address: str = "127.0.0.1"
    ports: tuple[int, int] = ANY_PORT
    limits: Limits = Limits()
    entropy_file: str = ""
    redis_file: str = ""
    rail: RailLimits = RailLimits()
    resource: str = ""
    telemetry: TelemetryConfig = TelemetryConfig()


class TableStatus(msgspec.Struct, frozen=True):
    """An open table: where it is and what the lobby says of it."""

    epoch: int
    addr: str
    port: int
    listing: TableListing
    spec: TableSpec
    free_seats: int
    hand: int
    playing: bool
    paused: bool
    halted: str = ""


class HostReport(msgspec.Struct, frozen=True):
    """What an actor says when it is asked."""

    tables: list[TableStatus] = []
    load: Load = Load()


class TableHost:
    """One listener and the tables behind it."""

    def __init__(
        self, config: HostConfig, bank: Bank, on_failure: Callable[[], None] | None = None
    ) -> None:
        """``on_failure`` is called when the process can't go on: no journal, no leases."""
        self.tables: dict[str, Table] = {}
        self.port = 0
        self.lifeline = Lifeline()
        self._config = config
        self._bank = bank
        self._owner = uuid.uuid4().hex
        self._dsn = Path(config.dsn_file)
        self._door = Door(config.limits)
        self._keys = PublicKeyFile(Path(config.jwks_file))
        self._seals = Seals(Path(config.journal_keys))
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self.press: Press | None = None
        self._redis: Redis | None = None
        self._ended: Container[uuid.UUID] = frozenset()
        self._tasks: list[asyncio.Task[None]] = []
        self._on_failure = on_failure or self._halt_all
        self._lag = LagMeter()
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def start(self) -> int:
        """Connect to Postgres and listen; returns the port. Starting again changes nothing. Raises
        SourceFailed if nothing can be dealt here."""
        if not self.port:
            mixed = Path(self._config.entropy_file) if self._config.entropy_file else None
            self._chance = await asyncio.to_thread(Chance, mixed)
            self._pool = await create_pool(
                self._dsn,
                min_size=1,
                max_size=POOL_CONNECTIONS_MAX,
                command_timeout=QUERY_S_MAX,
                init=traces.watch_queries,
            )
            self._archive = Archive(self._pool)
            self._journal = PostgresJournal(self._dsn, self._pool)
            self._scribe = Scribe(self._journal)
            self._work(self._scribe.run())
            self._work(Leases(self._journal, self.tables).run())
            self._work(Warden(Protections(self._pool).barred, self.tables).run())
            self._work(self._lag.run())
            self._work(run_sweeps(self.tables))
            self._work(self._prune())
            self._work(self._reseed())
            if self._config.redis_file:
                self._redis = connect_rail(self._config.redis_file, self._config.rail)
                self.press = Press(self._redis, self.tables, self._config.rail)
                self._work(self.press.run())
            ended = partial(ended_sessions, self._pool)
            revocations = Revocations(self._redis, self._lines, ended, self._config.rail)
            self._ended = revocations.ended
            self._work(revocations.run())
            await self.lifeline.open(self._config.bind)
            self.port = await self._door.open(self._config.bind, self._config.ports)
        return self.port

    def _lines(self) -> Iterator[Connection]:
        return chain.from_iterable(table.front.lines for table in self.tables.values())

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.append(task)
        task.add_done_callback(self._stopped)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            log.critical("a part of the process has stopped", exc_info=task.exception())
            self._on_failure()

    def _halt_all(self) -> None:
        for table in self.tables.values():
            table.not_written("the process has failed")

    async def open(self, spec: TableSpec) -> TableStatus:
        """Take a table over and go on where its journal ends; see ``actors.recovery``."""
        async with self._opening[spec.table]:
            held = self.tables.get(spec.table)
            if held is None or held.halted:
                self._forget(spec.table)
                await self._take_over(spec)
            return self._status(self.tables[spec.table])

    async def _take_over(self, spec: TableSpec) -> None:
        assert self._pool is not None, "start() comes first"
        await self._scribe.noted()
        asked_at = asyncio.get_running_loop().time()
        address = f"{self._config.address}:{self.port}"
        claim = await self._journal.take_over(spec.table, self._owner, address, LEASE_S, spec)
        pen = Pen(spec.table, claim.epoch, self._seals)
        rows = await self._journal.rows(spec.table)

        async def still_ours() -> bool:
            return bool(await self._journal.renew([(spec.table, claim.epoch)], LEASE_S))

        recovered = await recover(
            spec, rows, pen, Ledger(self._pool), self._archive, claim.last_hand, still_ours
        )
        _adopt(spec, recovered)
        table = Table(
            recovered,
            pen=pen,
            bank=self._bank,
            archive=self._archive,
            scribe=self._scribe,
            keys=self._keys,
            ended=self._ended,
            limits=self._config.limits,
            lease_until=granted_until(asked_at),
            chance=self._chance,
            lag=self._lag,
        )
        table.start(recovered, claim.fault)
        self.tables[spec.table] = table
        self._door.rooms[spec.table] = table.front
        if self.press is not None:
            self.press.opened(table)
        TAKEOVERS.inc()

    async def _prune(self) -> None:
        """Now and then, off the path of play: what the last snapshots made superfluous."""
        while True:
            await asyncio.sleep(PRUNE_S)
            for table in list(self.tables):
                try:
                    await self._journal.prune(table)
                except Exception as failure:  # the next round does it
                    log.warning("%s is not pruned: %s", table, failure)

    async def _reseed(self) -> None:
        """Now and then what the operator's source has is mixed in; without it seeds are as good as
        the system's."""
        while True:
            await asyncio.sleep(RESEED_S)
            try:
                await asyncio.to_thread(self._chance.reseed)
            except (OSError, SourceFailed) as failure:
                log.error("nothing was mixed into the seeds: %s", failure)

    def describe(self) -> HostReport:
        """Every open table, and how busy they keep us."""
        return HostReport([self._status(table) for table in self.tables.values()], self.load())

    def load(self) -> Load:
        """How busy we are."""
        lines = sum(len(table.front.presence) for table in self.tables.values())
        return Load(lines, self._lag.lag_ms, self._lag.busy)

    @property
    def rows_waiting(self) -> int:
        """Rows that are not on their way to the journal yet."""
        return self._scribe.waiting

    def _status(self, table: Table) -> TableStatus:
        machine = table.machine
        taken = machine.seats.taken()
        listing = TableListing(
            info=table.spec.info(),
            players=sum(seat.player.kind != "bot" for seat in taken),
            bots=sum(seat.player.kind == "bot" for seat in taken),
            dealt=table.stats.dealt,
            hands=table.stats.hands,
            average_pot=table.stats.average_pot,
            hands_per_hour=table.stats.hands_per_hour,
            busy=self._lag.busy,
        )
        return TableStatus(
            table.epoch,
            self._config.address,
            self.port,
            listing,
            table.spec,
            len(machine.seats.free()),
            machine.hand,
            machine.game.playing,
            machine.paused,
            table.halted,
        )

    async def operate(self, table: str, command: c.OperatorCommand) -> Refusal | None:
        """An operator's command, journalled like any other."""
        return await self.tables[table].operate(command)

    def holds_seat(self, name: str, player: str) -> bool | None:
        """See ``Table.holds_seat``; None while we can't speak for the table."""
        table = self.tables.get(name)
        return table.holds_seat(player) if table is not None and table.serving else None

    async def hand_over(self, name: str, grace_s: float) -> None:
        """Give a table up for another process; its players keep their seats."""
        table = self.tables[name]
        await table.leave_to_another(grace_s)
        self._forget(name)
        await self._scribe.noted()  # if it has halted on the way, the next owner hears of it
        await self._journal.release(name, table.epoch)

    def wind_up(self, name: str) -> bool:
        """Deal no more hands at a table; whether one is in play."""
        return self.tables[name].wind_up()

    async def close_table(self, name: str, grace_s: float, void: bool = True) -> None:
        """Close one table for good: every stake goes home. Raises CloseUnfinished if ``void`` and
        that could not be."""
        table = self.tables[name]
        done = await table.stop(grace_s, void)
        self._forget(name, for_good=void and done)
        await self._journal.release(name, table.epoch)
        if void and not done:
            raise CloseUnfinished(name)

    def _forget(self, name: str, for_good: bool = False) -> None:
        table = self.tables.pop(name, None)
        if table is not None and self.press is not None:
            self.press.left(table, for_good)
        self._door.rooms.pop(name, None)

    async def close(self, grace_s: float) -> None:
        """Let running hands end, send the stakes home, close every socket and connection."""
        await asyncio.gather(
            *(self.close_table(name, grace_s, void=False) for name in list(self.tables))
        )
        await self.abandon()

    async def abandon(self) -> None:
        """Let go of everything at once, as a crash would, without ending the process."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        for name, table in list(self.tables.items()):
            table.abandon()
            self._forget(name)
        self._door.close()
        self.lifeline.close()
        if self.port:
            self._journal.close()
        if self._pool is not None:
            await self._pool.close()
        if self._redis is not None:
            await self._redis.aclose()
            self.press = self._redis = None
        self.port = 0


def _adopt(spec: TableSpec, recovered: Recovered) -> None:
    """The wanted spec counts from now on, unless a hand is in play or somebody would lose his
    chair: then the old one does, until the table is opened next."""
    machine = recovered.machine
    if machine.spec != spec and fits(spec, machine):
        recovered.state.machine = TableMachine.load(spec, machine.save(recovered.state.now))
