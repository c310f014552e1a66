"""Group commit: whatever was written while the last append was under way goes with the next.

No timer: a batch is as large as the disk is slow. Nobody waits here; a table is told when its
rows are durable, and that storage stalls.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from actors.bank import insist
from actors.journal import Journal, Row

log = logging.getLogger(__name__)

BATCH_ROWS_MAX: Final = 1_024
STALL_S: Final = 1.0
"""A batch that takes longer stops the clocks of its tables: players wait for a disk in peace."""


class Author(Protocol):
    """A table, as its scribe sees it."""

    def durable(self, seq: int) -> None:
        """Every row up to ``seq`` is on disk."""

    def stalled(self, on: bool) -> None:
        """Storage does not answer in time, or does again."""

    def taken_over(self) -> None:
        """Somebody else serves the table by now."""


class Scribe:
    """One writer for all tables of a process."""

    def __init__(self, journal: Journal, stall_s: float = STALL_S) -> None:
        self._journal = journal
        self._stall_s = stall_s
        self._queue: deque[tuple[Author, Row]] = deque()
        self._wake = asyncio.Event()
        self._stalled: dict[Author, None] = {}

    def write(self, author: Author, row: Row) -> None:
        """Owe a row to the disk."""
        self._queue.append((author, row))
        self._wake.set()
        if self._stalled and author not in self._stalled:
            self._stalled[author] = None
            author.stalled(True)

    async def run(self) -> None:
        """Write until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._wake.wait()
            batch = self._next_batch()
            timer = loop.call_later(self._stall_s, self._note_stall, batch)
            try:
                stale = await self._append([row for _, row in batch])
            finally:
                timer.cancel()
            self._tell(batch, stale)
            if not self._queue:
                self._wake.clear()

    def _next_batch(self) -> list[tuple[Author, Row]]:
        """As much as may go at once. The answer to an append names tables, so two owners of one
        table (it came back to this process) never share a batch: the old one's row would have
        the new one's refused, and those behind them written."""
        batch: list[tuple[Author, Row]] = []
        authors: dict[str, Author] = {}
        while self._queue and len(batch) < BATCH_ROWS_MAX:
            author, row = self._queue[0]
            if authors.setdefault(row.table, author) is not author:
                break
            batch.append(self._queue.popleft())
        return batch

    async def _append(self, rows: list[Row]) -> frozenset[str]:
        # The same rows again after an unknown outcome: they are recognised by their numbers.
        return await insist(lambda: self._journal.append(rows), "a journal append")

    def _tell(self, batch: list[tuple[Author, Row]], stale: frozenset[str]) -> None:
        last: dict[Author, Row] = dict(batch)
        for author, row in last.items():
            if row.table in stale:
                _guarded(author.taken_over)
            else:
                _guarded(partial(author.durable, row.seq))
        recovered, self._stalled = self._stalled, {}
        for author in recovered:
            _guarded(partial(author.stalled, False))

    def _note_stall(self, batch: list[tuple[Author, Row]]) -> None:
        log.warning("storage has not answered for %.1f s", self._stall_s)
        for author, _ in (*batch, *self._queue):
            if author not in self._stalled:
                self._stalled[author] = None
                _guarded(partial(author.stalled, True))


def _guarded(tell: Callable[[], None]) -> None:
    """A fault of one table must not stop the others' journal: it has halted itself by now."""
    try:
        tell()
    except Exception:
        log.exception("a table could not go on")
