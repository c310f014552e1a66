"""Tables, stores and clients in one process, by one seed: the same seed is the same history.

Real: tables, machines, cashiers, escrow, scribes, leases, recovery, seals. Twins: the journal, the
archive and the ledger, reached through ``faults``. Time is the loop's.
"""

import asyncio
import contextlib
import hashlib
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from datetime import date
from typing import Any, cast
from uuid import UUID

import msgspec

from actors import commands as c
from actors.archive import Archive
from actors.bank import TRANSIENT
from actors.cashier import TakenOver
from actors.journal import SNAPSHOT, Pen
from actors.leases import LEASE_S, Leases, granted_until
from actors.load import LagMeter
from actors.recovery import recover
from actors.scribe import Scribe
from actors.spec import TableSpec
from actors.sweep import run_sweeps
from actors.table import Table
from auth.keys import PublicKeys
from auth.seals import Seals
from client.state import TableState
from games.clock import ClockSpec
from games.holdem.game import HoldemSpec
from games.holdem.positions import Blinds
from games.rake import RakeSpec
from tests.property.test_client_state_properties import picture
from tests.simulation.crowd import Client, Line
from tests.simulation.faults import Faults, FaultyArchive, FaultyBank, FaultyJournal, Rates
from tests.simulation.journal_twin import JournalTwin
from tests.simulation.ledger_twin import LedgerTwin
from wallet.results import LedgerResult, Result
from wire.codec import CODECS
from wire.limits import Limits
from wire.server_frames import ServerFrame, Welcome

GRANT = 1_000_000
DAY = date(2026, 1, 2)
LIMITS = Limits(history_frames_max=64)
ANTES = (0, 5, 10)
"""Without an ante, a hand with a dead small blind that is folded to the big blind has an empty
pot, which ``games.rake.spread`` can't divide: add 0 here when it can."""
STUCK_S = 900.0
"""Virtual seconds without a finished hand, or without coming to rest, that are too many."""


class Plan(msgspec.Struct, frozen=True):
    """What a seed stands for."""

    seed: int
    hands: int
    specs: tuple[TableSpec, ...]
    rates: Rates
    players: int
    mischief_s: float
    """Mean time between mishaps of whole processes."""
    damage: bool
    """Whether rows of the journal are tampered with now and then."""


def plan(seed: int, hands: int) -> Plan:
    """Draw a scenario."""
    chance = random.Random(seed)
    specs = tuple(_spec(chance, name) for name in ("oak", "elm")[: chance.randint(1, 2)])
    calls = chance.choice((0, 1, 1, 3))
    rates = Rates(40 * calls, 60 * calls, 60 * calls, 60 * calls, 6 * calls, 6 * calls)
    mischief_s = chance.choice((4.0, 12.0, 60.0))
    damage = chance.randrange(8) == 0
    return Plan(seed, hands, specs, rates, chance.randint(2, 5), mischief_s, damage)


def _spec(chance: random.Random, name: str) -> TableSpec:
    seats = chance.randint(2, 6)
    blinds = Blinds(small=50, big=100, ante=chance.choice(ANTES), straddle=chance.randrange(2) == 0)
    rake = RakeSpec(version="test", rate_bp=500, caps=((2, 300),))
    return TableSpec(
        table=name,
        name=name.title(),
        game=HoldemSpec(seats=seats, blinds=blinds, rake=rake),
        clock=ClockSpec(
            turn_ms=chance.choice((700, 1_500)), bank_ms=1_000, bank_ms_max=2_000, refill_ms=100
        ),
        buy_in_min=1_000,
        buy_in_max=10_000,
        pause_ms=chance.choice((0, 100, 500)),
        showdown_pause_ms=chance.choice((0, 200)),
        away_ms_max=chance.choice((20_000, 120_000)),
        resume_ms=1_000,
    )


class Process:
    """One table host, as ``actors.host.TableHost``: a scribe, leases and tables."""

    def __init__(self, world: "World") -> None:
        self.dead = False
        self.tables: dict[str, Table] = {}
        self.journal = FaultyJournal(world.journal, world.faults, self)
        self._world = world
        self._bank = FaultyBank(world.ledger, world.faults, self)
        self._bank.settled = world.settled
        self._archive = cast(Archive, FaultyArchive(world.journal, world.faults, self))
        self._scribe = Scribe(self.journal)
        self._tasks: list[asyncio.Task[None]] = []
        self.work(self._scribe.run())
        self.work(Leases(self.journal, self.tables).run())
        self.work(run_sweeps(self.tables))

    def work(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that ends with the process."""
        self._tasks.append(asyncio.get_running_loop().create_task(work))

    async def open(self, spec: TableSpec) -> None:
        """The steps of ``TableHost.open``."""
        world = self._world
        asked_at = asyncio.get_running_loop().time()
        claim = await self.journal.take_over(spec.table, "sim", "memory:1", LEASE_S, spec)
        pen = Pen(spec.table, claim.epoch, world.seals)
        rows = await self.journal.rows(spec.table)

        async def still_ours() -> bool:
            return bool(await self.journal.renew([(spec.table, claim.epoch)], LEASE_S))

        recovered = await recover(
            spec, rows, pen, self._bank, self._archive, claim.last_hand, still_ours
        )
        if recovered.state.broken:
            world.broken(spec.table, recovered.state.last_hand, recovered.state.broken)
        table = Table(
            recovered,
            pen=pen,
            bank=self._bank,
            archive=self._archive,
            scribe=self._scribe,
            keys=PublicKeys({}),
            limits=LIMITS,
            lease_until=granted_until(asked_at),
            chance=world.dice.randbytes,
            lag=LagMeter(),
        )
        table.start(recovered, claim.fault)
        self.tables[spec.table] = table

    def serves(self, table: str) -> bool:
        """Whether it believes that the table is its own."""
        return table in self.tables and not self.tables[table].halted

    def crash(self) -> None:
        """Dead at once: no task goes on, no line says another word."""
        if self.dead:
            return
        self.dead = True
        for line in self._world.lines_of(self):
            line.gone = True
            asyncio.get_running_loop().call_later(
                self._world.chance.uniform(0.0, 1.0), line.client.lost, line
            )
        for task in self._tasks:
            task.cancel()
        for table in self.tables.values():
            table.abandon()

    async def hand_over(self, name: str) -> None:
        """Give a table up as a deployment does."""
        table = self.tables[name]
        await table.leave_to_another(10.0)
        with contextlib.suppress(*TRANSIENT):
            await self.journal.release(name, table.epoch)


class World:
    """Everything, and the record of everything that the auditor reads."""

    def __init__(self, plan: Plan, seals: Seals) -> None:
        self.plan = plan
        self.seals = seals
        self.chance = random.Random(plan.seed)
        self.dice = random.Random(plan.seed + 1)
        self.faults = Faults(self.chance, plan.rates)
        self.ledger = LedgerTwin()
        self.journal = JournalTwin(self.ledger)
        self.lines: list[Line] = []
        self.clients: list[Client] = []
        self.settlements: Counter[tuple[str, int]] = Counter()
        self.voidable: set[tuple[str, int]] = set()
        self.damaged: set[str] = set()
        self.complaints: list[str] = []
        self.digest = hashlib.blake2b(digest_size=16)
        self.compared = 0
        self._owners: dict[str, Process] = {}
        self._processes: list[Process] = []
        self._opening: set[str] = set()
        self._moving: set[str] = set()
        self._frames: dict[bytes, ServerFrame] = {}
        self._loop = asyncio.get_running_loop()
        self._background: set[asyncio.Task[None]] = set()
        self._loop.set_exception_handler(self._raised)

    def _raised(self, _: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Something failed where nobody waits for it."""
        self.complain(f"raised: {context.get('exception')!r} {context['message']}")

    # As the clients see it

    def find(self, table: str) -> Table | None:
        owner = self._owners.get(table)
        if owner is None or owner.dead:
            return None
        return owner.tables.get(table)

    def saw(self, line: Line, data: bytes) -> ServerFrame:
        self.digest.update(line.player_id.encode())
        self.digest.update(data)
        frame = self._frames.get(data)
        if frame is None:
            if len(self._frames) > 64:
                self._frames.clear()
            frame = self._frames[data] = CODECS[line.codec.name].decode_server(data)
        return frame

    def opened(self, line: Line) -> None:
        self.lines.append(line)

    def complain(self, what: str) -> None:
        self.complaints.append(what)

    def count(self, deed: str) -> None:
        self.faults.counts[deed] += 1

    # As the processes see it

    def lines_of(self, process: Process) -> list[Line]:
        """The open lines to a process."""
        rooms = {id(table) for table in process.tables.values()}
        return [line for line in self.lines if not line.gone and id(line.room) in rooms]

    def settled(self, table: str, hand: int, epoch: int, result: Result) -> None:
        """The ledger's answer to a settlement."""
        if result.code is LedgerResult.APPLIED:
            self.settlements[table, hand] += 1
        elif result.code is LedgerResult.STALE_EPOCH:
            self.count("stale settlement")

    def broken(self, table: str, hand: int, why: str) -> None:
        """A recovery gave a hand up."""
        if table not in self.damaged:
            self.complain(f"{table} hand {hand}: broken: {why}")
        self.voidable.add((table, hand))

    # The floor

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._background.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.complain(f"the world failed: {task.exception()!r}")

    def _process(self, table: str) -> Process:
        """One that lives and does not serve the table; now and then a new one."""
        living = [p for p in self._processes if not (p.dead or p.serves(table))]
        if len(living) < 2 or self.chance.randrange(3) == 0:
            living = [Process(self)]
            self._processes += living
        return self.chance.choice(living)

    async def _open(self, spec: TableSpec) -> None:
        """Until it is open somewhere, as the floor does."""
        if spec.table in self._opening:
            return
        self._opening.add(spec.table)
        try:
            await self._open_somewhere(spec)
        finally:
            self._opening.discard(spec.table)

    async def _open_somewhere(self, spec: TableSpec) -> None:
        while True:
            process = self._process(spec.table)
            work = self._loop.create_task(process.open(spec))
            while not work.done() and not process.dead:
                await asyncio.wait({work}, timeout=0.1)
            if process.dead:
                work.cancel()
            outcome = (await asyncio.gather(work, return_exceptions=True))[0]
            if isinstance(outcome, TakenOver):
                self.count("overtaken")
                return
            if isinstance(outcome, Exception) and not isinstance(outcome, TRANSIENT):
                raise outcome
            if outcome is None and not process.dead:
                self._owners[spec.table] = process
                return
            await asyncio.sleep(self.chance.uniform(0.1, 1.0))

    async def _floor(self, spec: TableSpec) -> None:
        """Open the table anew whenever nobody serves it."""
        while True:
            room = self.find(spec.table)
            if (room is None or room.halted) and spec.table not in self._moving:
                if room is not None and room.fault:
                    self.complain(f"{spec.table}: halted: {room.fault}")
                await self._open(spec)
            await asyncio.sleep(self.chance.uniform(0.1, 1.0))

    # Mischief

    async def _mischief(self) -> None:
        deeds = (self._kill, self._usurp, self._move, self._stall, self._lapse, self._prune,
                 self._operate, self._compare, self._compare, self._compare)  # fmt: skip
        while True:
            await asyncio.sleep(self.chance.uniform(0.0, 2 * self.plan.mischief_s))
            spec = self.chance.choice(self.plan.specs)
            room = self.find(spec.table)
            if room is not None and not room.halted:
                self.chance.choice(deeds)(spec, room)

    def _kill(self, spec: TableSpec, room: Table) -> None:
        self.count("killed")
        playing, hand = room.machine.game.playing, room.machine.hand
        self._owners[spec.table].crash()
        if self.plan.damage and playing and self.chance.randrange(2):
            self._tamper(spec.table, hand)

    def _tamper(self, table: str, hand: int) -> None:
        """The last row is not what was written, if it is one of the hand in play."""
        stored = self.journal.stored[table]
        last = stored[max(stored)]
        if last.hand == hand and last.kind != SNAPSHOT and hand not in self._ended(table):
            self.count("damaged")
            self.damaged.add(table)
            self.voidable.add((table, hand))
            stored[last.seq] = last._replace(digest=b"x")

    def _ended(self, table: str) -> set[int]:
        """Hands that the ledger or the archive has."""
        return {hand for name, hand in (*self.settlements, *self.journal.hands) if name == table}

    def _usurp(self, spec: TableSpec, room: Table) -> None:
        self.count("usurped")
        self._spawn(self._open(spec))

    def _move(self, spec: TableSpec, room: Table) -> None:
        if spec.table not in self._moving:
            self.count("moved")
            self._moving.add(spec.table)
            process = self._owners[spec.table]
            process.work(self._hand_over(spec, process))

    async def _hand_over(self, spec: TableSpec, process: Process) -> None:
        try:
            await process.hand_over(spec.table)
        finally:
            self._moving.discard(spec.table)

    def _stall(self, spec: TableSpec, room: Table) -> None:
        self.faults.stall(self.chance.choice((1.5, 3.0, 8.0, 20.0)))

    def _lapse(self, spec: TableSpec, room: Table) -> None:
        self.count("lease lapsed")
        process = self._owners[spec.table]
        process.journal.deaf_until = self._loop.time() + self.chance.choice((5.0, 20.0))

    def _prune(self, spec: TableSpec, room: Table) -> None:
        process = self._owners[spec.table]
        process.work(self._try_to_prune(spec.table, process))

    async def _try_to_prune(self, table: str, process: Process) -> None:
        self.count("pruned")
        with contextlib.suppress(*TRANSIENT):
            await process.journal.prune(table)

    def _operate(self, spec: TableSpec, room: Table) -> None:
        self.count("operated")
        self._spawn(self._by_operator(spec, room, self.chance.randrange(2) == 0))

    async def _by_operator(self, spec: TableSpec, room: Table, void: bool) -> None:
        await room.operate(c.Pause(0, "op"))
        await asyncio.sleep(self.chance.uniform(0.0, 3.0))
        later = self.find(spec.table)
        if void and later is not None:
            hand = later.machine.hand
            self.voidable.add((spec.table, hand))
            await later.operate(c.VoidHand(0, hand, "operator", "op"))
        await self._resume(spec)

    async def _resume(self, spec: TableSpec) -> None:
        """Until it goes on, whoever serves it."""
        while True:
            room = self.find(spec.table)
            if room is not None and not room.halted:
                await room.operate(c.Resume(0, "op"))
                if not (room.machine.paused or room.halted):
                    return
            await asyncio.sleep(0.5)

    def _compare(self, spec: TableSpec, room: Table) -> None:
        """What a client has made of his updates is what he would be told afresh."""
        for client in self.clients:
            line = client.line
            if line is None or line.room is not room or not line.quiet or room._pending:
                continue
            if room.front.presence.of(line.player_id) is not line.as_connection():
                continue
            view = room.machine.view(room.machine.seat_of(line.player_id), room.now())
            fresh = TableState()
            fresh.welcome(Welcome(spec.table, room.epoch, 0, client.state.me, 0, view), 0.0)
            mine, told = picture(client.state), picture(fresh)
            if client.state.gathered.told is not None:
                # Who came in the middle of a hand does not know who put in what before.
                mine["pots"] = told["pots"] = None
            self.compared += 1
            if mine != told or room.broadcast.seq != client.state.seq:
                at = f"{room.epoch}:{room.broadcast.seq}, {client.state.epoch}:{client.state.seq}"
                self.complain(f"{at}: {client.name} sees {mine}, is told {told}")

    # The course of things

    async def run(self) -> None:
        """Play until enough hands are archived; then everything heals and comes to rest."""
        for number, spec in enumerate(self.plan.specs):
            for place in range(self.plan.players + 1):
                player = UUID(int=100 * (number + 1) + place)
                await self.ledger.open_wallet(player)
                await self.ledger.grant_daily(player, GRANT, DAY)
                watcher = place == self.plan.players
                self.clients.append(Client(self, spec.table, player, watcher))
            self._spawn(self._floor(spec))
        mischief = self._loop.create_task(self._mischief())
        await self._until(lambda: len(self.journal.hands) >= self.plan.hands, STUCK_S * 4, "hands")
        mischief.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await mischief
        self.faults.cease()
        for process in self._processes:
            process.journal.deaf_until = 0.0
        for client in self.clients:
            client.calm = client.leaving = True
        await self._until(self._at_rest, STUCK_S, "rest")
        for spec in self.plan.specs:
            room = self.find(spec.table)
            if room is not None:
                self._compare(spec, room)

    async def _until(self, done: Callable[[], bool], seconds: float, what: str) -> None:
        deadline = self._loop.time() + seconds
        while not done():
            if self._loop.time() > deadline or self.complaints:
                self.complain(f"stuck: no {what} in {seconds} s")
                return
            await asyncio.sleep(0.5)

    def _at_rest(self) -> bool:
        return not self._moving and not self._opening and all(map(self._empty, self.plan.specs))

    def _empty(self, spec: TableSpec) -> bool:
        """Everybody has left, and nothing is owed."""
        room = self.find(spec.table)
        if room is None or not room.serving or room.machine.seats.taken():
            return False
        return room._flushed.is_set() and room._cashier.idle.is_set()
