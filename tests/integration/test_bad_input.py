"""Everything a client can do wrong: a stable code, nothing lost, the table goes on."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import asyncpg
import pytest
from picows import WSListener, ws_connect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from auth.keys import SigningKeys
from tests.integration import table_bench
from tests.integration.table_bench import LOST, Bench, Player, open_bench, table_spec
from wire.codec import JSON
from wire.codes import Close
from wire.events import TurnBegan
from wire.limits import Limits
from wire.server_frames import Accepted, Pong, Refused, Welcome

LIMITS = Limits(bad_frames_max=12, frames_per_second=1_000, frames_burst=1_000,
                replies_per_player_max=1_000)  # fmt: skip


@pytest.fixture
async def bench(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> AsyncIterator[Bench]:
    async with open_bench(pool, app_dsn, tmp_path, table_spec(), LIMITS) as opened:
        yield opened


async def seat_two(bench: Bench, stack: AsyncExitStack) -> tuple[Player, Player]:
    a = await stack.enter_async_context(bench.player())
    b = await stack.enter_async_context(bench.player())
    for seat, player in enumerate((a, b)):
        assert isinstance(await player.ask(type="sit", buy_in=1_000, seat=seat), Accepted)
    await b.until(TurnBegan)
    return a, b


async def refused(player: Player, **request: Any) -> str:
    answer = await player.ask(**request)
    assert isinstance(answer, Refused)
    assert answer.message.endswith(".")
    return answer.code


@pytest.mark.parametrize(
    ("frame", "code", "ref"),
    [
        ("{", "frame_unreadable", None),
        ("[]", "frame_unknown", None),
        ("null", "frame_unknown", None),
        ('{"type":"teleport","ref":"r"}', "frame_unknown", "r"),
        ('{"type":["act"],"ref":"r"}', "frame_unknown", "r"),
        ('{"ref":"r"}', "frame_unknown", "r"),
        ('{"type":"stand","ref":"a\\n"}', "frame_invalid", "a\n"),
        ('{"type":"stand","ref":"a\\u0000"}', "frame_invalid", "a\0"),
        ('{"type":"stand","ref":"\\u2660"}', "frame_invalid", "\u2660"),
        ('{"type":"sit","ref":"r","buy_in":"1000"}', "frame_invalid", "r"),
        ('{"type":"sit","ref":"r","buy_in":-5}', "frame_invalid", "r"),
        ('{"type":"sit","ref":"r","buy_in":10.5}', "frame_invalid", "r"),
        ('{"type":"sit","ref":"r","buy_in":9007199254740993}', "frame_invalid", "r"),
        ('{"type":"sit","ref":"r","buy_in":1000,"admin":true}', "frame_invalid", "r"),
        ('{"type":"act","ref":"r","hand":1,"action":{"type":"win"}}', "frame_invalid", "r"),
        ('{"type":"act","ref":"r","hand":1}', "frame_invalid", "r"),
        ('{"type":"stand"}', "frame_invalid", None),
        ('{"type":"stand","ref":""}', "frame_invalid", None),
        ('{"type":"stand","ref":"' + "r" * 41 + '"}', "frame_invalid", None),
    ],
)
async def test_a_frame_of_the_wrong_form_is_refused_and_the_line_stays(
    bench: Bench, frame: str, code: str, ref: str | None
) -> None:
    async with bench.player() as player:
        await player.socket.send(frame)
        answer = await player.answer(ref)
        assert isinstance(answer, Refused)
        assert answer.code == code
        await player.send(type="ping", ref="still here")
        assert await player.read() == Pong("still here")


async def test_too_many_bad_frames_end_the_line(bench: Bench) -> None:
    async with bench.player() as player:
        for _ in range(LIMITS.bad_frames_max):
            await player.socket.send("nonsense")
        assert await player.closed() == Close.BAD_FRAMES


async def test_an_oversize_frame_ends_the_line(bench: Bench) -> None:
    async with bench.player() as player:
        await player.socket.send("x" * (LIMITS.frame_bytes_max + 1))
        assert await player.closed() == Close.FRAME_TOO_BIG
    async with bench.player() as player:
        # In fragments as well: the sum counts.
        await player.socket.send("y" * 1_000 for _ in range(5))
        assert await player.closed() == Close.FRAME_TOO_BIG
    async with bench.player() as player:
        await player.socket.send("z" * 1_000_000)
        assert await player.closed() == 1009


async def test_one_who_sends_too_fast_is_read_more_slowly_and_keeps_his_line(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(frames_per_second=5, frames_burst=5)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        bench.player() as player,
    ):
        for number in range(8):
            await player.send(type="ping", ref=str(number))
        answers = [await player.read() for _ in range(8)]
        assert [type(answer) for answer in answers] == [Pong] * 5 + [Refused] * 3
        # Sent at once, read when his bucket has a token again: this one is answered, not refused.
        await player.send(type="ping", ref="later")
        assert await player.read() == Pong("later")


async def test_one_whom_slowness_teaches_nothing_is_cut(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(frames_per_second=20, frames_burst=20, slowdowns_max=3)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        bench.player() as player,
    ):
        answered = await _pings_answered_until_cut(player)
        assert await player.closed() == Close.TOO_FAST
        # His bucket, and a frame for each time that he was slowed.
        assert answered >= limits.frames_burst + limits.slowdowns_max


async def _pings_answered_until_cut(player: Player) -> int:
    answered = 0
    try:
        while True:
            await player.send(type="ping", ref="again")
            answered += isinstance(await player.read(), Pong)
    except ConnectionClosed:
        return answered


async def test_one_who_sends_too_fast_is_told_and_then_cut(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(frames_per_second=1, frames_burst=5)
    async with open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench:
        async with bench.player() as player:
            for number in range(20):
                await player.send(type="ping", ref=str(number))
            answer = await player.answer("5")
            assert isinstance(answer, Refused)
            assert answer.code == "too_fast"
            assert await player.closed() == Close.TOO_FAST
        async with bench.player() as other:
            await other.send(type="ping", ref="a")
            assert await other.read() == Pong("a")


async def test_a_client_that_does_not_read_is_cut_and_the_others_feel_nothing(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(frames_per_second=100_000, frames_burst=200_000, outbox_bytes_max=20_000,
                    replies_per_player_max=200_000)  # fmt: skip
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        bench.player() as slow,
        bench.player() as other,
    ):
        assert len(bench.host.tables["oak"].front.presence) == 2
        slow.socket.transport.pause_reading()
        # Its own answers fill first the kernel's buffers, then its outbox.
        for number in range(200_000):
            await slow.send(type="ping", ref=f"{number:040}")
            line = bench.host.tables["oak"].front.presence.of(str(slow.id))
            if line is None or line.gone:
                break
        async with asyncio.timeout(20):
            while len(bench.host.tables["oak"].front.presence) == 2:
                await other.send(type="ping", ref="b")
                assert await other.read() == Pong("b")
        slow.socket.transport.resume_reading()
        assert await slow.closed() in (Close.SLOW_CLIENT, LOST)


async def test_actions_out_of_turn_stale_or_illegal_are_refused(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        a, b = await seat_two(bench, stack)
        machine = bench.host.tables["oak"].machine
        actor, other = (a, b) if machine.game.turn == 0 else (b, a)
        hand = machine.hand
        chips = machine.chips

        async def act(player: Player, number: int = hand, **action: Any) -> str:
            return await refused(player, type="act", hand=number, action=action)

        assert await act(other, type="fold") == "not_your_turn"
        assert await act(actor, hand - 1, type="fold") == "stale_hand"
        assert await act(actor, hand + 1, type="fold") == "stale_hand"
        late = {"type": "act", "hand": hand, "action": {"type": "call"}}
        assert await refused(actor, **late, turn=machine.turn - 1) == "stale_turn"
        assert await refused(actor, **late, turn=machine.turn + 1) == "stale_turn"
        assert await act(actor, type="check") == "cannot_check"
        assert await act(actor, type="raise", to=150) == "below_minimum"
        assert await act(actor, type="raise", to=-5) == "below_minimum"
        assert await act(actor, type="raise", to=1_001) == "above_stack"
        watcher = await stack.enter_async_context(bench.player())
        assert await act(watcher, type="fold") == "not_seated"
        async with bench.line(await bench.account(), bench.ticket(a.id, "rail")) as rail:
            assert await rail.closed() == Close.TICKET_ELSEWHERE
        assert machine.chips == chips
        assert machine.game.turn == (0 if actor is a else 1)
        answer = await actor.ask(type="act", hand=hand, action={"type": "call"})
        assert isinstance(answer, Accepted)


async def test_a_request_sent_twice_is_applied_once_and_answered_the_same(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        a, b = await seat_two(bench, stack)
        machine = bench.host.tables["oak"].machine
        actor = a if machine.game.turn == 0 else b
        call = {"type": "act", "ref": "once", "hand": machine.hand, "action": {"type": "call"}}
        first = await actor.ask(**call)
        assert isinstance(first, Accepted)
        turn = machine.turn
        assert await actor.ask(**call) == first
        assert machine.turn == turn
        # On a new line as well.
        async with bench.line(actor.id) as again:
            await again.read()
            assert await again.ask(**call) == first
        c = await stack.enter_async_context(bench.player())
        sit = {"type": "sit", "ref": "sit", "buy_in": 1_000}
        assert await c.ask(**sit) == await c.ask(**sit) == Accepted("sit", 2)
        assert (await bench.ledger.balance(c.id)).amount == 9_000


async def test_buy_ins_outside_the_limits_or_the_wallet_are_refused(bench: Bench) -> None:
    async with bench.player(chips=1_500) as player:
        assert await refused(player, type="sit", buy_in=999) == "buy_in_too_small"
        assert await refused(player, type="sit", buy_in=10_001) == "buy_in_too_large"
        assert await refused(player, type="sit", buy_in=2_000) == "wallet_too_small"
        assert await refused(player, type="sit", buy_in=1_000, seat=3) == "seat_unknown"
        assert await refused(player, type="top_up", amount=100) == "not_seated"
        assert await refused(player, type="stand") == "not_seated"
        # What was refused holds no seat and took no chips.
        assert bench.host.tables["oak"].machine.seats.held == {}
        assert isinstance(await player.ask(type="sit", buy_in=1_000), Accepted)
        assert await refused(player, type="sit", buy_in=1_000) == "already_seated"
        assert await refused(player, type="straddle", on=True) == "straddle_off"
        assert await refused(player, type="top_up", amount=1_000) == "wallet_too_small"
        assert (await bench.ledger.balance(player.id)).at_tables == 1_000


async def test_a_full_table_and_a_taken_seat_are_refused(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        await seat_two(bench, stack)
        late = await stack.enter_async_context(bench.player())
        assert await refused(late, type="sit", buy_in=1_000, seat=0) == "seat_taken"
        third = await stack.enter_async_context(bench.player())
        assert isinstance(await third.ask(type="sit", buy_in=1_000), Accepted)
        assert await refused(late, type="sit", buy_in=1_000) == "table_full"


async def test_a_top_up_asked_again_after_many_other_requests_is_not_done_again(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(frames_per_second=1_000, frames_burst=1_000, replies_per_player_max=1_000,
                    rows_per_player_max=10_000)  # fmt: skip
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        bench.player() as player,
    ):
        assert isinstance(await player.ask(type="sit", buy_in=1_000), Accepted)
        top_up = {"type": "top_up", "ref": "T", "amount": 10}
        first = await player.ask(**top_up)
        for _ in range(limits.replies_per_player_max + 1):
            await player.ask(type="sit_out", on=False)
        assert await player.ask(**top_up) == first
        assert (await bench.ledger.balance(player.id)).at_tables == 1_010


async def test_pings_cost_what_other_frames_cost(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(frames_per_second=1, frames_burst=5)
    async with open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench:
        async with bench.player() as player:
            await (await player.socket.ping())
            for number in range(20):
                await player.socket.ping(f"{number}")
            assert await player.closed() == Close.TOO_FAST
        async with bench.player() as player:
            await player.socket.send("" for _ in range(30))
            assert await player.closed() == Close.TOO_FAST


async def test_many_who_want_one_seat_at_once_get_it_once(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        rush = [await stack.enter_async_context(bench.player()) for _ in range(8)]
        answers = await asyncio.gather(
            *(player.ask(type="sit", buy_in=1_000, seat=1) for player in rush)
        )
        assert sum(isinstance(answer, Accepted) for answer in answers) == 1
        codes = {answer.code for answer in answers if isinstance(answer, Refused)}
        assert codes == {"seat_taken"}
        wallets = [(await bench.ledger.balance(player.id)).amount for player in rush]
        assert sorted(wallets) == [9_000] + [10_000] * 7


async def test_a_table_without_such_a_name_or_protocol_is_not_opened(bench: Bench) -> None:
    port = bench.status.port
    for path, subprotocol, status in (("t/elm", JSON, 404), ("t/oak", "chat", 400)):
        with pytest.raises(InvalidStatus) as refused:
            await connect(f"ws://127.0.0.1:{port}/{path}", subprotocols=[Subprotocol(subprotocol)])
        assert refused.value.response.status_code == status


async def test_one_who_does_not_answer_the_heartbeat_is_cut(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(heartbeat_seconds=0.1, heartbeat_timeout_seconds=0.1)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        bench.player() as alive,
    ):
        deaf = await bench.account()
        url = f"ws://127.0.0.1:{bench.status.port}/t/oak?ticket={bench.ticket(deaf)}"
        headers = {"Sec-WebSocket-Protocol": JSON}
        transport, _ = await ws_connect(
            WSListener, url, enable_auto_pong=False, extra_headers=headers
        )
        async with asyncio.timeout(20):
            await transport.wait_disconnected()
            while len(bench.host.tables["oak"].front.presence) == 2:
                await alive.send(type="ping", ref="p")
                assert await alive.read() == Pong("p")
        assert len(bench.host.tables["oak"].front.presence) == 1


async def test_a_crowded_table_turns_watchers_away_but_not_its_players(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    limits = Limits(connections_per_table_max=2)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench,
        AsyncExitStack() as stack,
    ):
        a, _ = await seat_two(bench, stack)
        async with bench.line(await bench.account()) as late:
            assert await late.closed() == Close.TABLE_CROWDED
        await a.socket.close()
        watcher = await stack.enter_async_context(bench.player())
        async with bench.line(a.id) as back:
            assert isinstance(await back.read(), Welcome)
        assert watcher.welcome is not None


async def test_tickets_that_are_no_good_close_the_line_with_their_own_code(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = await bench.account()

    async def closes(ticket: str) -> int:
        async with bench.line(player, ticket) as line:
            return await line.closed()

    good = bench.ticket(player)
    async with bench.line(player, good) as line:
        await line.read()
        assert await closes(good) == Close.TICKET_USED
    assert await closes("") == Close.TICKET_INVALID
    assert await closes("x.y.z") == Close.TICKET_INVALID
    assert await closes(good[:-6] + "AAAAAA") == Close.TICKET_INVALID
    assert await closes(bench.ticket(player, now=time.time() - 31)) == Close.TICKET_EXPIRED
    assert await closes(bench.ticket(player, table="elm")) == Close.TICKET_ELSEWHERE
    assert await closes(bench.ticket(player, epoch=7)) == Close.TICKET_ELSEWHERE
    monkeypatch.setattr(table_bench, "KEYS", SigningKeys.in_memory())
    assert await closes(bench.ticket(player)) == Close.TICKET_INVALID


@pytest.mark.parametrize(
    ("origin", "comes_in"),
    [
        (None, True),
        ("http://127.0.0.1:8700", True),
        ("https://play.example", True),
        ("https://play.example.evil.example", False),
        ("http://localhost", False),
        ("null", False),
        ("http://[", False),
    ],
)
async def test_only_pages_of_our_own_open_sockets(
    pool: "asyncpg.Pool[asyncpg.Record]",
    app_dsn: str,
    tmp_path: Path,
    origin: str | None,
    comes_in: bool,
) -> None:
    limits = Limits(allowed_origins=("https://play.example",))
    async with open_bench(pool, app_dsn, tmp_path, table_spec(), limits) as bench:
        ticket = bench.ticket(await bench.account())
        url = f"ws://127.0.0.1:{bench.status.port}/t/{bench.table}?ticket={ticket}"
        line = connect(url, subprotocols=[Subprotocol(JSON)], origin=cast(Any, origin))
        if comes_in:
            async with line as socket:
                assert "welcome" in str(await socket.recv())
        else:
            with pytest.raises(InvalidStatus) as turned_away:
                await line
            assert turned_away.value.response.status_code == 403


async def test_sockets_are_never_compressed(bench: Bench) -> None:
    """No small frame can be a large one: the offer is not taken."""
    ticket = bench.ticket(await bench.account())
    url = f"ws://127.0.0.1:{bench.status.port}/t/{bench.table}?ticket={ticket}"
    async with connect(url, subprotocols=[Subprotocol(JSON)], compression="deflate") as socket:
        assert socket.response is not None
        assert "permessage-deflate" in str(socket.request and socket.request.headers)
        assert "Sec-WebSocket-Extensions" not in socket.response.headers
