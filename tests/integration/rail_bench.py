"""A rail with a real Redis between it and the tables, and spectators at its sockets."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from actors.revocations import Ask
from auth.tickets import mint_ticket
from auth.tokens import Identity
from client.state import TableState
from serve.rail import Rail
from tests.fanout import client, ended
from tests.integration import table_bench
from tests.integration.seated import act, next_hand
from tests.integration.table_bench import ANSWER_S_MAX, LOST, Bench, Player
from wire.codec import CODECS, MSGPACK
from wire.limits import Limits, RailLimits
from wire.server_frames import ServerFrame, Update, Welcome

QUICK: Final = RailLimits(
    renew_s=0.05, watched_s=5.0, ask_s=0.1, snapshot_s_min=0.02, silent_s_max=60.0,
    away_s=0.05, ping_s=1.0, look_s=0.01,
)  # fmt: skip


async def none_is_over(sids: Collection[UUID]) -> Collection[UUID]:
    return ()


class Spectator:
    """Keeps a state of the table: an update out of order raises."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.raw: list[bytes] = []
        self.frames: list[ServerFrame] = []
        self.events: list[Any] = []
        self.state = TableState()

    async def read(self) -> ServerFrame:
        async with asyncio.timeout(ANSWER_S_MAX):
            data = await self.socket.recv()
        raw = data.encode() if isinstance(data, str) else data
        frame = CODECS[str(self.socket.subprotocol)].decode_server(raw)
        self.raw.append(raw)
        self.frames.append(frame)
        if isinstance(frame, Welcome):
            self.state.welcome(frame, 0.0)
        elif isinstance(frame, Update):
            self.state.update(frame, 0.0)
            self.events += frame.events
        return frame

    async def until(self, epoch: int, seq: int) -> None:
        """Read on until the state is there."""
        while (self.state.epoch, self.state.seq) < (epoch, seq):
            await self.read()

    async def closed(self) -> int:
        """Read on until the server hangs up; the close code."""
        try:
            while True:
                await self.read()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd is not None else LOST

    @property
    def welcomes(self) -> list[Welcome]:
        return [frame for frame in self.frames if isinstance(frame, Welcome)]


class RailBench:
    """One running rail."""

    def __init__(self, rail: Rail) -> None:
        self.rail = rail

    def ticket(self, table: str = "oak", **changes: Any) -> str:
        at = self.rail.status()
        fields: dict[str, Any] = {
            "table": table, "epoch": at.epoch, "addr": at.addr, "port": at.port,
            "role": "rail", "now": time.time(),
        }  # fmt: skip
        name = uuid.uuid4()
        identity = Identity(account=name, name=f"w-{name.hex[:6]}", kind="guest", sid=uuid.uuid4())
        return mint_ticket(table_bench.KEYS, identity, **(fields | changes))

    @asynccontextmanager
    async def spectator(
        self, table: str = "oak", codec: str = MSGPACK, ticket: str = "", extra: str = ""
    ) -> AsyncIterator[Spectator]:
        """A line whose first frame is still unread."""
        token = ticket or self.ticket(table)
        url = f"ws://127.0.0.1:{self.rail.status().port}/t/{table}?ticket={token}{extra}"
        async with connect(
            url, subprotocols=[Subprotocol(codec)], max_queue=None, compression=None
        ) as socket:
            yield Spectator(socket)


@asynccontextmanager
async def open_rail(
    redis_url: str, rail: RailLimits = QUICK, over: Ask = none_is_over
) -> AsyncIterator[RailBench]:
    """``over`` says which sessions have ended."""
    async with client(redis_url) as redis:
        running = Rail(redis, table_bench.KEYS.public, Limits(), rail, "127.0.0.1", over)
        await running.open("127.0.0.1")
        task = asyncio.create_task(running.run())
        try:
            yield RailBench(running)
        finally:
            await ended(task)


async def fold_hands(bench: Bench, players: list[Player], count: int) -> tuple[int, int]:
    """Whoever is to act folds, hand after hand; where the table stands then."""
    for _ in range(count):
        hand = bench.room.machine.hand
        await act(bench, players[bench.room.machine.game.turn], type="fold")
        for player in players:
            await next_hand(player, hand)
    return bench.room.epoch, bench.room.broadcast.seq
