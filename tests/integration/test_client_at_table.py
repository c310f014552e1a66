"""The SDK at a real table: what the table remembers and what the client asks fit together."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from actors import commands as c
from client import Api, Table
from games.holdem.records import Call
from tests.integration.table_bench import ANSWER_S_MAX, Bench, open_bench, table_spec
from wire.codec import CODECS, MSGPACK
from wire.http import TicketResponse
from wire.server_frames import Refused, ServerFrame

if TYPE_CHECKING:
    from asyncpg import Pool


class Tickets(Api):
    """Tickets of a bench, without a gateway."""

    def __init__(self, bench: Bench, player: uuid.UUID) -> None:
        super().__init__("http://unused")
        self._bench = bench
        self._player = player

    async def ticket(self, table: str, rail: bool = False) -> TicketResponse:
        token = self._bench.ticket(self._player)
        url = f"ws://127.0.0.1:{self._bench.status.port}/t/{table}?ticket={token}"
        return TicketResponse(table, url, 30)


@asynccontextmanager
async def seated(bench: Bench, seat: int, frames: list[ServerFrame]) -> AsyncIterator[Table]:
    api = Tickets(bench, await bench.account())
    decode = CODECS[MSGPACK].decode_server
    table = Table(api, bench.table, on_frame=lambda data: frames.append(decode(data)))
    try:
        await table.ready()
        await table.sit(1_000, seat=seat)
        yield table
    finally:
        await table.close()
        await api.close()


async def test_an_action_at_a_paused_table_waits_and_counts_when_play_goes_on(
    pool: "Pool", app_dsn: str, tmp_path: Path
) -> None:
    frames: list[ServerFrame] = []
    async with (
        asyncio.timeout(ANSWER_S_MAX),
        open_bench(pool, app_dsn, tmp_path, table_spec()) as bench,
        seated(bench, 0, frames) as first,
        seated(bench, 1, frames) as second,
    ):
        while not (first.state.my_turn or second.state.my_turn):
            await first.changed()
        mine = first if first.state.my_turn else second
        turn = mine.state.turn_number
        await bench.room.operate(c.Pause(0, "ann"))
        acting = asyncio.create_task(mine.act(Call()))
        while not any(isinstance(frame, Refused) for frame in frames):
            await mine.changed()
        assert mine.state.paused
        assert not mine.state.my_turn
        assert not acting.done()
        await bench.room.operate(c.Resume(0, "ann"))
        await acting
        while mine.state.turn_number == turn:
            await mine.changed()
