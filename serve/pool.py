"""The pool of table actors: started ahead, watched by an open connection, replaced when lost."""

import asyncio
import contextlib
import itertools
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

from actors.actor import PREFIX, ActorHandle, ActorInfo, alive_nodes, running_actors
from actors.host import HostConfig, HostReport, TableStatus
from actors.lifeline import until_gone
from actors.load import Load
from actors.release import release_of
from actors.spec import TableSpec
from serve.runtime import NAMESPACE
from telemetry.carried import apart

log = logging.getLogger(__name__)

START_S_MAX: Final = 30.0
ANSWER_S_MAX: Final = 4.0
"""An actor that says nothing for so long is taken for hung: its tables go elsewhere."""
SHUN_S: Final = 130.0
"""So long nothing new starts where an actor said nothing: Ray may need half as long to give a
node up, and a node that has just lost its actors looks the emptiest."""
RETRY_S: Final = 0.2
END_S_MAX: Final = 5.0
STARTS_MAX: Final = 20
"""An actor that did not start so often in a row is replaced: whatever it is, it is its own."""


class Worker:
    """One actor of the pool, as the floor sees it: a ``Place`` of ``serve.placement``.
    ``meant_for`` is the node it is to start on; ``outdated`` runs another release than ours;
    ``opening`` tables have been asked for there and are not answered yet."""

    def __init__(self, name: str, handle: ActorHandle, meant_for: str = "") -> None:
        self.name = name
        self.handle = handle
        self.meant_for = meant_for
        self.info: ActorInfo | None = None
        self.tables: dict[str, TableStatus] = {}
        self.reserved = 0
        self.opening = 0
        self.packs = 1
        self.load = Load()
        self.draining = False
        self.outdated = False
        self.answered = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    @property
    def up(self) -> bool:
        return self.info is not None

    @property
    def node(self) -> str:
        """Where it is, or will be."""
        return self.info.node if self.info is not None else self.meant_for

    @property
    def held(self) -> int:
        return len(self.tables)

    @property
    def usable(self) -> bool:
        return self.up and self.stays

    @property
    def stays(self) -> bool:
        """Whether it is not on its way out."""
        return not (self.draining or self.outdated)

    @property
    def spare(self) -> bool:
        """Whether it has nothing to do and may be given any table."""
        return self.usable and not (self.tables or self.reserved)

    def reserve(self, spec: TableSpec) -> None:
        """A table is on its way here."""
        if not (self.tables or self.reserved):
            self.packs = spec.tables_per_actor
        self.reserved += 1

    def serves(self, report: HostReport) -> None:
        """What it says of itself. What is on its way, to it or from it, is newer than that, but a
        table that has halted is open no more."""
        self.load = report.load
        if self.reserved:
            for s in report.tables:
                held = self.tables.get(s.listing.info.table)
                if s.halted and held is not None and held.epoch == s.epoch:
                    del self.tables[s.listing.info.table]
            return
        self.tables = {s.listing.info.table: s for s in report.tables if not s.halted}
        for status in self.tables.values():
            self.packs = status.spec.tables_per_actor


class Pool:
    """``on_change`` is called at once when an actor comes up or is gone."""

    def __init__(self, config: HostConfig, on_change: Callable[[], None]) -> None:
        self.workers: dict[str, Worker] = {}
        self.avoid: set[str] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._shunned: dict[str, float] = {}
        self._config = config
        self._release = release_of(config)
        self._on_change = on_change
        self._numbers = itertools.count()

    async def find(self) -> None:
        """The actors of a floor before this one: they play on, and must not be opened twice."""
        for name in await asyncio.to_thread(running_actors, NAMESPACE):
            if name not in self.workers:
                self._watch(name, ActorHandle.create(name, NAMESPACE, self._config))
        answers = [asyncio.create_task(w.answered.wait()) for w in self.workers.values()]
        if answers:
            await asyncio.wait(answers, timeout=ANSWER_S_MAX)

    @property
    def staying(self) -> list[Worker]:
        """Those that serve or will."""
        return [worker for worker in self.workers.values() if worker.stays]

    @property
    def outdated(self) -> list[Worker]:
        """Those of other releases: they serve what they have until it has moved."""
        return [worker for worker in self.workers.values() if worker.outdated]

    async def grow(self, count: int) -> None:
        """At least so many actors that stay, however many ask at once."""
        if len(self.staying) >= count:
            return
        room = await asyncio.to_thread(alive_nodes, self._config.resource)
        while len(self.staying) < count:
            name, node = self._free_name(), self._emptiest_node(room)
            self._watch(name, ActorHandle.create(name, NAMESPACE, self._config, node), node)

    def shrink(self, count: int, idle: int, worth: Callable[[Worker], bool]) -> None:
        """End what a drain or a closed table left over: actors without a table beyond ``count``
        in all, but ``idle`` of them stay, those of ``worth`` rather than others."""
        spares = sorted((w for w in self.staying if w.spare), key=worth)
        ending = min(len(self.staying) - count, len(spares) - idle)
        self._forget(spares[: max(0, ending)])

    def _free_name(self) -> str:
        return next(
            name for number in self._numbers if (name := f"{PREFIX}{number}") not in self.workers
        )

    def _emptiest_node(self, room: Mapping[str, float]) -> str:
        on = Counter(worker.node for worker in self.workers.values())
        nodes = [node for node, count in room.items() if on[node] < count]
        if len(room) == 1 or not nodes:
            return ""  # where there is no room Ray waits for more, and an autoscaler sees it
        usable = [node for node in nodes if node not in self.avoid] or nodes
        now = asyncio.get_running_loop().time()
        # Of nodes that are all shunned, the one that hung longest ago.
        return min(usable, key=lambda node: (max(self._shunned.get(node, now), now), on[node]))

    async def _misplaced(self, node: str) -> bool:
        """Whether it is on a node that is to be empty, by its own start or by Ray's restart, while
        there is a better one. A table on the wrong node is better than none."""
        if node not in self.avoid:
            return False
        now = asyncio.get_running_loop().time()
        room = await asyncio.to_thread(alive_nodes, self._config.resource)
        on = Counter(worker.node for worker in self.workers.values())
        nodes = [each for each, count in room.items() if on[each] < count]
        return any(self._shunned.get(each, 0.0) <= now for each in set(nodes) - self.avoid)

    def _watch(self, name: str, handle: ActorHandle, meant_for: str = "") -> None:
        worker = self.workers[name] = Worker(name, handle, meant_for)
        worker.task = apart(self._look_after(worker))

    async def _look_after(self, worker: Worker) -> None:
        """Start it, hold its lifeline, hear of its death, start over: Ray restarts the process."""
        failed = 0
        while True:
            try:
                async with asyncio.timeout(START_S_MAX):
                    info = await worker.handle.start()
                    worker.serves(await worker.handle.describe())
            except Exception as failure:
                log.warning("%s does not start: %s", worker.name, failure)
                failed += 1
                if failed >= STARTS_MAX:
                    self.workers.pop(worker.name, None)
                    await worker.handle.kill()
                    return
                await asyncio.sleep(RETRY_S)
                continue
            failed = 0
            if not worker.tables and await self._misplaced(info.node):
                log.warning("%s has started on a drained node and is ended", worker.name)
                self.workers.pop(worker.name, None)
                await worker.handle.kill()
                return
            worker.info = info
            worker.outdated = info.release != self._release
            worker.answered.set()
            self._on_change()
            await until_gone(info.address, info.lifeline, info.token)
            self._gone(worker)

    def _gone(self, worker: Worker) -> None:
        log.warning("%s is gone", worker.name)
        worker.info = None
        worker.tables = {}
        self._on_change()

    async def refresh(self) -> None:
        """Ask every actor what it serves; those that do not answer are given up."""
        asked = [worker for worker in self.workers.values() if worker.up]
        answered = await asyncio.gather(*(self._answers(worker) for worker in asked))
        silent = [worker for worker, yes in zip(asked, answered, strict=True) if not yes]
        # All of a hung node together, before its tables go to a spare: not to one on that node.
        for worker in silent:
            self._shunned[worker.node] = asyncio.get_running_loop().time() + SHUN_S
        self._forget(silent)

    def _forget(self, workers: list[Worker]) -> None:
        """Discard, and wait for none: it may hang."""
        for task in self._discard_all(workers):
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _answers(self, worker: Worker) -> bool:
        info = worker.info
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                report = await worker.handle.describe()
        except Exception as failure:
            if worker.info is not info:
                return True  # its death has been heard of meanwhile
            log.warning("%s does not answer: %s", worker.name, type(failure).__name__)
            return False
        if worker.info is info:
            worker.serves(report)
        return True

    async def discard(self, workers: list[Worker]) -> None:
        """Out of the pool, and ended if that can be: they may be hung, or on a lost node."""
        await asyncio.gather(*self._discard_all(workers))

    def _discard_all(self, workers: list[Worker]) -> list[asyncio.Task[None]]:
        leaving = [worker for worker in workers if self.workers.get(worker.name) is worker]
        lines = {worker.name: worker.info for worker in leaving}
        for worker in leaving:
            log.warning("%s is given up", worker.name)
            del self.workers[worker.name]
            if worker.task is not None:
                worker.task.cancel()
            worker.info = None
            worker.tables = {}
        if leaving:
            self._on_change()
        loop = asyncio.get_running_loop()
        return [loop.create_task(self._end(each, lines.get(each.name))) for each in leaving]

    async def _end(self, worker: Worker, info: ActorInfo | None) -> None:
        """Returns when the process is gone, or can't be heard of: Ray only asks it to end."""
        await worker.handle.kill()
        if info is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(END_S_MAX):
                    await until_gone(info.address, info.lifeline, info.token)

    async def close(self, grace_s: float) -> None:
        """End the tables in an orderly way, then the actors."""
        for worker in self.workers.values():
            if worker.task is not None:
                worker.task.cancel()
        workers = list(self.workers.values())
        await asyncio.gather(
            *(w.handle.close(grace_s) for w in workers if w.up), return_exceptions=True
        )
        await asyncio.gather(*(w.handle.kill() for w in workers))
        self.workers.clear()
