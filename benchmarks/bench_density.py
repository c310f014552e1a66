"""What tables and players cost that do nothing: memory, idle CPU, and how long opening takes.

``python -m benchmarks.bench_density``: a process opens as many tables as an actor may hold, on a
real Postgres; then players sit down at all of them and wait in the middle of a hand. Memory is RSS
beyond what the process had with one table, by tables and by players; both ends of the sockets are
on this machine, but only the server's process is counted. Without Ray: what an actor adds is the
same however many tables it has.
"""

import argparse
import asyncio
import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from actors.host import HostConfig, TableHost
from actors.spec import TABLES_PER_ACTOR_MAX, TableSpec
from auth.keys import SigningKeys
from auth.seals import Seals
from auth.tickets import mint_ticket
from auth.tokens import Identity
from benchmarks.report import Figure, arguments, progress, publish
from games.clock import ClockSpec
from games.holdem.game import HoldemSpec
from games.holdem.positions import Blinds
from serve.compose import migrate_all
from serve.embedded import EmbeddedStores
from wallet.ledger import Ledger

KEYS = SigningKeys.in_memory()
CHIPS = 10_000
SEATS = 6
OPENINGS = 8
"""Tables that are opened at once, and players who come at once."""
SETTLE_S = 3.0
ANSWER_S_MAX = 30.0


def spec(number: int) -> TableSpec:
    """Six seats, and nobody is hurried."""
    return TableSpec(
        table=f"t{number}",
        name=f"Table {number}",
        game=HoldemSpec(seats=SEATS, blinds=Blinds(small=50, big=100)),
        buy_in_min=CHIPS,
        buy_in_max=CHIPS,
        clock=ClockSpec(turn_ms=3_600_000),
        tables_per_actor=TABLES_PER_ACTOR_MAX,
    )


# The players' process: it only listens


class Seat(WSListener):
    """Takes his seat and reads."""

    def __init__(self) -> None:
        self.seated = asyncio.get_running_loop().create_future()

    def on_ws_connected(self, transport: WSTransport) -> None:
        sit = {"type": "sit", "ref": "s", "buy_in": CHIPS}
        transport.send(WSMsgType.TEXT, json.dumps(sit).encode())

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if b'"accepted"' in frame.get_payload_as_bytes() and not self.seated.done():
            self.seated.set_result(None)


async def sit_down(urls: list[str]) -> None:
    """All of them; a line on stdout when they sit; until stdin ends."""
    turns = asyncio.Semaphore(OPENINGS)

    async def one(url: str) -> WSListener:
        async with turns:
            _, line = await ws_connect(
                Seat, url, extra_headers={"Sec-WebSocket-Protocol": "squaredeal.v1.json"}
            )
            assert isinstance(line, Seat)
            await asyncio.wait_for(line.seated, ANSWER_S_MAX)
            return line

    lines = await asyncio.gather(*(one(url) for url in urls))
    sys.stdout.write("seated\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    del lines


# The server's process


class Gauge:
    """This process: its memory and its CPU."""

    def __init__(self) -> None:
        self._process = psutil.Process()

    def rss_kb(self) -> float:
        gc.collect()
        return float(self._process.memory_info().rss) / 1_024

    async def idle_cpu(self, seconds: float) -> float:
        """Percent of a core while nothing happens."""
        await asyncio.sleep(SETTLE_S)
        before, at = time.process_time(), time.perf_counter()
        await asyncio.sleep(seconds)
        return (time.process_time() - before) / (time.perf_counter() - at) * 100


async def open_tables(host: TableHost, count: int) -> list[float]:
    """Milliseconds of each opening, some at once."""
    turns = asyncio.Semaphore(OPENINGS)

    async def one(number: int) -> float:
        async with turns:
            began = time.perf_counter()
            await host.open(spec(number))
            return (time.perf_counter() - began) * 1_000

    return await asyncio.gather(*(one(number) for number in range(1, count)))


async def one_by_one(host: TableHost, first: int, count: int) -> list[float]:
    """Milliseconds of openings with nothing beside them."""
    taken = []
    for number in range(first, first + count):
        began = time.perf_counter()
        await host.open(spec(number))
        taken.append((time.perf_counter() - began) * 1_000)
    return taken


async def tickets(host: TableHost, ledger: Ledger, tables: int) -> list[str]:
    accounts = [uuid.uuid4() for _ in range(tables * SEATS)]
    for account in accounts:
        await ledger.open_wallet(account)
        await ledger.grant_daily(account, CHIPS, date(2026, 1, 2))
    urls = []
    for number, account in enumerate(accounts):
        table = f"t{number // SEATS}"
        who = Identity(account=account, name="p", kind="player", sid=uuid.uuid4())
        ticket = mint_ticket(KEYS, who, table=table, epoch=host.tables[table].epoch,
                             addr="127.0.0.1", port=host.port, role="seat",
                             now=time.time())  # fmt: skip
        urls.append(f"ws://127.0.0.1:{host.port}/t/{table}?ticket={ticket}")
    return urls


async def measure(options: argparse.Namespace, folder: Path) -> dict[str, Figure]:
    """All figures, in one process."""
    pool = await asyncpg.create_pool((folder / "dsn").read_text(), min_size=2, max_size=2)
    ledger = Ledger(pool)
    host = TableHost(
        HostConfig(str(folder / "dsn"), str(folder / "journal"), str(folder / "jwks")), ledger
    )
    await host.start()
    await host.open(spec(0))
    gauge = Gauge()
    await asyncio.sleep(1)
    one_table = gauge.rss_kb()
    alone = await one_by_one(host, 1, options.tables // 5)
    await open_tables(host, options.tables)
    await asyncio.sleep(1)
    empty = gauge.rss_kb()
    progress(f"{options.tables} tables: {(empty - one_table) / (options.tables - 1):.1f} KB each")
    idle = await gauge.idle_cpu(options.seconds)
    progress(f"idle: {idle:.2f} % of a core")
    urls = await tickets(host, ledger, options.seated)
    before = gauge.rss_kb()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bench_density", "--players",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(urls).encode() + b"\n")
    assert await child.stdout.readline() == b"seated\n"
    await asyncio.sleep(1)
    seated = (gauge.rss_kb() - before) / len(urls)
    progress(f"{len(urls)} players: {seated:.1f} KB each")
    waiting = await gauge.idle_cpu(options.seconds)
    child.stdin.close()
    await child.wait()
    await host.abandon()
    await pool.close()
    return {
        "open_p50": Figure(statistics.median(alone), "ms"),
        "open_p99": Figure(statistics.quantiles(alone, n=100)[98], "ms", at_most=50),
        "memory_per_table": Figure((empty - one_table) / (options.tables - 1), "KB", at_most=40),
        "idle_cpu": Figure(idle, "% of a core", at_most=1.5),
        "memory_per_player": Figure(seated, "KB", at_most=32),
        "waiting_cpu": Figure(waiting, "% of a core"),
    }


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--players", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--tables", type=int, default=TABLES_PER_ACTOR_MAX)
    parser.add_argument("--seated", type=int, default=250, help="tables with players")
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    if options.players:
        asyncio.run(sit_down(json.loads(sys.stdin.readline())))
        return
    if options.quick:
        options.seconds, options.seated = 5.0, 50
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        Seals.generate(folder / "journal")
        with EmbeddedStores(folder) as stores:
            (folder / "jwks").write_bytes(KEYS.public.jwks())
            (folder / "dsn").write_text(stores.app_dsn)
            asyncio.run(migrate_all(stores.admin_dsn))
            figures = asyncio.run(measure(options, folder))
    conditions: dict[str, Any] = {"tables": options.tables, "seated_tables": options.seated}
    publish("bench_density", options, figures, 1, **conditions)


if __name__ == "__main__":
    main()
