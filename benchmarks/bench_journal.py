"""What the journal costs: the same tables with and without it, side by side, round by round.

Server and players are two processes on this machine. The latency is that of ``Table.act``: from
the sending of an action until it is acknowledged, which is after it was shown. Both sides settle
every hand in the ledger; only the appends differ (without: done at once and kept nowhere).
``python -m benchmarks.bench_journal``
"""

import argparse
import asyncio
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, cast

import asyncpg

from actors.host import HostConfig, TableHost
from actors.journal import Journal, Row
from actors.seals import Seals
from actors.spec import TableSpec
from auth.keys import SigningKeys
from auth.tickets import mint_ticket
from auth.tokens import Identity
from benchmarks.report import Figure, arguments, progress, publish
from client.api import Api
from client.table import Table
from games.clock import ClockSpec
from games.holdem.game import HoldemSpec
from games.holdem.positions import Blinds
from games.holdem.records import Call, Check
from serve.compose import migrate_all
from serve.embedded import EmbeddedStores
from wallet.ledger import Ledger
from wire.http import TicketResponse

KEYS = SigningKeys.in_memory()
CHIPS = 1_000_000
MEASURED = (("p50", "p50_ms"), ("p99", "p99_ms"), ("cpu_per_action", "cpu_ms_per_action"))


class NoJournal:
    """Appends that are done at once and kept nowhere."""

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        return frozenset()


def spec(number: int) -> TableSpec:
    """Heads-up, no pauses, all the time in the world."""
    return TableSpec(
        table=f"t{number}",
        name="T",
        game=HoldemSpec(seats=2, blinds=Blinds(small=1, big=2)),
        buy_in_min=CHIPS,
        buy_in_max=CHIPS,
        pause_ms=0,
        showdown_pause_ms=0,
        clock=ClockSpec(turn_ms=600_000),
    )


# The players' process


class Given:
    """In the place of the HTTP API: a ticket that somebody else has bought."""

    def __init__(self, table: str, url: str) -> None:
        self._answer = TicketResponse(table, url, 30)

    async def ticket(self, table: str, rail: bool = False) -> TicketResponse:
        return self._answer


async def play(table: str, url: str, think_s: float, until: float, taken: list[float]) -> None:
    """Sit down, check or call, note how long each action took."""
    line = Table(cast(Api, Given(table, url)), table)
    await line.ready()
    await line.sit(CHIPS)
    while time.perf_counter() < until:
        if not (line.state.my_turn and line.state.options is not None):
            await line.changed()
            continue
        await asyncio.sleep(think_s)
        action = Check() if line.state.options.can_check else Call()
        sent = time.perf_counter()
        await line.act(action)
        taken.append(time.perf_counter() - sent)
    await line.close()


async def players(order: dict[str, Any]) -> list[float]:
    """Everybody at once; seconds of each action."""
    taken: list[float] = []
    until = time.perf_counter() + order["seconds"]
    lines = [play(t, url, order["think_s"], until, taken) for t, url in order["lines"]]
    await asyncio.wait([asyncio.create_task(line) for line in lines], timeout=order["seconds"] + 5)
    return taken


# The server's process


async def one_round(
    dsn: str, folder: Path, journal: bool, tables: int, seconds: float, think_s: float
) -> dict[str, float]:
    """A host of its own, played for a while."""
    pool = await asyncpg.create_pool(dsn, min_size=1, max_size=4)
    ledger = Ledger(pool)
    config = HostConfig(str(folder / "dsn"), str(folder / "journal"), KEYS.public.jwks())
    host = TableHost(config, ledger)
    await host.start()
    if not journal:
        host._scribe._journal = cast(Journal, NoJournal())
    lines = []
    for number in range(tables):
        status = await host.open(spec(number))
        for _ in range(2):
            account = uuid.uuid4()
            await ledger.open_wallet(account)
            await ledger.grant_daily(account, CHIPS, date(2026, 1, 2))
            who = Identity(account=account, name="p", kind="player", sid=uuid.uuid4())
            table = f"t{number}"
            ticket = mint_ticket(KEYS, who, table=table, epoch=status.epoch, addr="127.0.0.1",
                                 port=host.port, role="seat", now=time.time())  # fmt: skip
            lines.append((table, f"ws://127.0.0.1:{host.port}/t/{table}?ticket={ticket}"))
    order = {"lines": lines, "seconds": seconds, "think_s": think_s}
    before = time.process_time()
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bench_journal", "--players",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    out, _ = await child.communicate(json.dumps(order).encode())
    cpu = time.process_time() - before
    await host.abandon()
    await pool.close()
    taken = sorted(json.loads(out))
    return {
        "actions": len(taken),
        "p50_ms": statistics.median(taken) * 1_000,
        "p99_ms": taken[math.ceil(len(taken) * 0.99) - 1] * 1_000,
        "cpu_ms_per_action": cpu / len(taken) * 1_000,
    }


async def measure(
    options: argparse.Namespace, folder: Path, admin_dsn: str, app_dsn: str
) -> dict[str, Any]:
    """Rounds in turn, each with an empty journal; medians over the rounds."""
    rounds: dict[str, list[dict[str, float]]] = {"with": [], "without": []}
    await migrate_all(admin_dsn)
    for number in range(2 * options.rounds):
        side = ("with", "without")[number % 2]
        admin = await asyncpg.connect(admin_dsn)
        await admin.execute("TRUNCATE actors.journal")
        await admin.close()
        think_s = options.think_ms / 1_000
        rounds[side].append(
            await one_round(
                app_dsn, folder, side == "with", options.tables, options.seconds, think_s
            )
        )
        progress(f"{side}: { ({k: round(v, 3) for k, v in rounds[side][-1].items()}) }")
    return {
        side: {key: round(statistics.median(r[key] for r in done), 3) for key in done[0]}
        for side, done in rounds.items()
    }


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--players", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--tables", type=int, default=32)
    parser.add_argument("--think-ms", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 5.0
    if options.players:
        json.dump(asyncio.run(players(json.load(sys.stdin))), sys.stdout)
        return
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        Seals.generate(folder / "journal")
        with EmbeddedStores(folder) as stores:
            (folder / "dsn").write_text(stores.app_dsn)
            result = asyncio.run(measure(options, folder, stores.admin_dsn, stores.app_dsn))
    on, off = result["with"], result["without"]
    figures = {
        f"{name}_{side}": Figure(values[key], "ms")
        for side, values in (("with", on), ("without", off))
        for name, key in MEASURED
    }
    figures["added_p50"] = Figure(on["p50_ms"] - off["p50_ms"], "ms")
    figures["added_p99"] = Figure(on["p99_ms"] - off["p99_ms"], "ms")
    conditions = {"tables": options.tables, "think_ms": options.think_ms}
    publish("bench_journal", options, figures, options.rounds, **conditions)


if __name__ == "__main__":
    main()
