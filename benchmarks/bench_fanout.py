"""From the commit of a hand to a reader in another process, and what telling costs the settlers.

``python -m benchmarks.bench_fanout``: closed-loop rounds with and without telling in turn, then an
open loop at half of the peak with telling. The reader is a ``Feed`` in a process of its own that
follows every player of 512 tables; it notes the instant after it has taken a message in. Postgres,
Valkey, load, settlers and reader share the machine.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections import defaultdict, deque
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import psutil
import redis.asyncio

from benchmarks.bench_ledger import Server
from benchmarks.ledger_load import Load, closed_loop, open_loop, seat
from benchmarks.report import Figure, arguments, progress, publish
from serve.compose import migrate_all
from serve.embedded import EmbeddedStores
from wallet.fanout.channel import Channel
from wallet.fanout.feed import Feed
from wallet.fanout.holdings import read_holdings
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.lines import unpacked
from wallet.fanout.publisher import Publisher
from wallet.ledger import Ledger
from wallet.settler import settling

SETTLERS = 2
TABLES = 512
WARM_S = 8.0
LIMITS = FanoutLimits()
PLAYERS = "SELECT DISTINCT owner FROM wallet.accounts WHERE kind = 'stake'"
Heard = list[tuple[float, bytes]]
Committed = list[tuple[float, bytes | None]]


class Noting(Publisher):
    """Notes the instant of every commit, when its settler has heard of it."""

    committed: Committed | None = None

    def batch(self, chain: int, number: int, lines: bytes | None) -> None:
        if self.committed is not None:
            self.committed.append((time.monotonic(), lines))
        super().batch(chain, number, lines)


# The reader's process


async def read(dsn: str, redis_url: str) -> None:
    """Follow everybody until told to stop, then say what was heard and when."""
    heard: Heard = []
    async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool:

        class Listening(Feed):
            def hear(self, message: bytes) -> None:
                super().hear(message)
                heard.append((time.monotonic(), message))

        async with redis.asyncio.Redis.from_url(redis_url) as line:
            feed = Listening(line, lambda players: read_holdings(pool, players), LIMITS)
            running = asyncio.create_task(feed.run())
            for row in await pool.fetch(PLAYERS):
                following = feed.follow(UUID(bytes=row["owner"].bytes))
                await (following.__enter__()).next()
            print("following", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
    sys.stdout.buffer.write(msgspec.msgpack.encode(heard))


# The wallet's process


class Bench:
    """Two ledgers over one database: one that tells, one that does not."""

    def __init__(
        self, server: Server, load: Load, telling: Ledger, silent: Ledger, publisher: Noting
    ) -> None:
        self.server = server
        self.load = load
        self.telling = telling
        self.silent = silent
        self.publisher = publisher


async def measure(bench: Bench, options: argparse.Namespace, stores: EmbeddedStores) -> Any:
    """All figures and the conditions."""
    rates: defaultdict[str, list[float]] = defaultdict(list)
    await closed_loop(bench.load, bench.silent, options.warm, TABLES)
    for number in range(options.rounds):
        progress(f"round {number + 1} of {options.rounds}")
        for name in ("silent", "telling"):
            used = bench.server.cpu_s()
            done = await closed_loop(bench.load, getattr(bench, name), options.seconds, TABLES)
            rates[name].append(done.settlements_s)
            rates[f"cpu_{name}"].append((bench.server.cpu_s() - used) * 1e6 / done.settlements)
            progress(f"  {name}: {done.settlements_s:,.0f} settlements/s")
    at = {name: statistics.median(values) for name, values in rates.items()}
    commits, taken, lost = await latency(bench, stores, options.seconds * 2, at["silent"] / 2)
    found = {
        "settlements": Figure(at["silent"], "1/s"),
        "settlements_told": Figure(at["telling"], "1/s"),
        "cpu_per_settlement": Figure(at["cpu_silent"], "us"),
        "cpu_per_settlement_told": Figure(at["cpu_telling"], "us"),
        "telling_cost": Figure(100 * (at["cpu_telling"] / at["cpu_silent"] - 1), "% CPU",
                               at_most=10),
        "commit_p50_at_half": Figure(1e3 * commits[len(commits) // 2], "ms"),
        "commit_p99_at_half": Figure(1e3 * commits[len(commits) * 99 // 100], "ms"),
        "told_p50_at_half": Figure(1e3 * taken[len(taken) // 2], "ms", at_most=3),
        "told_p99_at_half": Figure(1e3 * taken[len(taken) * 99 // 100], "ms", at_most=20),
        "changes_not_told": Figure(lost, "accounts", at_most=0),
    }  # fmt: skip
    return found, {"half_rate": round(at["silent"] / 2), "changes": len(taken)}


async def latency(
    bench: Bench, stores: EmbeddedStores, seconds: float, rate: float
) -> tuple[list[float], list[float], int]:
    """Seconds of every commit, seconds from commit to reader of every change, both sorted; and how
    many changes never came."""
    reader = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.bench_fanout", "--read", stores.app_dsn,
        stores.redis_url, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert reader.stdout is not None
    assert await reader.stdout.readline() == b"following\n"
    committed: Committed = []
    bench.publisher.committed = committed
    progress(f"{seconds:.0f} s at {rate:,.0f} settlements/s")
    commits = await open_loop(bench.load, bench.telling, seconds, rate)
    bench.publisher.committed = None
    await asyncio.sleep(1.0)  # what is on its way arrives, or counts as lost
    said, _ = await reader.communicate(b"\n")
    assert reader.returncode == 0
    return commits, *matched(committed, msgspec.msgpack.decode(said, type=Heard))


def matched(committed: Committed, heard: Heard) -> tuple[list[float], int]:
    """Who hears of a later version of an account has heard of the earlier ones."""
    waiting: defaultdict[int, deque[tuple[int, float]]] = defaultdict(deque)
    for instant, lines in committed:
        for _, account, _, version in unpacked(lines or b""):
            waiting[account].append((version, instant))
    taken = []
    for instant, message in heard:
        for _, account, _, version in unpacked(message):
            open_ = waiting[account]
            while open_ and open_[0][0] <= version:
                taken.append(instant - open_.popleft()[1])
    return sorted(taken), sum(map(len, waiting.values()))


async def server(stores: EmbeddedStores) -> Server:
    """Postgres and this process, whose CPU counts; the reader's and Valkey's do not."""
    conn = await asyncpg.connect(stores.admin_dsn)
    postmaster = psutil.Process(conn.get_server_pid()).parent()
    await conn.close()
    assert postmaster is not None
    return Server(stores, postmaster)


async def run(options: argparse.Namespace, stores: EmbeddedStores) -> None:
    await migrate_all(stores.admin_dsn)
    load = await seat(stores.app_dsn, TABLES, seed=1)
    conn = await asyncpg.connect(stores.admin_dsn)
    await conn.execute("VACUUM ANALYZE")
    await conn.close()
    async with (
        asyncpg.create_pool(stores.app_dsn, min_size=2, max_size=8) as pool,
        redis.asyncio.Redis.from_url(stores.redis_url) as line,
    ):
        publisher = Noting(pool, Channel(line, LIMITS), LIMITS)
        telling = asyncio.create_task(publisher.run())
        async with (
            settling(stores.app_dsn, SETTLERS, publisher) as told,
            settling(stores.app_dsn, SETTLERS) as silent,
        ):
            bench = Bench(
                await server(stores), load, Ledger(pool, told), Ledger(pool, silent), publisher
            )
            found, conditions = await measure(bench, options, stores)
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
    conditions |= {"settlers": SETTLERS, "tables": TABLES, "readers": 1}
    publish("bench_fanout", options, found, options.rounds, **conditions)


def main() -> None:
    """Run it, print it, keep it."""
    if sys.argv[1:2] == ["--read"]:
        asyncio.run(read(*sys.argv[2:]))
        return
    parser = arguments(__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--bin", type=Path, default=None, help="another Postgres")
    options = parser.parse_args()
    options.warm = 3.0 if options.quick else WARM_S
    if options.quick:
        options.rounds, options.seconds = 2, 3.0
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with EmbeddedStores(folder, options.bin) as stores:
            asyncio.run(run(options, stores))


if __name__ == "__main__":
    main()
