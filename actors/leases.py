"""The leases of one process: renewed together, given up in time.

A lease makes the old owner fall silent; it is not what keeps two owners from writing. That is
the epoch, checked in the transaction that writes, so a take-over never waits for a lease.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Final

from actors.bank import TRANSIENT
from actors.journal import Journal
from actors.monitor import LOST, RENEWED, UNANSWERED
from actors.table import Table

log = logging.getLogger(__name__)

LEASE_S: Final = 15.0
RENEW_S: Final = 3.0
MARGIN_S: Final = 3.0
"""So much earlier than the database an owner counts his lease as over."""


def granted_until(asked_at: float) -> float:
    """When a lease asked for at ``asked_at`` ends, by our own monotonic clock (seconds)."""
    return asked_at + LEASE_S - MARGIN_S


class Leases:
    """Keeps the tables of a process its own."""

    def __init__(self, journal: Journal, tables: Mapping[str, Table]) -> None:
        self._journal = journal
        self._tables = tables
        self._now: Callable[[], float] = asyncio.get_running_loop().time

    async def run(self) -> None:
        """Renew until cancelled."""
        while True:
            await asyncio.sleep(RENEW_S)
            renewing = asyncio.create_task(self.renew())
            # Not awaited to its end: a database that hangs must not hide that leases run out.
            await asyncio.wait({renewing}, timeout=RENEW_S)
            if not renewing.done():
                renewing.cancel()
            self.lapse()

    async def renew(self) -> None:
        """One round: longer, or over."""
        held = {name: table for name, table in self._tables.items() if not table.halted}
        if not held:
            return
        asked_at = self._now()
        try:
            ours = await self._journal.renew(
                [(name, table.epoch) for name, table in held.items()], LEASE_S
            )
        except TRANSIENT as failure:
            log.warning("leases are not renewed: %s", failure)
            UNANSWERED.inc(len(held))
            return
        for name, table in held.items():
            if name in ours:
                RENEWED.inc()
                table.lease_renewed(granted_until(asked_at))
            else:
                LOST.inc()
                table.taken_over()

    def lapse(self) -> None:
        """Silence the tables whose lease has run out."""
        for table in self._tables.values():
            if not table.halted and not table.serving:
                table.lease_lapsed()
