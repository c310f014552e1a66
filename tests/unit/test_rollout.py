"""A floor of a new release: the actors of the old one are replaced, and no table is left."""

import asyncio
import tomllib
from pathlib import Path

import pytest

from actors.journal import FORM_READ
from serve.floor import Floor
from serve.rollout import AT_ONCE_MIN
from serve.upgrade import ROOMS
from tests.unit.floor_bench import (
    Actor,
    Bench,
    Cluster,
    lasting,
    opened,
    runtime,
    until,
    until_ready,
)

TABLES = tuple(f"t{number}" for number in range(12))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def test_every_room_of_the_server_is_rolled_out() -> None:
    pyproject = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text())
    packages = {name.partition(".")[0] for name in pyproject["tool"]["setuptools"]["packages"]}
    assert set(ROOMS) == packages - {"client"}


def _die(floor: Floor) -> None:
    """As when Serve replaces it: its actors play on."""
    floor._closing = True
    for task in [*floor._tasks, floor._task, *(w.task for w in floor._pool.workers.values())]:
        if task is not None:
            task.cancel()


def test_every_table_moves_to_the_new_release_and_the_old_actors_end(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        served_twice: list[str] = []
        asked: list[str] = []

        async def hand(actor: Actor, table: str) -> None:
            asked.append(table)
            await asyncio.sleep(40)  # until the hand has ended
            if any(table in each.tables for each in cluster.actors.values() if each is not actor):
                served_twice.append(table)

        _die(await opened(*TABLES))
        old = dict(cluster.actors)
        cluster.script = hand
        cluster.rolled_out = False
        floor = Floor(runtime(*TABLES, release="next"))
        await until_ready(floor)
        await asyncio.sleep(60)
        # Nothing moves before Serve is through: who is sent away needs the gateway.
        assert asked == []
        assert (await floor.overview()).outdated > 0
        cluster.rolled_out = True
        most = 0

        def over() -> bool:
            nonlocal most
            most = max(most, len(cluster.actors))
            return not any(actor.name in cluster.actors for actor in old.values())

        await until(over, 1_000)
        await until_ready(floor)
        assert sorted(asked) == sorted(TABLES)  # each once
        assert served_twice == []
        assert cluster.where().keys() == set(TABLES)
        assert most < 2 * len(TABLES)  # a few at a time
        overview = await floor.overview()
        assert overview.outdated == 0
        assert len({table.release for table in overview.tables}) == 1

    bench.run(play)


def test_a_rollout_starts_as_many_actors_as_the_tables_need(bench: Bench) -> None:
    """Each costs seconds of CPU that the tables want, and they take that long to start."""

    async def play(cluster: Cluster) -> None:
        cluster.start_s = 3.0
        _die(await opened(*TABLES, packs=3))
        old = set(cluster.actors.values())
        cluster.script = lasting(20.0)
        floor = Floor(runtime(*TABLES, packs=3, release="next"))
        await until(lambda: not old & set(cluster.actors.values()))
        await until_ready(floor)
        assert len(old) == len(cluster.actors) == 5
        assert len(cluster.created) == len(old) + len(cluster.actors)

    bench.run(play)


def test_an_old_actor_that_dies_meanwhile_leaves_its_table_to_the_new_release(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        _die(await opened("oak", "ash"))
        old = set(cluster.actors.values())
        cluster.rolled_out = False
        floor = Floor(runtime("oak", "ash", release="next"))
        await until_ready(floor)
        cluster.serving("oak").die()
        # Ray starts the old release again in its place: it is given nothing.
        await until(lambda: "oak" in cluster.where())
        assert cluster.serving("oak") not in old
        assert cluster.serving("ash") in old

    bench.run(play)


def test_a_crash_beside_a_rollout_does_not_wait_for_its_hands(bench: Bench) -> None:
    """The processes that were started for those who move are theirs."""

    async def play(cluster: Cluster) -> None:
        asked: set[str] = set()

        async def hand(actor: Actor, table: str) -> None:
            asked.add(table)
            await asyncio.sleep(300)

        cluster.start_s = 1.0
        _die(await opened(*TABLES))
        old = set(cluster.actors.values())
        cluster.script = hand
        Floor(runtime(*TABLES, release="next"))
        await until(lambda: len(asked) == AT_ONCE_MIN)
        lost = next(table for table in TABLES if table not in asked)
        cluster.serving(lost).die()
        assert await until(lambda: lost in cluster.where()) < 30
        assert cluster.serving(lost) not in old
        assert len(asked) == AT_ONCE_MIN

    bench.run(play)


def test_a_release_that_can_t_read_the_journals_leaves_the_tables_where_they_are(
    bench: Bench,
) -> None:
    async def play(cluster: Cluster) -> None:
        _die(await opened("oak"))
        old = cluster.serving("oak")
        cluster.form = FORM_READ + 1
        floor = Floor(runtime("oak", release="next"))
        await until_ready(floor)
        await asyncio.sleep(60)
        assert cluster.serving("oak") is old
        cluster.form = FORM_READ
        await until(lambda: "oak" in cluster.where() and cluster.serving("oak") is not old)

    bench.run(play)


def test_a_floor_of_the_same_release_replaces_nobody(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        _die(await opened("oak"))
        old = cluster.serving("oak")
        floor = Floor(runtime("oak"))
        await until_ready(floor)
        await asyncio.sleep(60)
        assert cluster.serving("oak") is old

    bench.run(play)
