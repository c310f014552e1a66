"""Attacks on a table's socket. Each is refused with its code; the books balance at the end, which
the bench asserts."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from auth.keys import SigningKeys
from auth.tickets import TICKET_TTL_S, mint_ticket
from auth.tokens import Identity, mint_access
from tests.integration.seated import act, seated
from tests.integration.table_bench import KEYS, Bench, open_bench, table_spec
from wire.codes import Close
from wire.limits import Limits
from wire.server_frames import Accepted, Pong, Refused, Welcome

if TYPE_CHECKING:
    from auth.accounts import Pool

HURRIED = Limits(heartbeat_seconds=0.2, heartbeat_timeout_seconds=0.2)
INT53 = 2**53


@pytest.fixture
async def bench(pool: "Pool", app_dsn: str, tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(pool, app_dsn, tmp_path, table_spec()) as opened:
        yield opened


async def code_of(bench: Bench, ticket: str) -> int:
    async with bench.line(uuid.uuid4(), ticket) as line:
        return await line.closed()


async def test_a_ticket_is_good_once_for_one_table_in_one_epoch_for_half_a_minute(
    bench: Bench,
) -> None:
    account = await bench.account()
    used = bench.ticket(account)
    async with bench.line(account, used) as line:
        assert isinstance(await line.read(), Welcome)
        assert await code_of(bench, used) == Close.TICKET_USED
    epoch, now = bench.status.epoch, time.time()
    stolen: dict[str, tuple[dict[str, Any], Close]] = {
        "of another table": ({"table": "elm"}, Close.TICKET_ELSEWHERE),
        "of the epoch before": ({"epoch": epoch - 1}, Close.TICKET_ELSEWHERE),
        "of an epoch to come": ({"epoch": epoch + 1}, Close.TICKET_ELSEWHERE),
        "to the rail": ({"role": "rail"}, Close.TICKET_ELSEWHERE),
        "of a minute ago": ({"now": now - 2 * TICKET_TTL_S}, Close.TICKET_EXPIRED),
        "from a clock that is an hour ahead": ({"now": now + 3_600}, Close.TICKET_INVALID),
    }
    for what, (change, close) in stolen.items():
        assert await code_of(bench, bench.ticket(account, **change)) == close, what


async def test_what_is_no_ticket_of_ours_is_none(bench: Bench) -> None:
    who = Identity(uuid.uuid4(), "eve", "player", uuid.uuid4())
    forged = mint_ticket(
        SigningKeys.in_memory(), who, table=bench.table, epoch=bench.status.epoch,
        addr="127.0.0.1", port=bench.status.port, role="seat", now=time.time(),
    )  # fmt: skip
    good = bench.ticket(who.account)
    head, body, signature = good.split(".")
    for ticket in (
        forged,
        mint_access(KEYS, who, time.time()),
        f"{head}.{body}.",
        f"{head}.{body[:-2]}AA.{signature}",
        "eyJhbGciOiJub25lIn0." + body + ".",
        "x" * 3_000,
        "",
    ):
        assert await code_of(bench, ticket) == Close.TICKET_INVALID


async def test_two_sockets_of_one_player_are_one_seat(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        first = players[0]
        async with bench.line(first.id) as second:
            assert isinstance(await second.read(), Welcome)
            assert await first.closed() == Close.REPLACED
            answer = await second.ask(type="sit", buy_in=1_000, seat=3)
            assert isinstance(answer, Refused)
            assert answer.code == "already_seated"


async def test_nobody_acts_for_another_or_in_another_hand(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = bench.room.machine.game.turn
        other = players[1 - turn]
        hand = bench.room.machine.hand
        fold = {"type": "fold"}
        for frame, code in (
            ({"hand": hand, "action": fold}, "not_your_turn"),
            ({"hand": hand, "action": fold, "seat": turn}, "frame_invalid"),
            ({"hand": hand - 1, "action": fold}, "stale_hand"),
            ({"hand": hand + 1, "action": fold}, "stale_hand"),
        ):
            answer = await other.ask(type="act", **frame)
            assert isinstance(answer, Refused)
            assert answer.code == code
        late = await players[turn].ask(type="act", hand=hand, turn=10**6, action=fold)
        assert isinstance(late, Refused)
        assert late.code == "stale_turn"
        async with bench.player() as eye:
            watching = await eye.ask(type="act", hand=hand, action=fold)
            assert isinstance(watching, Refused)
            assert watching.code == "not_seated"


@pytest.mark.parametrize(
    "amount", [-1, 0, -(2**63), INT53, 2**63 - 1, 2**63, 2**64, 10**30, 0.5, "5", True, None]
)
async def test_no_amount_is_believed(bench: Bench, amount: object) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        actor = players[bench.room.machine.game.turn]
        hand = bench.room.machine.hand
        total = sum(seat.stack for seat in bench.room.machine.seats.taken())
        raised = await actor.ask(type="act", hand=hand, action={"type": "raise", "to": amount})
        topped = await actor.ask(type="top_up", amount=amount)
        async with bench.player() as newcomer:
            sat = await newcomer.ask(type="sit", buy_in=amount)
        for answer in (raised, topped, sat):
            assert isinstance(answer, Refused)
        assert sum(seat.stack for seat in bench.room.machine.seats.taken()) == total
        await act(bench, actor, type="fold")


async def test_a_frame_of_an_old_epoch_does_nothing_after_a_take_over(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        old, turn = bench.room, bench.room.machine.game.turn
        hand = old.machine.hand
        await bench.take_over()
        rows = bench.room.machine.hand
        await players[turn].send(type="act", ref="late", hand=hand, action={"type": "fold"})
        assert await players[turn].closed() in (Close.MOVED, Close.RESTARTING)
        assert bench.room.machine.hand == rows
        assert bench.room.machine.game.playing, "nobody has folded"


async def test_half_open_lines_are_cut_and_their_seats_wait(
    pool: "Pool", app_dsn: str, tmp_path: Path
) -> None:
    """One whose machine has lost its power: he answers no ping."""
    async with open_bench(pool, app_dsn, tmp_path, table_spec(), HURRIED) as bench:
        account = await bench.account()
        ticket = bench.ticket(account)
        reader, writer = await asyncio.open_connection("127.0.0.1", bench.status.port)
        writer.write(
            f"GET /t/{bench.table}?ticket={ticket} HTTP/1.1\r\nHost: here\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Protocol: squaredeal.v1.json\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 101 " in head
        async with asyncio.timeout(10):
            await reader.read()  # to its end: nothing is ever answered
        writer.close()
        assert str(account) not in bench.room.front.presence


async def test_slow_handshakes_keep_nobody_out(bench: Bench) -> None:
    """A hundred who send a byte now and then; a player comes in all the same."""
    slow = [await asyncio.open_connection("127.0.0.1", bench.status.port) for _ in range(100)]
    for _, writer in slow:
        writer.write(b"GET /t/oak?ticket=")
    async with bench.player() as player:
        await player.send(type="ping", ref="here")
        assert isinstance(await player.read(), Pong)
        assert isinstance(await player.ask(type="sit", buy_in=1_000), Accepted)
    async with asyncio.timeout(30):
        for reader, writer in slow:
            await reader.read()  # to its end: whoever does not finish is cut
            writer.close()
