"""Many players at human pace, and what happens when all of them lose their lines at once.

``python -m benchmarks.bench_players --players 20000``: packed hold'em tables in as many processes
as they need, players (C) who think 1 to 8 s and often fold, and Postgres, all on this machine and
on all its cores, the journal on and every hand settled. ``steady``: latency from the sending of an
action to its update, and what was cut off. ``storm``: everybody's line breaks and everybody comes
back within 5 s; the time until the last one has his seat and the whole table. Caveats: without Ray
and the gateway (accounts and tickets are made beforehand), one machine's loopback, two seconds
between hands. Memory is that of processes, Postgres and Valkey together, shared pages once.
"""

import argparse
import math
import resource

import psutil

from benchmarks.holdem.club import Club, open_club
from benchmarks.holdem.server import SEATS
from benchmarks.report import Figure, arguments, progress, publish

THINK_S = (1.0, 8.0)
FOLD_PERCENT = 40
PAUSE_MS = 2_000
STORM_S = 5.0
TARGET_PLAYERS = 20_000
STORM_PLAYERS = 5_000
P99_MS_MAX = 100.0
MEMORY_MB_MAX = 6 * 1_024
BACK_S_MAX = 10.0


def spread(tables: int, each_max: int) -> list[int]:
    """Tables of each process, as even as can be."""
    processes = math.ceil(tables / each_max)
    return [tables // processes + (i < tables % processes) for i in range(processes)]


def crowd(
    club: Club, players: int, options: argparse.Namespace, storm_s: float
) -> dict[str, float]:
    """So many players play; figures of all generators together, the worst where it is a time."""
    tables = math.ceil(players / SEATS)
    with club.houses(
        spread(tables, options.tables_per_process), f"--pause-ms={PAUSE_MS}"
    ) as houses:
        psutil.cpu_percent()
        done = club.play(
            houses,
            {"think-min": THINK_S[0], "think-max": THINK_S[1], "fold": FOLD_PERCENT,
             "warm": options.warm, "secs": options.seconds, "storm": storm_s},
        )  # fmt: skip
        whole = {
            "players": sum(each["players"] for each in done),
            "actions": sum(each["actions_s"] for each in done),
            "p50": max(each["p50_ms"] for each in done),
            "p99": max(each["p99_ms"] for each in done),
            "p999": max(each["p999_ms"] for each in done),
            "cpu": sum(each["server_cpu"] for each in done),
            "generator": sum(each["generator_cpu"] for each in done),
            "machine": psutil.cpu_percent() / 100 * (psutil.cpu_count() or 1),
            "memory": club.memory_mb(),
            "per_player": sum(each["kb_per_player"] * each["players"] for each in done)
            / sum(each["players"] for each in done),
            "broken": sum(each["broken"] for each in done),
            "back": max(each["back_s"] for each in done),
        }
    progress(" ".join(f"{key} {value:.1f}" for key, value in whole.items()))
    return whole


UNITS = {
    "actions": "/s", "p50": "ms", "p99": "ms", "p999": "ms", "cpu": "cores", "generator": "cores",
    "machine": "cores", "memory": "MB", "per_player": "KB", "broken": "lines",
}  # fmt: skip


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--players", type=int, default=TARGET_PLAYERS)
    parser.add_argument("--storm-players", type=int, default=STORM_PLAYERS)
    parser.add_argument("--tables-per-process", type=int, default=500)
    parser.add_argument("--warm", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    if options.quick:
        options.players, options.storm_players = 600, 300
        options.warm, options.seconds = 5.0, 5.0
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    targets = {"broken": 0.0}
    if options.players >= TARGET_PLAYERS:
        targets |= {"p99": P99_MS_MAX, "memory": MEMORY_MB_MAX}
    with open_club() as club:
        steady = crowd(club, options.players, options, 0.0)
        storm = crowd(club, options.storm_players, options, STORM_S)
    figures = {
        f"steady_{key}": Figure(steady[key], unit, at_most=targets.get(key))
        for key, unit in UNITS.items()
    }
    whole_storm = options.storm_players >= STORM_PLAYERS
    figures["storm_back"] = Figure(storm["back"], "s", at_most=BACK_S_MAX if whole_storm else None)
    conditions = {"players": steady["players"], "storm_players": storm["players"]}
    publish("bench_players", options, figures, 1, **conditions, think_s=THINK_S)


if __name__ == "__main__":
    main()
