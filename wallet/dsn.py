"""Where Postgres is: a DSN, or the file that holds it.

A file is read anew for each connection. Whoever rotates a password changes the file; lines that
stand go on, and the next one is made with what the file says then.
"""

from pathlib import Path
from typing import Any

import asyncpg

Dsn = str | Path


def text_of(dsn: Dsn) -> str:
    """The DSN as it is now. Raises OSError."""
    return dsn.read_text("utf-8").strip() if isinstance(dsn, Path) else dsn


async def connect(dsn: Dsn, **options: Any) -> "asyncpg.Connection[asyncpg.Record]":
    """As ``asyncpg.connect``."""
    return await asyncpg.connect(text_of(dsn), **options)


async def create_pool(dsn: Dsn, **options: Any) -> "asyncpg.Pool[asyncpg.Record]":
    """As ``asyncpg.create_pool``."""

    async def anew(*first: Any, **rest: Any) -> "asyncpg.Connection[asyncpg.Record]":
        del first  # what the file said when the pool was made
        return await connect(dsn, **rest)

    return await asyncpg.create_pool(text_of(dsn), connect=anew, **options)
