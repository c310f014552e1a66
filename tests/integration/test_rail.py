"""Spectators, with a real Redis between them and the table: order, secrets, cost, delay, losses."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from client.state import TableState
from games.holdem import records as r
from games.protocol import NO_SEAT, RAIL
from serve.embedded_valkey import EmbeddedValkey
from tests.fanout import client, until
from tests.integration.rail_bench import QUICK, RailBench, Spectator, fold_hands, open_rail
from tests.integration.seated import act, saw, seated
from tests.integration.table_bench import Bench, open_bench, table_spec
from wire.codec import JSON, MSGPACK
from wire.codes import Close, Code
from wire.rail import Kind, Told, news_of, packed, unpacked
from wire.server_frames import Accepted, Pong, Refused, Update, Welcome

CROWD = 300
HANDS = 20


@pytest.fixture
async def bench(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path, valkey: EmbeddedValkey
) -> AsyncIterator[Bench]:
    opened = open_bench(pool, app_dsn, tmp_path, table_spec(), redis_url=valkey.url, rail=QUICK)
    async with opened as running:
        yield running


@pytest.fixture
async def rail(valkey: EmbeddedValkey) -> AsyncIterator[RailBench]:
    async with open_rail(valkey.url) as running:
        yield running


def as_the_table_is(bench: Bench) -> TableState:
    """What a spectator who came just now would know."""
    room, state = bench.room, TableState()
    view = room.machine.view(RAIL, room.now())
    state.welcome(Welcome("oak", room.epoch, room.broadcast.seq, NO_SEAT, 0, view), 0.0)
    return state


def assert_sees(spectator: Spectator, bench: Bench) -> None:
    seen, real = spectator.state, as_the_table_is(bench)
    assert (seen.epoch, seen.seq, seen.hand) == (real.epoch, real.seq, real.hand)
    assert {at: seat.stack for at, seat in seen.seats.items()} == {
        at: seat.stack for at, seat in real.seats.items()
    }
    if real.playing:
        assert (seen.board, seen.pot, seen.turn) == (real.board, real.pot, real.turn)


async def test_spectators_see_a_showdown_and_no_card_before_it(
    bench: Bench, rail: RailBench
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        eyes = [
            await stack.enter_async_context(rail.spectator(codec=codec))
            for codec in (JSON, MSGPACK)
        ]
        for eye in eyes:
            assert isinstance(await eye.read(), Welcome)
        room = bench.room
        for action in ({"type": "raise", "to": 1_000}, {"type": "call"}):
            answer = await act(bench, players[room.machine.game.turn], **action)
            assert isinstance(answer, Accepted), answer
        await saw(players[0], r.HandEnded)
        for eye in eyes:
            await eye.until(room.epoch, room.broadcast.seq)
            assert_sees(eye, bench)
            kinds = [type(event) for event in eye.events]
            assert kinds.count(r.HandShown) == 2
            assert kinds.index(r.Acted) < kinds.index(r.HandShown)
            dealt = [event for event in eye.events if isinstance(event, r.HoleDealt)]
            assert not any(event.cards or event.proofs for event in dealt)
            for frame in eye.frames:
                if isinstance(frame, Welcome) and frame.view is not None:
                    assert frame.view.cards == ()
                    assert frame.view.hand is not None
                    assert set(frame.view.hand.shown) == {()}
        assert eyes[0].events == eyes[1].events


async def test_a_rail_of_hundreds_costs_the_table_one_message_an_update(
    bench: Bench, rail: RailBench, valkey: EmbeddedValkey
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        redis = await stack.enter_async_context(client(valkey.url))
        line = await stack.enter_async_context(redis.pubsub())
        await line.subscribe(news_of("oak"))
        eyes = [await stack.enter_async_context(rail.spectator()) for _ in range(CROWD)]
        reading = [asyncio.create_task(eye.read()) for eye in eyes]
        await asyncio.gather(*reading)
        before = bench.room.broadcast.seq
        assert bench.host.press is not None
        told = bench.host.press.mouth.told
        at = await fold_hands(bench, players, HANDS)
        await asyncio.gather(*(eye.until(*at) for eye in eyes))
        for eye in eyes:
            assert_sees(eye, bench)
            assert len(eye.welcomes) == 1
        updates = at[1] - before
        assert updates >= 2 * HANDS
        seen: list[Told] = []
        while not seen or (seen[-1].kind, seen[-1].seq) != (Kind.UPDATE, at[1]):
            said: Any = await line.get_message(timeout=5.0)
            assert said is not None
            if said["type"] == "message" and (one := unpacked(said["data"])) is not None:
                seen.append(one)
        numbers = [one.seq for one in seen if one.kind is Kind.UPDATE and one.seq > before]
        assert numbers == list(range(before + 1, at[1] + 1)), "each once, in order"
        # Beside them: answers to one rail that renews, and a fresh snapshot now and then.
        assert bench.host.press.mouth.told - told >= updates
        snapshots = [one for one in seen if one.kind is Kind.SNAPSHOT]
        assert len(snapshots) <= 2 + CROWD // QUICK.tail_frames_max + updates


async def test_a_table_that_nobody_watches_tells_nothing(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        await fold_hands(bench, players, 3)
        assert bench.host.press is not None
        await until(lambda: bench.host.press is not None and bench.host.press.mouth.told)
        assert bench.host.press.mouth.told == 1, "that it was opened"
        assert bench.room.broadcast.rail is None


async def test_a_table_that_nobody_follows_any_more_falls_silent(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path, valkey: EmbeddedValkey
) -> None:
    limits = msgspec.structs.replace(QUICK, watched_s=0.3, linger_s=0.1)
    async with (
        open_bench(
            pool, app_dsn, tmp_path, table_spec(), redis_url=valkey.url, rail=limits
        ) as bench,
        AsyncExitStack() as stack,
    ):
        players = await seated(bench, stack)
        async with open_rail(valkey.url, limits) as rail:
            async with rail.spectator() as eye:
                await eye.read()
                assert bench.room.broadcast.rail is not None
            await until(lambda: not rail.rail.stands)
        while bench.room.broadcast.rail is not None:
            await fold_hands(bench, players, 1)


async def test_a_delay_shows_everything_later_in_the_same_order(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path, valkey: EmbeddedValkey
) -> None:
    spec = table_spec(rail_delay_s=1)
    async with (
        open_bench(pool, app_dsn, tmp_path, spec, redis_url=valkey.url, rail=QUICK) as bench,
        open_rail(valkey.url) as rail,
        AsyncExitStack() as stack,
    ):
        players = await seated(bench, stack)
        began = time.monotonic()
        eye = await stack.enter_async_context(rail.spectator())
        assert isinstance(await eye.read(), Welcome)
        assert time.monotonic() - began >= 1.0
        for _ in range(3):
            before, asked = eye.state.seq, time.monotonic()
            at = await fold_hands(bench, players, 1)
            late = await stack.enter_async_context(rail.spectator())
            await late.read()
            assert late.state.seq <= before + 1, "he sees no more than the others"
            await eye.until(at[0], before + 1)
            assert time.monotonic() - asked >= 1.0
            await asyncio.gather(eye.until(*at), late.until(*at))
            assert_sees(eye, bench)
            assert_sees(late, bench)


async def test_a_lost_message_is_made_good_by_a_snapshot(bench: Bench, rail: RailBench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        eye = await stack.enter_async_context(rail.spectator())
        await eye.read()
        tell = bench.room.broadcast.rail
        assert tell is not None
        lost = bench.room.broadcast.seq + 2
        bench.room.broadcast.rail = lambda update: None if update.seq == lost else tell(update)
        at = await fold_hands(bench, players, 2)
        await eye.until(*at)
        assert len(eye.welcomes) >= 2
        assert_sees(eye, bench)
        shown = [frame.seq for frame in eye.frames if isinstance(frame, Update)]
        assert lost not in shown


async def test_the_last_message_may_be_lost_too(bench: Bench, rail: RailBench) -> None:
    """Nothing follows that would show it, except the table's answer to a renewal."""
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        eye = await stack.enter_async_context(rail.spectator())
        await eye.read()
        bench.room.broadcast.rail = lambda update: None
        at = await fold_hands(bench, players, 1)
        await eye.until(*at)
        assert_sees(eye, bench)


async def test_the_rail_waits_while_redis_is_dead_and_the_table_plays_on(
    bench: Bench, rail: RailBench, valkey: EmbeddedValkey
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        eyes = [await stack.enter_async_context(rail.spectator()) for _ in range(3)]
        for eye in eyes:
            await eye.read()
        for _ in range(2):
            async with client(valkey.url) as redis:
                pid = int((await redis.info("server"))["process_id"])
            os.kill(pid, signal.SIGKILL)
            await until(lambda: valkey.has_died)
            await fold_hands(bench, players, 5)
            assert bench.host.press is not None
            assert bench.host.press.mouth.waiting <= QUICK.messages_waiting_max
            valkey.revive()
            at = await fold_hands(bench, players, 1)
            for eye in eyes:
                await eye.until(*at)
                assert_sees(eye, bench)
        assert all(len(eye.welcomes) >= 3 for eye in eyes)


async def test_a_rail_whose_line_is_cut_misses_nothing(
    bench: Bench, rail: RailBench, valkey: EmbeddedValkey
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        eye = await stack.enter_async_context(rail.spectator())
        redis = await stack.enter_async_context(client(valkey.url))
        await eye.read()
        for _ in range(4):
            await redis.client_kill_filter(_type="pubsub")
            at = await fold_hands(bench, players, 3)
            await eye.until(*at)
            assert_sees(eye, bench)


async def test_spectators_stay_when_a_table_goes_on_elsewhere(
    bench: Bench, rail: RailBench
) -> None:
    async with AsyncExitStack() as stack:
        await seated(bench, stack)
        eye = await stack.enter_async_context(rail.spectator())
        await eye.read()
        for lose in (bench.crash, bench.take_over):
            epoch = bench.room.epoch
            await lose()
            await eye.until(epoch + 1, 0)
            assert eye.welcomes[-1].epoch == epoch + 1
            assert eye.state.hand == bench.room.machine.hand


async def test_one_who_comes_back_to_the_rail_gets_what_he_missed(
    bench: Bench, rail: RailBench
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        stays = await stack.enter_async_context(rail.spectator())
        async with rail.spectator() as eye:
            await asyncio.gather(eye.read(), stays.read())
        at = await fold_hands(bench, players, 2)
        await stays.until(*at)
        extra = f"&epoch={eye.state.epoch}&seq={eye.state.seq}"
        again = await stack.enter_async_context(rail.spectator(extra=extra))
        welcome = await again.read()
        assert isinstance(welcome, Welcome)
        if welcome.view is None:  # unless a fresh snapshot has come meanwhile
            assert welcome.missed == at[1] - eye.state.seq
        assert welcome.seq <= at[1]


async def test_a_closed_table_sends_its_spectators_away(bench: Bench, rail: RailBench) -> None:
    async with rail.spectator() as eye:
        await eye.read()
        await bench.host.close_table("oak", grace_s=1.0)
        assert await eye.closed() == Close.TABLE_CLOSED


async def test_who_watches_a_table_that_is_gone_is_sent_to_ask(valkey: EmbeddedValkey) -> None:
    limits = msgspec.structs.replace(QUICK, watched_s=0.2, silent_s_max=0.4)
    async with open_rail(valkey.url, limits) as rail:
        async with rail.spectator("elm") as eye:
            assert await eye.closed() == Close.MOVED
        assert eye.frames == []
        assert not rail.rail.stands


async def test_only_rail_tickets_are_good_on_a_rail(bench: Bench, rail: RailBench) -> None:
    good = rail.ticket()
    async with rail.spectator(ticket=good) as eye:
        assert isinstance(await eye.read(), Welcome)
    for ticket, code in (
        (good, Close.TICKET_USED),
        (rail.ticket(role="seat"), Close.TICKET_ELSEWHERE),
        (rail.ticket(epoch=1), Close.TICKET_ELSEWHERE),
        (rail.ticket("elm"), Close.TICKET_ELSEWHERE),
        (rail.ticket(now=time.time() - 31), Close.TICKET_EXPIRED),
        ("x", Close.TICKET_INVALID),
    ):
        async with rail.spectator(ticket=ticket) as eye:
            assert await eye.closed() == code
    assert set(rail.rail.stands) == {"oak"}, "nobody makes a stand by its name alone"


async def test_spectators_ask_for_nothing(bench: Bench, rail: RailBench) -> None:
    async with rail.spectator(codec=JSON) as eye:
        await eye.read()
        await eye.socket.send('{"type":"sit","ref":"a","buy_in":1000}')
        refused = await eye.read()
        assert isinstance(refused, Refused)
        assert refused.code == Code.RAIL_CANNOT_PLAY
        await eye.socket.send('{"type":"ping","ref":"b"}')
        assert await eye.read() == Pong("b")


async def test_a_rail_has_an_end(bench: Bench, valkey: EmbeddedValkey) -> None:
    limits = msgspec.structs.replace(QUICK, spectators_per_table_max=2, tables_followed_max=1)
    async with open_rail(valkey.url, limits) as rail, AsyncExitStack() as stack:
        for _ in range(2):
            eye = await stack.enter_async_context(rail.spectator())
            await eye.read()
        for table in ("oak", "elm"):
            async with rail.spectator(table) as late:
                assert await late.closed() == Close.TABLE_CROWDED
        assert rail.rail.spectators == 2


async def test_messages_that_are_none_change_nothing(
    bench: Bench, rail: RailBench, valkey: EmbeddedValkey
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        eye = await stack.enter_async_context(rail.spectator())
        redis = await stack.enter_async_context(client(valkey.url))
        await eye.read()
        for noise in (b"", b"x" * 40, packed(Told(Kind.UPDATE, 0, 10**6, 0, b"old"))):
            await redis.publish(news_of("oak"), noise)
        at = await fold_hands(bench, players, 1)
        await eye.until(*at)
        assert len(eye.welcomes) == 1


async def test_one_who_does_not_read_is_cut_and_the_others_see_all(
    bench: Bench, rail: RailBench
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        eye = await stack.enter_async_context(rail.spectator())
        deaf = await stack.enter_async_context(rail.spectator())
        await asyncio.gather(eye.read(), deaf.read())
        deaf_line = list(rail.rail.stands["oak"].presence)[1]
        assert deaf_line.player_id != next(iter(rail.rail.stands["oak"].presence)).player_id
        # What he has not read fills the sockets between, then his outbox.
        part = bytes(rail.rail.limits.outbox_bytes_max // 4)
        for _ in range(4_000):
            deaf_line.send_bytes(part)
            if deaf_line.gone:
                break
        assert deaf_line.gone
        at = await fold_hands(bench, players, 1)
        await eye.until(*at)
        assert rail.rail.spectators <= 2


async def test_spectators_who_come_and_go_see_the_table_move_each_time(
    bench: Bench, valkey: EmbeddedValkey
) -> None:
    """The rail leaves a table that nobody watches, and follows it anew."""
    limits = msgspec.structs.replace(QUICK, linger_s=0.05)
    async with open_rail(valkey.url, limits) as rail, AsyncExitStack() as stack:
        players = await seated(bench, stack)
        for pause in (0.0, 0.04, 0.05, 0.06, 0.1, 0.2) * 3:
            async with rail.spectator() as eye:
                await eye.read()
                at = await fold_hands(bench, players, 1)
                await eye.until(*at)
                assert_sees(eye, bench)
            await asyncio.sleep(pause)


async def test_one_who_comes_long_after_the_others_is_shown_the_table_too(
    bench: Bench, valkey: EmbeddedValkey
) -> None:
    """By then the first snapshot is no longer good."""
    limits = msgspec.structs.replace(QUICK, tail_frames_max=2)
    async with open_rail(valkey.url, limits) as rail, AsyncExitStack() as stack:
        players = await seated(bench, stack)
        first = await stack.enter_async_context(rail.spectator())
        await first.read()
        await first.until(*await fold_hands(bench, players, 5))
        assert rail.rail.stands["oak"].track.picture() is None
        late = await stack.enter_async_context(rail.spectator())
        await late.read()
        assert_sees(late, bench)
        at = await fold_hands(bench, players, 1)
        await asyncio.gather(first.until(*at), late.until(*at))
        assert len(first.welcomes) == 1
