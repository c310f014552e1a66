"""The Ray actor around a table host: thin, so that everything it does can be tested without Ray."""

import asyncio
import contextlib
import math
import os
from typing import Any, cast

import msgspec
import ray

from actors import commands as c
from actors import monitor
from actors.host import HostConfig, HostReport, TableHost, TableStatus
from actors.release import release_of
from actors.serve_bank import ServeBank
from actors.spec import TableSpec
from games.refusal import Refusal
from telemetry import logs
from wallet.settler import calm_collector

PREFIX = "table-actor-"
EX_SOFTWARE = 70
LEAST_CPU = 0.001


class ActorInfo(msgspec.Struct, frozen=True):
    """A running actor: where its lifeline is, on which node and as which process it runs, and
    which code (``actors.release``)."""

    address: str
    lifeline: int
    token: str
    node: str
    pid: int
    release: str = ""


class TableActor:
    """One process of the pool. It is started ahead; tables are assigned to it.

    ``__init__`` does nothing slow: Ray runs it again after a crash, and only it.
    """

    def __init__(self, config: HostConfig) -> None:
        self._config = config
        self._release = release_of(config)
        self._bank = ServeBank()
        self._host: TableHost | None = None
        self._monitor: monitor.HostMonitor | None = None

    async def start(self) -> ActorInfo:
        """Open the listener; again it changes nothing."""
        if self._host is None:
            address = self._config.address or node_address()
            self._config = msgspec.structs.replace(self._config, address=address)
            name = ray.get_runtime_context().get_actor_name() or PREFIX
            logs.begin(self._config.telemetry, "tables", name)
            # Without a journal it can serve nobody: the pool hears at once that it is gone.
            self._host = TableHost(self._config, self._bank, lambda: os._exit(EX_SOFTWARE))
        await self._host.start()
        if self._monitor is None:
            self._monitor = monitor.watch(self._host)
        calm_collector()
        return ActorInfo(
            self._config.address,
            self._host.lifeline.port,
            self._host.lifeline.token,
            ray.get_runtime_context().get_node_id(),
            os.getpid(),
            self._release,
        )

    async def warm(self) -> None:
        """Do ahead what the first buy-in would wait for."""
        await self._bank.warm()
        calm_collector()

    @property
    def _running(self) -> TableHost:
        assert self._host is not None, "start() comes first"
        return self._host

    async def open(self, spec: TableSpec) -> TableStatus:
        """Take a table over and serve it."""
        return await self._running.open(spec)

    async def describe(self) -> HostReport:
        """The tables served here; none after a crash until they are assigned again."""
        return self._host.describe() if self._host is not None else HostReport()

    async def put_decks(self, table: str, decks: list[tuple[int, ...]]) -> None:
        """Fixed decks for a table that was opened for them (tests only)."""
        for deck in decks:
            self._running.tables[table].put_deck(deck)

    async def operate(self, table: str, command: c.OperatorCommand) -> Refusal | None:
        """An operator's command."""
        return await self._running.operate(table, command)

    async def holds_seat(self, table: str, player: str) -> bool | None:
        """Whether he comes back to a seat there."""
        return self._running.holds_seat(table, player)

    async def hand_over(self, table: str, grace_s: float) -> None:
        """Give a table up for another actor."""
        await self._running.hand_over(table, grace_s)

    async def wind_up(self, table: str) -> bool:
        """No more hands at a table; whether one is in play."""
        return self._running.wind_up(table)

    async def close_table(self, table: str, grace_s: float) -> None:
        """Close one table for good."""
        await self._running.close_table(table, grace_s)

    async def close(self, grace_s: float) -> None:
        """End the tables in an orderly way; the caller ends the process afterwards."""
        if self._host is not None:
            if self._monitor is not None:
                monitor.unwatch(self._monitor)
                self._monitor = None
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
    def create(cls, name: str, namespace: str, config: HostConfig, node: str = "") -> "ActorHandle":
        """Start a detached, restartable actor under ``name`` (or find it running), on ``node``
        (an id) if that can be."""
        options: dict[str, Any] = {}
        if config.resource:
            options["resources"] = {config.resource: 1}
        else:
            # Ray asks a node at random to place an actor that takes nothing: one that hangs would
            # hold it up until it is given up, a minute later.
            options["num_cpus"] = LEAST_CPU
        if node:
            from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

            options["scheduling_strategy"] = NodeAffinitySchedulingStrategy(node, soft=True)
        remote: Any = ray.remote(TableActor)
        return cls(
            remote.options(
                name=name,
                namespace=namespace,
                lifetime="detached",
                get_if_exists=True,
                max_restarts=-1,
                max_task_retries=0,
                max_concurrency=64,
                **{"num_cpus": 0} | options,
            ).remote(config)
        )

    async def start(self) -> ActorInfo:
        return cast(ActorInfo, await self._actor.start.remote())

    async def warm(self) -> None:
        await self._actor.warm.remote()

    async def open(self, spec: TableSpec) -> TableStatus:
        return cast(TableStatus, await self._actor.open.remote(spec))

    async def describe(self) -> HostReport:
        return cast(HostReport, await self._actor.describe.remote())

    async def put_decks(self, table: str, decks: list[tuple[int, ...]]) -> None:
        await self._actor.put_decks.remote(table, decks)

    async def operate(self, table: str, command: c.OperatorCommand) -> Refusal | None:
        return cast(Refusal | None, await self._actor.operate.remote(table, command))

    async def holds_seat(self, table: str, player: str) -> bool | None:
        return cast(bool | None, await self._actor.holds_seat.remote(table, player))

    async def hand_over(self, table: str, grace_s: float) -> None:
        await self._actor.hand_over.remote(table, grace_s)

    async def wind_up(self, table: str) -> bool:
        return cast(bool, await self._actor.wind_up.remote(table))

    async def close_table(self, table: str, grace_s: float) -> None:
        await self._actor.close_table.remote(table, grace_s)

    async def close(self, grace_s: float) -> None:
        await self._actor.close.remote(grace_s)

    async def kill(self) -> None:
        """End the process for good."""
        with contextlib.suppress(Exception):  # it may be gone, or its node
            await asyncio.to_thread(ray.kill, self._actor, no_restart=True)


def node_at(target: str) -> str:
    """The id of the living node that has this id or address; empty if there is none."""
    nodes: Any = ray.nodes
    return next(
        (
            str(node["NodeID"])
            for node in nodes()
            if node["Alive"] and target in (node["NodeID"], node["NodeManagerAddress"])
        ),
        "",
    )


def running_actors(namespace: str) -> list[str]:
    """The names of the pool's actors, alive or restarting."""
    named = ray.util.list_named_actors(all_namespaces=True)
    return sorted(
        each["name"]
        for each in cast(list[dict[str, str]], named)
        if each["namespace"] == namespace and each["name"].startswith(PREFIX)
    )


def alive_nodes(resource: str = "") -> dict[str, float]:
    """The ids of the cluster's nodes, and how many actors each takes: as much as it has of
    ``resource``, if one is named; those that have none are left out."""
    nodes: Any = ray.nodes
    room = {
        node["NodeID"]: float(node["Resources"].get(resource, 0.0)) if resource else math.inf
        for node in nodes()
        if node["Alive"]
    }
    return {node: count for node, count in room.items() if count > 0}


def node_address() -> str:
    """Where the others of the cluster reach this node."""
    return str(cast(Any, ray.util).get_node_ip_address())
