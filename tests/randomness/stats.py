"""Tail probabilities and the correction for many tests at once: small, exact, without scipy."""

import math
from collections.abc import Sequence
from typing import NamedTuple

ITERATIONS_MAX = 100_000
TINY = 1e-300


class Result(NamedTuple):
    """One test: ``p`` is how likely a fair shuffle is at least so far off."""

    name: str
    p: float


def upper_gamma(a: float, x: float) -> float:
    """The regularised upper incomplete gamma function Q(a, x): series and continued fraction
    (Lentz), as in Abramowitz and Stegun 6.5.29 and 6.5.31."""
    if x <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, ITERATIONS_MAX):
            term *= x / (a + n)
            total += term
            if term < total * 1e-15:
                return max(0.0, 1 - total * scale)
    b = x + 1 - a
    c, d = 1 / TINY, 1 / b
    h = d
    for n in range(1, ITERATIONS_MAX):
        step = -n * (n - a)
        b += 2
        d = 1 / (step * d + b or TINY)
        c = b + step / c or TINY
        h *= c * d
        if abs(c * d - 1) < 1e-15:
            return scale * h
    raise ArithmeticError("no convergence")


def chi_square(statistic: float, freedom: int) -> float:
    """Two-sided: counts that are too even are as suspect as those that are too uneven."""
    upper = upper_gamma(freedom / 2, statistic / 2)
    return min(1.0, 2 * min(upper, 1 - upper))


def normal(z: float) -> float:
    """Two-sided."""
    return math.erfc(abs(z) / math.sqrt(2))


def poisson(count: int, mean: float) -> float:
    """Two-sided: P(at most count) is Q(count + 1, mean)."""
    at_most = upper_gamma(count + 1, mean)
    at_least = 1 - upper_gamma(count, mean) if count else 1.0
    return min(1.0, 2 * min(at_most, at_least))


def counts_against(observed: Sequence[int], expected: Sequence[float]) -> float:
    """Chi-square of counts, cells with less than five expected taken together."""
    rest_seen, rest_due, statistic, cells = 0, 0.0, 0.0, 0
    for seen, due in zip(observed, expected, strict=True):
        if due < 5:
            rest_seen, rest_due = rest_seen + seen, rest_due + due
            continue
        statistic += (seen - due) ** 2 / due
        cells += 1
    if rest_due > 1:
        statistic += (rest_seen - rest_due) ** 2 / rest_due
        cells += 1
    return chi_square(statistic, cells - 1)


def rejected(results: Sequence[Result], confidence: float = 0.99) -> list[Result]:
    """Those that a fair shuffle would not give, with all tests together wrong once in
    1 / (1 - confidence) runs at most: Holm's correction (1979)."""
    found = []
    ordered = sorted(results, key=lambda result: result.p)
    for place, result in enumerate(ordered):
        if result.p > (1 - confidence) / (len(ordered) - place):
            break
        found.append(result)
    return found
