"""The line to a table breaks in every way over a real socket; the other end is a script."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from websockets.asyncio.server import ServerConnection, serve

from client import Api, RefusedError, Table, TableClosed
from games.holdem.records import Check
from tests.unit.test_client_state import HAND, TURN, arrived
from wire import events as e
from wire.client_frames import Act, ClientFrame
from wire.codec import CODECS, MSGPACK
from wire.codes import Close
from wire.http import TicketResponse
from wire.server_frames import Accepted, Refused, ServerFrame, Update, Welcome

CODEC = CODECS[MSGPACK]
Script = Callable[["Line"], Awaitable[None]]


class Line:
    """The table's end of one connection."""

    def __init__(self, socket: ServerConnection) -> None:
        self.socket = socket
        assert socket.request is not None
        self.path = socket.request.path

    async def send(self, *frames: ServerFrame) -> None:
        for frame in frames:
            await self.socket.send(CODEC.encode(frame))

    async def next(self) -> ClientFrame:
        data = await self.socket.recv()
        assert isinstance(data, bytes)
        return CODEC.decode(data)

    async def hold(self) -> None:
        """Stay until the client hangs up."""
        await self.socket.wait_closed()


class Tickets(Api):
    """Hands out tickets to the script, each with its number."""

    def __init__(self, port: int) -> None:
        super().__init__("http://unused")
        self.port = port
        self.given = 0

    async def ticket(self, table: str, rail: bool = False) -> TicketResponse:
        self.given += 1
        url = f"ws://127.0.0.1:{self.port}/t/{table}?ticket={self.given}"
        return TicketResponse(table, url, 30)


@asynccontextmanager
async def scripted(*scripts: Script) -> AsyncIterator[tuple[Table, list[Line]]]:
    """A table whose connections are played by the scripts, one after the other."""
    left, lines = list(scripts), list[Line]()

    async def play(socket: ServerConnection) -> None:
        line = Line(socket)
        lines.append(line)
        await left.pop(0)(line)

    def choose(socket: ServerConnection, offered: Any) -> Any:
        return MSGPACK if MSGPACK in offered else None

    async with serve(play, "127.0.0.1", 0, select_subprotocol=choose) as server:
        tickets = Tickets(next(iter(server.sockets)).getsockname()[1])
        table = Table(tickets, "t")
        try:
            yield table, lines
        finally:
            await table.close()
            await tickets.close()


async def test_an_unanswered_request_is_sent_again_with_its_reference_after_a_break() -> None:
    asked: list[ClientFrame] = []

    async def breaks(line: Line) -> None:
        await line.send(arrived(HAND))
        asked.append(await line.next())
        line.socket.transport.abort()

    async def answers(line: Line) -> None:
        await line.send(Welcome("t", 2, 5, 0, missed=1), Update(2, 5, (e.SatOut(1),)))
        again = await line.next()
        asked.append(again)
        await line.send(Accepted(again.ref))
        await line.hold()

    async with scripted(breaks, answers) as (table, lines):
        await table.ready()
        await table.act(Check())
        first, again = asked
        assert first == again == Act(first.ref, HAND.hand, TURN, Check())
        assert lines[0].path == "/t/t?ticket=1"
        assert lines[1].path == "/t/t?ticket=2&epoch=2&seq=4"
        assert table.state.seq == 5
        assert table.state.seats[1].sitting_out


@pytest.mark.parametrize("code", [Close.SLOW_CLIENT, Close.TICKET_EXPIRED, Close.MOVED])
async def test_a_client_comes_back_when_the_code_says_so(code: Close) -> None:
    async def sends_away(line: Line) -> None:
        await line.send(arrived(HAND))
        await line.socket.close(code, "")

    async def receives(line: Line) -> None:
        await line.send(arrived(None, seq=9, epoch=3))
        await line.hold()

    async with scripted(sends_away, receives) as (table, _):
        while table.state.epoch != 3 or not table.connected:
            await table.changed()
        assert not table.state.playing
        assert not table.closed


@pytest.mark.parametrize("code", [Close.REPLACED, Close.BAD_FRAMES])
async def test_a_client_that_is_sent_away_stays_away_and_says_so(code: Close) -> None:
    async def sends_away(line: Line) -> None:
        await line.send(arrived(HAND))
        await line.next()
        await line.socket.close(code, "enough")

    async with scripted(sends_away) as (table, lines):
        await table.ready()
        with pytest.raises(TableClosed, match="enough") as ended:
            await table.act(Check())
        assert ended.value.code == code
        assert table.closed
        with pytest.raises(TableClosed):
            await table.stand()
        assert [event async for event in table.events()] == []
        assert len(lines) == 1


async def test_a_missing_update_is_made_good_by_a_snapshot() -> None:
    async def skips(line: Line) -> None:
        await line.send(arrived(HAND), Update(2, 6, (e.SatOut(1),)))
        await line.hold()

    async def receives(line: Line) -> None:
        await line.send(arrived(HAND, seq=6))
        await line.hold()

    async with scripted(skips, receives) as (table, lines):
        while table.state.seq != 6:
            await table.changed()
        assert lines[1].path == "/t/t?ticket=2"


async def test_a_frame_from_a_newer_server_ends_the_line_aloud_and_not_in_silence() -> None:
    async def speaks_tongues(line: Line) -> None:
        await line.send(arrived(HAND))
        await line.next()
        await line.socket.send(b"\x81\xa4type\xa6future")
        await line.hold()

    async with scripted(speaks_tongues) as (table, _):
        await table.ready()
        with pytest.raises(TableClosed, match="client failed"):
            await table.act(Check())


async def test_a_refusal_carries_its_code_and_too_fast_is_asked_again() -> None:
    async def refuses(line: Line) -> None:
        await line.send(arrived(HAND))
        first = await line.next()
        await line.send(Refused(first.ref, "too_fast", "Too fast."))
        again = await line.next()
        await line.send(Refused(again.ref, "stale_hand", "That hand is over."))
        await line.hold()

    async with scripted(refuses) as (table, _):
        await table.ready()
        with pytest.raises(RefusedError, match="That hand is over") as refused:
            await table.act(Check())
        assert refused.value.code == "stale_hand"


async def test_a_paused_or_busy_table_is_asked_again_when_it_goes_on() -> None:
    async def pauses(line: Line) -> None:
        await line.send(arrived(HAND))
        first = await line.next()
        paused = Update(2, 5, (e.TablePaused("operator"),))
        await line.send(paused, Refused(first.ref, "table_paused", "Paused."))
        await line.send(Update(2, 6, (e.TableResumed(500),)))
        again = await line.next()
        await line.send(Refused(again.ref, "table_busy", "Busy."))
        third = await line.next()
        # The table remembers that it was paused, not that it was busy.
        assert first.ref != again.ref == third.ref
        assert again == third == msgspec.structs.replace(first, ref=third.ref)
        await line.send(Accepted(third.ref, 3))
        await line.hold()

    async with scripted(pauses) as (table, _):
        await table.ready()
        await table.act(Check())
        assert not table.state.paused


async def test_a_seat_is_known_before_the_frame_after_the_answer() -> None:
    async def seats(line: Line) -> None:
        await line.send(arrived(None))
        sit = await line.next()
        taken = Update(2, 5, (e.SeatTaken(3, "ann", "player", 500),))
        left = Update(2, 6, (e.SeatVacated(3, 500),))
        await line.send(taken, Accepted(sit.ref, 3), left)
        await line.hold()

    async with scripted(seats) as (table, _):
        await table.ready()
        assert await table.sit(500) == 3
        while table.state.seq != 6:
            await table.changed()
        assert table.state.my_seat is None
        assert table.state.me != 3


async def test_hanging_up_ends_what_waits() -> None:
    asked = asyncio.Event()

    async def silent(line: Line) -> None:
        await line.send(arrived(HAND))
        await line.next()
        asked.set()
        await line.hold()

    async with scripted(silent) as (table, _):
        await table.ready()
        waiting = asyncio.create_task(table.act(Check()))
        await asked.wait()
        await table.close()
        with pytest.raises(TableClosed):
            await waiting
