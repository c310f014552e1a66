"""Ten thousand hands under every fault, by fixed seeds: whatever happened, the auditor agrees.

A failing seed is in the message; ``python -m tests.simulation --seed N --seeds 1`` repeats it.
"""

from collections import Counter

import pytest

from tests.simulation.runs import simulate

CHUNKS = 10
SEEDS_PER_CHUNK = 25
HANDS_MIN_PER_CHUNK = 1_000
DEEDS = {
    # By the stores, in every chunk.
    "late": 10, "failed": 20, "answer lost": 20, "twice": 20, "stall": 5,
    # By processes.
    "killed": 5, "usurped": 5, "moved": 5, "lease lapsed": 5, "pruned": 5, "operated": 5,
    # By clients.
    "line broken": 100, "sent twice": 100, "repeated": 50, "out of turn": 50, "late act": 20,
    "top-up and stand": 10, "compared": 100,
}  # fmt: skip
"""What must have happened at least so often in a chunk."""


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_whatever_fails_nothing_shown_is_lost_and_no_chip_astray(chunk: int) -> None:
    hands = 0
    counts: Counter[str] = Counter()
    for seed in range(chunk * SEEDS_PER_CHUNK, (chunk + 1) * SEEDS_PER_CHUNK):
        report = simulate(seed)
        assert report.findings == [], f"seed {seed}"
        hands += report.hands
        counts += report.counts
    assert hands >= HANDS_MIN_PER_CHUNK
    assert {deed: counts[deed] for deed, often in DEEDS.items() if counts[deed] < often} == {}
    assert counts["crash before"] + counts["crash after"] > 0


@pytest.mark.parametrize("seed", [3, 4])
def test_the_same_seed_is_the_same_history(seed: int) -> None:
    first, second = simulate(seed), simulate(seed)
    assert first == second
    assert first.digest != simulate(seed + 100).digest
