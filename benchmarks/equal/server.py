"""Our server for the six-seat workload: ``python -m benchmarks.equal_server --port 9000``.

Everything between bytes in and bytes out is the product's: door, connection, limits' checks, front,
replies, machine, journal (with ``--journal``), scribe, broadcast, timers, leases, sweeps. Not the
product's are the game, its frames, and: nobody needs a ticket, whoever connects is seated; there is
no money behind the stacks and no archive of hands, as there is none at the servers compared.
"""

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from picows import (
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
)

from actors.archive import Archive, FinishedHand
from actors.host import HostConfig, TableHost
from actors.journal import Journal, Row
from actors.sockets import Connection, Door
from actors.spec import TABLES_PER_ACTOR_MAX, TableSpec
from auth.keys import SigningKeys
from auth.tickets import TicketClaims, TicketGate
from benchmarks.equal.dialect import DIALECT, SIT
from benchmarks.equal.game import SEATS, STACK, SixSeatSpec
from games.clock import ClockSpec
from wallet.results import LedgerResult, Result
from wire.client_frames import Sit
from wire.limits import Limits
from wire.server_frames import TableInfo

NO_LIMIT = 1_000_000
LIMITS = Limits(frames_per_second=NO_LIMIT, frames_burst=NO_LIMIT, replies_per_player_max=NO_LIMIT)
"""One table alone is played faster than any client may: answers are kept as ever, see REPLIES."""
REPLIES = Limits().replies_per_player_max
APPLIED = Result(LedgerResult.APPLIED, 0)


class FreeBank:
    """Chips that nobody paid for."""

    async def buy_in(self, *_: object) -> Result:
        return APPLIED

    async def settle(self, *_: object) -> Result:
        return APPLIED

    async def cash_out(self, *_: object) -> Result:
        return APPLIED


class NoArchive:
    """Keeps nothing."""

    async def save(self, finished: FinishedHand) -> None: ...


class NoJournal:
    """Appends that are done at once and kept nowhere."""

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        return frozenset()


class Everybody:
    """A gate without tickets: each who comes is somebody new."""

    def __init__(self, table: str) -> None:
        self._table = table

    def redeem(self, ticket: str, now: float) -> TicketClaims:
        return TicketClaims(
            sub=uuid.uuid4(), sid=uuid.uuid4(), name="p", kind="player", table=self._table, epoch=1,
            addr="127.0.0.1", port=1, role="seat", jti="0" * 16, exp=0,
        )  # fmt: skip


class EqualConnection(Connection):
    """Seated as soon as it is there; what the workload has no word for is not sent."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        super().on_ws_connected(transport)
        self.room.receive(self, Sit(SIT, STACK))

    def send_bytes(self, data: bytes) -> None:
        if data:
            super().send_bytes(data)


class EqualDoor(Door):
    """Asks for no subprotocol."""

    def _answer(self, request: WSUpgradeRequest) -> WSUpgradeResponseWithListener | None:
        room = self.rooms.get(urlsplit(request.path.decode()).path.removeprefix("/t/"))
        if room is None:
            return None
        answer = WSUpgradeResponse.create_101_response()
        return WSUpgradeResponseWithListener(answer, EqualConnection(room, DIALECT, {}))


class EqualSpec(TableSpec, frozen=True, kw_only=True):
    """A table without blinds."""

    def __post_init__(self) -> None: ...

    def info(self) -> TableInfo:
        return TableInfo(
            table=self.table, name=self.name, game="equal", seats=SEATS, small_blind=0, big_blind=0,
            ante=0, straddle=False, buy_in_min=STACK, buy_in_max=STACK, turn_ms=0, rake_bp=0,
        )  # fmt: skip


def spec(number: int) -> TableSpec:
    """Six seats, nobody hurried, no pause."""
    return EqualSpec(
        table=str(number),
        name="T",
        game=cast(Any, SixSeatSpec()),
        clock=ClockSpec(turn_ms=3_600_000),
        buy_in_min=STACK,
        buy_in_max=STACK,
        pause_ms=0,
        showdown_pause_ms=0,
        tables_per_actor=TABLES_PER_ACTOR_MAX,
    )


async def open_host(dsn_file: Path, keys: Path, tables: int, journal: bool, port: int) -> TableHost:
    """A host with its tables open, listening on ``port`` (0: any)."""
    jwks = keys / "jwks"
    jwks.write_bytes(SigningKeys.in_memory().public.jwks())
    config = HostConfig(str(dsn_file), str(keys), str(jwks), ports=(port, port), limits=LIMITS)
    host = TableHost(config, cast(Any, FreeBank()))
    host._door = EqualDoor(LIMITS)
    await host.start()
    if not journal:
        host._scribe._journal = cast(Journal, NoJournal())
    for number in range(tables):
        await host.open(spec(number))
        table = host.tables[str(number)]
        table.front._gate = cast(TicketGate, Everybody(str(number)))
        table.front.replies._max = REPLIES
        table._cashier._archive = cast(Archive, NoArchive())
    return host
