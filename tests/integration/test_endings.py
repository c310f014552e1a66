"""How a table ends, well or badly: every chip is where it belongs, and the next owner knows why."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from actors import commands as c
from actors.bank import BankFailed
from actors.host import CloseUnfinished
from games.protocol import NO_SEAT
from tests.integration.seated import act, back, begun, next_hand, saw, seated
from tests.integration.table_bench import ANSWER_S_MAX, Bench, open_bench, table_spec
from wire import events as e
from wire.codes import Close
from wire.limits import Limits
from wire.server_frames import Accepted, Refused


@pytest.fixture
async def bench(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> AsyncIterator[Bench]:
    async with open_bench(pool, app_dsn, tmp_path, table_spec()) as opened:
        yield opened


async def nothing_at_stake(bench: Bench) -> bool:
    return await bench.ledger.open_stakes(bench.table) == []


@pytest.mark.parametrize("paused", [True, False])
async def test_a_table_closed_in_the_middle_of_a_hand_sends_every_stake_home(
    bench: Bench, paused: bool
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        await act(bench, players[(await begun(players[0])).seat], type="raise", to=400)
        if paused:
            await bench.room.operate(c.Pause(0, "op"))
        await bench.host.close_table("oak", grace_s=0.0)
        assert await nothing_at_stake(bench)
        for player in players:
            assert (await bench.ledger.balance(player.id)).amount == 10_000
        await bench.host.open(table_spec())


async def test_a_table_that_its_host_closes_plays_its_hand_on_and_an_operator_may_void_it(
    bench: Bench,
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = (await begun(players[0])).seat
        watching = await stack.enter_async_context(bench.player())
        assert isinstance(await watching.ask(type="sit", buy_in=1_000), Accepted)
        for _ in range(2):
            assert bench.host.wind_up("oak"), "a hand is in play"
        rows = bench.room._pen.seq
        assert bench.host.wind_up("oak")
        assert bench.room._pen.seq == rows, "said once, however often it is asked"
        # Who is not in the hand goes home at once; the others play on, in the next process too.
        assert bench.room.machine.seat_of(str(watching.id)) == NO_SEAT
        assert isinstance(await act(bench, players[turn], type="raise", to=400), Accepted)
        await bench.crash()
        assert bench.host.wind_up("oak")
        await bench.room.operate(c.Pause(0, "op"))
        hand = bench.room.machine.hand
        assert await bench.room.operate(c.VoidHand(0, hand, "it never ends", "op")) is None
        assert not bench.host.wind_up("oak")
        await bench.host.close_table("oak", grace_s=ANSWER_S_MAX)
        assert await nothing_at_stake(bench)
        for player in (*players, watching):
            assert (await bench.ledger.balance(player.id)).amount == 10_000
        await bench.host.open(table_spec())


async def test_a_close_waits_for_a_buy_in_and_sends_it_home(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with AsyncExitStack() as stack:
        player = await stack.enter_async_context(bench.player())
        async with admin.transaction():
            await admin.execute("LOCK TABLE wallet.transfers IN ACCESS EXCLUSIVE MODE")
            await player.send(type="sit", ref="r", buy_in=1_000)
            async with asyncio.timeout(ANSWER_S_MAX):
                while bench.room.front.idle.is_set():  # noqa: ASYNC110 (it waits for the clearing)
                    await asyncio.sleep(0.01)
            closing = asyncio.create_task(bench.host.close_table("oak", grace_s=20.0))
            await asyncio.sleep(0.1)
            assert not closing.done()
        await closing
        assert await nothing_at_stake(bench)
        assert (await bench.ledger.balance(player.id)).amount == 10_000
        await bench.host.open(table_spec())


async def test_a_close_that_can_t_pay_says_so_and_the_next_one_pays(
    bench: Bench,
    admin: "asyncpg.Connection[asyncpg.Record]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("actors.table.SETTLE_S_MIN", 0.2)
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        async with admin.transaction():
            await admin.execute("LOCK TABLE wallet.transfers IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(CloseUnfinished):
                await bench.host.close_table("oak", grace_s=0.0)
        await bench.host.open(table_spec())
        await bench.host.close_table("oak", grace_s=20.0)
        assert await nothing_at_stake(bench)
        assert (await bench.ledger.balance(players[0].id)).amount == 10_000
        await bench.host.open(table_spec())


async def test_a_fault_while_showing_halts_the_table_and_its_clients_start_afresh(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])

        def fail(*_: Any) -> None:
            raise ValueError("no such view")

        monkeypatch.setattr(bench.room.broadcast, "publish", fail)
        await players[turn.seat].send(
            type="act", ref="x", hand=bench.room.machine.hand, action={"type": "call"}
        )
        assert await players[0].closed() == Close.MOVED
        assert "no such view" in bench.room.halted
        await bench.reopen()
        line = await back(bench, stack, players[1 - turn.seat])
        assert isinstance(await act(bench, line, type="check"), Accepted)


async def test_faults_of_one_hand_are_counted_from_process_to_process(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        hand = bench.room.machine.hand
        for fault in ("once", "twice"):
            assert bench.room.machine.game.playing
            await bench.room._flushed.wait()
            bench.room.not_written(fault)
            await bench.host._scribe.noted()
            await bench.take_over()
        line = await back(bench, stack, players[0])
        await next_hand(line, hand)
        assert sum(s.stack + s.added for s in bench.room.machine.seats.taken()) == 2_000


async def test_a_table_that_halts_on_its_way_to_another_process_keeps_nobody_waiting(
    bench: Bench,
) -> None:
    """Its hand does not end here any more: the next owner goes on with it, and counts the fault."""
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        hand = bench.room.machine.hand
        for fault in ("once", "twice"):
            assert bench.room.machine.game.playing
            await bench.room._flushed.wait()
            moving = asyncio.create_task(bench.host.hand_over("oak", 3_600.0))
            await asyncio.sleep(0)  # it waits for the end of the hand
            bench.room.not_written(fault)
            await moving
            assert "oak" not in bench.host.tables
            await bench.take_over(table_spec())
        line = await back(bench, stack, players[0])
        await next_hand(line, hand)
        assert sum(s.stack + s.added for s in bench.room.machine.seats.taken()) == 2_000


async def test_the_fault_of_a_table_is_noted_before_it_is_let_go(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slow the database is: who takes over next reads it once."""
    journal, order = bench.host._journal, list[str]()
    note, release = journal.note_fault, journal.release

    async def slowly(*fault: Any) -> None:
        await asyncio.sleep(0.1)
        await note(*fault)
        order.append("noted")

    async def let_go(*table: Any) -> None:
        order.append("let go")
        await release(*table)

    monkeypatch.setattr(journal, "note_fault", slowly)
    monkeypatch.setattr(journal, "release", let_go)
    async with AsyncExitStack() as stack:
        await seated(bench, stack)
        moving = asyncio.create_task(bench.host.hand_over("oak", 3_600.0))
        await asyncio.sleep(0)
        bench.room.not_written("a fault of ours")
        await moving
        assert order == ["noted", "let go"]


async def test_an_operators_move_is_no_fault(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        await seated(bench, stack)
        for _ in range(3):
            await bench.take_over()
        assert bench.room.machine.game.playing


async def test_a_process_without_a_journal_writer_gives_its_tables_up(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        bench.host._scribe._queue.append(None)  # type: ignore[arg-type]  # a bug of ours
        bench.host._scribe._wake.set()
        assert await players[0].closed() == Close.MOVED
        assert bench.room.fault


async def test_seats_whose_line_was_cut_with_the_lease_are_away_when_it_is_back(
    bench: Bench,
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        until, bench.room.lease_until = bench.room.lease_until, 0.0
        bench.room.lease_lapsed()
        await players[0].closed()
        bench.room.lease_renewed(until)
        assert [seat.connected for seat in bench.room.machine.seats.taken()] == [False, False]
        line = await back(bench, stack, players[0])
        await saw(line, e.CameBack)
        assert bench.room.machine.seats.at(0).connected


async def test_a_wallet_that_fails_refuses_the_request_and_frees_the_seat(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise BankFailed("a bug")

    async with AsyncExitStack() as stack:
        player = await stack.enter_async_context(bench.player())
        with monkeypatch.context() as broken:
            broken.setattr(bench.room.front._escrow, "_bank", _Bank(fail))
            answer = await player.ask(type="sit", buy_in=1_000, seat=0)
        assert isinstance(answer, Refused)
        assert answer.code == "wallet_failed"
        assert isinstance(await player.ask(type="sit", buy_in=1_000, seat=0), Accepted)


class _Bank:
    def __init__(self, buy_in: Any) -> None:
        self.buy_in = buy_in


async def test_so_many_buy_ins_of_a_player_wait_for_the_wallet_and_no_more(
    pool: "asyncpg.Pool[asyncpg.Record]",
    app_dsn: str,
    tmp_path: Path,
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    limits = Limits(buy_ins_under_way_max=2)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        bench.player() as player,
    ):
        async with admin.transaction():
            await admin.execute("LOCK TABLE wallet.transfers IN ACCESS EXCLUSIVE MODE")
            for number in range(3):
                await player.send(type="sit", ref=f"r{number}", buy_in=1_000)
            refused = await player.answer("r2")
            assert isinstance(refused, Refused)
            assert refused.code == "too_fast"
        assert isinstance(await player.answer("r0"), Accepted)


async def test_who_comes_and_goes_without_end_is_sent_away_until_the_next_hand(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(rows_per_player_max=4)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        AsyncExitStack() as stack,
    ):
        players = await seated(bench, stack)
        for _ in range(2):
            await players[0].socket.close()
            await saw(players[1], e.WentAway)
            players[1].events.clear()
            players[0] = await back(bench, stack, players[0])
            await saw(players[1], e.CameBack)
        flapper = await stack.enter_async_context(bench.line(players[0].id))
        assert await flapper.closed() == Close.TOO_OFTEN
        bench.room.front.start_count()
        await back(bench, stack, players[0])


async def test_who_is_alone_at_a_table_may_always_leave_it_in_the_end(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    """There is no next hand that would let him ask again."""
    limits = Limits(rows_per_player_max=4, rows_pause_s=0.2)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        bench.player() as alone,
    ):
        assert isinstance(await alone.ask(type="sit", buy_in=1_000), Accepted)
        refused = 0
        while not refused:
            answer = await alone.ask(type="straddle", on=False)
            refused += isinstance(answer, Refused)
        while isinstance(await alone.ask(type="stand"), Refused):
            refused += 1
            await asyncio.sleep(0.05)
        assert bench.room.machine.seats.taken() == []


async def test_one_opening_of_a_table_at_a_time(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        await seated(bench, stack)
        bench.room.not_written("a fault of ours")
        opened = await asyncio.gather(*(bench.host.open(table_spec()) for _ in range(3)))
        assert len({status.epoch for status in opened}) == 1


async def test_a_record_that_storage_refuses_closes_no_table(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: Any) -> None:
        raise asyncpg.UntranslatableCharacterError("unsupported Unicode escape sequence")

    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        monkeypatch.setattr("actors.archive.Archive.save", refuse)
        hand = bench.room.machine.hand
        await act(bench, players[(await begun(players[0])).seat], type="fold")
        await next_hand(players[0], hand)
        await bench.crash()
        assert bench.room.machine.game.playing
