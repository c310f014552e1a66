"""Journal before show, recovery inside a hand, one owner: over real stores and sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
import pytest

from actors import commands as c
from actors.journal import Entry
from actors.leases import Leases
from games.clock import ClockSpec
from games.holdem import records as r
from games.protocol import RAIL
from tests.integration.seated import act, back, begun, next_hand, saw, seated, view_of
from tests.integration.table_bench import Bench, Player, open_bench, table_spec
from wire import events as e
from wire.codes import Close
from wire.limits import Limits
from wire.server_frames import Accepted, Refused, Update, Welcome

Admin = "asyncpg.Connection[asyncpg.Record]"
QUIET_S = 0.3


@pytest.fixture
async def bench(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> AsyncIterator[Bench]:
    async with open_bench(pool, app_dsn, tmp_path, table_spec()) as opened:
        yield opened


def cards_of(player: Player) -> tuple[int, ...]:
    dealt = [event for event in player.events if isinstance(event, r.HoleDealt) and event.cards]
    return dealt[-1].cards


def a_ref(answer: Accepted | Refused) -> str:
    assert answer.ref is not None
    return answer.ref


async def test_a_hand_goes_on_at_the_last_action_with_the_same_cards_and_pot(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        assert isinstance(await act(bench, players[turn.seat], type="raise", to=300), Accepted)
        await players[1 - turn.seat].until(r.Acted)
        before = bench.room.machine.view(RAIL, 0).hand
        epoch = bench.status.epoch
        await bench.crash()
        lines = [await back(bench, stack, player) for player in players]
        for line, player in zip(lines, players, strict=True):
            assert line.welcome is not None
            assert line.welcome.epoch == epoch + 1
            assert view_of(line).hand == before
            assert view_of(line).cards == cards_of(player)
        assert isinstance(await act(bench, lines[1 - turn.seat], type="call"), Accepted)
        await lines[0].until(r.BoardDealt)
        for seat in (1 - turn.seat, turn.seat) * 3:
            assert isinstance(await act(bench, lines[seat], type="check"), Accepted)
        ended = await saw(lines[0], r.HandEnded)
        await bench.settled()
        held = [(await bench.ledger.balance(player.id)).at_tables for player in players]
        assert sorted(held) == sorted(ended.stacks)
        assert sum(held) == 2_000


async def test_nothing_is_shown_before_it_is_on_disk(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        actor, other = players[turn.seat], players[1 - turn.seat]
        seen = len(other.events)
        async with admin.transaction():
            await admin.execute("LOCK TABLE actors.journal IN ACCESS EXCLUSIVE MODE")
            await actor.send(
                type="act", ref="x", hand=bench.room.machine.hand, action={"type": "call"}
            )
            # The machine has stepped, and the first thing anybody hears is that storage stalls.
            paused = await other.until(e.TablePaused)
            assert paused.reason == "storage"
            assert bench.room.machine.game.turn != turn.seat
            assert [type(event) for event in other.events[seen:]] == [e.TablePaused]
            newcomer = await stack.enter_async_context(bench.line(await bench.account()))
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(QUIET_S):
                    await newcomer.socket.recv()
        assert await actor.answer("x") == Accepted("x", turn.seat)
        await other.until(e.TableResumed)
        assert any(isinstance(event, r.Acted) for event in other.events[seen:])
        assert isinstance(await newcomer.read(), Welcome)


async def test_a_stalled_disk_costs_nobody_his_time(
    pool: "asyncpg.Pool[asyncpg.Record]",
    app_dsn: str,
    tmp_path: Path,
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    clock = ClockSpec(turn_ms=1_500, bank_ms=0, bank_ms_max=0, refill_ms=0)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(clock=clock)) as bench,
        AsyncExitStack() as stack,
    ):
        players = await seated(bench, stack)
        turn = await begun(players[0])
        async with admin.transaction():
            await admin.execute("LOCK TABLE actors.journal IN ACCESS EXCLUSIVE MODE")
            await players[turn.seat].send(
                type="act", ref="x", hand=bench.room.machine.hand, action={"type": "call"}
            )
            await players[0].until(e.TablePaused)
            frozen = bench.room.now()
            await asyncio.sleep(1.0)
            assert bench.room.now() == frozen
        await players[0].until(e.TableResumed)
        assert isinstance(await act(bench, players[1 - turn.seat], type="check"), Accepted)


async def test_a_request_repeated_after_a_crash_is_answered_the_same_and_done_once(
    bench: Bench,
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        actor = players[turn.seat]
        hand, number = bench.room.machine.hand, bench.room.machine.turn
        request = {"type": "act", "ref": "same", "hand": hand, "turn": number,
                   "action": {"type": "raise", "to": 400}}  # fmt: skip
        first = await actor.ask(**request)
        await bench.crash()
        line = await back(bench, stack, actor)
        assert await line.ask(**request) == first
        hand_view = bench.room.machine.view(RAIL, 0).hand
        assert hand_view is not None
        assert max(hand_view.bets) == 400
        top_up = {"type": "top_up", "ref": "more", "amount": 500}
        answer = await line.ask(**top_up)
        await bench.crash()
        line = await back(bench, stack, actor)
        assert await line.ask(**top_up) == answer
        assert (await bench.ledger.balance(actor.id)).at_tables == 1_500


async def test_chips_between_ledger_and_seat_are_brought_in_once_or_go_home(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        seat = bench.room.machine.seats.at(0)
        session, epoch = UUID(seat.session), bench.status.epoch
        key = f"in:{seat.session}:lost"
        # Committed, and the process dies before the table hears of it.
        await bench.ledger.buy_in(players[0].id, "oak", session, 700, key, epoch)
        stranger = await bench.account()
        orphan = UUID(int=77)
        await bench.ledger.buy_in(stranger, "oak", orphan, 2_000, f"in:{orphan}", epoch)
        await bench.crash()
        line = await back(bench, stack, players[0])
        await bench.settled()
        mine = bench.room.machine.seats.at(0)
        assert mine.stack + mine.added == 1_700
        assert (await bench.ledger.balance(stranger)).amount == 10_000
        again = await line.ask(type="top_up", ref="lost", amount=700)
        assert isinstance(again, Accepted)
        assert (await bench.ledger.balance(players[0].id)).at_tables == 1_700
        assert mine.stack + mine.added == 1_700


async def test_a_hand_that_was_over_but_not_settled_is_settled_by_the_next_owner(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        async with admin.transaction():
            await admin.execute("LOCK TABLE wallet.transfers IN ACCESS EXCLUSIVE MODE")
            await act(bench, players[turn.seat], type="fold")
            ended = await saw(players[0], r.HandEnded)
            spec = bench.room.spec
            await bench.host.abandon()
        await bench.take_over(spec)
        await bench.settled()
        held = [(await bench.ledger.balance(player.id)).at_tables for player in players]
        assert sorted(held) == sorted(ended.stacks)
        assert await admin.fetchval("SELECT count(*) FROM actors.hands") == 1


async def test_the_old_owner_is_fenced_and_silent(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        old = bench.status.epoch
        hand = bench.room.machine.hand
        await bench.take_over()
        rows = await admin.fetchval("SELECT count(*) FROM actors.journal WHERE epoch = $1", old)
        # He does not know yet: he steps, and may show nothing of it.
        seen = len(players[1 - turn.seat].events)
        actor = players[turn.seat]
        machine = bench.hosts[0].tables["oak"].machine
        await actor.send(type="act", ref="late", hand=hand, turn=machine.turn,
                         action={"type": "raise", "to": 900})  # fmt: skip
        assert await actor.closed() == Close.MOVED
        assert await players[1 - turn.seat].closed() == Close.MOVED
        assert players[1 - turn.seat].events[seen:] == []
        same = await admin.fetchval("SELECT count(*) FROM actors.journal WHERE epoch = $1", old)
        assert same == rows
        assert bench.room.machine.game.turn == turn.seat
        line = await back(bench, stack, actor)
        assert isinstance(await act(bench, line, type="call"), Accepted)


async def test_an_owner_whose_lease_ran_out_is_silent_until_it_is_renewed(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        room = bench.room
        until = room.lease_until
        room.lease_until = 0.0
        room.lease_lapsed()
        assert await players[0].closed() == Close.RESTARTING
        refused = await stack.enter_async_context(bench.line(players[0].id))
        assert await refused.closed() == Close.RESTARTING
        room.lease_renewed(until)
        line = await back(bench, stack, players[0])
        assert view_of(line).hand is not None
        assert not room.clock.frozen


async def test_the_journal_shows_no_live_cards(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with AsyncExitStack() as stack:
        await seated(bench, stack)
        dealer = bench.room.machine.dealer
        rows = await admin.fetch("SELECT kind, body FROM actors.journal ORDER BY seq")
        for seed in (dealer.seed, dealer.used_seed):
            assert len(seed) == 32
            assert not any(seed in row["body"] for row in rows)
        deals = [row["body"] for row in rows if row["kind"] == "Deal"]
        assert len(deals) == 1
        entry = msgspec.msgpack.decode(deals[0], type=Entry)
        assert isinstance(entry.command, c.Deal)
        assert (entry.command.seed, entry.command.deck) == (b"", None)
        assert len(entry.sealed) > 32
        kinds = {"Snapshot", "TakeOver", "SitDown", "CommitSeed", "Deal"}
        assert {row["kind"] for row in rows} == kinds


@pytest.mark.parametrize("harm", ["body", "digest", "key"])
async def test_a_hand_that_does_not_replay_is_void_and_every_stake_as_before(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]", tmp_path: Path, harm: str
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        await act(bench, players[turn.seat], type="raise", to=400)
        hand, spec = bench.room.machine.hand, bench.room.spec
        await bench.host.abandon()
        last = "(SELECT max(seq) FROM actors.journal)"
        if harm == "body":
            entry = Entry(c.Act(1, str(players[0].id), hand, r.Fold()))
            await admin.execute(f"UPDATE actors.journal SET body = $1 WHERE seq = {last}",
                                msgspec.msgpack.encode(entry))  # fmt: skip
        elif harm == "digest":
            await admin.execute(f"UPDATE actors.journal SET digest = 'x' WHERE seq = {last}")
        else:
            (tmp_path / "journal" / "0001.key").write_bytes(b"k" * 32)
        await bench.take_over(spec)
        assert not bench.room.machine.game.playing
        assert [seat.stack for seat in bench.room.machine.seats.taken()] == [1_000, 1_000]
        voided = await admin.fetchval("SELECT voided FROM actors.hands WHERE hand = $1", hand)
        assert (voided or "") != "" or harm == "key"
        lines = [await back(bench, stack, player) for player in players]
        await next_hand(lines[0], hand)


async def test_the_running_turn_has_its_minimum_after_a_take_over(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    spec = table_spec(resume_ms=400_000)
    async with open_bench(pool, app_dsn, tmp_path, spec) as bench, AsyncExitStack() as stack:
        await seated(bench, stack)
        deadline = bench.room.machine.clock.deadline
        # 500 of 600 s are gone when somebody comes in, which is journalled, and the process dies.
        bench.room.clock._offset += 500_000
        visitor = await stack.enter_async_context(bench.player())
        assert isinstance(await visitor.ask(type="sit", buy_in=1_000, seat=2), Accepted)
        assert bench.room.machine.clock.remaining(bench.room.now()) <= 100_000
        await bench.crash()
        left = bench.room.machine.clock.remaining(bench.room.now())
        assert 390_000 < left <= 400_000
        assert bench.room.machine.clock.deadline > deadline


async def test_an_operator_pauses_resumes_and_voids(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        hand = bench.room.machine.hand
        assert await bench.host.operate("oak", c.Pause(bench.room.now(), "op")) is None
        refused = await act(bench, players[turn.seat], type="call")
        assert isinstance(refused, Refused)
        assert refused.code == "table_paused"
        await bench.crash()
        assert bench.room.clock.frozen
        line = await back(bench, stack, players[turn.seat])
        assert view_of(line).paused == "operator"
        assert await bench.host.operate("oak", c.Resume(bench.room.now(), "op")) is None
        await line.until(e.TableResumed)
        assert isinstance(await act(bench, line, type="raise", to=500), Accepted)
        stale = await bench.host.operate("oak", c.VoidHand(0, hand + 1, "test", "op"))
        assert stale is not None
        assert stale.code == "stale_hand"
        void = c.VoidHand(bench.room.now(), hand, "the wrong deck", "op")
        assert await bench.host.operate("oak", void) is None
        voided = await line.until(r.HandVoided)
        assert voided.stacks == (1_000, 1_000)
        await bench.settled()
        kept = await admin.fetchrow("SELECT voided, events FROM actors.hands WHERE hand = $1", hand)
        assert kept is not None
        assert kept["voided"] == "the wrong deck"
        kinds = {row["kind"] for row in await admin.fetch("SELECT kind FROM actors.journal")}
        assert kinds >= {"Pause", "Resume", "VoidHand"}


async def test_a_table_that_moves_keeps_its_players_in_their_seats(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        spec = bench.room.spec
        moving = asyncio.create_task(bench.host.hand_over("oak", 30.0))
        # The hand in play ends where it began.
        assert isinstance(await act(bench, players[turn.seat], type="fold"), Accepted)
        await moving
        assert await players[0].closed() == Close.MOVED
        await bench.take_over(spec)
        lines = [await back(bench, stack, player) for player in players]
        assert {seat.seat for seat in view_of(lines[0]).seats} == {0, 1}
        await next_hand(lines[0], 1)


async def test_a_changed_spec_waits_for_the_hand_that_was_dealt_under_the_old_one(
    bench: Bench,
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        dearer = msgspec.structs.replace(bench.room.spec, name="Oak II")
        await bench.crash(dearer)
        assert bench.room.spec.name == "Oak"
        line = await back(bench, stack, players[turn.seat])
        await bench.host.operate("oak", c.Pause(bench.room.now(), "op"))
        await bench.host.operate("oak", c.VoidHand(0, bench.room.machine.hand, "x", "op"))
        await line.until(r.HandVoided)
        await bench.settled()
        await bench.crash(dearer)
        assert bench.room.spec.name == "Oak II"


async def test_a_returning_client_gets_what_it_missed_or_is_told_to_start_afresh(
    bench: Bench,
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = await begun(players[0])
        epoch = bench.status.epoch
        await act(bench, players[turn.seat], type="call")
        same = await back(bench, stack, players[0], f"&epoch={epoch}&seq=1")
        assert same.welcome is not None
        assert same.welcome.view is None
        assert same.welcome.missed > 0
        assert isinstance(await same.read(), Update)
        await bench.crash()
        fresh = await back(bench, stack, players[0], f"&epoch={epoch}&seq=1")
        assert fresh.welcome is not None
        assert fresh.welcome.missed == 0
        assert fresh.welcome.view is not None


async def test_a_table_that_waits_for_its_disk_takes_only_so_many_requests(
    pool: "asyncpg.Pool[asyncpg.Record]",
    app_dsn: str,
    tmp_path: Path,
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    limits = Limits(pending_max=4)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        AsyncExitStack() as stack,
    ):
        player = (await seated(bench, stack))[0]
        async with admin.transaction():
            await admin.execute("LOCK TABLE actors.journal IN ACCESS EXCLUSIVE MODE")
            for number in range(6):
                await player.send(type="sit_out", ref=f"r{number}", on=number % 2 == 0)
            refused = await player.answer("r5")
            assert isinstance(refused, Refused)
            assert refused.code == "table_busy"
        # What was taken is answered; what was refused may be asked again.
        assert isinstance(await player.answer("r1"), Accepted)
        await bench.room._flushed.wait()
        again = await player.ask(type="sit_out", ref="r5", on=False)
        assert isinstance(again, Accepted)


async def test_one_player_can_t_fill_the_journal_of_a_hand(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(rows_per_player_max=6)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        AsyncExitStack() as stack,
    ):
        players = await seated(bench, stack)
        seat = (await begun(players[0])).seat
        toggler, hand = players[seat], bench.room.machine.hand
        answers = [await toggler.ask(type="sit_out", on=n % 2 == 0) for n in range(7)]
        codes = [getattr(answer, "code", "accepted") for answer in answers]
        assert codes == ["accepted"] * 6 + ["too_fast"]
        # What he was answered before, he is answered again.
        assert isinstance(
            await toggler.ask(type="sit_out", on=True, ref=a_ref(answers[0])), Accepted
        )
        # He can still play, and the next hand starts a new count.
        assert isinstance(await act(bench, toggler, type="fold"), Accepted)
        while bench.room.machine.hand == hand:
            await toggler.read()
        assert isinstance(await toggler.ask(type="sit_out", on=True), Accepted)


async def test_a_hand_that_meets_our_faults_twice_is_void(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        hand = bench.room.machine.hand
        bench.room._halt("a fault of ours")
        assert await players[0].closed() == Close.MOVED
        await bench.reopen()
        assert bench.room.machine.game.playing
        await bench.room._flushed.wait()
        bench.room._halt("again")
        await bench.reopen()
        line = await back(bench, stack, players[0])
        await next_hand(line, hand)
        kept = [s.stack + s.added for s in bench.room.machine.seats.taken()]
        assert sum(kept) == 2_000


async def test_more_answers_than_are_saved_are_the_newest(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(replies_saved_max=2)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        AsyncExitStack() as stack,
    ):
        player = await stack.enter_async_context(bench.player())
        await player.ask(type="sit", buy_in=1_000, seat=0)
        for number in range(4):
            await player.ask(type="sit_out", ref=f"r{number}", on=number % 2 == 0)
        bench.room._write_snapshot()
        await bench.room._flushed.wait()
        await bench.crash()
        assert bench.room.front.replies.begin(str(player.id), "r3") == (False, Accepted("r3", 0))
        assert bench.room.front.replies.begin(str(player.id), "r1")[0]


async def test_a_lease_that_is_lost_ends_the_table_and_one_that_can_t_be_renewed_silences_it(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    leases = Leases(bench.host._journal, bench.host.tables)
    until, bench.room.lease_until = bench.room.lease_until, 0.0
    leases.lapse()
    frozen = [bench.room.clock.frozen]
    await leases.renew()
    assert bench.room.lease_until >= until
    assert [*frozen, bench.room.clock.frozen] == [True, False]
    await admin.execute("UPDATE actors.tables SET epoch = epoch + 1")
    await leases.renew()
    assert bench.room.halted == "stale_epoch"
