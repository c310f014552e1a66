"""The battery: what GLI-19 (3.2.2) asks of a card game's randomness, over decks as dealt."""

import math
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from games.cards import DECK_SIZE as N
from tests.randomness.stats import Result, chi_square, counts_against, normal, poisson

Decks = NDArray[Any]
"""One deck a row, in the order of the hands."""

SEEN = 17
"""Cards that six players and a board take."""
SAME_FIRST = 4
PAIRS = ((0, 1), (0, 6), (25, 26), (50, 51))


def run(decks: Decks) -> list[Result]:
    """Every test, on at least some thousand decks."""
    return [result for test in TESTS for result in test(decks)]


def positions(decks: Decks) -> Iterator[Result]:
    """How often each card lies at each place. A deck is a permutation, so that the statistic has
    (N - 1)^2 degrees of freedom after scaling by (N - 1) / N."""
    due = len(decks) / N
    statistic = 0.0
    for place in range(N):
        counts = np.bincount(decks[:, place], minlength=N)
        statistic += float(((counts - due) ** 2).sum()) / due
    yield Result("card positions", chi_square(statistic * (N - 1) / N, (N - 1) ** 2))


def pairs(decks: Decks) -> Iterator[Result]:
    """Which two cards lie at two places: a hand's hole cards, neighbours, the last ones."""
    due = len(decks) / (N * (N - 1))
    for first, second in PAIRS:
        codes = decks[:, first] * N + decks[:, second]
        counts = np.bincount(codes, minlength=N * N)
        possible = np.array([a != b for a in range(N) for b in range(N)])
        statistic = float(((counts[possible] - due) ** 2).sum()) / due
        yield Result(f"pairs {first},{second}", chi_square(statistic, N * (N - 1) - 1))


def serial(decks: Decks) -> Iterator[Result]:
    """Correlation of a place with the same place in the next hand (0 is due) and with the next
    place of the same hand (-1 / (N - 1) is due)."""
    count = len(decks)
    for place in (0, 25, 51):
        found = np.corrcoef(decks[:-1, place], decks[1:, place])[0, 1]
        yield Result(f"serial, place {place}", normal(math.atanh(float(found)) * math.sqrt(count)))
    found = np.corrcoef(decks[:, 0], decks[:, 1])[0, 1]
    away = math.atanh(float(found)) - math.atanh(-1 / (N - 1))
    yield Result("serial, neighbours", normal(away * math.sqrt(count)))


def runs(decks: Decks) -> Iterator[Result]:
    """Ascending runs within a deck: descents have mean (N - 1) / 2 and variance (N + 1) / 12."""
    descents = int((decks[:, :-1] > decks[:, 1:]).sum())
    count = len(decks)
    z = (descents - count * (N - 1) / 2) / math.sqrt(count * (N + 1) / 12)
    yield Result("runs", normal(z))


def coupons(decks: Decks) -> Iterator[Result]:
    """How many hands it takes until each card, each rank has come first."""
    for name, values, kinds in (("cards", decks[:, 0], N), ("ranks", decks[:, 0] // 4, 13)):
        lengths, seen, length = [], set(), 0
        for value in values.tolist():
            seen.add(value)
            length += 1
            if len(seen) == kinds:
                lengths.append(length)
                seen, length = set(), 0
        mean = kinds * sum(1 / k for k in range(1, kinds + 1))
        spread = sum((1 - k / kinds) / (k / kinds) ** 2 for k in range(1, kinds + 1))
        z = (sum(lengths) - len(lengths) * mean) / math.sqrt(max(1, len(lengths)) * spread)
        # Who never gets the whole set has no lengths at all: that is as far off as can be.
        yield Result(f"coupons, {name}", normal(z) if lengths else 0.0)


def duplicates(decks: Decks) -> Iterator[Result]:
    """No deck comes twice; the same first cards come as often as among birthdays."""
    whole = len(decks) - len(np.unique(decks, axis=0))
    yield Result("duplicate decks", 0.0 if whole else 1.0)
    codes = np.zeros(len(decks), dtype=np.int64)
    for place in range(SAME_FIRST):
        codes = codes * N + decks[:, place]
    _, times = np.unique(codes, return_counts=True)
    same = int((times * (times - 1) // 2).sum())
    due = len(decks) * (len(decks) - 1) / 2 / math.perm(N, SAME_FIRST)
    yield Result("same first cards", poisson(same, due))


def overlaps(decks: Decks) -> Iterator[Result]:
    """How many of a hand's cards are also in the next one (hypergeometric), and lie at the same
    place (the matching problem: Poisson with mean 1, but for terms below 1 / N!)."""
    common = [len(set(a) & set(b)) for a, b in pairwise(decks[:, :SEEN].tolist())]
    ways = math.comb(N, SEEN)
    due = [
        len(common) * math.comb(SEEN, k) * math.comb(N - SEEN, SEEN - k) / ways
        for k in range(SEEN + 1)
    ]
    seen = np.bincount(common, minlength=SEEN + 1).tolist()
    yield Result("cards in the next hand", counts_against(seen, due))
    fixed = (decks[:-1] == decks[1:]).sum(axis=1)
    matches = np.bincount(fixed, minlength=N + 1).tolist()
    due = [len(fixed) * math.exp(-1) / math.factorial(k) for k in range(N + 1)]
    yield Result("same place in the next hand", counts_against(matches, due))


def parity(decks: Decks) -> Iterator[Result]:
    """Even and odd permutations are equally many: a shuffle that swaps too often or too seldom
    shows here at once."""
    signs = np.ones(len(decks), dtype=np.int64)
    for first in range(N):
        inversions = (decks[:, first : first + 1] > decks[:, first + 1 :]).sum(axis=1)
        signs *= 1 - 2 * (inversions % 2)
    yield Result("parity", normal(float(signs.sum()) / math.sqrt(len(decks))))


TESTS: tuple[Callable[[Decks], Iterator[Result]], ...] = (
    positions, pairs, serial, runs, coupons, duplicates, overlaps, parity
)  # fmt: skip
