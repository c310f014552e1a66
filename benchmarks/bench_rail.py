"""What thousands of spectators of one table cost it, and how late the last of them sees something.

``python -m benchmarks.bench_rail``: one hold'em table with six players (C), a rail in a process of
its own, Redis between them, and first one spectator, then all of them, in turn. The table's CPU an
update is everything its process did, the journal and settlements included. ``late`` is from the
first spectator who sees an update to the last one, who is told last by the rail; spectators decode
every frame, on the same two cores. Without Ray and the gateway.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, Any, NamedTuple

import msgspec
import psutil

from benchmarks.holdem.club import Club, House, open_club
from benchmarks.holdem.watchers import Report
from benchmarks.peers.workload import ROOT, STOP_S_MAX
from benchmarks.report import Figure, arguments, progress, publish

THINK_S = (0.3, 1.0)
FOLD_PERCENT = 20
PAUSE_MS = 500
GROWTH_MAX = 1.3
"""Times the CPU an update: "the same whatever their number", and the noise of the machine."""


class Round(NamedTuple):
    """One crowd in one window of time."""

    updates: int
    table_ms: float
    rail_ms: float
    late_ms: list[float]
    unseen: int
    broken: int
    rail_mb: float


class Child(NamedTuple):
    """A process that answers lines."""

    process: "subprocess.Popen[str]"
    asked: IO[str]
    answers: IO[str]


@contextmanager
def child(*words: str) -> Iterator[Child]:
    """It ends when its input does."""
    running = subprocess.Popen(
        [sys.executable, "-m", *words],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdin is not None
    assert running.stdout is not None
    try:
        yield Child(running, running.stdin, running.stdout)
    finally:
        running.stdin.close()
        try:
            running.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        running.stdout.close()


def cpu_s(process: int) -> float:
    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)


def seats_taken(club: Club, house: House, options: argparse.Namespace) -> threading.Thread:
    """The players of the table, who outlast the window."""
    played = {"think-min": THINK_S[0], "think-max": THINK_S[1], "fold": FOLD_PERCENT,
              "warm": options.warm, "secs": options.seconds + 1}  # fmt: skip
    playing = threading.Thread(target=club.play, args=([house], played))
    playing.start()
    return playing


def watched(club: Club, spectators: int, options: argparse.Namespace) -> Round:
    """A table under the eyes of so many."""
    with ExitStack() as stack:
        [house] = stack.enter_context(club.houses([1], f"--pause-ms={PAUSE_MS}", "--rail"))
        rail = stack.enter_context(child("benchmarks.holdem.rail", str(club.folder)))
        at = json.loads(rail.answers.readline())
        crowd = stack.enter_context(child("benchmarks.holdem.watchers"))
        crowd.asked.writelines(club.rail_url(house, at) + "\n" for _ in range(spectators))
        crowd.asked.write("\n")
        crowd.asked.flush()
        if crowd.answers.readline() != "watching\n":
            raise RuntimeError("the spectators did not come")
        playing = seats_taken(club, house, options)
        time.sleep(options.warm)
        begin, table, shown = time.monotonic(), cpu_s(house.process), cpu_s(at["process"])
        time.sleep(options.seconds)
        end = time.monotonic()
        table, shown = cpu_s(house.process) - table, cpu_s(at["process"]) - shown
        memory = psutil.Process(at["process"]).memory_info().rss / 2**20
        playing.join()
        crowd.asked.write("stop\n")
        crowd.asked.flush()
        report = msgspec.json.decode(crowd.answers.readline(), type=Report)
    return judged(report, spectators, (begin, end), (table, shown), memory)


def judged(
    report: Report,
    spectators: int,
    window: tuple[float, float],
    cpu: tuple[float, float],
    memory: float,
) -> Round:
    """What the spectators' report says of the window; the very last updates are still on their
    way when it is made, and are outside it."""
    seen = [one for one in report.seen.values() if window[0] <= one.first < window[1]]
    unseen = report.gaps + sum(spectators - one.viewers for one in seen)
    late = [(one.last - one.first) * 1_000 for one in seen]
    each = [1_000 * spent / len(seen) for spent in cpu]
    done = Round(len(seen), each[0], each[1], late, unseen, report.broken, memory)
    progress(f"{spectators} spectators: {done.updates} updates, {done.table_ms:.2f} ms at the "
             f"table, {done.rail_ms:.2f} ms at the rail, {unseen} unseen")  # fmt: skip
    return done


def figures(one: list[Round], many: list[Round], spectators: int) -> dict[str, Figure]:
    """One spectator's rounds beside everybody's."""
    alone = statistics.median(each.table_ms for each in one)
    crowded = statistics.median(each.table_ms for each in many)
    rail_ms = statistics.median(each.rail_ms for each in many)
    late = sorted(late for each in many for late in each.late_ms)
    return {
        "table_cpu_one": Figure(alone, "ms/update"),
        "table_cpu_all": Figure(crowded, "ms/update"),
        "table_growth": Figure(crowded / alone, "times", at_most=GROWTH_MAX),
        "rail_cpu": Figure(rail_ms * 1_000 / spectators, "us/update/spectator"),
        "late_p50": Figure(late[len(late) // 2], "ms"),
        "late_p99": Figure(late[len(late) * 99 // 100], "ms"),
        "unseen": Figure(sum(each.unseen for each in many), "updates", at_most=0),
        "broken": Figure(sum(each.broken for each in many), "lines", at_most=0),
        "rail_memory": Figure(max(each.rail_mb for each in many), "MB"),
    }


def main() -> None:
    """Run it, print it, keep it."""
    parser = arguments(__doc__)
    parser.add_argument("--spectators", type=int, default=5_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--warm", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    if options.quick:
        options.spectators, options.rounds, options.seconds = 300, 1, 8.0
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    rounds: list[Any] = []
    with open_club() as club:
        for _ in range(options.rounds):
            rounds.append([watched(club, count, options) for count in (1, options.spectators)])
    measured = figures([r[0] for r in rounds], [r[1] for r in rounds], options.spectators)
    publish("bench_rail", options, measured, options.rounds, spectators=options.spectators,
            think_s=THINK_S, updates=sum(r[1].updates for r in rounds))  # fmt: skip


if __name__ == "__main__":
    main()
