"""What traces cost an action: the six-seat workload with the seam absent, off and on.

``python -m benchmarks.bench_traces --before FOLDER``: server on one core, generator (C) on the
other, round by round in turn; CPU of the server's process as a ratio to that with traces off in the
same round. FOLDER is a checkout from before there were traces; without it ``absent`` is not
measured. ``errors`` records every action and keeps none of them, ``all`` keeps and sends each to a
receiver that reads nothing. Caveats: no journal, so an action is as cheap here as it can be and the
ratio as large; the sender is a thread of the same process and in its CPU.
"""

import statistics
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks.peers.workload import Result, Server, ours, six_seats
from benchmarks.report import Figure, arguments, progress, publish

OFF_TO_ABSENT_MAX = 1.02


class Receiver(BaseHTTPRequestHandler):
    """Takes everything and looks at nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Not a word."""


@contextmanager
def receiving() -> Iterator[str]:
    """Its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/traces"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def conditions(url: str, tables: int, before: Path | None) -> list[Server]:
    """What is compared."""
    off = ours(False, tables)
    words = list(off.command)

    def on(ratio: str) -> list[str]:
        return [*words[:-1], "--trace-url", url, "--trace-ratio", ratio, words[-1]]

    servers = [Server("off", words), Server("errors", on("0")), Server("all", on("1"))]
    if before is not None:
        # -P: not what is in the working directory.
        elsewhere = ["env", f"PYTHONPATH={before.resolve()}", sys.executable, "-P", *words[1:]]
        servers.insert(0, Server("absent", elsewhere))
    return servers


def figures(rounds: dict[str, list[Result]]) -> dict[str, Figure]:
    """Medians of the ratios within each round."""
    found = {}
    for name, done in rounds.items():
        pairs = zip(done, rounds["off"], strict=True)
        ratios = [each["cpu_s_per_1k"] / off["cpu_s_per_1k"] for each, off in pairs]
        if name == "absent":
            ratio = 1 / statistics.median(ratios)
            found["off_to_absent"] = Figure(ratio, "x", at_most=OFF_TO_ABSENT_MAX)
        elif name != "off":
            found[f"{name}_to_off"] = Figure(statistics.median(ratios), "x")
        cpu = statistics.median(each["cpu_s_per_1k"] for each in done)
        found[f"{name}_cpu"] = Figure(cpu, "s/1k")
    return found


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--before", type=Path, help="a checkout from before there were traces")
    parser.add_argument("--tables", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 3, 2.0
    rounds: defaultdict[str, list[Result]] = defaultdict(list)
    with receiving() as url:
        for _ in range(options.rounds):
            for server in conditions(url, options.tables, options.before):
                result = six_seats(server, options.tables, options.seconds)
                progress(f"{server.name:8} {result['cpu_s_per_1k'] * 1e3:7.2f} ms CPU/1k")
                rounds[server.name].append(result)
    publish("bench_traces", options, figures(rounds), options.rounds, tables=options.tables)


if __name__ == "__main__":
    main()
