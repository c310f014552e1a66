"""Memory under load, process by process: ``python -m tests.soak.soak --seconds 3600``.

Bots play at packed tables as fast as they may, spectators come and go, a client floods its table
until it is cut. The resident memory of every process of ours is read now and then. Over the second
half its slope (least squares) must stay under ``SLOPE_KIB_PER_S_MAX``, with ``ALLOWANCE_KIB`` for
what caches may still fill in a short run. A minute finds what grows quickly, an hour the rest.
"""

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Final, NamedTuple

import psutil
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from client import Client
from client.table import Table
from serve.process import free_port
from tests.server import read_until, start, stop
from wire.codec import JSON
from wire.codes import Close

HOUR_S: Final = 3_600.0
SLOPE_KIB_PER_S_MAX: Final = 2.0
"""7 MiB an hour and process."""
ALLOWANCE_KIB: Final = 6_144.0
"""What caches, histories and the allocator may still take after half a run, however short."""
OURS: Final = ("ray::TableActor", "ray::ServeReplica")
TABLES: Final = 12
SPECTATORS: Final = 8
SAMPLES: Final = 60
SAMPLE_S_MIN: Final = 0.5
PAUSE_S: Final = 0.2
VISIT_S: Final = 1.0
ENDS: Final = {
    Close.TOO_FAST: "cut",
    Close.SLOW_CLIENT: "cut",
    1006: "cut",  # he wrote into a closed line, and its code was lost
    Close.TABLE_CROWDED: "turned away",  # the loop is late: no newcomers
}

LOBBY = """
[[tables]]
bots = 4
[tables.spec]
table = "t{number}"
name = "Table {number}"
buy_in_min = 1_000
buy_in_max = 5_000
pause_ms = 50
showdown_pause_ms = 50
tables_per_actor = {tables}
rail_delay_s = {delay}
[tables.spec.game]
seats = 6
blinds = {{ small = 25, big = 50 }}
"""


class Series(NamedTuple):
    """One process: seconds and KiB."""

    name: str
    at: list[float]
    kib: list[float]

    def allowed(self) -> float:
        """KiB a second that the second half may rise by."""
        half = len(self.at) // 2
        return SLOPE_KIB_PER_S_MAX + ALLOWANCE_KIB / (self.at[-1] - self.at[half])

    def slope(self) -> float:
        """KiB a second over the second half."""
        half = len(self.at) // 2
        return statistics.linear_regression(self.at[half:], self.kib[half:]).slope


def sample(root: int, began: float, found: dict[int, Series]) -> None:
    for process in psutil.Process(root).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            title = " ".join(process.cmdline()[:1])
            if title.startswith(OURS):
                series = found.setdefault(process.pid, Series(title, [], []))
                series.at.append(time.monotonic() - began)
                series.kib.append(process.memory_info().rss / 1_024)


async def watch(client: Client, number: int, seen: dict[str, int]) -> None:
    """A spectator who goes from table to table."""
    while True:
        table: Table = await client.join(f"t{number % TABLES}", rail=True)
        with contextlib.suppress(TimeoutError):  # nothing happens at a table whose bots are broke
            async with asyncio.timeout(VISIT_S):
                async for _ in table.events():
                    seen["events"] += 1
        await table.close()
        seen["visits"] += 1
        number += 1


async def flood(client: Client, seen: dict[str, int]) -> None:
    """Sends as fast as he can, until he is cut; and again."""
    while True:
        url = (await client.api.ticket("t0")).url
        async with connect(url, subprotocols=[Subprotocol(JSON)], compression=None) as socket:
            with contextlib.suppress(ConnectionClosed):
                await socket.recv()
                while True:
                    await socket.send('{"type":"ping","ref":"x"}')
                    await asyncio.sleep(0)  # the spectators beside him want to read
            await socket.wait_closed()
            assert socket.close_code in ENDS, socket.close_code
            seen[ENDS[socket.close_code]] += 1
        await asyncio.sleep(PAUSE_S)


async def load(url: str, root: int, seconds: float) -> tuple[list[Series], dict[str, int]]:
    """Keep them busy; what their memory did, and what was done."""
    found: dict[int, Series] = {}
    seen: dict[str, int] = defaultdict(int)
    began = time.monotonic()
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(await Client.guest(url))
        work = [asyncio.create_task(flood(client, seen))]
        for number in range(SPECTATORS):
            spectator = await stack.enter_async_context(await Client.guest(url))
            work.append(asyncio.create_task(watch(spectator, number, seen)))
        while (passed := time.monotonic() - began) < seconds:
            done, _ = await asyncio.wait(work, timeout=max(SAMPLE_S_MIN, seconds / SAMPLES))
            for task in done:
                task.result()
            await asyncio.to_thread(sample, root, began, found)
            seen["hands"] = sum(table.dealt for table in (await client.api.lobby()).tables)
            print(f"{passed:7.0f} s  {json.dumps(seen)}", file=sys.stderr)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
    return list(found.values()), dict(seen)


def run(seconds: float) -> tuple[list[Series], dict[str, int]]:
    with tempfile.TemporaryDirectory(prefix="squaredeal-soak-") as folder:
        Path(folder).chmod(0o711)
        tables = Path(folder, "tables.toml")
        tables.write_text(
            "".join(
                LOBBY.format(number=number, tables=TABLES, delay=number % 2)
                for number in range(TABLES)
            ),
            "utf-8",
        )
        port = free_port()
        process = start(
            "--data-dir", str(Path(folder, "data")), "--port", str(port), "--tables-file",
            str(tables), "--bot-grant", str(10**12),
            "--bot-think-ms-min", "20", "--bot-think-ms-max", "60",
        )  # fmt: skip
        try:
            read_until(process, "Take a seat")
            return asyncio.run(load(f"http://127.0.0.1:{port}", process.pid, seconds))
        finally:
            stop(process)


def growing(series: list[Series]) -> list[str]:
    """Those that rise faster than they may, in words. A process that was there for less than half
    of the time is not judged: it was the spare, or was replaced."""
    longest = max(len(each.at) for each in series)
    judged = [each for each in series if len(each.at) > longest // 2]
    assert {kind for kind in OURS for each in judged if each.name.startswith(kind)} == set(OURS)
    return [
        f"{each.name}: {each.slope():.1f} KiB/s, allowed {each.allowed():.1f}"
        for each in judged
        if each.slope() > each.allowed()
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    default = float(os.environ.get("SOAK_S", HOUR_S))
    parser.add_argument("--seconds", type=float, default=default)
    series, seen = run(parser.parse_args().seconds)
    for each in sorted(series):
        points = " ".join(f"{kib / 1_024:.1f}" for kib in each.kib)
        print(f"{each.name}: {each.slope():+.2f} KiB/s of {each.allowed():.2f}; MiB: {points}")
    print(json.dumps(seen))
    wrong = growing(series)
    print("\n".join(wrong) or "flat")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
