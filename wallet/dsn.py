"""Where Postgres is: a DSN, or the file that holds it; and the pools of connections to it.

A file is read anew for each connection. Whoever rotates a password changes the file; lines that
stand go on, and the next one is made with what the file says then.
"""

from pathlib import Path
from typing import Any, Final

import asyncpg

Dsn = str | Path
ACQUIRE_S_MAX: Final = 10.0
"""Longest wait for a connection of a pool: whoever asks after so many others hears of it."""


class DatabaseBusy(TimeoutError):
    """No connection to the database has become free in time."""

    def __str__(self) -> str:
        # Not given to the constructor: pickle, by which it crosses deployments, gives it nothing.
        return str(self.__doc__)


class Pool(asyncpg.Pool):
    """Nobody waits for a connection of it for longer than ``ACQUIRE_S_MAX``."""

    async def _acquire(self, seconds: float | None) -> Any:
        """Every way to a connection leads through here, which is not public and in no stubs. Raises
        DatabaseBusy."""
        wait_s = ACQUIRE_S_MAX if seconds is None else seconds
        try:
            return await super()._acquire(wait_s)  # type: ignore[misc]
        except TimeoutError:
            raise DatabaseBusy from None


def text_of(dsn: Dsn) -> str:
    """The DSN as it is now. Raises OSError."""
    return dsn.read_text("utf-8").strip() if isinstance(dsn, Path) else dsn


async def connect(dsn: Dsn, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """As ``asyncpg.connect``."""
    return await asyncpg.connect(text_of(dsn), **options)


async def create_pool(dsn: Dsn, **options: Any) -> "asyncpg.Pool[asyncpg.Record]":
    """As ``asyncpg.create_pool``, of a pool that refuses whoever would wait for too long."""

    async def anew(*first: Any, **rest: Any) -> "asyncpg.Connection[asyncpg.Record]":
        del first  # what the file said when the pool was made
        return await connect(dsn, **rest)

    standard: dict[str, Any] = {
        "connection_class": asyncpg.Connection, "record_class": asyncpg.Record, "loop": None,
        "max_queries": 50_000, "max_inactive_connection_lifetime": 300.0,
    }  # fmt: skip
    return await Pool(text_of(dsn), connect=anew, **standard, **options)
