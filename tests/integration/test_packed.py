"""Many tables in one process: what befalls one does not touch the others."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from actors.load import BUSY_MS
from tests.integration.seated import act, begun, next_hand, seated
from tests.integration.table_bench import Bench, open_bench, table_spec
from wire.codes import Close, Code
from wire.server_frames import Accepted, Refused

PACKS = 3


@pytest.fixture
async def benches(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> AsyncIterator[list[Bench]]:
    """Three tables of one host."""
    spec = table_spec(tables_per_actor=PACKS)
    async with open_bench(pool, app_dsn, tmp_path, spec) as first:
        others = [await first.neighbour(table_spec(table=name, tables_per_actor=PACKS))
                  for name in ("ash", "elm")]  # fmt: skip
        yield [first, *others]


async def test_rules_that_raise_in_a_hand_end_their_own_table_only(
    benches: list[Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, *good = benches
    async with AsyncExitStack() as stack:
        seats = [await seated(bench, stack) for bench in benches]
        turns = [await begun(players[0]) for players in seats]

        def fail(*_: Any) -> None:
            raise ZeroDivisionError("a bug in the rules")

        monkeypatch.setattr(bad.room.machine.game, "apply", fail)
        await seats[0][turns[0].seat].send(
            type="act", ref="x", hand=bad.room.machine.hand, action={"type": "call"}
        )
        assert await seats[0][0].closed() == Close.MOVED
        assert "a bug in the rules" in bad.room.halted
        for bench, players, turn in zip(good, seats[1:], turns[1:], strict=True):
            hand = bench.room.machine.hand
            assert isinstance(await act(bench, players[turn.seat], type="fold"), Accepted)
            await next_hand(players[0], hand)
            assert not bench.room.halted
        # By its policy: the same process opens it anew, and the hand goes on.
        await bad.reopen()
        assert bad.room.machine.game.playing
        assert len(bad.host.describe().tables) == PACKS


async def test_a_crash_takes_all_of_them_and_each_goes_on_elsewhere(benches: list[Bench]) -> None:
    async with AsyncExitStack() as stack:
        for bench in benches:
            await seated(bench, stack)
        hands = [bench.room.machine.hand for bench in benches]
        epochs = [bench.room.epoch for bench in benches]
        specs = [bench.room.spec for bench in benches]
        await benches[0].crash(specs[0])
        host = benches[0].host
        for bench, spec in zip(benches[1:], specs[1:], strict=True):
            bench.host, bench.status = host, await host.open(spec)
        assert [bench.room.machine.hand for bench in benches] == hands
        assert all(bench.room.machine.game.playing for bench in benches)
        assert [bench.room.epoch for bench in benches] == [epoch + 1 for epoch in epochs]


async def test_a_closed_table_leaves_its_neighbours(benches: list[Bench]) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(benches[0], stack)
        await begun(players[0])
        await benches[1].host.close_table("ash", grace_s=1.0)
        await benches[2].host.hand_over("elm", grace_s=1.0)
        assert set(benches[0].host.tables) == {"oak"}
        turn = benches[0].room.machine.game.turn
        assert isinstance(await act(benches[0], players[turn], type="fold"), Accepted)


async def test_a_busy_process_takes_no_newcomers_and_keeps_its_players(
    benches: list[Bench],
) -> None:
    bench = benches[0]
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        watcher = await stack.enter_async_context(bench.player())
        for _ in range(50):
            bench.host._lag.note(BUSY_MS * 2)
        refused = await watcher.ask(type="sit", buy_in=1_000)
        assert isinstance(refused, Refused)
        assert refused.code == Code.TABLE_BUSY
        async with bench.line(await bench.account()) as newcomer:
            assert await newcomer.closed() == Close.TABLE_CROWDED
        async with bench.line(players[0].id) as again:
            assert await again.read()
        assert all(status.listing.busy for status in bench.host.describe().tables)
        assert bench.host.describe().load.busy
