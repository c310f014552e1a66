"""What an operator asks of the books: read-only queries, which may run on a replica.

Every report is one table of columns and rows, read in one snapshot, with the instant it is true
for. Chips are minor units, instants are UTC.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, Final, NamedTuple
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from serve.register import QUERIES as REGISTER
from serve.runtime import QUERY_S_MAX
from wallet.dsn import Dsn, create_pool
from wire.http import Report

QUERIES: Any = aiosql.from_path(str(files("serve") / "reports.sql"), "asyncpg")
CONNECTIONS_MAX: Final = 4
LAST_ID: Final = 2**63 - 1


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is left out is not filtered: ``since`` <= instant < ``until``, ids below ``before``."""

    kind: str | None = None
    table: str | None = None
    player: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    limit: int
    before: int | None = None


class EntriesDetached(Exception):
    """Of the time before ``kept_from`` there are sums and no entries."""

    def __init__(self, kept_from: datetime) -> None:
        super().__init__(f"Entries from before {kept_from.isoformat()} have been detached.")


class Reports:
    """Over a pool that can only read; ``dsn`` is a replica's, or the primary's."""

    def __init__(self, dsn: Dsn) -> None:
        self._dsn = dsn
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def close(self) -> None:
        """Hang up."""
        if self._pool is not None:
            await self._pool.close()

    async def lag_s(self) -> float:
        """How old what a report says would be, in seconds. Raises as ``run``."""
        async with self._snapshot() as conn:
            as_of: datetime = (await QUERIES.standing(conn))["as_of"]
        return max(0.0, (datetime.now(UTC) - as_of).total_seconds())

    async def run(self, name: str, asked: Asked) -> Report:
        """One of ``REPORTS``. Raises EntriesDetached, TimeoutError, OSError, asyncpg's own."""
        async with self._snapshot() as conn:
            standing = await QUERIES.standing(conn)
            found = await REPORTS[name].read(conn, asked)
        columns = REPORTS[name].columns
        rows = tuple(tuple(row[column] for column in columns) for row in found)
        paged = name == "journal" and len(rows) == asked.limit
        return Report(
            name, standing["as_of"], standing["replica"], columns, rows,
            rows[-1][0] if paged else None,
        )  # fmt: skip

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Any]:
        if self._pool is None:
            self._pool = await create_pool(
                self._dsn,
                min_size=0,
                max_size=CONNECTIONS_MAX,
                timeout=QUERY_S_MAX,
                command_timeout=QUERY_S_MAX,
                server_settings={"default_transaction_read_only": "on"},
            )
        async with (
            self._pool.acquire() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield conn


Rows = list[Any]


async def _journal(conn: Any, asked: Asked) -> Rows:
    return [
        row
        async for row in QUERIES.journal(
            conn,
            kind=asked.kind,
            table_id=asked.table,
            player=asked.player,
            since=asked.since,
            until=asked.until,
            before=asked.before or LAST_ID,
            count=asked.limit,
        )
    ]


async def _trial_balance(conn: Any, asked: Asked) -> Rows:
    kept_from = await QUERIES.kept_from(conn)
    if asked.until is not None and kept_from is not None and asked.until < kept_from:
        raise EntriesDetached(kept_from)
    return [row async for row in QUERIES.trial_balance(conn, until=asked.until)]


async def _liability(conn: Any, asked: Asked) -> Rows:
    return [row async for row in QUERIES.liability(conn)]


async def _revenue(conn: Any, asked: Asked) -> Rows:
    return [
        row
        async for row in QUERIES.revenue(
            conn, table_id=asked.table, since=asked.since, until=asked.until
        )
    ]


async def _funds_in_play(conn: Any, asked: Asked) -> Rows:
    return [row async for row in QUERIES.funds_in_play(conn)]


async def _interrupted(conn: Any, asked: Asked) -> Rows:
    return [row async for row in REGISTER.interrupted(conn, nobody=False)]


class Kind(NamedTuple):
    """One report."""

    columns: tuple[str, ...]
    read: Callable[[Any, Asked], Awaitable[Rows]]


REPORTS: Final = {
    "journal": Kind(
        ("entry_id", "at", "transfer_id", "key", "kind", "table_id", "hand", "account_id",
         "account", "player", "currency", "amount", "balance"),
        _journal,
    ),
    "trial-balance": Kind(("currency", "kind", "accounts", "balance"), _trial_balance),
    "liability": Kind(("currency", "kind", "accounts", "players", "balance"), _liability),
    "revenue": Kind(("day", "table_id", "game", "currency", "raked_hands", "rake"), _revenue),
    "funds-in-play": Kind(
        ("table_id", "currency", "stakes", "chips", "served", "interrupted_hand"), _funds_in_play
    ),
    "interrupted": Kind(("table_id", "hand", "at", "epoch"), _interrupted),
}  # fmt: skip
