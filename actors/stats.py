"""What the lobby shows of a table: hands, average pot, pace."""

import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from actors.monitor import HANDS_FINISHED, HANDS_VOID
from games.holdem.records import HandEnded, HandStarted, HandVoided, PotAwarded

RECENT_HANDS = 20


class Stats:
    """Counts over the last hands; instants are seconds."""

    def __init__(self) -> None:
        self.dealt = 0
        self.hands = 0
        self._pots: deque[int] = deque(maxlen=RECENT_HANDS)
        self._ends: deque[float] = deque(maxlen=RECENT_HANDS)

    def note(self, events: Sequence[Any]) -> None:
        """Count a step's events."""
        for event in events:
            if isinstance(event, HandStarted):
                self.dealt += 1
            elif isinstance(event, HandEnded):
                self.hands += 1
                HANDS_FINISHED.inc()
                self._ends.append(time.time())
                self._pots.append(sum(e.amount for e in events if isinstance(e, PotAwarded)))
            elif isinstance(event, HandVoided):
                HANDS_VOID.inc()

    @property
    def average_pot(self) -> int:
        return sum(self._pots) // len(self._pots) if self._pots else 0

    @property
    def hands_per_hour(self) -> int:
        if len(self._ends) < 2:
            return 0
        span = self._ends[-1] - self._ends[0]
        return round((len(self._ends) - 1) * 3_600 / span) if span > 0 else 0
