"""The floor: the wanted tables against those that are open."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, Final, TypeVar

import msgspec

from actors import commands as c
from actors.host import TableStatus
from actors.spec import TableSpec
from games.refusal import Refusal
from serve.overview import (
    NO_SPARE,
    TABLE_CLOSING,
    TABLE_NOT_OPEN,
    TABLE_UNKNOWN,
    TARGET_UNKNOWN,
    cause_of,
    reason_of,
    table_overview,
)
from serve.pool import ANSWER_S_MAX, Pool, Worker
from serve.register import Register
from serve.runtime import Runtime, connect_redis
from wire.http import LobbyResponse, Operator, OperatorTables

T = TypeVar("T")
log = logging.getLogger(__name__)

RECONCILE_S: Final = 1.0
OPEN_S_MAX: Final = 30.0
SPARE_S_MAX: Final = 90.0
"""So long may a move wait for an actor to start: a drain may need many at once."""
WHERE_S_MAX: Final = 5.0
"""So long may a player's request wait for a table that is being opened."""
CLOSED_S_MAX: Final = 60.0
"""So long may a close wait for its second try, when the first one has lost its process."""
RETRY_S: Final = 0.2
RETRY_S_MAX: Final = 5.0
TRIES_MAX: Final = 5
"""A table that could not be opened so often, or in all that time, keeps nobody from the others any
more."""
_NONE: Final = (0, "")
LOBBY_KEY: Final = "lobby"
LOBBY_CHANNEL: Final = "lobby"


class Floor:
    """One replica. It keeps the wanted tables open, each at one actor of the pool.

    A death is heard of at once, by a broken connection; the table is then taken over by a spare
    actor that is running already. The sweep every second is for everything else.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._wanted: dict[str, TableSpec] = {spec.table: spec for spec in runtime.tables}
        self._on_the_way: set[str] = set()
        self._leftover: set[str] = set()
        self._warm: set[int] = set()
        self._busy: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._failures: dict[str, tuple[int, str]] = {}
        self._closing = False
        self._begun = False
        self._pool = Pool(runtime.host, self._look)
        self._register = Register()
        self._redis = connect_redis(runtime)
        self._change = asyncio.Condition()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._task = asyncio.get_running_loop().create_task(self._run())

    # What is open

    def _open(self) -> dict[str, tuple[Worker, TableStatus]]:
        found: dict[str, tuple[Worker, TableStatus]] = {}
        for worker in self._pool.workers.values():
            for name, status in worker.tables.items():
                # After a hang two may claim a table: the higher epoch is right.
                if name not in found or status.epoch > found[name][1].epoch:
                    found[name] = (worker, status)
        return found

    def _look(self) -> None:
        """Something has changed: give every table without an actor to a spare one, at once."""
        if not self._begun or self._closing:
            return
        served = self._open()
        for table in self._wanted:
            if table in served or table in self._on_the_way:
                continue
            spare = self._spare()
            if spare is None:
                break
            self._spawn_opening(table, spare)
        self._notify()

    def _spare(self) -> Worker | None:
        """A warm one if there is any."""
        spares = [worker for worker in self._pool.workers.values() if worker.spare]
        return max(spares, key=self._is_warm, default=None)

    def _is_warm(self, worker: Worker) -> bool:
        return worker.info is not None and worker.info.pid in self._warm

    def _spawn_opening(self, table: str, worker: Worker) -> None:
        self._on_the_way.add(table)
        worker.reserved += 1
        self._spawn(self._open_at(table, worker))

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _open_at(self, table: str, worker: Worker) -> None:
        try:
            async with asyncio.timeout(OPEN_S_MAX):
                worker.tables[table] = await worker.handle.open(self._wanted[table])
            self._failures.pop(table, None)
        except Exception as failure:
            # By its growing pauses a table that can't be opened leaves the spares to the others.
            times = self._failures.get(table, _NONE)[0]
            tries = TRIES_MAX if isinstance(failure, TimeoutError) else 1
            self._failures[table] = times + tries, reason_of(failure)
            log.error("%s is not opened at %s", table, worker.name, exc_info=failure)
            worker.reserved -= 1
            await asyncio.sleep(min(RETRY_S * 2 ** min(times, 5), RETRY_S_MAX))
            worker.reserved += 1
        finally:
            worker.reserved -= 1
            self._on_the_way.discard(table)
            self._look()

    def _notify(self) -> None:
        async def tell() -> None:
            async with self._change:
                self._change.notify_all()

        self._spawn(tell())

    async def _until(self, found: Callable[[], bool], seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._change:
                await self._change.wait_for(found)
        return found()

    # The sweep

    async def _run(self) -> None:
        while not self._closing:
            try:
                if not self._begun:
                    await self._begin()
                await self._sweep()
            except Exception:
                log.exception("the floor goes on after an error")
            await asyncio.sleep(RECONCILE_S)

    async def _begin(self) -> None:
        """What an earlier floor left: its actors play on, its operators' wishes count."""
        await self._register.open(self._runtime)
        closed, left = await self._register.before(self._wanted)
        for table in closed:
            self._wanted.pop(table, None)
        self._pool.avoid |= await self._register.drained()
        await self._pool.find()
        served = {table: status.spec for table, (_, status) in self._open().items()}
        # One that is closed and still served: the floor before this one died while it closed it.
        self._leftover = (set(left) - set(served)) | (closed & set(served))
        self._wanted = left | served | self._wanted
        self._begun = True

    async def _sweep(self) -> None:
        served = self._open()
        closed = [table for table in self._wanted if table not in served]
        # Spares come last: at a start every process takes a second of CPU from the tables.
        complete = all(self._is_hopeless(table) for table in closed)
        spares = self._runtime.spare_actors if complete else 0
        await self._pool.grow(len(self._wanted) + spares)
        self._look()
        await self._pool.refresh()
        self._look()
        self._close_leftovers()
        if complete:
            await self._warm_spares()
            if not any(lock.locked() for lock in self._busy.values()):
                idle = spares + len(closed)
                self._pool.shrink(len(self._wanted) + spares, idle, self._is_warm)
        await self._publish()

    async def _warm_spares(self) -> None:
        for worker in list(self._pool.workers.values()):
            if worker.spare and not self._is_warm(worker) and worker.info is not None:
                pid = worker.info.pid
                with contextlib.suppress(Exception):  # asked again in a second
                    async with asyncio.timeout(ANSWER_S_MAX):
                        await worker.handle.warm()
                    self._warm.add(pid)
        alive = {worker.info.pid for worker in self._pool.workers.values() if worker.info}
        self._warm &= alive

    def _close_leftovers(self) -> None:
        """Tables that nobody wants any more were opened once: their stakes go home."""
        for table in self._leftover & set(self._open()):
            if not self._busy[table].locked():
                self._spawn(self._close_leftover(table))

    async def _close_leftover(self, table: str) -> None:
        async with self._busy[table]:
            if table in self._leftover and await self._close_table(table, OPEN_S_MAX) is None:
                self._leftover.discard(table)
                self._notify()

    async def _publish(self) -> None:
        listing = msgspec.json.encode(self._lobby())
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.set(LOBBY_KEY, listing)
                pipe.publish(LOBBY_CHANNEL, listing)
                await pipe.execute()
        except Exception as failure:
            log.warning("the lobby is not published: %s", failure)

    # What the gateway asks

    def _lobby(self) -> LobbyResponse:
        return LobbyResponse(tuple(status.listing for status in self._statuses()))

    def _statuses(self) -> list[TableStatus]:
        served = self._open()
        return [served[table][1] for table in self._wanted if table in served]

    async def lobby(self) -> LobbyResponse:
        """The open tables, in the order of the file."""
        return self._lobby()

    async def where(self, table: str) -> TableStatus | None:
        """Where a table is served; waits a little for one that is being opened."""
        if table in self._wanted:
            await self._until(lambda: table in self._open(), WHERE_S_MAX)
        found = self._open().get(table)
        return found[1] if found else None

    async def wanted(self, table: str) -> bool:
        """Whether there should be such a table; any may be, as long as we don't know."""
        return table in self._wanted or not self._begun

    async def statuses(self) -> Sequence[TableStatus]:
        """All open tables, with their free seats."""
        return self._statuses()

    async def ready(self) -> str:
        """ok if every wanted table is open, degraded if all but those are that can't be."""
        closed = [table for table in self._wanted if table not in self._open()]
        hopeless = [table for table in closed if self._is_hopeless(table)]
        if not self._begun or len(hopeless) < len(closed):
            return "down"
        return f"degraded: {', '.join(hopeless)}" if hopeless else "ok"

    def _is_hopeless(self, table: str) -> bool:
        return self._failures.get(table, _NONE)[0] >= TRIES_MAX

    async def open_table(self, spec: TableSpec) -> TableStatus | None:
        """Open one more table now (tests)."""
        self._wanted[spec.table] = spec
        await self._pool.grow(len(self._wanted))
        self._look()
        await self._until(lambda: spec.table in self._open(), OPEN_S_MAX)
        found = self._open().get(spec.table)
        return found[1] if found else None

    async def put_decks(self, table: str, decks: list[tuple[int, ...]]) -> bool:
        """Fixed decks for a table that takes them (tests)."""
        found = self._open().get(table)
        if found is None or not found[1].spec.fixed_decks:
            return False
        await found[0].handle.put_decks(table, decks)
        return True

    # What operators ask; True or None is done, a Refusal says why not

    async def overview(self) -> OperatorTables:
        """Every wanted table and where it is."""
        served = self._open()
        workers = self._pool.workers.values()
        spares = sum(worker.spare and self._is_warm(worker) for worker in workers)
        tables = tuple(
            table_overview(table, served.get(table), self._failures.get(table, _NONE)[1])
            for table in self._wanted
        )
        return OperatorTables(tables, spares)

    async def act(
        self, by: Operator, action: str, target: str, argument: Any, reason: str
    ) -> Refusal | None:
        """One of the acts below, in the operators' log before it is done and after: what was asked
        without an outcome may have been done. It goes on when whoever asked hangs up."""
        return await asyncio.shield(self._spawn(self._act(by, action, target, argument, reason)))

    async def _act(
        self, by: Operator, action: str, target: str, argument: Any, reason: str
    ) -> Refusal | None:
        hand = argument.hand if isinstance(argument, c.VoidHand) else None
        said = type(argument).__name__.lower() if action == "operate" else action
        acts: dict[str, Callable[..., Awaitable[Refusal | None]]] = {
            "operate": self.operate,
            "move": self.move,
            "drain": self.drain,
            "close_table": self.close_table,
            "reopen": self.reopen,
        }

        async def note(outcome: str) -> None:
            await self._register.note(by.name, by.approver, said, target, hand, reason, outcome)

        await note("asked")
        try:
            refused = await acts[action](target, *([] if argument is None else [argument]))
        except Exception as failure:
            log.exception("%s %s failed", said, target)
            await note(f"failed: {reason_of(failure)}")
            raise
        await note(refused.code if refused else "done")
        return refused

    async def operate(self, table: str, command: c.Pause | c.Resume | c.VoidHand) -> Refusal | None:
        """Pause, resume, void."""
        found = self._open().get(table)
        if found is None:
            return await self._missing(table)
        try:
            refused = await found[0].handle.operate(table, command)
        except Exception as failure:
            if isinstance(cause_of(failure), KeyError):
                return TABLE_NOT_OPEN  # it has just left the actor
            raise
        await self._pool.refresh()
        return refused

    async def move(self, table: str, grace_s: float) -> Refusal | None:
        """To another actor, at the end of the hand; the players keep their seats."""
        async with self._busy[table]:
            return await self._move(table, grace_s)

    async def _missing(self, table: str) -> Refusal:
        return TABLE_NOT_OPEN if await self.wanted(table) else TABLE_UNKNOWN

    def _at(self, table: str) -> Worker | None:
        found = self._open().get(table)
        return found[0] if found else None

    async def _move(self, table: str, grace_s: float) -> Refusal | None:
        source = self._at(table)
        if source is None:
            return await self._missing(table)
        target = await self._spare_besides(source)
        if target is None:
            return NO_SPARE
        if self._at(table) is not source:
            # It died while an actor was started, and so the table has moved.
            return None if self._at(table) else await self._missing(table)
        self._on_the_way.add(table)
        target.reserved += 1
        source.reserved += 1
        try:
            await source.handle.hand_over(table, grace_s)
        except Exception as failure:
            # Dead or not: who opens the table next silences it.
            log.warning("%s does not hand %s over: %s", source.name, table, failure)
        finally:
            source.tables.pop(table, None)
            source.reserved -= 1
            target.reserved -= 1
            self._on_the_way.discard(table)
        self._spawn_opening(table, target)
        opened = await self._until(lambda: self._at(table) is not None, OPEN_S_MAX)
        return None if opened else TABLE_NOT_OPEN

    async def _spare_besides(self, source: Worker) -> Worker | None:
        """A running actor without a table, elsewhere; started if there is none."""

        def found() -> Worker | None:
            return next(
                (w for w in self._pool.workers.values() if w.spare and w is not source), None
            )

        if found() is None:
            await self._pool.grow(len(self._wanted) + 1)
            usable = [w for w in self._pool.workers.values() if not w.draining]
            await self._pool.grow(len(usable) + 1)
            await self._until(lambda: found() is not None, SPARE_S_MAX)
        return found()

    async def drain(self, target: str, grace_s: float) -> Refusal | None:
        """Empty an actor (by name) or a node (by id), then end its processes."""
        leaving = [
            worker
            for worker in self._pool.workers.values()
            if worker.name == target or (worker.info and worker.info.node == target)
        ]
        if not leaving:
            return TARGET_UNKNOWN
        if leaving[0].name != target:
            self._pool.avoid.add(target)
        for worker in leaving:
            worker.draining = True
        tables = [table for worker in leaving for table in worker.tables]
        answers = await asyncio.gather(*(self.move(table, grace_s) for table in tables))
        for table, refused in zip(tables, answers, strict=True):
            # Closed meanwhile, or gone with its process: then it has left as well.
            if refused is not None and self._at(table) in leaving:
                return refused
        for worker in leaving:
            await self._pool.discard(worker)
        return None

    async def close_table(self, table: str, grace_s: float) -> Refusal | None:
        """For good, until it is opened again: everybody's stake goes home."""
        async with self._busy[table]:
            refused = await self._close_table(table, grace_s)
        if refused is TABLE_CLOSING:
            closed = await self._until(lambda: table not in self._leftover, CLOSED_S_MAX)
            return None if closed else TABLE_CLOSING
        return refused

    async def _close_table(self, table: str, grace_s: float) -> Refusal | None:
        """TABLE_CLOSING if chips may still be there: it is opened once more, and closed then."""
        found = self._open().get(table)
        if found is None:
            return await self._missing(table)
        await self._register.set_wanted(table, False)
        worker, spec = found[0], self._wanted.pop(table, found[1].spec)
        worker.reserved += 1
        try:
            await worker.handle.close_table(table, grace_s)
        except Exception as failure:
            log.warning("%s is not closed at %s: %s", table, worker.name, failure)
            self._wanted[table] = spec
            self._leftover.add(table)
            return TABLE_CLOSING
        finally:
            worker.tables.pop(table, None)
            worker.reserved -= 1
        self._notify()
        return None

    async def reopen(self, table: str) -> Refusal | None:
        """A table that was closed, as it was."""
        async with self._busy[table]:
            spec = await self._register.spec_of(table)
            if spec is None:
                return TABLE_UNKNOWN
            await self._register.set_wanted(table, True)
            self._leftover.discard(table)
            return None if await self.open_table(spec) else TABLE_NOT_OPEN

    async def close(self, grace_s: float) -> None:
        """Close every table in an orderly way, then end the actors."""
        self._closing = True
        for task in list(self._tasks):
            task.cancel()
        await self._pool.close(grace_s)
        await self._register.close()
