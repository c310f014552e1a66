"""What goes wrong between two companies, on purpose and by a seed."""

import random
from collections.abc import Mapping
from enum import StrEnum


class Fault(StrEnum):
    """One thing that happens to one call."""

    SILENT_BEFORE = "silent_before"
    """Never processed, never answered."""
    SILENT_AFTER = "silent_after"
    """Processed, never answered."""
    LATE = "late"
    """Not answered, and processed only after some later calls: a rollback may overtake it."""
    DUPLICATE = "duplicate"
    """Processed and answered, and processed once more after some later calls."""
    ERROR_BEFORE = "error_before"
    """Status 503, nothing done."""
    ERROR_AFTER = "error_after"
    """Status 502 though it was done."""
    GARBAGE = "garbage"
    """Processed, answered with something else."""
    CUT = "cut"
    """Processed, and the line breaks in the middle of the answer."""
    SLOW = "slow"
    """Processed, and answered only after a while."""
    UNAVAILABLE = "unavailable"
    """Answered with the code ``unavailable``, nothing done."""


LATER_CALLS_MAX = 5
"""A call that is held back is let go after one to so many others."""


class Faults:
    """``rates`` are probabilities of each fault, together at most 1."""

    def __init__(self, rates: Mapping[Fault, float], seed: int) -> None:
        assert all(rate >= 0 for rate in rates.values())
        assert sum(rates.values()) <= 1
        self._rates = dict(rates)
        self._chance = random.Random(seed)

    def draw(self) -> Fault | None:
        """What happens to the next call."""
        return self._chance.choices(
            [*self._rates, None],
            weights=[*self._rates.values(), max(0.0, 1 - sum(self._rates.values()))],
        )[0]

    def later(self) -> int:
        """How many other calls a call that is held back waits for."""
        return self._chance.randint(1, LATER_CALLS_MAX)

    def stop(self) -> None:
        """Nothing goes wrong from now on."""
        self._rates = {}
