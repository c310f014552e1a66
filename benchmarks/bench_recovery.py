"""From SIGKILL of a table's actor to the first frame at a returning client.

One server on this machine, as ``squaredeal up`` starts it, with a warm spare; a seated SDK client
in this process. Between kills the bench waits until a spare is warm again, as in an idle room.
``python -m benchmarks.bench_recovery [--kills N]``
"""

import asyncio
import math
import os
import signal
import statistics
import tempfile
import time
from pathlib import Path

import httpx
import msgspec

from benchmarks.report import Figure, arguments, progress, publish
from client import Client, Table
from serve.process import free_port
from tests.server import Server, read_until, start, stop
from wire.http import OperatorTables

QUICK_KILLS = 5
TABLES = """
[[tables]]
[tables.spec]
table = "oak"
name = "Oak"
buy_in_min = 1_000
buy_in_max = 10_000
[tables.spec.clock]
turn_ms = 60_000
[tables.spec.game]
seats = 2
blinds = { small = 50, big = 100 }
"""


class Bench:
    """One table, two guests in a hand, and the operators' view of it."""

    def __init__(self, server: Server) -> None:
        token = Path(server.data_dir, "secrets", "operator.token").read_text("utf-8").strip()
        self._http = httpx.AsyncClient(
            base_url=server.url, headers={"Authorization": f"Bearer {token}"}
        )
        self.frames: list[float] = []

    def on_frame(self, data: bytes) -> None:
        self.frames.append(time.perf_counter())

    async def tables(self) -> OperatorTables:
        answer = await self._http.get("/v1/operator/tables")
        return msgspec.json.decode(answer.content, type=OperatorTables)

    async def warm(self) -> int:
        """Wait for an open table and a spare; the process that serves the table."""
        while True:
            now = await self.tables()
            if now.spares and now.tables[0].open:
                return now.tables[0].pid
            await asyncio.sleep(0.1)

    async def kill(self, table: Table) -> float:
        """One kill; seconds to the first frame of the next epoch."""
        pid = await self.warm()
        epoch, hand, cards = table.state.epoch, table.state.hand, table.state.cards
        self.frames.clear()
        killed = time.perf_counter()
        os.kill(pid, signal.SIGKILL)
        while not (table.connected and table.state.epoch > epoch):
            await table.changed()
        assert (table.state.hand, table.state.cards) == (hand, cards), "another hand"
        return self.frames[0] - killed

    async def close(self) -> None:
        await self._http.aclose()


async def measure(server: Server, kills: int) -> list[float]:
    """Seconds of each kill."""
    bench = Bench(server)
    taken = []
    async with await Client.guest(server.url) as a, await Client.guest(server.url) as b:
        mine = await a.join("oak", on_frame=bench.on_frame)
        await mine.sit(5_000)
        await (await b.join("oak")).sit(5_000)
        while not mine.state.playing:
            await mine.changed()
        for number in range(kills):
            taken.append(await bench.kill(mine))
            progress(f"{number + 1}/{kills}: {taken[-1]:.3f} s")
    await bench.close()
    return taken


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--kills", type=int, default=100)
    options = parser.parse_args()
    kills = min(options.kills, QUICK_KILLS) if options.quick else options.kills
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as folder:
        Path(folder).chmod(0o711)
        tables = Path(folder, "tables.toml")
        tables.write_text(TABLES)
        data_dir, port = Path(folder, "data"), free_port()
        process = start(
            "--data-dir", str(data_dir), "--port", str(port), "--tables-file", str(tables),
            "--no-bots",
        )  # fmt: skip
        try:
            read_until(process, "Take a seat")
            server = Server(f"http://127.0.0.1:{port}", data_dir, process)
            taken = sorted(asyncio.run(measure(server, kills)))
        finally:
            stop(process)
    figures = {
        "first_frame_p50": Figure(statistics.median(taken), "s", at_most=0.5),
        "first_frame_p99": Figure(taken[math.ceil(len(taken) * 0.99) - 1], "s", at_most=1.5),
        "first_frame_max": Figure(taken[-1], "s"),
    }
    publish("bench_recovery", options, figures, rounds=1, kills=len(taken))


if __name__ == "__main__":
    main()
