"""The floor: every wanted table open, whatever happens to actors, to operators and to itself."""

import asyncio
import itertools

import msgspec
import pytest

from serve.floor import Floor
from serve.keeper import OPEN_S_MAX, RETRY_S, RETRY_S_MAX
from serve.overview import TABLE_CLOSING, TABLE_NOT_OPEN, TABLE_UNKNOWN, TARGET_UNKNOWN
from serve.up import FIRST_HAND_S_MAX
from tests.integration.table_bench import table_spec
from tests.unit.floor_bench import (
    ANN,
    Actor,
    Bench,
    Cluster,
    lasting,
    opened,
    runtime,
    until,
    until_ready,
)

PRIVATE = table_spec(table="private-1", private=True)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


def test_a_table_that_can_t_be_opened_is_tried_in_growing_pauses_beside_the_others(
    bench: Bench,
) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.spoiled.add("oak")
        floor = Floor(runtime("oak", "ash"))
        # The others have a warm spare, as ever.
        await until_ready(floor, "degraded: oak")
        assert [table.failure for table in (await floor.overview()).tables] == [
            "ValueError: out of range",
            "",
        ]
        cluster.serving("ash").die()
        await until(lambda: any("ash" in each.tables for each in cluster.actors.values()), 0.2)
        await asyncio.sleep(60)
        at = [time for table, time in cluster.tries if table == "oak"]
        pauses = [later - sooner for sooner, later in itertools.pairwise(at)]
        assert pauses[0] == pytest.approx(RETRY_S)
        assert pauses == sorted(pauses)
        assert pauses[-1] == pytest.approx(RETRY_S_MAX)
        cluster.spoiled.clear()
        await until_ready(floor)
        assert not any(table.failure for table in (await floor.overview()).tables)

    bench.run(play)


def test_a_table_that_takes_for_ever_to_open_keeps_a_start_waiting_once(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.stuck.add("oak")
        began = asyncio.get_running_loop().time()
        floor = Floor(runtime("oak", "ash"))
        await until_ready(floor, "degraded: oak", spares=0)
        assert asyncio.get_running_loop().time() - began < FIRST_HAND_S_MAX
        cluster.stuck.clear()
        await until_ready(floor)

    bench.run(play)


def test_a_floor_that_has_not_begun_knows_no_table_to_be_unknown(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = Floor(runtime("oak"))
        assert await floor.wanted("opened by an earlier floor")
        assert await floor.close_table("oak", 1.0) is TABLE_NOT_OPEN
        await until_ready(floor)
        assert not await floor.wanted("opened by an earlier floor")

    bench.run(play)


def test_operators_at_one_table_take_turns(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak", "ash")
        cluster.script = lasting(5)
        answers = await asyncio.gather(
            floor.act(ANN, "close_table", "oak", 1.0, ""),
            floor.act(ANN, "move", "oak", 1.0, ""),
            floor.act(ANN, "close_table", "oak", 1.0, ""),
        )
        assert list(answers) == [None, TABLE_UNKNOWN, TABLE_UNKNOWN]
        assert cluster.closed == ["oak"]
        assert await floor.act(ANN, "reopen", "oak", None, "") is None
        assert cluster.serving("oak")
        assert "oak" not in cluster.unwanted

    bench.run(play)


def test_a_close_whose_process_dies_is_done_by_the_next_one(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak", "ash")

        async def die_once(actor: Actor, table: str) -> None:
            cluster.script = cluster.at_once
            actor.die()
            raise ConnectionError("the actor died")

        cluster.script = die_once
        assert await floor.act(ANN, "close_table", "oak", 1.0, "too late") is None
        assert cluster.closed == ["oak"]
        assert cluster.unwanted == {"oak"}
        assert not await floor.wanted("oak")
        assert cluster.log == [("close_table", "oak", "asked"), ("close_table", "oak", "done")]

    bench.run(play)


def test_a_close_that_does_not_end_says_so_and_goes_on(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak", "ash")
        owed = True

        async def owe(actor: Actor, table: str) -> None:
            if owed:
                del actor.tables[table]
                raise ValueError("something is still owed")

        cluster.script = owe
        assert await floor.act(ANN, "close_table", "oak", 1.0, "") is TABLE_CLOSING
        assert len([1 for table, _ in cluster.tries if table == "oak"]) < 100
        owed = False
        await until(lambda: cluster.closed == ["oak"], 5)
        assert await floor.ready() == "ok"

    bench.run(play)


async def with_a_hand(cluster: Cluster) -> Floor:
    """A floor with a private table at which a hand is in play."""
    floor = await opened("oak")
    assert await floor.open_table(PRIVATE) is not None
    cluster.playing.add(PRIVATE.table)
    return floor


def test_a_host_s_table_closes_when_its_hand_is_over_however_long_that_takes(bench: Bench) -> None:
    """Also under the next floor: what a host is answered is on disk."""

    async def play(cluster: Cluster) -> None:
        floor = await with_a_hand(cluster)
        assert await floor.act(ANN, "wind_up", PRIVATE.table, None, "") is None
        assert cluster.unwanted == {PRIVATE.table}
        assert await floor.act(ANN, "wind_up", PRIVATE.table, None, "") is None
        await asyncio.sleep(10 * OPEN_S_MAX)
        assert await floor.wanted(PRIVATE.table), "who is in the hand comes back to it"
        floor._task.cancel()
        for task in list(floor._tasks):
            task.cancel()
        again = await opened("oak")
        await asyncio.sleep(10 * OPEN_S_MAX)
        assert cluster.closed == []
        assert await again.where(PRIVATE.table) is not None
        assert await again.act(ANN, "reopen", PRIVATE.table, None, "") is TABLE_CLOSING
        cluster.playing.clear()
        await until(lambda: cluster.closed == [PRIVATE.table], 5)
        assert cluster.graces == [OPEN_S_MAX]
        await until(lambda: PRIVATE.table not in again._open(), 5)
        assert await again.act(ANN, "wind_up", PRIVATE.table, None, "") is TABLE_UNKNOWN
        assert again._leftover == set()

    bench.run(play)


def test_an_operator_waits_for_no_host(bench: Bench) -> None:
    """At a table that its host closes in a hand that does not end, such as a paused one."""

    async def play(cluster: Cluster) -> None:
        floor = await with_a_hand(cluster)
        assert await floor.act(ANN, "wind_up", PRIVATE.table, None, "") is None
        await asyncio.sleep(10)
        source = cluster.serving(PRIVATE.table)
        async with asyncio.timeout(5):
            assert await floor.act(ANN, "move", PRIVATE.table, 1.0, "") is None
            assert cluster.serving(PRIVATE.table) is not source
            assert await floor.act(ANN, "close_table", PRIVATE.table, 1.0, "") is None
        assert (cluster.closed, cluster.graces) == ([PRIVATE.table], [1.0])
        assert not await floor.wanted(PRIVATE.table)

    bench.run(play)


def test_a_table_that_was_forgotten_is_wanted_by_no_floor(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak")
        await floor.forget("late")
        assert cluster.unwanted == {"late"}

    bench.run(play)


def test_a_table_that_opens_after_nobody_waits_for_it_is_closed(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak")
        cluster.spoiled.add("late")
        spec = msgspec.structs.replace(table_spec(), table="late", private=True)
        assert await floor.open_table(spec) is None
        cluster.spoiled.clear()
        assert await floor.open_table(spec) is not None
        await floor.forget("late")
        await until(lambda: cluster.closed == ["late"], 5)
        assert not await floor.wanted("late")

    bench.run(play)


def test_what_an_operator_has_begun_goes_on_when_he_hangs_up(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak")
        cluster.script = lasting(20)
        asking = asyncio.create_task(floor.act(ANN, "close_table", "oak", 30.0, ""))
        await asyncio.sleep(1)
        asking.cancel()
        await until(lambda: cluster.closed == ["oak"], 30)
        await asyncio.sleep(1)
        assert [outcome for _, _, outcome in cluster.log] == ["asked", "done"]

    bench.run(play)


def test_an_act_that_fails_is_in_the_log_with_its_failure(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak")
        with pytest.raises(KeyError):
            await floor.act(ANN, "fly", "oak", None, "")
        assert cluster.log == [("fly", "oak", "asked"), ("fly", "oak", "failed: KeyError: 'fly'")]

    bench.run(play)


def test_a_close_goes_on_when_the_floor_is_replaced(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        first = await opened("oak", "ash")
        # The next floor finds the table served, and knows that nobody wants it.
        cluster.unwanted.add("oak")
        first._task.cancel()
        second = await opened("oak", "ash")
        await until(lambda: cluster.closed == ["oak"], 10)
        assert not await second.wanted("oak")
        assert await second.wanted("ash")

    bench.run(play)


def test_a_private_table_is_open_and_in_no_lobby(bench: Bench) -> None:
    """Also under the next floor, with chips at it or without, until its host closes it."""

    async def play(cluster: Cluster) -> None:
        spec = table_spec(table="private-1", private=True)
        floor = await opened("oak")
        assert await floor.open_table(spec) is not None
        cluster.private = {spec.table: spec}
        assert [each.info.table for each in (await floor.lobby()).tables] == ["oak"]
        assert [each.spec.table for each in await floor.statuses()] == ["oak", "private-1"]
        await floor.close(0.0)
        again = Floor(runtime("oak"))
        await until_ready(again)
        assert [each.spec.table for each in await again.statuses()] == ["oak", "private-1"]
        assert await again.close_table(spec.table, 0.0) is None
        assert [each.spec.table for each in await again.statuses()] == ["oak"]

    bench.run(play)


def test_a_leftover_that_is_slow_to_close_keeps_the_floor_from_nothing(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak", "ash")

        async def hang(actor: Actor, table: str) -> None:
            if table == "oak":
                await asyncio.sleep(10_000)

        cluster.script = hang
        floor._leftover.add("oak")
        await asyncio.sleep(3)
        silent = cluster.serving("ash")
        silent.hung.clear()
        await until(lambda: any(
            "ash" in each.tables for each in cluster.actors.values() if each is not silent
        ), 10)  # fmt: skip

    bench.run(play)


def test_a_move_whose_source_dies_ends_at_the_target(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        floor = await opened("oak")
        source = cluster.serving("oak")

        async def die(actor: Actor, table: str) -> None:
            actor.die()
            raise ConnectionError("the actor died")

        cluster.script = die
        assert await floor.act(ANN, "move", "oak", 1.0, "") is None
        assert cluster.serving("oak") is not source

    bench.run(play)


def test_what_a_drain_leaves_over_is_ended_and_a_spare_stays(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.nodes = ["head", "one"]
        floor = await opened("oak", "ash", "elm", "fir")
        assert {each.node for each in cluster.actors.values()} == {"head", "one"}
        assert await floor.act(ANN, "drain", "one", 1.0, "repair") is None
        assert {each.node for each in cluster.actors.values()} == {"head"}
        await until(lambda: len(cluster.actors) == 5)
        for table in ("elm", "fir"):
            assert await floor.act(ANN, "close_table", table, 1.0, "") is None
        await until(lambda: len(cluster.actors) == 3)
        await asyncio.sleep(30)
        assert len(cluster.actors) == 3
        assert (await floor.overview()).spares == 1
        assert await floor.ready() == "ok"

    bench.run(play)


def test_a_node_is_drained_by_its_address_also_when_nothing_runs_there(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.nodes = ["head", "one"]
        floor = await opened("oak", "ash", "elm")
        cluster.nodes.append("two")
        for node in ("one", "two"):
            assert await floor.act(ANN, "drain", f"at-{node}", 1.0, "scale in") is None
        assert {each.node for each in cluster.actors.values()} == {"head"}
        assert [line for line in cluster.log if line[2] == "done"] == [
            ("drain", "one", "done"),
            ("drain", "two", "done"),
        ]
        assert await floor.act(ANN, "drain", "at-three", 1.0, "") is TARGET_UNKNOWN

    bench.run(play)


def test_a_drained_node_stays_empty_under_the_next_floor(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.nodes = ["head", "one"]
        cluster.drained = {"head"}
        await opened("oak", "ash")
        assert {each.node for each in cluster.actors.values()} == {"one"}

    bench.run(play)


def test_tables_have_nodes_of_their_own_and_no_more_than_they_take(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.nodes = ["nowhere", "head", "one", "two"]
        cluster.takes = {"one": 1, "two": 2}
        await opened("oak", "ash", "elm", resource="tables")
        await until(lambda: len(cluster.actors) == 4)
        placed = [each.node for each in cluster.created]
        assert sorted(placed[:3]) == ["one", "two", "two"]
        # The spare is left to Ray: it waits for more room, or has it made.
        assert placed[3] == "nowhere"

    bench.run(play)


def test_an_actor_that_never_starts_is_replaced(bench: Bench) -> None:
    async def play(cluster: Cluster) -> None:
        cluster.broken.add("table-actor-1")
        await opened("oak")
        first = cluster.created[1]
        assert first.name == "table-actor-1"
        assert first.ended
        assert len(cluster.actors) == 2

    bench.run(play)
