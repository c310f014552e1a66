"""Now and then every table of a process is looked at: one task for all of them."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from actors.table import Table

log = logging.getLogger(__name__)

SWEEP_S: Final = 5.0


async def run_sweeps(tables: Mapping[str, Table]) -> None:
    """Sweep until cancelled; the loop is never held up by all tables at once."""
    while True:
        await asyncio.sleep(SWEEP_S)
        for table in list(tables.values()):
            try:
                table.sweep()
            except Exception:  # it has halted itself; its neighbours go on
                log.exception("%s is not swept", table.spec.table)
            await asyncio.sleep(0)
