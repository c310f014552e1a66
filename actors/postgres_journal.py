"""The journal in Postgres: one call a batch, on a connection of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec

from actors.archive import QUERIES
from actors.journal import FORM_READ, FORM_WRITTEN, Activation, JournalNewer, Row
from actors.spec import TableSpec
from wallet.dsn import Dsn, connect

ANSWER_S_MAX = 5.0
NEWER = "SD001"
"""SQLSTATE of ``actors.take_over``."""


class _Line:
    """One connection for one kind of question at a time, opened again when it breaks."""

    def __init__(self, dsn: Dsn) -> None:
        self._dsn = dsn
        self._conn: asyncpg.Connection[asyncpg.Record] | None = None
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Any]:
        try:
            async with asyncio.timeout(ANSWER_S_MAX), self._turn:
                if self._conn is None or self._conn.is_closed():
                    self._conn = await connect(self._dsn)
                yield self._conn
        except BaseException:
            # Whatever it was, it may be in the middle of something: never used again.
            self.drop()
            raise

    def drop(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.terminate()


class PostgresJournal:
    """Appends and leases have a connection each, so that neither waits for anything else; the
    rest goes over the pool. An append is one statement, prepared once: a transaction by itself."""

    def __init__(self, dsn: Dsn, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._appends = _Line(dsn)
        self._leases = _Line(dsn)

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        tables, seqs, epochs, hands, kinds, bodies, digests = zip(*rows, strict=True)
        async with self._appends.use() as conn:
            stale: list[str] = await QUERIES.append(
                conn,
                tables=tables,
                seqs=seqs,
                epochs=epochs,
                hands=hands,
                kinds=kinds,
                bodies=bodies,
                digests=digests,
            )
        return frozenset(stale)

    def close(self) -> None:
        """Hang up."""
        self._appends.drop()
        self._leases.drop()

    async def take_over(
        self, table: str, owner: str, address: str, lease_s: float, spec: TableSpec
    ) -> Activation:
        async with self._pool.acquire() as conn:
            try:
                row = await QUERIES.take_over(
                    conn,
                    table_id=table,
                    owner=owner,
                    address=address,
                    lease_ms=round(lease_s * 1_000),
                    spec=msgspec.json.encode(spec).decode(),
                    reads=FORM_READ,
                    writes=FORM_WRITTEN,
                )
            except asyncpg.PostgresError as refused:
                if refused.sqlstate == NEWER:
                    raise JournalNewer(str(refused)) from None
                raise
        return Activation(row["epoch"], row["last_hand"], row["fault"])

    async def renew(self, tables: Sequence[tuple[str, int]], lease_s: float) -> frozenset[str]:
        names, epochs = zip(*tables, strict=True)
        async with self._leases.use() as conn:
            ours: list[str] = await QUERIES.renew(
                conn, tables=names, epochs=epochs, lease_ms=round(lease_s * 1_000)
            )
        return frozenset(ours)

    async def release(self, table: str, epoch: int) -> None:
        async with self._pool.acquire() as conn:
            await QUERIES.release(conn, table_id=table, epoch=epoch)

    async def note_fault(self, table: str, epoch: int, fault: str) -> None:
        async with self._pool.acquire() as conn:
            await QUERIES.note_fault(conn, table_id=table, epoch=epoch, fault=fault)

    async def rows(self, table: str) -> list[Row]:
        async with self._pool.acquire() as conn:
            return [Row(*row) async for row in QUERIES.journal_rows(conn, table_id=table)]

    async def prune(self, table: str) -> None:
        async with self._pool.acquire() as conn:
            await QUERIES.prune(conn, table_id=table)
