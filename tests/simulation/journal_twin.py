"""The journal in memory, with the meaning of ``actors/migrations/002_journal.sql``: a call is a
transaction. ``tests/contract`` holds it to the real one."""

from collections.abc import Coroutine, Sequence
from typing import Any, NamedTuple, Protocol

import asyncpg
import msgspec

from actors.archive import FinishedHand
from actors.journal import SNAPSHOT, Activation, Row
from actors.spec import TableSpec


class Fenced(Protocol):
    """The ledger, as a take-over needs it."""

    def raise_fence(self, table: str, epoch: int) -> Coroutine[Any, Any, bool]: ...


class TableRow(msgspec.Struct):
    """What ``actors.tables`` has of a table."""

    epoch: int
    last_hand: int
    owner: str
    address: str
    fault: str = ""


class Committed(NamedTuple):
    """One row or (seq 0) one take-over, in the order in which they became durable."""

    table: str
    epoch: int
    seq: int


class JournalTwin:
    """Implements ``actors.journal.Journal``, and keeps the archive that belongs to it."""

    def __init__(self, ledger: Fenced) -> None:
        self.tables: dict[str, TableRow] = {}
        self.stored: dict[str, dict[int, Row]] = {}
        self.hands: dict[tuple[str, int], FinishedHand] = {}
        self.history: list[Committed] = []
        self._ledger = ledger

    def is_stale(self, table: str, epoch: int) -> bool:
        """Whether somebody else has the table by now."""
        return table not in self.tables or self.tables[table].epoch != epoch

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        stale = frozenset(row.table for row in rows if self.is_stale(row.table, row.epoch))
        fresh = [row for row in rows if row.table not in stale]
        for row in fresh:
            before = self.stored[row.table].get(row.seq)
            if before is not None and before.digest != row.digest:
                tables = [each.table for each in rows]
                raise asyncpg.RaiseError(f"another row has the same number: {tables}")
        for row in fresh:
            if row.seq not in self.stored[row.table]:
                self.stored[row.table][row.seq] = row
                self.history.append(Committed(row.table, row.epoch, row.seq))
        return stale

    async def take_over(
        self, table: str, owner: str, address: str, lease_s: float, spec: TableSpec
    ) -> Activation:
        held = self.tables.get(table)
        epoch, last_hand = (held.epoch + 1, held.last_hand + 1) if held else (1, 0)
        self.tables[table] = TableRow(epoch, last_hand, owner, address)
        self.stored.setdefault(table, {})
        await self._ledger.raise_fence(table, epoch)
        self.history.append(Committed(table, epoch, 0))
        return Activation(epoch, last_hand, held.fault if held else "")

    async def renew(self, tables: Sequence[tuple[str, int]], lease_s: float) -> frozenset[str]:
        return frozenset(name for name, epoch in tables if not self.is_stale(name, epoch))

    async def release(self, table: str, epoch: int) -> None:
        if not self.is_stale(table, epoch):
            self.tables[table].owner = self.tables[table].address = ""

    async def note_fault(self, table: str, epoch: int, fault: str) -> None:
        if not self.is_stale(table, epoch):
            self.tables[table].fault = fault

    async def rows(self, table: str) -> list[Row]:
        stored = self.stored.get(table, {})
        last = self._last_snapshot(table)
        return [stored[seq] for seq in sorted(stored) if seq >= last]

    async def prune(self, table: str) -> None:
        last = self._last_snapshot(table)
        kept = {seq: row for seq, row in self.stored.get(table, {}).items() if seq >= last}
        self.stored[table] = kept

    def _last_snapshot(self, table: str) -> int:
        stored = self.stored.get(table, {}).values()
        return max((row.seq for row in stored if row.kind == SNAPSHOT), default=0)

    async def save(self, finished: FinishedHand) -> None:
        """As ``actors.archive.Archive.save``: the first record of a hand stays."""
        place = (finished.table, finished.hand)
        if place in self.hands:
            return
        self.hands[place] = finished
        if not self.is_stale(finished.table, finished.epoch):
            self.tables[finished.table].last_hand = finished.hand
