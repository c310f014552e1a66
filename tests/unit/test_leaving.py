"""Actors that are emptied beside each other, beside crashes and beside moves."""

import asyncio
from collections import Counter

import msgspec
import pytest

from actors.host import HostReport
from actors.load import Load
from serve.floor import SPARE_S_MAX
from serve.pool import Worker
from tests.integration.table_bench import table_spec
from tests.unit.floor_bench import (
    ANN,
    Actor,
    Bench,
    Cluster,
    Script,
    lasting,
    opened,
    until,
    until_ready,
)

PACKS = 4
NAMES = tuple(f"t{number:02}" for number in range(4 * PACKS))
HAND_S = 40.0


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def counted(left: Counter[str]) -> Script:
    """The hand takes long; who gave his table up is counted."""

    async def hand(actor: Actor, table: str) -> None:
        left[table] += 1
        await asyncio.sleep(HAND_S)

    return hand


def test_two_drains_at_once_have_room_for_both(bench: Bench) -> None:
    """Each counts on actors of its own, and none is started that nobody needs."""

    async def play(cluster: Cluster) -> None:
        cluster.start_s = 1.0
        cluster.nodes = ["one", "two"]
        floor = await opened(*NAMES[:8])
        cluster.nodes.append("three")
        before = len(cluster.created)
        cluster.script = lasting(HAND_S)
        began = asyncio.get_running_loop().time()
        one = asyncio.create_task(floor.act(ANN, "drain", "one", 600.0, ""))
        await asyncio.sleep(0.5)
        other = asyncio.create_task(floor.act(ANN, "drain", "two", 600.0, ""))
        for drain in (one, other):
            assert await drain is None
        assert asyncio.get_running_loop().time() - began < SPARE_S_MAX
        assert {actor.node for actor in cluster.where().values()} == {"three"}
        await until_ready(floor)
        assert len(cluster.created) == before + len(cluster.where()) + 1  # and the spare

    bench.run(play)


def test_a_move_to_an_actor_that_is_drained_meanwhile_ends_elsewhere(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak", "ash")
        left: Counter[str] = Counter()
        cluster.script = counted(left)
        move = asyncio.create_task(floor.act(ANN, "move", "oak", 600.0, ""))
        await until(lambda: left["oak"] == 1)
        target = next(worker for worker in floor._pool.workers.values() if worker.reserved
                      and "oak" not in worker.tables)  # fmt: skip
        assert await floor.act(ANN, "drain", target.name, 600.0, "") is None
        assert await move is None
        assert cluster.serving("oak").name != target.name
        assert [table for table, _ in cluster.tries].count("oak") == 2
        await until_ready(floor)

    bench.run(play)


def test_what_is_being_opened_at_a_drained_actor_is_carried_on(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak", "ash")
        cluster.opens.clear()
        cluster.serving("oak").die()
        await until(lambda: any(worker.opening for worker in floor._pool.workers.values()))
        target = next(worker for worker in floor._pool.workers.values() if worker.opening)
        drain = asyncio.create_task(floor.act(ANN, "drain", target.name, 600.0, ""))
        await asyncio.sleep(2.0)
        assert not drain.done()
        cluster.opens.set()
        assert await drain is None
        assert cluster.serving("oak").name != target.name
        await until_ready(floor)

    bench.run(play)


def test_who_is_drained_twice_sends_his_players_away_once(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened(*NAMES, packs=PACKS)
        drained = cluster.serving(NAMES[0])
        tables = set(drained.tables)
        left: Counter[str] = Counter()
        cluster.script = counted(left)
        drains = [floor.act(ANN, "drain", drained.name, 600.0, "") for _ in range(2)]
        assert await asyncio.gather(*drains) == [None, None]
        assert left == Counter(tables)

    bench.run(play)


def test_an_actor_that_is_empty_ends_though_another_has_no_room_to_go(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.nodes = ["one", "two"]
        cluster.takes = {"one": 2, "two": 1}
        floor = await opened("oak", "ash", resource="tables")
        await until(lambda: sum(actor.node == "one" for actor in cluster.actors.values()) == 2)
        cluster.full = True
        drained = {actor for actor in cluster.actors.values() if actor.node == "one"}
        refused = await floor.act(ANN, "drain", "one", 600.0, "")
        ended = {actor for actor in drained if actor.ended}
        assert refused is not None
        assert refused.code == "no_spare"
        assert len(ended) == 1
        assert cluster.where().keys() == {"oak", "ash"}

    bench.run(play)


def test_a_drained_node_with_room_left_takes_nothing_and_starts_nothing_for_ever(
    bench: Bench,
) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.nodes = ["one", "two"]
        cluster.takes = {"one": 2, "two": 1}
        floor = await opened("oak", "ash", resource="tables")
        await until(lambda: len(cluster.actors) == 3)
        refused = await floor.act(ANN, "drain", "one", 600.0, "")
        assert refused is not None
        assert refused.code == "no_spare"
        assert cluster.where().keys() == {"oak", "ash"}
        await asyncio.sleep(60)
        assert len(cluster.created) <= 3 + 2

    bench.run(play)


def test_a_table_that_two_claim_keeps_no_drain_busy(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak", "ash")
        stale = cluster.serving("oak")
        worker = floor._pool.workers[stale.name]
        other = floor._pool.workers[cluster.serving("ash").name]
        other.reserved += 1  # so that no report takes it away again
        newer = msgspec.structs.replace(worker.tables["oak"], epoch=1_000)
        other.tables["oak"] = newer
        assert await floor.act(ANN, "drain", stale.name, 600.0, "") is None
        assert stale.ended

    bench.run(play)


async def test_a_table_that_halts_is_seen_also_while_another_moves() -> None:
    cluster = Cluster()
    worker = Worker("w", Actor(cluster, "w", "head", ""))  # type: ignore[arg-type]  # a script
    oak, ash = (cluster.status(table_spec(table=name)) for name in ("oak", "ash"))
    worker.serves(HostReport([oak, ash], Load()))
    assert worker.tables.keys() == {"oak", "ash"}
    worker.reserved = 1
    halted = msgspec.structs.replace(ash, halted="a fault")
    worker.serves(HostReport([oak, halted], Load(7)))
    assert worker.tables.keys() == {"oak"}
    assert worker.load.connections == 7
    worker.tables["ash"] = msgspec.structs.replace(ash, epoch=ash.epoch + 1)  # opened anew
    worker.serves(HostReport([oak, halted], Load()))
    assert worker.tables.keys() == {"oak", "ash"}
