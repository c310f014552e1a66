"""Real hold'em over real sockets: what an action costs and how long it takes, with its journal.

``python -m benchmarks.bench_table``: six players a table, who check or call; the server's process
on one core, the players (C, ``benchmarks/peers/holdem.c``) on the other. For each number of tables:
saturated (nobody thinks) and with 200 ms think time, with the journal and without, in turn, beside
the floor of ``bench_equal`` in the same round. Every hand is settled in the ledger either way.
Players who think all do it for the same time, tables begin spread over it. Latency is from the
sending of an action to its update, which is after it is on disk. Caveats: Postgres is not in the
server's CPU and takes its share of both cores; no pause between hands; without Ray; the journal is
on this machine's disk.
"""

import argparse
import statistics
from collections import defaultdict

from benchmarks.holdem.club import Club, open_club
from benchmarks.peers.workload import Result, reference, six_seats
from benchmarks.report import Figure, arguments, progress, publish

TABLES = (1, 16, 64, 256)
TARGET_TABLES = 256
RATIO_MAX = 2.4
P99_MS_MAX, P999_MS_MAX = 8.0, 25.0
KEYS = (
    ("actions", "actions_s", "/s"),
    ("cpu", "cpu_s_per_1k", "s/1k"),
    ("p50", "p50_ms", "ms"),
    ("p99", "p99_ms", "ms"),
    ("p999", "p999_ms", "ms"),
    ("bytes", "bytes_per_action", "bytes"),
    ("memory", "kb_per_player", "KB/player"),
    ("generator", "generator_cpu", "cores"),
)


def one_round(club: Club, tables: int, journal: bool, think_s: float, seconds: float) -> Result:
    """A process of its own, played for a while."""
    words = ["--unhurried", *([] if journal else ["--no-journal"])]
    with club.houses([tables], *words, alone=True) as houses:
        options = {"think-min": think_s, "think-max": think_s, "secs": seconds}
        return club.play(houses, options, alone=True)[0]


def limits(key: str, tables: int, journal: bool, think_ms: int) -> float | None:
    """The target of a figure, if it has one."""
    if not (tables == TARGET_TABLES and journal and think_ms):
        return None
    return {"p99": P99_MS_MAX, "p999": P999_MS_MAX}.get(key)


def measure(options: argparse.Namespace, club: Club) -> dict[str, Figure]:
    """Every condition in every round; medians."""
    rounds: defaultdict[tuple[int, bool, int], list[Result]] = defaultdict(list)
    floors: defaultdict[int, list[Result]] = defaultdict(list)
    for _ in range(options.rounds):
        for tables in options.tables:
            floors[tables].append(six_seats(reference(), tables, options.seconds))
            for think_ms in (0, options.think_ms):
                for journal in (False, True):
                    result = one_round(club, tables, journal, think_ms / 1_000, options.seconds)
                    rounds[tables, journal, think_ms].append(result)
                    progress(
                        f"{tables:4} tables, think {think_ms:3} ms, journal {journal!s:5}: "
                        f"{result['actions_s']:7.0f} actions/s {result['cpu_s_per_1k'] * 1e3:6.1f} "
                        f"ms/1k p99 {result['p99_ms']:6.1f} refused {result['refused']}"
                    )
    figures = {}
    for (tables, journal, think_ms), done in rounds.items():
        name = f"t{tables}_{'think' if think_ms else 'full'}_{'on' if journal else 'off'}"
        for key, source, unit in KEYS:
            value = statistics.median(each[source] for each in done)
            at_most = limits(key, tables, journal, think_ms)
            figures[f"{name}_{key}"] = Figure(value, unit, at_most=at_most)
        if not think_ms:
            pairs = zip(done, floors[tables], strict=True)
            ratio = statistics.median(a["cpu_s_per_1k"] / b["cpu_s_per_1k"] for a, b in pairs)
            promised = RATIO_MAX if journal and tables == TARGET_TABLES else None
            figures[f"{name}_ratio"] = Figure(ratio, "floors", at_most=promised)
    return figures


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--tables", type=int, nargs="+", default=list(TABLES))
    parser.add_argument("--think-ms", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.tables = 1, 1.5, [1, 32]
    with open_club() as club:
        figures = measure(options, club)
    publish("bench_table", options, figures, options.rounds, think_ms=options.think_ms)


if __name__ == "__main__":
    main()
