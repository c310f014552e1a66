"""Does our generator measure what the one that came with the workload measures?

``python -m benchmarks.peers.agreement`` drives the same servers with both, round by round in turn,
and prints them side by side. The other one is looked for in ``../shared/peers`` beside the
checkout, or where ``SQUAREDEAL_SHARED`` points; without it nothing is compared, and that is said.
"""

import os
import statistics
from pathlib import Path

from benchmarks.peers.workload import (
    ROOT,
    Result,
    Server,
    compiled,
    drive,
    ours,
    reference,
    running,
    six_seats,
)  # fmt: skip
from benchmarks.report import Figure, arguments, progress, publish

SKIPPED = 3
"""The exit code when there is nothing to compare with."""
APART_MAX = 1.1
"""Medians differ by no more than a tenth, either way."""


def other_source() -> Path:
    """The file of the other generator, whether it is there or not."""
    shared = Path(os.environ.get("SQUAREDEAL_SHARED", ROOT.parent / "shared"))
    return shared / "peers" / "loadgen.c"


def theirs(server: Server, tables: int, seconds: float) -> Result:
    """A round of the other generator."""
    numbers = {"SEND": 15, "DATA": 14, "JOIN": 16, "ERR": 11, "MATCH": 12}
    flags = [f"-DNAK_{name}={number}" for name, number in numbers.items()]
    program = compiled("loadgen", other_source(), "-w", *flags)
    with running(server) as (port, process):
        options = {
            "proto": "json", "port": port, "tables": tables, "secs": seconds, "warm": 1.5,
            "think": 0, "settle": 0.7, "pids": process, "label": server.name,
        }  # fmt: skip
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        result = drive([program, *words], 120 + seconds)
    assert result["errs"] == result["badseq"] == result["closes"] == 0
    return result


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--tables", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.tables = 1, 1.5, 64
    if not other_source().is_file():
        parser.exit(SKIPPED, f"SKIPPED, nothing was compared: {other_source()} is absent\n")
    figures = {}
    for server in (reference(), ours(False, options.tables)):
        own, other = [], []
        for _ in range(options.rounds):
            own.append(six_seats(server, options.tables, options.seconds))
            other.append(theirs(server, options.tables, options.seconds))
            for name, done in (("ours", own[-1]), ("theirs", other[-1])):
                rate, cpu = done["actions_s"], done["cpu_s_per_1k"]
                progress(f"{server.name:12} {name:7} {rate:9.0f} actions/s {cpu * 1e3:7.2f} ms/1k")
        for key, unit in (("actions_s", "/s"), ("cpu_s_per_1k", "s/1k")):
            mine = statistics.median(each[key] for each in own)
            others = statistics.median(each[key] for each in other)
            figures[f"{server.name}_{key}_ours"] = Figure(mine, unit)
            figures[f"{server.name}_{key}_theirs"] = Figure(others, unit)
            apart = max(mine / others, others / mine)
            limit = APART_MAX if key == "cpu_s_per_1k" else None
            figures[f"{server.name}_{key}_apart"] = Figure(apart, "times", at_most=limit)
    publish("agreement", options, figures, options.rounds, tables=options.tables)


if __name__ == "__main__":
    main()
