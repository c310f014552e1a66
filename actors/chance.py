"""Where seeds come from: the operating system's generator, an operator's own source mixed in, and
a watch over what comes (NIST SP 800-90B, section 4.4).

Whoever controls one of the two sources knows nothing of a seed as long as the other one is good:
a seed is HMAC-SHA-256, under a key made of all that was mixed in, over fresh bytes of the system.
"""

import hashlib
import hmac
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

SAMPLE_BITS: Final = 8
"""Min-entropy claimed for a byte of the system's generator."""
ALARM_BITS: Final = 40
"""A good source gives a false alarm once in 2**40 samples: the top of what the standard allows."""
WINDOW: Final = 512
START_BYTES: Final = 4_096
MIXED_BYTES: Final = 64
BLOCK_BYTES: Final = 32


class SourceFailed(Exception):
    """The source of chance is stuck or lopsided: nothing may be dealt from it."""


def repetitions_max() -> int:
    """Repetition count test: so often one value may come running, C = 1 + ceil(40 / 8)."""
    return math.ceil(ALARM_BITS / SAMPLE_BITS)


def proportion_max() -> int:
    """Adaptive proportion test: so often the first value of a window may come in it, the quantile
    of the binomial distribution at 1 - 2**-40."""
    p = 2.0**-SAMPLE_BITS
    above, count = 0.0, WINDOW + 1
    while above <= 2.0**-ALARM_BITS:
        count -= 1
        above += math.comb(WINDOW, count) * p**count * (1 - p) ** (WINDOW - count)
    return count


class Health:
    """Both tests, running over every byte the source gives."""

    def __init__(self) -> None:
        self._repetitions_max = repetitions_max()
        self._proportion_max = proportion_max()
        self._last = -1
        self._running = 0
        self._first = -1
        self._same = 0
        self._seen = 0

    def watch(self, data: bytes) -> None:
        """Raises SourceFailed."""
        for value in data:
            self._running = self._running + 1 if value == self._last else 1
            self._last = value
            if self._running > self._repetitions_max:
                raise SourceFailed(f"one byte came {self._running} times running")
            if self._seen == 0:
                self._first, self._same = value, 0
            self._same += value == self._first
            if self._same > self._proportion_max:
                raise SourceFailed(f"one byte came {self._same} times among {WINDOW}")
            self._seen = (self._seen + 1) % WINDOW


class Chance:
    """Called with a number, gives so many bytes. Raises SourceFailed instead of bad ones."""

    def __init__(
        self, mixed: Path | None = None, source: Callable[[int], bytes] = os.urandom
    ) -> None:
        """Tests the source before anything is dealt; ``mixed`` is read from now and then. Raises
        SourceFailed, OSError."""
        self._source = source
        self._mixed = mixed
        self._health = Health()
        self._key = hashlib.sha256(self._fresh(START_BYTES)).digest()
        self.reseed()

    def _fresh(self, count: int) -> bytes:
        data = self._source(count)
        if len(data) != count:
            raise SourceFailed(f"{len(data)} bytes came for {count}")
        self._health.watch(data)
        return data

    def reseed(self) -> None:
        """Mix in what the operator's source has now; it may block while that has nothing."""
        if self._mixed is None:
            return
        with self._mixed.open("rb", buffering=0) as file:
            data = file.read(MIXED_BYTES)
        if len(data) < MIXED_BYTES:
            raise SourceFailed(f"{self._mixed} gave {len(data)} of {MIXED_BYTES} bytes")
        self._key = hmac.digest(self._key, data, "sha256")

    def __call__(self, count: int) -> bytes:
        """``count`` bytes that nobody knew before."""
        blocks = -(-count // BLOCK_BYTES)
        made = [hmac.digest(self._key, self._fresh(BLOCK_BYTES), "sha256") for _ in range(blocks)]
        return b"".join(made)[:count]
