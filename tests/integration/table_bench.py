"""A table host with real stores and sockets, and raw WebSocket players for it."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from actors.host import HostConfig, TableHost, TableStatus
from actors.spec import TableSpec
from actors.table import Table
from auth.keys import SigningKeys
from auth.seals import Seals
from auth.tickets import Role, mint_ticket
from auth.tokens import Identity
from games.clock import ClockSpec
from games.holdem.game import HoldemSpec
from games.holdem.positions import Blinds
from wallet.ledger import Ledger
from wire.codec import CODECS, JSON
from wire.limits import Limits, RailLimits
from wire.server_frames import Accepted, Refused, ServerFrame, Update, Welcome

TODAY = date(2026, 1, 2)
ANSWER_S_MAX = 20.0
LOST = 1006  # no close frame came
KEYS = SigningKeys.in_memory()


def table_spec(**changes: Any) -> TableSpec:
    """Three seats, 50/100, no pauses, all the time in the world."""
    fields: dict[str, Any] = {
        "table": "oak",
        "name": "Oak",
        "game": HoldemSpec(seats=3, blinds=Blinds(small=50, big=100)),
        "buy_in_min": 1_000,
        "buy_in_max": 10_000,
        "pause_ms": 0,
        "showdown_pause_ms": 0,
        "clock": ClockSpec(turn_ms=600_000, bank_ms=0, bank_ms_max=0, refill_ms=0),
    }
    return TableSpec(**(fields | changes))


class Player:
    """A raw line: sends frames as dicts, reads frames as structs."""

    def __init__(self, socket: ClientConnection, player: uuid.UUID, bench: "Bench") -> None:
        self.socket = socket
        self.bench = bench
        self.id = player
        self.raw: list[bytes] = []
        self.events: list[Any] = []
        self.welcome: Welcome | None = None

    async def read(self) -> ServerFrame:
        """The next frame."""
        async with asyncio.timeout(ANSWER_S_MAX):
            data = await self.socket.recv()
        raw = data.encode() if isinstance(data, str) else data
        self.raw.append(raw)
        frame = CODECS[JSON].decode_server(raw)
        if isinstance(frame, Update):
            self.events += frame.events
        return frame

    async def send(self, **fields: Any) -> None:
        if fields["type"] == "act":
            machine = self.bench.host.tables[self.bench.table].machine
            fields.setdefault("turn", machine.turn)
        await self.socket.send(msgspec.json.encode(fields).decode())

    async def answer(self, ref: str | None) -> Accepted | Refused:
        """Read on to the answer with this reference."""
        while True:
            frame = await self.read()
            if isinstance(frame, Accepted | Refused) and frame.ref == ref:
                return frame

    async def ask(self, **fields: Any) -> Accepted | Refused:
        """Send a request and read on to its answer."""
        fields.setdefault("ref", uuid.uuid4().hex)
        await self.send(**fields)
        return await self.answer(fields["ref"])

    async def until(self, kind: type, count: int = 1) -> Any:
        """Read on to the ``count``-th event of this type from now; the event."""
        seen = len(self.events)
        while True:
            found = [event for event in self.events[seen:] if isinstance(event, kind)]
            if len(found) >= count:
                return found[count - 1]
            await self.read()

    async def closed(self) -> int:
        """Read on until the server hangs up; the close code."""
        try:
            while True:
                await self.read()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd is not None else LOST


class Bench:
    """One open table."""

    def __init__(
        self, host: TableHost, config: HostConfig, status: TableStatus, ledger: Ledger
    ) -> None:
        self.host = host
        self.status = status
        self.ledger = ledger
        self.table = status.listing.info.table
        self.hosts = [host]
        self._config = config

    @property
    def room(self) -> Table:
        """The table at work."""
        return self.host.tables[self.table]

    async def neighbour(self, spec: TableSpec) -> "Bench":
        """Another table of the same process."""
        return Bench(self.host, self._config, await self.host.open(spec), self.ledger)

    async def take_over(self, spec: TableSpec | None = None) -> None:
        """Another process opens the table; the one before lives on and does not know."""
        host = TableHost(self._config, self.ledger)
        self.hosts.append(host)
        await host.start()
        spec = spec or self.room.spec
        self.host, self.status = host, await host.open(spec)

    async def reopen(self) -> None:
        """The same process opens a table that has halted."""
        self.status = await self.host.open(self.room.spec)

    async def crash(self, spec: TableSpec | None = None) -> None:
        """The process dies; another opens the table."""
        spec = spec or self.room.spec
        await self.host.abandon()
        await self.take_over(spec)

    async def account(self, chips: int = 10_000) -> uuid.UUID:
        """A player with a wallet."""
        player = uuid.uuid4()
        await self.ledger.open_wallet(player)
        if chips:
            await self.ledger.grant_daily(player, chips, TODAY)
        return player

    async def settled(self) -> None:
        """Wait until the ledger has everything the table owes it."""
        async with asyncio.timeout(ANSWER_S_MAX):
            await self.host.tables[self.table]._cashier.idle.wait()

    def ticket(self, player: uuid.UUID, role: Role = "seat", **changes: Any) -> str:
        fields: dict[str, Any] = {
            "table": self.table,
            "epoch": self.status.epoch,
            "addr": "127.0.0.1",
            "port": self.status.port,
            "now": time.time(),
        }
        name = f"p-{player.hex[:6]}"
        identity = Identity(account=player, name=name, kind="player", sid=uuid.uuid4())
        return mint_ticket(KEYS, identity, role=role, **(fields | changes))

    @asynccontextmanager
    async def line(
        self, player: uuid.UUID, ticket: str | None = None, extra: str = ""
    ) -> AsyncIterator[Player]:
        """A connection whose first frame is still unread."""
        token = ticket if ticket is not None else self.ticket(player)
        url = f"ws://127.0.0.1:{self.status.port}/t/{self.table}?ticket={token}{extra}"
        async with connect(url, subprotocols=[JSON], max_queue=None) as socket:  # type: ignore[list-item]
            yield Player(socket, player, self)

    @asynccontextmanager
    async def player(self, chips: int = 10_000) -> AsyncIterator[Player]:
        """A new player at the socket, welcomed."""
        account = await self.account(chips)
        async with self.line(account) as line:
            frame = await line.read()
            assert isinstance(frame, Welcome)
            line.welcome = frame
            yield line


@asynccontextmanager
async def open_bench(
    pool: "asyncpg.Pool[asyncpg.Record]",
    app_dsn: str,
    folder: Path,
    spec: TableSpec,
    limits: Limits | None = None,
    redis_url: str = "",
    rail: RailLimits | None = None,
) -> AsyncIterator[Bench]:
    """Open the table on a host of its own, which can be watched over ``redis_url``; the books must
    balance at the end."""
    dsn_file = folder / "dsn"
    dsn_file.write_text(app_dsn)
    ledger = Ledger(pool)
    journal_keys = folder / "journal"
    Seals.generate(journal_keys)
    jwks_file = folder / "jwks"
    jwks_file.write_bytes(KEYS.public.jwks())
    redis_file = folder / "redis"
    redis_file.write_text(redis_url)
    config = HostConfig(
        str(dsn_file),
        str(journal_keys),
        str(jwks_file),
        limits=limits or Limits(),
        redis_file=str(redis_file) if redis_url else "",
        rail=rail or RailLimits(),
    )
    host = TableHost(config, ledger)
    await host.start()
    bench: Bench | None = None
    try:
        bench = Bench(host, config, await host.open(spec), ledger)
        yield bench
    finally:
        for each in bench.hosts if bench else [host]:
            await each.close(grace_s=0.0)
    assert (await ledger.check()).problems == []
