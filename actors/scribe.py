"""Group commit: whatever was written while the last append was under way goes with the next.

No timer: a batch is as large as the disk is slow. Nobody waits here; a table is told when its
rows are durable, and that storage stalls.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from actors.bank import TRANSIENT, insist
from actors.journal import Journal, Row
from actors.monitor import COMMIT, FENCED, STALLS

log = logging.getLogger(__name__)

BATCH_ROWS_MAX: Final = 1_024
STALL_S: Final = 1.0
"""A batch that takes longer stops the clocks of its tables: players wait for a disk in peace."""


LATE_S: Final = 0.5
"""A timer that is later than this shows that the process had no time, not that storage is slow."""


class Author(Protocol):
    """A table, as its scribe sees it."""

    def durable(self, seq: int) -> None:
        """Every row up to ``seq`` is on disk."""

    def stalled(self, on: bool) -> None:
        """Storage does not answer in time, or does again."""

    def taken_over(self) -> None:
        """Somebody else serves the table by now."""

    def not_written(self, why: str) -> None:
        """Storage will never take the rows."""


class Scribe:
    """One writer for all tables of a process."""

    def __init__(self, journal: Journal, stall_s: float = STALL_S) -> None:
        self._journal = journal
        self._stall_s = stall_s
        self._queue: deque[tuple[Author, Row]] = deque()
        self._wake = asyncio.Event()
        self._stalled: dict[Author, None] = {}
        self._notes: set[asyncio.Task[None]] = set()
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle

    def give_up(self, table: str, epoch: int, fault: str) -> None:
        """A table has halted by a fault of ours; its next owner is to hear of it, if it can be."""
        note = self._loop.create_task(self._note_fault(table, epoch, fault))
        self._notes.add(note)
        note.add_done_callback(self._notes.discard)

    async def noted(self) -> None:
        """Wait until every fault is where the next owner looks."""
        await asyncio.gather(*self._notes)

    async def _note_fault(self, table: str, epoch: int, fault: str) -> None:
        with contextlib.suppress(*TRANSIENT):
            await self._journal.note_fault(table, epoch, fault)

    @property
    def waiting(self) -> int:
        """Rows that the next append takes."""
        return len(self._queue)

    def write(self, author: Author, row: Row) -> None:
        """Owe a row to the disk."""
        self._queue.append((author, row))
        self._wake.set()
        if self._stalled and author not in self._stalled:
            self._stalled[author] = None
            author.stalled(True)

    async def run(self) -> None:
        """Write until cancelled."""
        while True:
            await self._wake.wait()
            batch = self._next_batch()
            self._watch(batch)
            try:
                await self._commit(batch)
            finally:
                self._timer.cancel()
            self._flowing()
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

    async def _commit(self, batch: list[tuple[Author, Row]]) -> None:
        """Append, and say so. Rows that storage refuses halt their own table and no other."""
        rows = [row for _, row in batch]
        authors: dict[Author, Row] = dict(batch)
        try:
            # The same rows again after an unknown outcome: they are recognised by their numbers.
            with COMMIT.time():
                stale = await insist(lambda: self._journal.append(rows), "a journal append")
        except Exception as why:
            if len(authors) == 1:
                self._refused(batch[0][0], why)
                return
            for author in authors:
                await self._commit([each for each in batch if each[0] is author])
            return
        for author, row in authors.items():
            if row.table in stale:
                FENCED.inc()
                _guarded(author.taken_over)
            else:
                _guarded(partial(author.durable, row.seq))

    def _refused(self, author: Author, why: Exception) -> None:
        # What it wrote after these rows must not follow a gap.
        self._queue = deque(each for each in self._queue if each[0] is not author)
        _guarded(partial(author.not_written, repr(why)))

    def _flowing(self) -> None:
        recovered, self._stalled = self._stalled, {}
        for author in recovered:
            _guarded(partial(author.stalled, False))

    def _watch(self, batch: list[tuple[Author, Row]]) -> None:
        due = self._loop.time() + self._stall_s
        self._timer = self._loop.call_at(due, self._note_stall, batch, due)

    def _note_stall(self, batch: list[tuple[Author, Row]], due: float) -> None:
        if self._loop.time() - due > LATE_S:
            # It was this process that stood still. It may have been replaced: it says nothing
            # before storage has said so.
            self._watch(batch)
            return
        log.warning("storage has not answered for %.1f s", self._stall_s)
        STALLS.inc()
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
