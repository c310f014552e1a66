"""The floor over the last hour: a sample every few seconds, kept in memory by the one floor.

What an operator looks at costs the same however many look: a sample counts the open tables once
and reads one row a currency and settler. A floor that starts anew has no past; the books have.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from actors.host import TableStatus
from wire.desk import ConcurrencyResponse, FloorSample, RevenueResponse, RevenueSample

EVERY_S: Final = 5.0
KEPT_S: Final = 3_600.0
SAMPLES_MAX: Final = int(KEPT_S / EVERY_S)
CURRENCIES_MAX: Final = 16
"""So many currencies have a whole hour; of more, each has less."""
log = logging.getLogger(__name__)


class Pulse:
    """``tables`` says what is open, ``lag_ms`` how late the latest event loop is, ``house`` what
    the house has by currency."""

    def __init__(
        self,
        tables: Callable[[], Sequence[TableStatus]],
        lag_ms: Callable[[], float],
        house: Callable[[], Awaitable[dict[str, int]]],
    ) -> None:
        self._tables = tables
        self._lag_ms = lag_ms
        self._house = house
        self._floor: deque[FloorSample] = deque(maxlen=SAMPLES_MAX)
        self._revenue: deque[RevenueSample] = deque(maxlen=SAMPLES_MAX * CURRENCIES_MAX)

    async def run(self) -> None:
        """Sample until cancelled."""
        while True:
            await self.sample(datetime.now(UTC))
            await asyncio.sleep(EVERY_S)

    async def sample(self, now: datetime) -> None:
        """Look once."""
        self._floor.append(floor_sample(self._tables(), self._lag_ms(), now))
        try:
            house = await self._house()
        except Exception as failure:  # the next look may see it
            log.warning("revenue is not read: %s", failure)
            return
        self._revenue.extend(RevenueSample(now, currency, held) for currency, held in house.items())

    def concurrency(self, since: datetime | None) -> ConcurrencyResponse:
        """Samples after an instant, or all."""
        samples = tuple(each for each in self._floor if since is None or each.at > since)
        return ConcurrencyResponse(EVERY_S, samples)

    def revenue(self, since: datetime | None) -> RevenueResponse:
        """Samples after an instant, or all."""
        samples = tuple(each for each in self._revenue if since is None or each.at > since)
        return RevenueResponse(EVERY_S, samples)


def floor_sample(tables: Iterable[TableStatus], lag_ms: float, now: datetime) -> FloorSample:
    """What these tables are together."""
    count = playing = players = bots = hands = 0
    for status in tables:
        count += 1
        playing += status.playing
        players += status.listing.players
        bots += status.listing.bots
        hands += status.listing.hands
    return FloorSample(now, count, playing, players, bots, hands, round(lag_ms, 1))
