"""Numbered SQL files, each applied once, in its own transaction."""

import hashlib
from importlib.resources.abc import Traversable

import asyncpg

from wallet.errors import MigrationChanged

LOCK = 7_312_446_801  # any number of our own: two servers that start together take turns


async def migrate(
    conn: "asyncpg.Connection[asyncpg.Record]", directory: Traversable, schema: str
) -> list[str]:
    """Apply what ``schema`` has not seen yet; the names of the files that ran.

    Raises MigrationChanged if a file that ran before has other contents now.
    """
    await conn.execute("SELECT pg_advisory_lock($1)", LOCK)
    try:
        await conn.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        await conn.execute(
            f"CREATE TABLE IF NOT EXISTS {schema}.migrations ("
            " name text PRIMARY KEY, sha256 text NOT NULL,"
            " applied_at timestamptz NOT NULL DEFAULT now())"
        )
        done = await applied(conn, schema)
        ran = []
        for file in sorted(directory.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".sql") and await _apply(conn, file, schema, done):
                ran.append(file.name)
        return ran
    finally:
        await conn.execute("SELECT pg_advisory_unlock($1)", LOCK)


async def applied(conn: "asyncpg.Connection[asyncpg.Record]", schema: str) -> dict[str, str]:
    """What ``schema`` has seen: digests by file."""
    rows = await conn.fetch(f"SELECT name, sha256 FROM {schema}.migrations")  # noqa: S608
    return {row["name"]: row["sha256"] for row in rows}


async def _apply(
    conn: "asyncpg.Connection[asyncpg.Record]",
    file: Traversable,
    schema: str,
    done: dict[str, str],
) -> bool:
    text = file.read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()
    if file.name in done:
        if done[file.name] != digest:
            raise MigrationChanged(f"{schema}/{file.name}: {MigrationChanged.__doc__}")
        return False
    async with conn.transaction():
        await conn.execute(text)
        await conn.execute(
            f"INSERT INTO {schema}.migrations (name, sha256) VALUES ($1, $2)",  # noqa: S608
            file.name,
            digest,
        )
    return True
