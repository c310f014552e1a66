"""The floor: what the gateway and operators ask of the tables."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Final

from actors import commands as c
from actors.actor import node_at
from actors.host import TableStatus
from actors.spec import TableSpec
from games.refusal import Refusal
from serve.keeper import NO_FAILURE, OPEN_S_MAX, Keeper
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
from serve.part import Part, begin_part
from serve.pool import Worker
from serve.pulse import Pulse
from serve.reconcile import Reconciled, Reconciler
from serve.rollout import Rollout
from serve.runtime import Runtime
from wire.desk import ConcurrencyResponse, RevenueResponse
from wire.http import LobbyResponse, Operator, OperatorTables

log = logging.getLogger(__name__)

SPARE_S_MAX: Final = 90.0
"""So long may a move wait for an actor to start: a drain may need many at once."""
WHERE_S_MAX: Final = 5.0
"""So long may a player's request wait for a table that is being opened."""
CLOSED_S_MAX: Final = 60.0
"""So long may a close wait for its second try, when the first one has lost its process."""


class Floor(Keeper, Part):
    """One replica: the keeper of the tables, and what it is asked."""

    def __init__(self, runtime: Runtime) -> None:
        begin_part("floor", runtime)
        super().__init__(runtime)
        # Here, because there is one floor: two would only read everything twice.
        self._reconciler = Reconciler(runtime)
        self._spawn(self._reconciler.run())
        self._pulse = Pulse(self._statuses, self._lag_ms, self._house)
        self._spawn(self._pulse.run())
        self._spawn(Rollout(self._pool, self._empty, self._register.newest_form).run())

    async def reconciled(self) -> Reconciled:
        """What the last comparison of books and tables found."""
        return self._reconciler.last

    def _lag_ms(self) -> float:
        return max((worker.load.lag_ms for worker in self._pool.workers.values()), default=0.0)

    async def _house(self) -> dict[str, int]:
        return await self._register.house() if self._begun else {}

    # What the gateway asks

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
        """Whether there should be such a table."""
        return self._is_wanted(table)

    async def holds_seat(self, table: str, player: str) -> bool | None:
        """Whether he comes back to a seat there (``actors.table``); None while nobody can say."""
        found = self._open().get(table)
        try:
            return await found[0].handle.holds_seat(table, player) if found else None
        except Exception as failure:
            log.warning("%s does not say who sits there: %s", table, failure)
            return None

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

    async def open_table(self, spec: TableSpec) -> TableStatus | None:
        """Open one more table now: a host's, or one for tests."""
        self._wanted[spec.table] = spec
        await self._make_room()
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

    async def concurrency(self, since: datetime | None) -> ConcurrencyResponse:
        """The floor over the last hour."""
        return self._pulse.concurrency(since)

    async def revenue(self, since: datetime | None) -> RevenueResponse:
        """What the house has had over the last hour."""
        return self._pulse.revenue(since)

    # What operators ask; True or None is done, a Refusal says why not

    async def overview(self) -> OperatorTables:
        """Every wanted table and where it is."""
        served = self._open()
        workers = self._pool.workers.values()
        spares = sum(worker.spare and self._is_warm(worker) for worker in workers)
        tables = tuple(
            table_overview(table, served.get(table), self._failures.get(table, NO_FAILURE)[1])
            for table in self._wanted
        )
        return OperatorTables(tables, spares, len(self._pool.outdated))

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
        if action == "drain":
            # By its id in the log too: the next floor reads there which nodes stay empty.
            target = await asyncio.to_thread(node_at, target) or target
        acts: dict[str, Callable[..., Awaitable[Refusal | None]]] = {
            "operate": self.operate,
            "move": self.move,
            "drain": self.drain,
            "close_table": self.close_table,
            "wind_up": self.wind_up,
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

    async def operate(self, table: str, command: c.OperatorCommand) -> Refusal | None:
        """Pause, resume, void."""
        found = self._open().get(table)
        if found is None:
            return self._missing(table)
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

    async def _move_from(self, leaving: list[Worker], table: str, grace_s: float) -> Refusal | None:
        """If it is still at one of them: its players are not sent away twice."""
        async with self._busy[table]:
            return await self._move(table, grace_s) if self._at(table) in leaving else None

    async def _move(self, table: str, grace_s: float) -> Refusal | None:
        source, spec = self._at(table), self._wanted.get(table)
        if source is None or spec is None:
            return self._missing(table)
        target = await self._place_besides(source, spec)
        if target is None:
            return NO_SPARE
        if self._at(table) is not source:
            # It died while an actor was started, and so the table has moved.
            return None if self._at(table) else self._missing(table)
        self._on_the_way.add(table)
        target.reserve(spec)
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
        if target.usable:
            self._spawn_opening(table, target)
        else:
            self._look()  # it is on its way out itself, or gone
        opened = await self._until(lambda: self._at(table) is not None, OPEN_S_MAX)
        return None if opened else TABLE_NOT_OPEN

    async def _place_besides(self, source: Worker, spec: TableSpec) -> Worker | None:
        """A running actor with room, elsewhere; started if there is none."""
        self._awaiting[spec.table] = spec
        try:
            if self._place(spec, source) is None:
                await self._make_room()
                await self._until(lambda: self._place(spec, source) is not None, SPARE_S_MAX)
            return self._place(spec, source)
        finally:
            self._awaiting.pop(spec.table, None)

    async def _make_room(self) -> None:
        """Start as many actors as all tables without a place need beyond those that start."""
        await self._pool.grow(sum(self._counts()))

    def _idle(self) -> int:
        return sum(1 for worker in self._pool.staying if worker.spare)

    async def drain(self, target: str, grace_s: float) -> Refusal | None:
        """Empty an actor (by name) or a node (by id or address), then end its processes. A node
        where none runs stays so."""
        node = await asyncio.to_thread(node_at, target)
        leaving = [
            worker
            for worker in self._pool.workers.values()
            if worker.name == target or (worker.info and worker.info.node == target)
        ]
        if not leaving and not node:
            return TARGET_UNKNOWN
        if node:
            self._pool.avoid.add(node)
        for worker in leaving:
            worker.draining = True
        return await self._empty(leaving, grace_s)

    async def _empty(self, leaving: list[Worker], grace_s: float) -> Refusal | None:
        """Carry the tables of actors that are given no more to others; an actor that is empty is
        ended, whatever the others wait for."""
        while leaving:
            refused = await self._carry(leaving, grace_s)
            await self._until_arrived(leaving)
            empty = [each for each in leaving if not (self._served_by(each) or each.opening)]
            await self._pool.discard(empty)
            if refused is not None:
                return refused
            leaving = [worker for worker in leaving if worker not in empty]
        return None

    def _served_by(self, worker: Worker) -> list[str]:
        """Its tables, but those that a later epoch serves elsewhere."""
        return [table for table in worker.tables if self._at(table) is worker]

    async def _until_arrived(self, workers: list[Worker]) -> None:
        """What was being opened there when they began to leave, that is."""
        await self._until(lambda: not any(worker.opening for worker in workers), OPEN_S_MAX)

    async def _carry(self, leaving: list[Worker], grace_s: float) -> Refusal | None:
        """The others are warm first: who comes back to a cold one waits for it."""
        tables = [table for worker in leaving for table in self._served_by(worker)]
        awaiting = {table: self._wanted[table] for table in tables if table in self._wanted}
        self._awaiting |= awaiting
        try:
            await self._make_room()
            await self._until(lambda: self._idle() >= self._counts()[1], SPARE_S_MAX)
            await self._warm_spares()
            answers = await asyncio.gather(
                *(self._move_from(leaving, table, grace_s) for table in tables)
            )
        finally:
            for table in awaiting:
                self._awaiting.pop(table, None)
        for table, refused in zip(tables, answers, strict=True):
            # Closed meanwhile, or gone with its process: then it has left as well.
            if refused is not None and self._at(table) in leaving:
                return refused
        return None

    async def close_table(self, table: str, grace_s: float) -> Refusal | None:
        """For good, until it is opened again: everybody's stake goes home."""
        async with self._busy[table]:
            refused = await self._close_table(table, grace_s)
        if refused is TABLE_CLOSING:
            closed = await self._until(lambda: table not in self._leftover, CLOSED_S_MAX)
            return None if closed else TABLE_CLOSING
        return refused

    async def wind_up(self, table: str) -> Refusal | None:
        """Close it for good when its hand is over, which nobody waits for: a host plays at his own
        table, and what voided its hand would be a way out of one that he loses. Whatever floor
        comes next goes on with it, so what he is answered is on disk."""
        if self._at(table) is None:
            return self._missing(table)
        await self._register.set_wanted(table, False)
        self._leftover.add(table)
        self._close_leftovers()
        return None

    async def forget(self, table: str) -> None:
        """One that was asked for and did not open, where nobody has sat: should it open after all,
        it is closed."""
        if self._begun:
            await self._register.set_wanted(table, False)
        self._wanted.pop(table, None)
        self._leftover.add(table)

    async def reopen(self, table: str) -> Refusal | None:
        """A table that was closed, as it was."""
        async with self._busy[table]:
            spec = await self._register.spec_of(table)
            if spec is None:
                return TABLE_UNKNOWN
            if spec.private and table in self._leftover:
                return TABLE_CLOSING  # it may have been told to deal no more hands
            await self._register.set_wanted(table, True)
            self._leftover.discard(table)
            return None if await self.open_table(spec) else TABLE_NOT_OPEN

    async def close(self, grace_s: float) -> None:
        """Close every table in an orderly way, then end the actors."""
        self._closing = True
        for task in [*self._tasks, self._task]:
            task.cancel()
        await self._pool.close(grace_s)
        await self._register.close()
