"""The Ray actor around a table host: thin, so that everything it does can be tested without Ray."""

from typing import Any, cast

import ray

from actors.host import HostConfig, TableHost, TableStatus
from actors.serve_bank import ServeBank
from actors.spec import TableSpec


class TableActor:
    """One process of the pool. It is started ahead; tables are assigned to it.

    ``__init__`` does nothing slow: Ray runs it again after a crash, and only it.
    """

    def __init__(self, config: HostConfig) -> None:
        self._config = config
        self._host: TableHost | None = None

    async def start(self) -> int:
        """Open the listener; returns its port."""
        if self._host is None:
            self._host = TableHost(self._config, ServeBank())
        return await self._host.start()

    async def open(self, spec: TableSpec) -> TableStatus:
        """Take a table over and serve it."""
        await self.start()
        assert self._host is not None
        return await self._host.open(spec)

    async def describe(self) -> list[TableStatus]:
        """The tables served here; none after a crash until they are assigned again."""
        return self._host.describe() if self._host is not None else []

    async def put_decks(self, table: str, decks: list[tuple[int, ...]]) -> None:
        """Fixed decks for a table that was opened for them (tests only)."""
        assert self._host is not None
        for deck in decks:
            self._host.tables[table].put_deck(deck)

    async def close(self, grace_s: float) -> None:
        """End the tables in an orderly way; the caller ends the process afterwards."""
        if self._host is not None:
            await self._host.close(grace_s)
            self._host = None

    def __repr__(self) -> str:
        names = ", ".join(self._host.tables) if self._host is not None else ""
        return f"TableActor({names or 'spare'})"


class ActorHandle:
    """The typed seam to a TableActor: Ray's ``remote`` has no types."""

    def __init__(self, actor: Any) -> None:
        self._actor = actor

    @classmethod
    def create(cls, name: str, namespace: str, config: HostConfig) -> "ActorHandle":
        """Start a detached, restartable actor under ``name`` (or find it running)."""
        remote: Any = ray.remote(TableActor)
        return cls(
            remote.options(
                name=name,
                namespace=namespace,
                lifetime="detached",
                get_if_exists=True,
                max_restarts=-1,
                max_task_retries=0,
                num_cpus=0,
                max_concurrency=64,
            ).remote(config)
        )

    async def start(self) -> int:
        return int(await self._actor.start.remote())

    async def open(self, spec: TableSpec) -> TableStatus:
        return cast(TableStatus, await self._actor.open.remote(spec))

    async def describe(self) -> list[TableStatus]:
        return cast(list[TableStatus], await self._actor.describe.remote())

    async def put_decks(self, table: str, decks: list[tuple[int, ...]]) -> None:
        await self._actor.put_decks.remote(table, decks)

    async def close(self, grace_s: float) -> None:
        await self._actor.close.remote(grace_s)

    def kill(self) -> None:
        """End the process for good."""
        ray.kill(self._actor, no_restart=True)
