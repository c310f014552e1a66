"""Our decks pass the battery at 99 %; decks of wrong shuffles do not."""

import math
import random
import shutil
from collections.abc import Iterator
from itertools import cycle

import numpy as np
import pytest

from games.cards import DECK_SIZE
from tests.randomness import decks as d
from tests.randomness.__main__ import dieharder
from tests.randomness.battery import Decks, run
from tests.randomness.stats import Result, chi_square, normal, poisson, rejected, upper_gamma

HANDS = 20_000
SEEDS = (1, 2)
CONFIDENCE = 0.99


def report(name: str, seed: int, results: list[Result]) -> None:
    lines = [f"{result.name:28} p = {result.p:.4f}" for result in results]
    print(f"{name}, seed {seed}, {HANDS} hands", *lines, sep="\n")


@pytest.mark.parametrize("seed", SEEDS)
def test_decks_as_dealt_are_as_random_as_can_be_told(seed: int) -> None:
    results = run(d.ours(seed, HANDS))
    report("ours", seed, results)
    assert len(results) == 17
    assert rejected(results, CONFIDENCE) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("modulo", "card positions"),
        ("swap_all", "card positions"),
        ("sattolo", "parity"),
        ("small_seed", "duplicate decks"),
        ("repeated", "same place in the next hand"),
        ("half_shuffled", "cards in the next hand"),
    ],
)
def test_a_wrong_shuffle_is_found_out(name: str, expected: str) -> None:
    decks: Decks
    if name in ("repeated", "half_shuffled"):
        decks = getattr(d, name)(1, HANDS)
    else:
        decks = d.made(getattr(d, name), 1, HANDS)
    assert all(sorted(deck) == list(range(DECK_SIZE)) for deck in decks[:100].tolist())
    results = run(decks)
    report(name, 1, results)
    assert expected in {result.name for result in rejected(results, CONFIDENCE)}


def test_another_good_shuffle_passes_too() -> None:
    results = run(d.made(d.in_memory, 5, HANDS))
    assert rejected(results, CONFIDENCE) == []


def test_fair_decks_are_rejected_no_more_often_than_promised() -> None:
    """The p-values themselves are even: of 60 small batteries about one may fail by 1 %."""
    failed = sum(bool(rejected(run(d.made(d.in_memory, seed, 3_000)))) for seed in range(60))
    assert failed <= 4  # 5 or more have a probability below 1 in 2,000


def test_the_raw_stream_is_even_in_bits_and_bytes() -> None:
    source = d.raw(3)
    data = np.frombuffer(b"".join(next(source) for _ in range(32_768)), dtype=np.uint8)
    ones = int(np.unpackbits(data).sum())
    bits = 8 * len(data)
    counts = np.bincount(data, minlength=256)
    due = len(data) / 256
    results = [
        Result("bits", normal((2 * ones - bits) / math.sqrt(bits))),
        Result("bytes", chi_square(float(((counts - due) ** 2).sum()) / due, 255)),
    ]
    assert rejected(results, CONFIDENCE) == []


@pytest.mark.parametrize(
    ("source", "good"),
    [(d.raw(1), True), (cycle([bytes(range(256)) * 8]), False)],
    ids=["ours", "counter"],
)
def test_dieharder_accepts_the_raw_stream_and_not_a_counter(
    source: Iterator[bytes], good: bool
) -> None:
    program = shutil.which("dieharder")
    if program is None:
        pytest.skip("dieharder is not installed: `make randomness` needs it")
    assert (rejected(dieharder(program, source, 101)) == []) is good


def test_tail_probabilities_are_those_of_the_tables() -> None:
    # NIST/SEMATECH e-Handbook, tables of the chi-square and normal distributions.
    assert upper_gamma(10 / 2, 18.307 / 2) == pytest.approx(0.05, abs=1e-4)
    assert upper_gamma(100 / 2, 135.807 / 2) == pytest.approx(0.01, abs=1e-4)
    assert upper_gamma(1 / 2, 6.635 / 2) == pytest.approx(0.01, abs=1e-4)
    assert normal(2.5758) == pytest.approx(0.01, abs=1e-5)
    assert poisson(0, 3.0) == pytest.approx(2 * math.exp(-3))
    assert chi_square(2_651.0, 2_651) > 0.9
    chance = random.Random(1)
    # Against a sum of squared normals.
    sums = [sum(chance.gauss(0, 1) ** 2 for _ in range(7)) for _ in range(20_000)]
    above = sum(x > 12.017 for x in sums) / len(sums)
    assert above == pytest.approx(upper_gamma(3.5, 12.017 / 2), abs=0.005)


def test_holms_correction_rejects_step_by_step() -> None:
    results = [Result(str(n), p) for n, p in enumerate((0.5, 0.0001, 0.004, 0.02))]
    assert [each.name for each in rejected(results, 0.99)] == ["1"]
    assert [each.name for each in rejected(results, 0.95)] == ["1", "2", "3"]
