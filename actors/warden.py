"""Who must not play on: asked for all tables of a process together, never for a hand.

A player who is excluded, or whose time of play is over, finishes the hand he is in and is sat out.
Buy-ins ask for themselves, in their own transaction; this is for those who sit already.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final
from uuid import UUID

from actors.table import Table

log = logging.getLogger(__name__)

ASK_S: Final = 3.0
Ask = Callable[[Sequence[str]], Awaitable[Mapping[str, set[UUID]]]]


class Warden:
    """``ask`` is ``wallet.protection.Protections.barred``."""

    def __init__(self, ask: Ask, tables: Mapping[str, Table]) -> None:
        self._ask = ask
        self._tables = tables

    async def run(self) -> None:
        """Look every ``ASK_S`` seconds until cancelled."""
        while True:
            await asyncio.sleep(ASK_S)
            try:
                await self.look()
            except Exception as failure:  # the next round does it
                log.warning("who must not play on is asked later: %s", failure)

    async def look(self) -> None:
        """One round."""
        serving = {name: table for name, table in self._tables.items() if table.serving}
        if not serving:
            return
        barred = await self._ask(list(serving))
        for name, table in serving.items():
            if table.serving:
                table.bar(frozenset(str(player) for player in barred.get(name, ())))
