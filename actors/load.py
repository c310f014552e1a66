"""How much an actor has to do, as it measures it itself: what placement and admission go by."""

import asyncio
from typing import Final

import msgspec

PERIOD_S: Final = 0.25
BUSY_MS: Final = 250.0
"""An event loop that comes so late to its timers takes no newcomers …"""
EASY_MS: Final = 100.0
"""… until it is this punctual again: between the two it stays as it was."""
SHARE: Final = 0.1
"""What one period counts for in the average: a pause is not a burden."""
LATE_MS_MAX: Final = 1_000.0
"""No period counts for more: a process that was stopped has nothing to do because of that."""


class Load(msgspec.Struct, frozen=True):
    """``lag_ms``: lateness of the event loop, on average over the last seconds."""

    connections: int = 0
    lag_ms: float = 0.0
    busy: bool = False


class LagMeter:
    """Watches the loop that it runs on."""

    def __init__(self) -> None:
        self.lag_ms = 0.0
        self.busy = False

    async def run(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + PERIOD_S
            await asyncio.sleep(PERIOD_S)
            self.note((loop.time() - due) * 1_000)

    def note(self, late_ms: float) -> None:
        """A timer came so late."""
        self.lag_ms += (min(late_ms, LATE_MS_MAX) - self.lag_ms) * SHARE
        if self.lag_ms >= BUSY_MS:
            self.busy = True
        elif self.lag_ms <= EASY_MS:
            self.busy = False
