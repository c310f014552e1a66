"""``python -m tests.simulation --hands 1000000``: play seed after seed, stop at the first that
fails."""

import argparse
import sys
import time
from collections import Counter

from tests.simulation.runs import HANDS, simulate

REPORT_S = 10.0


def main() -> int:
    """The exit status: 1 after a failing seed."""
    ask = argparse.ArgumentParser(prog="python -m tests.simulation")
    ask.add_argument("--hands", type=int, default=10_000, help="stop after so many")
    ask.add_argument("--seed", type=int, default=0, help="the first seed")
    ask.add_argument("--seeds", type=int, default=sys.maxsize, help="stop after so many")
    ask.add_argument("--per-seed", type=int, default=HANDS, help="hands of one seed")
    args = ask.parse_args()
    began = told = time.monotonic()
    hands, seed = 0, args.seed
    counts: Counter[str] = Counter()
    while hands < args.hands and seed < args.seed + args.seeds:
        report = simulate(seed, args.per_seed)
        hands += report.hands
        counts += report.counts
        if report.findings:
            print(f"seed {seed} fails after {hands} hands:", *report.findings, sep="\n  ")
            return 1
        seed += 1
        if time.monotonic() - told > REPORT_S:
            told = time.monotonic()
            print(f"{hands} hands, {hands / (told - began):.0f} a second, next seed {seed}")
    print(f"{hands} hands, seeds {args.seed} to {seed - 1}, nothing found")
    print(", ".join(f"{deed}: {count}" for deed, count in counts.most_common()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
