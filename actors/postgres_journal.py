"""The journal in Postgres: one call a batch, on a connection of its own."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncpg
import msgspec

from actors.archive import QUERIES
from actors.journal import Activation, Row
from actors.spec import TableSpec

ANSWER_S_MAX = 5.0


class PostgresJournal:
    """Appends go over one connection that is opened again when it breaks; the rest over the
    pool. An append is one statement, prepared once: a transaction by itself."""

    def __init__(self, dsn: str, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._dsn = dsn
        self._pool = pool
        self._line: asyncpg.Connection[asyncpg.Record] | None = None

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                line = await self._open()
                tables, seqs, epochs, hands, kinds, bodies, digests = zip(*rows, strict=True)
                stale: list[str] = await QUERIES.append(
                    line,
                    tables=tables,
                    seqs=seqs,
                    epochs=epochs,
                    hands=hands,
                    kinds=kinds,
                    bodies=bodies,
                    digests=digests,
                )
        except BaseException:
            # Whatever it was, the line may be in the middle of something: never used again.
            await self._drop()
            raise
        return frozenset(stale)

    async def _open(self) -> Any:
        if self._line is None or self._line.is_closed():
            self._line = await asyncpg.connect(self._dsn)
        return self._line

    async def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.terminate()

    async def close(self) -> None:
        """Hang up."""
        await self._drop()

    async def take_over(
        self, table: str, owner: str, address: str, lease_s: float, spec: TableSpec
    ) -> Activation:
        async with self._pool.acquire() as conn:
            row = await QUERIES.take_over(
                conn,
                table_id=table,
                owner=owner,
                address=address,
                lease_ms=round(lease_s * 1_000),
                spec=msgspec.json.encode(spec).decode(),
            )
        return Activation(row["epoch"], row["last_hand"])

    async def renew(self, tables: Sequence[tuple[str, int]], lease_s: float) -> frozenset[str]:
        names, epochs = zip(*tables, strict=True)
        async with self._pool.acquire() as conn:
            ours: list[str] = await QUERIES.renew(
                conn, tables=names, epochs=epochs, lease_ms=round(lease_s * 1_000)
            )
        return frozenset(ours)

    async def release(self, table: str, epoch: int) -> None:
        async with self._pool.acquire() as conn:
            await QUERIES.release(conn, table_id=table, epoch=epoch)

    async def rows(self, table: str) -> list[Row]:
        async with self._pool.acquire() as conn:
            return [Row(*row) async for row in QUERIES.journal_rows(conn, table_id=table)]

    async def prune(self, table: str) -> None:
        async with self._pool.acquire() as conn:
            await QUERIES.prune(conn, table_id=table)
