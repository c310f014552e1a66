"""The floor with many tables to an actor: nothing else is different."""

import asyncio

import pytest

from actors.load import BUSY_MS, Load
from serve.floor import Floor
from tests.unit.floor_bench import (
    ANN,
    Bench,
    Cluster,
    lasting,
    opened,
    runtime,
    until,
    until_ready,
)

NAMES = tuple(f"t{number:02}" for number in range(50))
PACKS = 20
ACTORS = 3
"""For fifty tables."""


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def counts(cluster: Cluster) -> list[int]:
    return sorted((len(each.tables) for each in cluster.actors.values()), reverse=True)


def test_tables_are_packed_and_one_actor_is_left_over(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        await opened(*NAMES, packs=PACKS)
        assert counts(cluster) == [20, 20, 10, 0]
        await asyncio.sleep(30)
        assert counts(cluster) == [20, 20, 10, 0]

    bench.run(play)


def test_the_tables_of_a_dead_actor_go_to_the_spare_together(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened(*NAMES, packs=PACKS)
        lost = cluster.serving(NAMES[0])
        gone = set(lost.tables)
        assert len(gone) == PACKS
        lost.die()
        await until(lambda: all(any(t in a.tables for a in cluster.actors.values()) for t in gone))
        await until_ready(floor)
        assert sum(counts(cluster)) == len(NAMES)
        assert len(cluster.actors) == ACTORS + 1

    bench.run(play)


def test_a_table_that_fails_keeps_its_neighbours(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened(*NAMES, packs=PACKS)
        at = cluster.serving(NAMES[0])
        neighbours = set(at.tables) - {NAMES[0]}
        cluster.spoiled.add(NAMES[0])
        del at.tables[NAMES[0]]  # it has halted
        await until_ready(floor, f"degraded: {NAMES[0]}")
        assert neighbours <= set(at.tables)
        cluster.spoiled.clear()
        await until_ready(floor)
        assert neighbours <= set(at.tables)

    bench.run(play)


def test_a_drained_actor_s_tables_are_packed_again(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened(*NAMES, packs=PACKS)
        leaving = cluster.serving(NAMES[0])
        assert await floor.act(ANN, "drain", leaving.name, 1.0, "repair") is None
        assert leaving.ended
        await until_ready(floor)
        assert sum(counts(cluster)) == len(NAMES)
        assert len(cluster.created) <= ACTORS + 3

    bench.run(play)


def test_as_many_actors_start_as_the_tables_of_a_drained_node_need(bench: Bench) -> None:
    """Slowly: what has started is not ended again before the tables come, nor started twice."""

    async def play(cluster: Cluster) -> None:
        cluster.start_s = 3.0
        floor = await opened(*NAMES, packs=PACKS)
        cluster.nodes.append("other")
        before = len(cluster.created)
        cluster.script = lasting(20.0)
        assert await floor.act(ANN, "drain", "head", 60.0, "repair") is None
        await until_ready(floor)
        assert {actor.node for actor in cluster.actors.values()} == {"other"}
        assert counts(cluster) == [20, 20, 10, 0]
        assert len(cluster.created) == before + ACTORS + 1

    bench.run(play)


def test_a_moved_table_finds_room_among_its_kind(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened(*NAMES, packs=PACKS)
        source = cluster.serving(NAMES[0])
        assert await floor.act(ANN, "move", NAMES[0], 1.0, "") is None
        assert cluster.serving(NAMES[0]) is not source
        assert counts(cluster) == [20, 19, 11, 0]

    bench.run(play)


def test_a_busy_actor_is_given_no_table(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened(*NAMES[:5], packs=PACKS)
        busy = cluster.serving(NAMES[0])
        busy.load = Load(100, BUSY_MS, busy=True)
        await asyncio.sleep(3)
        at_once = [floor.open_table(runtime(name, packs=PACKS).tables[0]) for name in NAMES[5:8]]
        assert all(await asyncio.gather(*at_once))
        assert counts(cluster)[:2] == [5, 3]
        busy.load = Load()
        await asyncio.sleep(3)
        assert await floor.open_table(runtime(NAMES[9], packs=PACKS).tables[0])
        assert sum(counts(cluster)) == 9

    bench.run(play)


def test_a_floor_that_comes_back_knows_who_is_packed(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        first = await opened(*NAMES, packs=PACKS)
        for task in [*first._tasks, first._task]:
            task.cancel()
        await opened(*NAMES, packs=PACKS)
        assert counts(cluster) == [20, 20, 10, 0]
        assert len(cluster.created) == ACTORS + 1

    bench.run(play)


def test_a_table_of_its_own_stays_alone(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = Floor(runtime(*NAMES[:3], packs=PACKS))
        await until_ready(floor)
        assert await floor.open_table(runtime("alone").tables[0])
        assert set(cluster.serving("alone").tables) == {"alone"}
        await until_ready(floor)

    bench.run(play)
