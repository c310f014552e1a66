"""What is written and was not told: everything beyond the cursors of the chains.

Any number of processes may look: they tell the same, readers drop the second, and the cursor that
either writes lets both go on. Nobody holds a lock, so nobody who hangs holds the others up.
"""

import asyncio
import logging
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, NamedTuple

import aiosql
import asyncpg

from wallet.fanout.channel import Channel
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.lines import READ_AGAIN

QUERIES: Any = aiosql.from_path(str(files("wallet.fanout") / "queries.sql"), "asyncpg")
log = logging.getLogger(__name__)


class Span(NamedTuple):
    """Links of one chain, both ends included."""

    first: int
    last: int


class Outbox:
    """Single operations go this way always, batches only when their settler could not tell."""

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", channel: Channel, limits: FanoutLimits
    ) -> None:
        self._pool = pool
        self._channel = channel
        self._limits = limits
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """There may be something to tell."""
        self._wake.set()

    async def run(self) -> None:
        """Look until cancelled. At first for everything: whoever was here before may have died."""
        age_s = 0.0
        while True:
            self._wake.clear()
            try:
                if not self._channel.away and await self.round(age_s):
                    age_s = self._limits.abandoned_s
            except Exception:
                log.exception("the outbox is looked at later")
            try:
                async with asyncio.timeout(self._limits.look_s):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def round(self, age_s: float) -> bool:
        """Tell of everything that is beyond the cursors, of batches what is older than ``age_s``
        seconds; False if Redis did not take it."""
        left = await self._left_behind(age_s)
        # One word for all of it: who reads again asks for what he watches, however much was lost.
        if left and not await self._channel.tell([READ_AGAIN]):
            return False
        await self.mark(left)
        return await self._tell_singles()

    async def _left_behind(self, age_s: float) -> dict[int, Span]:
        async with self._pool.acquire() as conn:
            return {
                row["chain"]: Span(row["first"], row["last"])
                async for row in QUERIES.left_behind(
                    conn, age_s=age_s, count=self._limits.links_max
                )
            }

    async def _tell_singles(self) -> bool:
        # In one snapshot: of a transfer that commits in between, one account alone would be told.
        async with (
            self._pool.acquire() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            spans: dict[int, Span] = {}
            accounts: set[int] = set()
            async for row in QUERIES.untold(conn, count=self._limits.links_max):
                chain, number = row["chain"], row["number"]
                spans[chain] = Span(spans[chain].first if chain in spans else number, number)
                accounts.update(row["accounts"] or ())
            messages = await packed(conn, sorted(accounts), self._limits.message_lines_max)
        if not spans:
            return True
        if not await self._channel.tell(messages):
            return False
        await self.mark(spans)
        return True

    async def mark(self, spans: Mapping[int, Span]) -> None:
        """These have been told."""
        if not spans:
            return
        async with self._pool.acquire() as conn:
            await QUERIES.mark(
                conn,
                chains=list(spans),
                firsts=[span.first for span in spans.values()],
                lasts=[span.last for span in spans.values()],
            )


async def packed(conn: Any, accounts: list[int], lines_max: int) -> list[bytes]:
    """What these accounts hold now, as messages; nothing of those that are no player's."""
    messages = []
    for first in range(0, len(accounts), lines_max):
        part = ",".join(map(str, accounts[first : first + lines_max]))
        if message := await QUERIES.lines(conn, accounts=f"{{{part}}}"):
            messages.append(message)
    return messages
