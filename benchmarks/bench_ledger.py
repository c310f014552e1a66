"""Settlements a second beside pgbench's TPC-B, on the same server in the same run.

``python -m benchmarks.bench_ledger``: rounds in turn (pgbench, batches, one by one, …), medians.
pgbench runs with prepared statements and 16 clients. A settlement is a hand of three to five stakes
and the rake: five entries on average. The load generator shares the two cores with the server, and
its CPU counts as ours.
"""

import argparse
import asyncio
import math
import os
import re
import statistics
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from benchmarks.ledger_load import Load, Rate, closed_loop, open_loop, seat
from benchmarks.report import Figure, arguments, progress, publish
from serve.compose import migrate_all
from serve.embedded import EmbeddedStores
from wallet.ledger import Ledger
from wallet.settler import calm_collector, settling

CLIENTS = 16
SETTLERS = 2
TABLES = 1_024
WARM_S = 8.0
GROWN_ENTRIES = 10_000_000


class Server:
    """Databases of one Postgres, and what it used. ``process`` is its postmaster."""

    def __init__(self, stores: EmbeddedStores, process: psutil.Process) -> None:
        self.admin_dsn, self.app_dsn = stores.admin_dsn, stores.app_dsn
        self._process = process
        self._bin = Path(process.exe()).parent

    async def database(self, name: str) -> tuple[str, str]:
        """A fresh one with our schema: the DSNs of its owner and of the application."""
        conn = await asyncpg.connect(self.admin_dsn)
        await conn.execute(f"CREATE DATABASE {name}")
        await conn.close()
        admin, app = (dsn.rpartition("/")[0] + f"/{name}" for dsn in (self.admin_dsn, self.app_dsn))
        await migrate_all(admin)
        return admin, app

    def pgbench(self, *flags: str) -> str:
        run = subprocess.run(
            [self._bin / "pgbench", *flags, self.admin_dsn.rpartition("/")[0] + "/pgbench"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return run.stdout

    def tpcb(self, seconds: float) -> float:
        """Transactions a second."""
        said = self.pgbench(
            "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(round(seconds))
        )
        found = re.search(r"tps = ([\d.]+)", said)
        assert found is not None, said
        return float(found[1])

    def cpu_s(self) -> float:
        """Of the server and of this process."""
        used = 0.0
        for process in (self._process, *self._process.children(recursive=True)):
            try:
                times = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            used += times.user + times.system
        own = os.times()
        return used + own.user + own.system


class Book:
    """One database with its load and its settlers."""

    def __init__(self, load: Load, batching: Ledger, single: Ledger, admin: Any) -> None:
        self.load = load
        self.batching = batching
        self.single = single
        self.admin = admin

    async def wal(self) -> int:
        return int(await self.admin.fetchval("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn"))


@asynccontextmanager
async def book(server: Server, name: str, tables: int, entries: int) -> AsyncIterator[Book]:
    """``entries`` are there before, of other accounts and months."""
    admin_dsn, app_dsn = await server.database(name)
    load = await seat(app_dsn, tables, seed=1)
    admin = await asyncpg.connect(admin_dsn)
    if entries:
        progress(f"writing {entries:,} entries")
        await admin.execute(
            "INSERT INTO wallet.entries (transfer_id, account_id, amount, balance, at) "
            "SELECT n / 5, 1000000 + (random() * 200000)::integer, 1, 1, now() "
            f"FROM generate_series(1, {entries}) n"
        )
    await admin.execute("VACUUM ANALYZE")
    async with (
        settling(app_dsn, SETTLERS) as settlers,
        asyncpg.create_pool(app_dsn, min_size=CLIENTS, max_size=CLIENTS) as pool,
    ):
        yield Book(load, Ledger(pool, settlers), Ledger(pool), admin)
    await admin.close()


async def measure(
    server: Server, options: argparse.Namespace
) -> tuple[dict[str, Figure], dict[str, Any]]:
    """All figures."""
    rates: defaultdict[str, list[float]] = defaultdict(list)
    grown_entries = 0 if options.quick else options.entries
    async with (
        book(server, "empty", TABLES, 0) as empty,
        book(server, "grown", TABLES, grown_entries) as grown,
    ):
        calm_collector()  # as the wallet deployment does
        await asyncio.to_thread(server.tpcb, options.warm)
        await closed_loop(empty.load, empty.batching, options.warm, TABLES)
        await closed_loop(grown.load, grown.batching, options.warm / 2, TABLES)
        for number in range(options.rounds):
            progress(f"round {number + 1} of {options.rounds}")
            rates["tpcb"].append(await asyncio.to_thread(server.tpcb, options.seconds))
            wal, cpu = await empty.wal(), server.cpu_s()
            batched = await closed_loop(empty.load, empty.batching, options.seconds, TABLES)
            rates["wal"].append((await empty.wal() - wal) / batched.settlements)
            rates["cpu"].append((server.cpu_s() - cpu) * 1e6 / batched.settlements)
            note(rates, "batched", batched)
            calm = await closed_loop(empty.load, empty.batching, options.seconds, TABLES, rake=0)
            note(rates, "no_house", calm)
            note(rates, "single", await closed_loop(empty.load, empty.single, options.seconds, 16))
            large = await closed_loop(grown.load, grown.batching, options.seconds, TABLES)
            note(rates, "grown", large)
        half = statistics.median(rates["batched_settlements"]) / 2
        taken = await open_loop(empty.load, empty.batching, options.seconds * 2, half)
        problems = (await empty.single.check()).problems
        assert problems == [], problems
    return figures(rates, taken), {"half_rate": round(half), "grown_entries": grown_entries}


def note(rates: dict[str, list[float]], name: str, rate: Rate) -> None:
    rates[f"{name}_settlements"].append(rate.settlements_s)
    rates[f"{name}_entries"].append(rate.entries_s)
    progress(f"  {name}: {rate.settlements_s:,.0f} settlements/s")


def figures(rates: dict[str, list[float]], taken: Sequence[float]) -> dict[str, Figure]:
    """Ratios of medians, all from the same run."""
    at = {name: statistics.median(values) for name, values in rates.items()}
    batched = at["batched_settlements"]
    return {
        "tpcb": Figure(at["tpcb"], "tx/s"),
        "settlements": Figure(batched, "1/s"),
        "settlements_to_tpcb": Figure(batched / at["tpcb"], "ratio", at_least=4),
        "entries_to_tpcb": Figure(at["batched_entries"] / at["tpcb"], "ratio", at_least=18),
        "one_by_one": Figure(at["single_settlements"], "1/s"),
        "to_one_by_one": Figure(batched / at["single_settlements"], "ratio", at_least=15),
        "hot_house_cost": Figure(
            100 * (1 - at["batched_entries"] / at["no_house_entries"]), "%", at_most=10
        ),
        "growth_cost": Figure(100 * (1 - at["grown_settlements"] / batched), "%", at_most=20),
        "commit_p50_at_half": Figure(1e3 * statistics.median(taken), "ms", at_most=2),
        "commit_p99_at_half": Figure(1e3 * taken[math.ceil(len(taken) * 0.99) - 1], "ms",
                                     at_most=25),
        "wal_per_settlement": Figure(at["wal"], "bytes"),
        "cpu_per_settlement": Figure(at["cpu"], "us"),
    }  # fmt: skip


async def run(options: argparse.Namespace, stores: EmbeddedStores) -> None:
    conn = await asyncpg.connect(stores.admin_dsn)
    await conn.execute("CREATE DATABASE pgbench")
    postmaster = psutil.Process(conn.get_server_pid()).parent()
    assert postmaster is not None
    server = Server(stores, postmaster)
    await conn.close()
    server.pgbench("-i", "-q", "-s", str(CLIENTS))
    found, conditions = await measure(server, options)
    conditions |= {"clients": CLIENTS, "settlers": SETTLERS, "tables": TABLES}
    publish("bench_ledger", options, found, options.rounds, **conditions)


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--entries", type=int, default=GROWN_ENTRIES)
    parser.add_argument("--bin", type=Path, default=None, help="another Postgres")
    options = parser.parse_args()
    options.warm = 3.0 if options.quick else WARM_S
    if options.quick:
        options.rounds, options.seconds = 1, 3.0
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedStores(folder, options.bin) as stores:
            asyncio.run(run(options, stores))


if __name__ == "__main__":
    main()
