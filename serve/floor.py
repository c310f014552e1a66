"""The floor: the wanted tables against those that are open, reconciled every second."""

import asyncio
import logging
from collections.abc import Sequence

import msgspec

from actors.actor import ActorHandle
from actors.host import TableStatus
from actors.spec import TableSpec
from serve.runtime import NAMESPACE, Runtime, connect_redis
from wire.http import LobbyResponse

log = logging.getLogger(__name__)

RECONCILE_S = 1.0
ANSWER_S_MAX = 5.0
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
        for number in range(len(self._wanted) + self._runtime.spare_actors):
            name = f"table-actor-{number}"
            if name not in self._actors:
                self._actors[name] = ActorHandle.create(name, NAMESPACE, self._runtime.host)
        answers = await asyncio.gather(*(self._ask(name) for name in self._actors))
        self._open = {}
        self._at = {}
        for name, statuses in zip(self._actors, answers, strict=True):
            for status in statuses or ():
                if not status.halted:
                    self._open[status.listing.info.table] = status
                    self._at[status.listing.info.table] = name
        missing = [spec for table, spec in self._wanted.items() if table not in self._open]
        alive = [
            name for name, answer in zip(self._actors, answers, strict=True) if answer is not None
        ]
        free = [name for name in alive if name not in self._at.values()]
        await asyncio.gather(
            *(self._assign(spec, name) for spec, name in zip(missing, free, strict=False))
        )
        await self._publish()

    async def _ask(self, name: str) -> list[TableStatus] | None:
        """What an actor serves; None if it does not answer."""
        actor = self._actors[name]
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                await actor.start()
                return await actor.describe()
        except Exception as failure:
            log.warning("%s does not answer: %s", name, failure)
            return None

    async def _assign(self, spec: TableSpec, name: str) -> None:
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                status = await self._actors[name].open(spec)
        except Exception as failure:
            log.warning("%s could not open %s: %s", name, spec.table, failure)
            return
        self._open[spec.table] = status
        self._at[spec.table] = name

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
        closing = (actor.close(grace_s) for actor in self._actors.values())
        await asyncio.gather(*closing, return_exceptions=True)
        for actor in self._actors.values():
            actor.kill()
        self._actors.clear()
        self._open.clear()
