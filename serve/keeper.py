"""The wanted tables against those that are open: what keeps them together, whoever dies."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

import msgspec

from actors.host import TableStatus
from actors.spec import TableSpec
from games.refusal import Refusal
from serve.overview import (
    TABLE_CLOSING,
    TABLE_NOT_OPEN,
    TABLE_UNKNOWN,
    reason_of,
)
from serve.placement import actors_for, choose
from serve.pool import ANSWER_S_MAX, Pool, Worker
from serve.register import Register
from serve.runtime import Runtime, connect_redis
from telemetry.carried import apart
from wire.http import LobbyResponse

T = TypeVar("T")
log = logging.getLogger(__name__)

RECONCILE_S: Final = 1.0
OPEN_S_MAX: Final = 30.0
RETRY_S: Final = 0.2
RETRY_S_MAX: Final = 5.0
TRIES_MAX: Final = 5
"""A table that could not be opened so often, or in all that time, keeps nobody from the others any
more."""
NO_FAILURE: Final = (0, "")
LOBBY_KEY: Final = "lobby"
LOBBY_CHANNEL: Final = "lobby"


class Keeper:
    """Keeps the wanted tables open, each at one actor of the pool.

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
        self._awaiting: dict[str, TableSpec] = {}
        self._failures: dict[str, tuple[int, str]] = {}
        self._closing = False
        self._begun = False
        self._looking: asyncio.Handle | None = None
        self._pool = Pool(runtime.host, self._look)
        self._register = Register()
        self._redis = connect_redis(runtime)
        self._change = asyncio.Condition()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._task = apart(self._run())

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
        for table, spec in self._wanted.items():
            if table in served or table in self._on_the_way:
                continue
            place = self._place(spec)
            if place is not None:
                self._spawn_opening(table, place)
        self._notify()

    def _look_soon(self) -> None:
        """Once for all that happens now: there may be thousands of tables."""
        if self._looking is None or self._looking.cancelled():
            self._looking = asyncio.get_running_loop().call_soon(self._look_now)

    def _look_now(self) -> None:
        self._looking = None
        self._look()

    def _place(self, spec: TableSpec, besides: Worker | None = None) -> Worker | None:
        workers = [each for each in self._pool.workers.values() if each is not besides]
        if besides is not None:
            # What moves goes to no node that is to be empty; what is closed, rather than nowhere.
            workers = [each for each in workers if each.node not in self._pool.avoid]
        return choose(spec, workers, self._is_warm)

    def _unplaced(self) -> list[TableSpec]:
        served = self._open()
        return [spec for table, spec in self._wanted.items() if table not in served]

    def _counts(self) -> tuple[int, int]:
        """How many actors have tables, open or on their way; and how many empty ones those need
        that have no place: they are closed, or are to leave an actor, and then not for one that
        others are to leave."""
        served, staying = self._open(), self._pool.staying
        closed = [
            spec for table, spec in self._wanted.items()
            if table not in served and table not in self._on_the_way
        ]  # fmt: skip
        places = [worker for worker in staying if not worker.tables.keys() & self._awaiting.keys()]
        lacking = actors_for([*closed, *self._awaiting.values()], places)
        return sum(1 for worker in staying if worker.tables or worker.reserved), lacking

    def _is_warm(self, worker: Worker) -> bool:
        return worker.info is not None and worker.info.pid in self._warm

    def _spawn_opening(self, table: str, worker: Worker) -> None:
        self._on_the_way.add(table)
        worker.reserve(self._wanted[table])
        worker.opening += 1
        self._spawn(self._open_at(table, worker))

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = apart(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _open_at(self, table: str, worker: Worker) -> None:
        info = worker.info
        try:
            async with asyncio.timeout(OPEN_S_MAX):
                status = await worker.handle.open(self._wanted[table])
            if worker.info is not info:
                raise ConnectionError(f"{worker.name} is gone")
            worker.tables[table] = status
            self._failures.pop(table, None)
        except Exception as failure:
            # By its growing pauses a table that can't be opened leaves the spares to the others.
            times = self._failures.get(table, NO_FAILURE)[0]
            tries = TRIES_MAX if isinstance(failure, TimeoutError) else 1
            self._failures[table] = times + tries, reason_of(failure)
            log.error("%s is not opened at %s", table, worker.name, exc_info=failure)
            worker.reserved -= 1
            await asyncio.sleep(min(RETRY_S * 2 ** min(times, 5), RETRY_S_MAX))
            worker.reserved += 1
        finally:
            worker.reserved -= 1
            worker.opening -= 1
            self._on_the_way.discard(table)
            self._look_soon()

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
        # Nor is a private table one: its host has not closed it.
        private = await self._register.private()
        self._leftover = (set(left) - set(served) - set(private)) | (closed & set(served))
        self._wanted = left | served | self._wanted | private
        self._begun = True

    async def _sweep(self) -> None:
        closed = self._unplaced()
        # Spares come last: at a start every process takes a second of CPU from the tables.
        complete = all(self._is_hopeless(spec.table) for spec in closed)
        spares = self._runtime.spare_actors if complete else 0
        await self._pool.grow(sum(self._counts()) + spares)
        self._look()
        await self._pool.refresh()
        self._look()
        self._close_leftovers()
        if complete:
            await self._warm_spares()
            if not any(lock.locked() for lock in self._busy.values()):
                taken, lacking = self._counts()
                idle = lacking + spares
                self._pool.shrink(taken + idle, idle, self._is_warm)
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
        """Tables that nobody wants any more are open, or were opened once: their stakes go home."""
        for table in self._leftover & set(self._open()):
            if not self._busy[table].locked():
                self._spawn(self._close_leftover(table))

    async def _close_leftover(self, table: str) -> None:
        async with self._busy[table]:
            if table in self._leftover and not await self._plays_on(table):
                await self._close_table(table, OPEN_S_MAX)

    async def _plays_on(self, table: str) -> bool:
        """Whether a hand is in play at a private table, which is dealt no more of them: none is
        voided, however long it takes. Asked with every sweep, so operators need not wait for it."""
        found = self._open().get(table)
        if found is None or not found[1].spec.private:
            return False
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                return await found[0].handle.wind_up(table)
        except Exception as failure:  # the next sweep asks whoever serves it then
            log.warning("%s is not wound up at %s: %s", table, found[0].name, failure)
            return True

    async def _publish(self) -> None:
        listing = msgspec.json.encode(self._lobby())
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.set(LOBBY_KEY, listing)
                pipe.publish(LOBBY_CHANNEL, listing)
                await pipe.execute()
        except Exception as failure:
            log.warning("the lobby is not published: %s", failure)

    def _lobby(self) -> LobbyResponse:
        return LobbyResponse(
            tuple(each.listing for each in self._statuses() if not each.spec.private)
        )

    def _statuses(self) -> list[TableStatus]:
        served = self._open()
        return [served[table][1] for table in self._wanted if table in served]

    def _is_hopeless(self, table: str) -> bool:
        return self._failures.get(table, NO_FAILURE)[0] >= TRIES_MAX

    def _at(self, table: str) -> Worker | None:
        found = self._open().get(table)
        return found[0] if found else None

    def _is_wanted(self, table: str) -> bool:
        """Any may be, as long as we don't know."""
        return table in self._wanted or not self._begun

    def _missing(self, table: str) -> Refusal:
        return TABLE_NOT_OPEN if self._is_wanted(table) else TABLE_UNKNOWN

    async def _close_table(self, table: str, grace_s: float) -> Refusal | None:
        """TABLE_CLOSING if chips may still be there: it is opened once more, and closed then."""
        found = self._open().get(table)
        if found is None:
            return self._missing(table)
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
        self._leftover.discard(table)
        self._notify()
        return None
