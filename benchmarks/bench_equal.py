"""The six-seat workload: the server's CPU for 1,000 actions, as a ratio to a floor in C.

``python -m benchmarks.bench_equal`` measures our real server (``benchmarks.equal.server``), with
and without its journal; ``--peers`` measures those of others beside it, each with a minimal server
of ours on top (``benchmarks/peers``). Round by round in turn, server on one core, generator on the
other. Caveats: only the server's own process is counted, so the journal's Postgres is not (it has
both cores); one machine and its loopback; the game is trivial and others have no journal at all;
all write once a frame. Socket.IO and Colyseus speak their own framings, Colyseus in room messages
without synchronised state. Ratios carry, seconds do not.
"""

import statistics
from collections import defaultdict

from benchmarks.peers.workload import Missing, Result, Server, ours, peers, reference, six_seats
from benchmarks.report import Figure, arguments, progress, publish

FLOOR = "reference"
AT_MOST = {"squaredeal": 1.5, "squaredeal_journal": 1.9}
GENERATOR_SHARE_MAX = 0.95
"""A generator that has more than this of its core may be what is measured."""


def said(result: Result) -> str:
    """The line of one round."""
    return (
        f"{result['actions_s']:9.0f} actions/s {result['cpu_s_per_1k'] * 1e3:7.2f} ms CPU/1k "
        f"p99 {result['p99_ms']:6.1f} ms, generator {result['generator_cpu']:.0%}"
    )


def figures(rounds: dict[str, list[Result]]) -> dict[str, Figure]:
    """Medians over the rounds; ratios within each round."""
    result = {}
    for name, done in rounds.items():

        def median(key: str, done: list[Result] = done) -> float:
            return statistics.median(each[key] for each in done)

        if name != FLOOR:
            ratios = [
                each["cpu_s_per_1k"] / floor["cpu_s_per_1k"]
                for each, floor in zip(done, rounds[FLOOR], strict=True)
            ]
            result[f"{name}_ratio"] = Figure(
                statistics.median(ratios), "floors", at_most=AT_MOST.get(name)
            )
        result[f"{name}_cpu"] = Figure(median("cpu_s_per_1k"), "s/1k")
        result[f"{name}_actions"] = Figure(median("actions_s"), "/s")
        result[f"{name}_p50"] = Figure(median("p50_ms"), "ms")
        result[f"{name}_p99"] = Figure(median("p99_ms"), "ms")
        result[f"{name}_p999"] = Figure(median("p999_ms"), "ms")
        result[f"{name}_memory"] = Figure(median("kb_per_player"), "KB/player")
    shares = [each["generator_cpu"] for done in rounds.values() for each in done]
    result["generator_share"] = Figure(max(shares), "cores", at_most=GENERATOR_SHARE_MAX)
    return result


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--peers", action="store_true", help="also the servers of others")
    parser.add_argument("--tables", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--think-ms", type=int, default=0)
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds, options.tables = 1, 1.0, 64
    servers: list[Server] = [reference(), ours(False, options.tables), ours(True, options.tables)]
    if options.peers:
        try:
            servers += peers()
        except Missing as missing:
            parser.exit(3, f"the peers were NOT measured: this machine lacks {missing}\n")
    rounds: defaultdict[str, list[Result]] = defaultdict(list)
    for _ in range(options.rounds):
        for server in servers:
            result = six_seats(
                server, options.tables, options.seconds, think_s=options.think_ms / 1_000
            )
            progress(f"{server.name:20} {said(result)}")
            rounds[server.name].append(result)
    name = "bench_peers" if options.peers else "bench_equal"
    conditions = {"tables": options.tables, "think_ms": options.think_ms}
    publish(name, options, figures(rounds), options.rounds, **conditions)


if __name__ == "__main__":
    main()
