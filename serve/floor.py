"""The floor: the wanted tables against those that are open, reconciled every second."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

import msgspec

from actors.actor import ActorHandle
from actors.host import TableStatus
from actors.spec import TableSpec
from serve.runtime import NAMESPACE, Runtime, connect_redis
from wire.http import LobbyResponse

log = logging.getLogger(__name__)

RECONCILE_S = 1.0
START_S_MAX = 30.0
ANSWER_S_MAX = 3.0
LOBBY_KEY = "lobby"
LOBBY_CHANNEL = "lobby"


class Floor:
    """One replica. It starts actors, assigns tables to them and keeps a spare warm.

    Actors are a pool: a table is assigned to one that is running already, so opening a table
    never waits for a process.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._wanted: dict[str, TableSpec] = {spec.table: spec for spec in runtime.tables}
        self._actors: dict[str, ActorHandle] = {}
        self._at: dict[str, str] = {}
        self._open: dict[str, TableStatus] = {}
        self._closing = False
        self._reconciling = asyncio.Lock()
        self._redis = connect_redis(runtime)
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while not self._closing:
            try:
                await self.reconcile()
            except Exception:
                log.exception("the floor goes on after an error")
            await asyncio.sleep(RECONCILE_S)

    async def reconcile(self) -> None:
        """Enough actors, every wanted table open, the lobby published."""
        async with self._reconciling:  # two at once could give one table to two actors
            await self._reconcile()

    async def _reconcile(self) -> None:
        # Spares come last: at a start every process takes a second of CPU from the tables.
        spares = self._runtime.spare_actors if len(self._open) == len(self._wanted) else 0
        for number in range(max(len(self._actors), len(self._wanted) + spares)):
            name = f"table-actor-{number}"
            if name not in self._actors:
                self._actors[name] = ActorHandle.create(name, NAMESPACE, self._runtime.host)
        await asyncio.gather(*(self._look_after(name) for name in self._actors))
        await self._publish()

    async def _look_after(self, name: str) -> None:
        """Ask one actor what it serves; give it a table if it has none and one is missing."""
        actor = self._actors[name]
        try:
            patience = ANSWER_S_MAX if name in self._at.values() else START_S_MAX
            async with asyncio.timeout(patience):
                await actor.start()
                statuses = [each for each in await actor.describe() if not each.halted]
                served = {status.listing.info.table: status for status in statuses}
                self._forget(name, served)
                missing = next((t for t in self._wanted if t not in self._at), None)
                if not served and missing is not None:
                    self._at[missing] = name  # before the next await: one actor a table
                    served = {missing: await actor.open(self._wanted[missing])}
        except Exception as failure:
            log.warning("%s does not answer: %s", name, failure)
            self._forget(name, {})
            return
        self._open |= served
        self._at |= dict.fromkeys(served, name)

    def _forget(self, name: str, served: Mapping[str, TableStatus]) -> None:
        """Drop the tables that an actor no longer serves."""
        for table in [t for t, at in self._at.items() if at == name and t not in served]:
            del self._at[table]
            self._open.pop(table, None)

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
            tuple(self._open[table].listing for table in self._wanted if table in self._open)
        )

    async def lobby(self) -> LobbyResponse:
        """The open tables, in the order of the file."""
        return self._lobby()

    async def where(self, table: str) -> TableStatus | None:
        """Where an open table is served."""
        return self._open.get(table)

    async def wanted(self, table: str) -> bool:
        """Whether there should be such a table."""
        return table in self._wanted

    async def statuses(self) -> Sequence[TableStatus]:
        """All open tables, with their free seats."""
        return [self._open[table] for table in self._wanted if table in self._open]

    async def ready(self) -> bool:
        """Whether every wanted table is open."""
        return len(self._open) == len(self._wanted)

    async def open_table(self, spec: TableSpec) -> TableStatus | None:
        """Open one more table now (tests)."""
        self._wanted[spec.table] = spec
        await self.reconcile()
        return self._open.get(spec.table)

    async def put_decks(self, table: str, decks: list[tuple[int, ...]]) -> bool:
        """Fixed decks for a table that takes them (tests)."""
        if table not in self._at or not self._wanted[table].fixed_decks:
            return False
        await self._actors[self._at[table]].put_decks(table, decks)
        return True

    async def close(self, grace_s: float) -> None:
        """Close every table in an orderly way, then end the actors."""
        self._closing = True
        await self._reconciling.acquire()  # for good: nothing is opened any more
        closing = (actor.close(grace_s) for actor in self._actors.values())
        await asyncio.gather(*closing, return_exceptions=True)
        for actor in self._actors.values():
            actor.kill()
        self._actors.clear()
        self._open.clear()
