"""Goes on with what was left: by a crash, by an operator who did not answer, by a recovery."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from wallet.seamless.adapter import Adapter
from wallet.seamless.errors import HeldElsewhere
from wallet.seamless.limits import SeamlessLimits
from wallet.seamless.states import Begun, Kind, Stray, Transaction
from wallet.seamless.store import Store

log = logging.getLogger(__name__)


class Sweeper:
    """Any number of processes may sweep: each row is claimed by one of them."""

    def __init__(
        self,
        adapter: Adapter,
        store: Store,
        limits: SeamlessLimits,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._adapter = adapter
        self._store = store
        self._limits = limits
        self._sleep = sleep

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except Exception:
                log.exception("seamless transactions are swept later")
            await self._sleep(self._limits.sweep_s)

    async def sweep(self) -> int:
        """One round; how many transactions it took up."""
        rows = await self._store.claim()
        strays = await self._store.strays()
        await asyncio.gather(
            *(self._resume(row) for row in rows), *(self._adopt(stray) for stray in strays)
        )
        return len(rows) + len(strays)

    async def _resume(self, row: Transaction) -> None:
        try:
            await self._adapter.resume(row)
        except Exception as failure:
            log.warning("%s goes on later: %r", row.key, failure)

    async def _adopt(self, stray: Stray) -> None:
        """By the key that sent the stake home: whoever else credits it uses the same."""
        try:
            begun = await self._store.begin(
                Kind.CREDIT, stray.key, stray.player, stray.table, stray.session, 0, None
            )
            if begun in (Begun.NEW, Begun.CLAIMED):
                await self._adapter.decide(stray.key)
        except HeldElsewhere:
            return
        except Exception as failure:
            log.warning("%s goes on later: %r", stray.key, failure)
