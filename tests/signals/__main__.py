"""Precision and recall on planted colluders: ``python -m tests.signals SEED…``."""

import sys
from collections import Counter

from tests.signals.test_detect import PLOTS, played


def main() -> None:
    """Add the seeds up, and print a line a kind."""
    planted, found, right = Counter[str](), Counter[str](), Counter[str]()
    honest = 0
    for seed in map(int, sys.argv[1:] or ["1"]):
        guilty, findings = played(seed)
        plotters = {name for pairs in guilty.values() for pair in pairs for name in pair}
        for kind in (*PLOTS, "superhuman"):
            named = {tuple(sorted(each.players)) for each in findings if each.kind == kind}
            planted[kind] += len(guilty[kind])
            found[kind] += len(named)
            right[kind] += len(named & guilty[kind])
        honest += sum(not set(each.players) <= plotters for each in findings)
    for kind in planted:
        precision = right[kind] / found[kind] if found[kind] else 1.0
        recall = right[kind] / planted[kind]
        print(f"{kind:16} planted {planted[kind]:3} found {found[kind]:3} right {right[kind]:3} "
              f"precision {precision:.2f} recall {recall:.2f}")  # fmt: skip
    print(f"findings that name somebody honest: {honest}")


if __name__ == "__main__":
    main()
