"""A floor over actors that are scripts: no Ray, no Postgres, and time that jumps."""

import asyncio
import itertools
import math
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Self

import pytest

from actors.actor import ActorInfo
from actors.host import HostConfig, HostReport, TableStatus
from actors.load import Load
from actors.release import release_of
from actors.spec import TableSpec
from serve.floor import Floor
from serve.runtime import Runtime
from tests.integration.table_bench import table_spec
from tests.simulation.loop import run
from wire.http import Operator, TableListing

ANN = Operator("ann")
Script = Callable[["Actor", str], Awaitable[None]]


def lasting(seconds: float) -> Script:
    """The hand takes so long."""

    async def hand(actor: "Actor", table: str) -> None:
        await asyncio.sleep(seconds)

    return hand


class Actor:
    """One process: it may refuse to start, die, hang, or be ended for good."""

    def __init__(self, cluster: "Cluster", name: str, node: str, release: str) -> None:
        self.cluster = cluster
        self.release = release
        self.name = name
        self.node = node
        self.tables: dict[str, TableStatus] = {}
        self.ended = False
        self.load = Load()
        self.hung = asyncio.Event()
        self.hung.set()
        self._new_process()

    def _new_process(self) -> None:
        self.pid = next(self.cluster.pids)
        self.dead = asyncio.Event()
        self.tables = {}
        self.started = False

    def die(self) -> None:
        """Ray starts another process in its place."""
        self.dead.set()
        self._new_process()

    async def _alive(self) -> None:
        await self.hung.wait()
        if self.ended:
            raise ConnectionError("ended")

    # The handle of the actor, as the pool sees it

    async def start(self) -> ActorInfo:
        if self.cluster.full:
            await asyncio.sleep(10_000)
        if not self.started:
            async with self.cluster.core:
                await asyncio.sleep(self.cluster.start_s)
        self.started = True
        await self._alive()
        if self.name in self.cluster.broken:
            raise ConnectionError("does not start")
        self.cluster.lifelines[str(self.pid)] = self.dead
        return ActorInfo("127.0.0.1", 0, str(self.pid), self.node, self.pid, self.release)

    async def warm(self) -> None:
        await self._alive()

    async def describe(self) -> HostReport:
        await self._alive()
        return HostReport(list(self.tables.values()), self.load)

    async def open(self, spec: TableSpec) -> TableStatus:
        await self._alive()
        self.cluster.tries.append((spec.table, asyncio.get_running_loop().time()))
        if spec.table in self.cluster.spoiled:
            raise ValueError("out of range")
        if spec.table in self.cluster.stuck:
            await asyncio.sleep(10_000)
        await self.cluster.opens.wait()
        self.tables[spec.table] = status = self.cluster.status(spec)
        return status

    async def hand_over(self, table: str, grace_s: float) -> None:
        await self.cluster.script(self, table)
        del self.tables[table]

    async def wind_up(self, table: str) -> bool:
        await self._alive()
        assert table in self.tables
        return table in self.cluster.playing

    async def close_table(self, table: str, grace_s: float) -> None:
        self.cluster.graces.append(grace_s)
        await self.cluster.script(self, table)
        del self.tables[table]
        self.cluster.closed.append(table)

    async def close(self, grace_s: float) -> None:
        self.tables.clear()

    async def kill(self) -> None:
        self.ended = True
        self.dead.set()
        self.tables.clear()
        self.cluster.actors.pop(self.name, None)


class Cluster:
    """What Ray and Postgres would know. ``script`` is what an actor does before it gives a table
    up; at ``playing`` ones a hand is in play; ``spoiled`` tables can't be opened, ``stuck`` ones
    take for ever; ``broken`` actors do not start."""

    def __init__(self) -> None:
        self.actors: dict[str, Actor] = {}
        self.created: list[Actor] = []
        self.nodes = ["head"]
        self.takes: dict[str, float] = {}
        """How many actors each node for tables takes; without any, all are for everything."""
        self.start_s = 0.0
        """So long an actor takes to start, one after another."""
        self.core = asyncio.Lock()
        self.full = False
        """Whether no actor starts any more."""
        self.opens = asyncio.Event()
        """While it is not set, no table is opened to the end."""
        self.opens.set()
        self.pids = itertools.count(100)
        self.epochs = itertools.count(1)
        self.lifelines: dict[str, asyncio.Event] = {}
        self.playing: set[str] = set()
        self.spoiled: set[str] = set()
        self.stuck: set[str] = set()
        self.broken: set[str] = set()
        self.tries: list[tuple[str, float]] = []
        self.closed: list[str] = []
        self.graces: list[float] = []
        self.unwanted: set[str] = set()
        self.private: dict[str, TableSpec] = {}
        self.drained: set[str] = set()
        self.log: list[tuple[str, str, str]] = []
        self.rolled_out = True
        self.form = 0
        self.script: Script = self.at_once

    @staticmethod
    async def at_once(actor: Actor, table: str) -> None:
        """Nothing happens before."""

    def room(self, resource: str) -> dict[str, float]:
        assert resource == ("tables" if self.takes else "")
        nodes = self.takes or dict.fromkeys(self.nodes, math.inf)
        return {node: nodes[node] for node in self.nodes if node in nodes}

    def create(self, name: str, namespace: str, config: HostConfig, node: str = "") -> Actor:
        if name not in self.actors:
            release = release_of(config)
            self.actors[name] = Actor(self, name, node or self.nodes[0], release)
            self.created.append(self.actors[name])
        return self.actors[name]

    def node_at(self, target: str) -> str:
        name = target.removeprefix("at-")
        return name if name in self.nodes else ""

    async def is_rolled_out(self) -> bool:
        """What Serve would say."""
        return self.rolled_out

    def status(self, spec: TableSpec) -> TableStatus:
        listing = TableListing(spec.info(), 0, 0, 0, 0, 0, 0)
        return TableStatus(next(self.epochs), "", 0, listing, spec, 6, 0, False, False)

    async def until_gone(self, host: str, port: int, token: str) -> None:
        await self.lifelines[token].wait()

    def where(self) -> dict[str, Actor]:
        """Who serves each table."""
        return {table: actor for actor in self.actors.values() for table in actor.tables}

    def serving(self, table: str) -> Actor:
        return next(each for each in self.actors.values() if table in each.tables)


class MemoryRegister:
    """``serve.register.Register`` without a database."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    async def open(self, runtime: Runtime) -> None:
        await asyncio.sleep(0.5)

    async def close(self) -> None: ...

    async def before(self, wanted: object) -> tuple[frozenset[str], dict[str, TableSpec]]:
        return frozenset(self._cluster.unwanted), {}

    async def private(self) -> dict[str, TableSpec]:
        return self._cluster.private

    async def drained(self) -> frozenset[str]:
        return frozenset(self._cluster.drained)

    async def newest_form(self) -> int:
        return self._cluster.form

    async def spec_of(self, table: str) -> TableSpec | None:
        return table_spec(table=table, private=table.startswith("private-"))

    async def set_wanted(self, table: str, wanted: bool) -> None:
        (self._cluster.unwanted.discard if wanted else self._cluster.unwanted.add)(table)

    async def note(
        self, name: str, approver: str | None, action: str, target: str, *rest: object
    ) -> None:
        self._cluster.log.append((action, target, str(rest[-1])))


class NoRedis:
    """Nothing is published."""

    def pipeline(self, transaction: bool) -> Self:
        raise ConnectionError("no Redis")


async def _as_in_a_thread(work: Callable[..., Any], *args: Any) -> Any:
    """Others have their turn meanwhile."""
    await asyncio.sleep(0.001)
    return work(*args)


def runtime(*tables: str, packs: int = 1, resource: str = "", release: str = "") -> Runtime:
    """With so many tables to an actor; of another ``release`` by its settings."""
    return Runtime(
        dsn_file="",
        redis_file="",
        report_file="",
        reconcile_s=60.0,
        keys_dir="",
        host=HostConfig("", "", "", resource=resource, entropy_file=release),
        tables=tuple(table_spec(table=table, tables_per_actor=packs) for table in tables),
        spare_actors=1,
        daily_grant=0,
        bot_grant=0,
        fixed_decks=False,
        operator_file="",
        two_person=False,
    )


class Bench:
    """Runs floors over one cluster, in virtual time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def run(self, play: Callable[[Cluster], Coroutine[Any, Any, None]]) -> None:
        """Play to the end; everything that waits does so in no time."""

        async def begin() -> None:
            cluster = Cluster()
            patch = self._patch.setattr
            patch(asyncio, "to_thread", _as_in_a_thread)
            patch("serve.pool.ActorHandle", cluster)
            patch("serve.pool.running_actors", lambda _: sorted(cluster.actors))
            patch("serve.pool.alive_nodes", cluster.room)
            patch("serve.floor.node_at", cluster.node_at)
            patch("serve.pool.until_gone", cluster.until_gone)
            patch("serve.keeper.Register", lambda: MemoryRegister(cluster))
            patch("serve.rollout.rolled_out", cluster.is_rolled_out)
            patch("serve.keeper.connect_redis", lambda _: NoRedis())
            await play(cluster)

        run(begin())


async def until(so: Callable[[], bool], seconds: float = 300.0) -> float:
    """Until it is so; how long that took."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not so():
        assert loop.time() < began + seconds, "it has not come to be so"
        await asyncio.sleep(0.05)
    return loop.time() - began


async def asked_until(so: Callable[[], Awaitable[bool]]) -> None:
    """Ask until it is so."""
    for _ in range(3_000):
        if await so():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it has not come to be so")


async def until_ready(floor: Floor, how: str = "ok", spares: int = 1) -> None:
    """Until the floor says so, and so many spares are warm."""

    async def ready() -> bool:
        return await floor.ready() == how and (await floor.overview()).spares >= spares

    await asked_until(ready)


async def opened(*tables: str, packs: int = 1, resource: str = "") -> Floor:
    """A floor with all of its tables open and its spare warm."""
    floor = Floor(runtime(*tables, packs=packs, resource=resource))
    await until_ready(floor)
    return floor
