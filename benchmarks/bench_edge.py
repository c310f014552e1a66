"""What the edge costs a message: the same listener, asked directly and through HAProxy with TLS.

Caveats: generator, listener and edge share the cores, and the generator does TLS in Python for one
side only. Ratios are of one run, rounds of both sides in turn; seconds are this machine's.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.edge import Edge, Listener, ping
from wire.codec import JSON

LINES = 50
ROUNDS = 4


async def main(asked: int) -> dict[str, Any]:
    """Medians and sums of both sides."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as folder:
        edge = Edge(Path(folder), requests_per_10s=100_000, connections_per_10s=100_000)
        with edge.running():
            listener = Listener(edge.keys_dir)
            await listener.open()
            direct = [await connect(
                f"ws://127.0.0.1:{listener.port}/t/oak?ticket={edge.ticket(listener.port)}",
                subprotocols=[Subprotocol(JSON)]) for _ in range(LINES)]  # fmt: skip
            through = [await edge.connect(edge.ticket(listener.port)) for _ in range(LINES)]
            sides: dict[str, list[float]] = {"direct": [], "edge": []}
            used = 0.0
            for _ in range(ROUNDS):
                sides["direct"] += await _ask(direct, asked)
                before = _haproxy_s()
                sides["edge"] += await _ask(through, asked)
                used += _haproxy_s() - before
            for line in (*direct, *through):
                await line.close()
            listener.close()
    shown: dict[str, Any] = {name: _shown(times) for name, times in sides.items()}
    shown["haproxy_cpu_us_a_message"] = round(used / (2 * len(sides["edge"])) * 1e6, 1)
    for part in ("p50_ms", "p99_ms"):
        shown[f"ratio_{part}"] = round(shown["edge"][part] / shown["direct"][part], 2)
    return shown


async def _ask(lines: list[ClientConnection], asked: int) -> list[float]:
    """Seconds of each question; one at a time on each line, so many a second as one of 20 players
    a table might."""

    async def one(line: ClientConnection) -> list[float]:
        times = []
        for number in range(asked):
            began = time.perf_counter()
            await ping(line, str(number))
            times.append(time.perf_counter() - began)
            await asyncio.sleep(0.05)
        return times

    return list(chain.from_iterable(await asyncio.gather(*(one(line) for line in lines))))


def _haproxy_s() -> float:
    """CPU of the workers that are our own."""
    mine = psutil.Process().children(recursive=True)
    return sum(sum(each.cpu_times()[:2]) for each in mine if each.name() == "haproxy")


def _shown(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"messages": 2 * len(times), "p50_ms": round(cuts[49] * 1e3, 3),
            "p99_ms": round(cuts[98] * 1e3, 3)}  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a fifth of the questions")
    parser.add_argument("--json", default="-", help="file for the results (-: stdout)")
    options = parser.parse_args()
    results = json.dumps(asyncio.run(main(20 if options.quick else 100)), indent=2)
    if options.json == "-":
        sys.stdout.write(f"{results}\n")
    else:
        Path(options.json).write_text(f"{results}\n", "utf-8")
