"""How cost grows: with tables, players and hands of history; and what a million players need.

``python -m benchmarks.bench_scale``: the same hold'em tables, ten times as many and ten times as
many again, in one process (players grow with them, six a table); then the same tables again and
again on stores that fill up with hands. A slope is the growth of the CPU an action for ten times
as much: 0 is none, 1 is ten times the cost. The last figures are the model of ``docs/capacity.md``
with these costs. Caveats: history is what a few minutes of play leave; the model's assumptions are
stated there; Postgres's CPU is that of all its processes here, with the sitting down of everybody.
"""

import argparse
import asyncio
import math
import statistics

import asyncpg
import psutil

from benchmarks.capacity import Costs, needs, simulate
from benchmarks.holdem.club import Club, open_club
from benchmarks.peers.workload import Result
from benchmarks.report import Figure, arguments, progress, publish

MILLION = 1_000_000
AGREES_WITHIN = 0.1
THINK_S = 0.2


def slope(points: list[tuple[float, float]]) -> float:
    """Least squares of log10(cost) over log10(size)."""
    x = [math.log10(size) for size, _ in points]
    y = [math.log10(cost) for _, cost in points]
    return statistics.linear_regression(x, y).slope


def stores_cpu_s() -> float:
    """Of every Postgres process below this one."""
    children = psutil.Process().children(recursive=True)
    used = [child.cpu_times() for child in children if child.name().startswith("postgres")]
    return float(sum(each.user + each.system for each in used))


async def hands(club: Club) -> int:
    """In the archive."""
    line = await asyncpg.connect(club.stores.admin_dsn)
    count = await line.fetchval("SELECT count(*) FROM actors.hands")
    await line.close()
    return int(count)


def play(club: Club, tables: int, seconds: float, think_s: float) -> tuple[Result, float]:
    """One process with so many tables; also CPU seconds of Postgres an action, warming up and
    sitting down included."""
    with club.houses([tables], "--unhurried") as houses:
        before = stores_cpu_s()
        options = {"think-min": think_s, "think-max": think_s, "secs": seconds}
        result = club.play(houses, options)[0]
        stores = stores_cpu_s() - before
    actions = result["actions_s"] * (seconds + 1.5)
    progress(f"{tables} tables: {result['cpu_s_per_1k'] * 1e3:.1f} ms/1k {result['p99_ms']:.1f} ms")
    return result, stores / actions


def measure(options: argparse.Namespace, club: Club) -> dict[str, Figure]:
    """The slopes, then the model."""
    figures, by_tables = {}, []
    memory, stores = 0.0, 0.0
    for tables in options.tables:
        result, stores = play(club, tables, options.seconds, THINK_S)
        by_tables.append((float(tables), result["cpu_s_per_1k"]))
        memory = result["kb_per_player"]
        figures[f"tables_{tables}_cpu"] = Figure(result["cpu_s_per_1k"], "s/1k")
        figures[f"tables_{tables}_p99"] = Figure(result["p99_ms"], "ms")
    figures["slope_tables_and_players"] = Figure(slope(by_tables), "/decade")
    by_hands = []
    for _ in range(options.rounds):
        result, _ = play(club, options.tables[-2], options.seconds, 0.0)
        by_hands.append((float(asyncio.run(hands(club))), result["cpu_s_per_1k"]))
    figures["hands_first"] = Figure(by_hands[0][0], "hands")
    figures["hands_last"] = Figure(by_hands[-1][0], "hands")
    figures["slope_hands"] = Figure(slope(by_hands), "/decade")
    costs = Costs(by_tables[-1][1] / 1_000, stores, memory, 24)
    return figures | model(costs)


def model(costs: Costs) -> dict[str, Figure]:
    """A million players; and one full actor, simulated."""
    need = needs(MILLION, costs)
    each = math.ceil(need.table_cores and MILLION / need.table_cores / 6)
    played = simulate(each, costs.cpu_s, 120.0, seed=1, actions_per_hand=24)
    expected = need.actions_s / MILLION * each * 6
    apart = abs(played.actions_s / expected - 1)
    return {
        "store_cpu": Figure(costs.store_cpu_s * 1_000, "s/1k"),
        "million_actions": Figure(need.actions_s, "/s"),
        "million_table_cores": Figure(need.table_cores, "cores"),
        "million_nodes": Figure(need.nodes, "of 16 cores"),
        "million_postgres_cores": Figure(need.postgres_cores, "cores"),
        "million_shards": Figure(need.postgres_shards, "of 16 cores"),
        "million_memory": Figure(need.memory_gib, "GiB"),
        "simulated_load": Figure(played.load, "of a core"),
        "simulated_wait_p99": Figure(played.wait_p99_ms, "ms"),
        "simulated_apart": Figure(apart, "of rate", at_most=AGREES_WITHIN),
    }


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--tables", type=int, nargs="+", default=[5, 50, 500])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args()
    if options.quick:
        options.tables, options.seconds, options.rounds = [3, 30], 1.5, 2
    with open_club() as club:
        figures = measure(options, club)
    publish("bench_scale", options, figures, options.rounds, tables=options.tables)


if __name__ == "__main__":
    main()
