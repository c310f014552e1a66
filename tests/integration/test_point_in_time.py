"""A base backup and archived WAL, and the books of an instant, as docs/backup.md says it."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import asyncpg
import pytest

from serve.compose import migrate_all
from serve.embedded_postgres import EmbeddedPostgres, embedded_binaries
from serve.postgres_tools import run
from wallet.ledger import Head, Ledger

ARCHIVED = """
SELECT last_archived_wal >= $1 FROM pg_stat_archiver WHERE last_archived_wal IS NOT NULL"""
ANN = uuid.uuid4()
LOOKS_MAX = 600


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="squaredeal-pitr-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def bin_dir() -> Path:
    other = os.environ.get("SQUAREDEAL_TEST_POSTGRES_BIN")
    return Path(other) if other else embedded_binaries()


def configured(postgres: EmbeddedPostgres, **settings: str) -> None:
    """Lines for the next start."""
    with (postgres.home / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())


def same_owner(path: Path, as_of: Path) -> None:
    """Postgres, started by root, runs as another account."""
    owner = as_of.stat()
    for each in (path, *path.rglob("*")):
        os.chown(each, owner.st_uid, owner.st_gid)


async def grants(dsn: str, *days: int) -> None:
    """One transfer a day of the month, each in a link of the chain."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        ledger = Ledger(pool)
        await ledger.open_wallet(ANN)
        for day in days:
            await ledger.grant_daily(ANN, 100, date(2026, 1, day))


async def accident(dsn: str) -> datetime:
    """An instant, and what should not have happened after it; returns when both are archived."""
    conn = await asyncpg.connect(dsn)
    try:
        instant: datetime = await conn.fetchval("SELECT clock_timestamp()")
        await grants(dsn, 3)
        wal = await conn.fetchval("SELECT pg_walfile_name(pg_switch_wal())")
        for _ in range(LOOKS_MAX):
            if await conn.fetchval(ARCHIVED, wal):
                return instant
            await conn.execute("SELECT pg_sleep(0.05)")
    finally:
        await conn.close()
    raise AssertionError(f"{wal} is not archived")


async def heads(dsn: str) -> dict[int, Head]:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        return await Ledger(pool).heads()


async def prove(dsn: str, noted: dict[int, Head]) -> None:
    """Two grants are in the books, the third is not."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        ledger = Ledger(pool)
        assert (await ledger.balance(ANN)).amount == 200
        assert (await ledger.verify()).problems == []
        assert (await ledger.check()).problems == []
        assert await ledger.cut(noted) == []


@contextmanager
def running(postgres: EmbeddedPostgres) -> Iterator[str]:
    """The DSN of its owner."""
    postgres.start()
    try:
        postgres.wait()
        yield postgres.admin_dsn
    finally:
        postgres.stop()


def test_the_books_are_those_of_the_instant_and_prove_it(folder: Path) -> None:
    (folder / "primary").mkdir(mode=0o711)
    (folder / "archive").mkdir(mode=0o700)
    (folder / "restored").mkdir(mode=0o711)
    primary, archive = EmbeddedPostgres(folder / "primary", bin_dir()), folder / "archive"
    with running(primary):
        pass
    same_owner(archive, primary.home)
    configured(primary, archive_mode="on",
               archive_command=f"test ! -f {archive}/%f && cp %p {archive}/%f")  # fmt: skip
    base = folder / "restored" / "postgres"
    with running(primary) as dsn:
        asyncio.run(migrate_all(dsn))
        asyncio.run(grants(dsn, 1))
        noted = asyncio.run(heads(dsn))
        run([bin_dir() / "pg_basebackup", "-D", base, "-c", "fast"], dsn)
        asyncio.run(grants(dsn, 2))
        instant = asyncio.run(accident(dsn))
    shutil.copytree(folder / "primary" / "secrets", folder / "restored" / "secrets")
    restored = EmbeddedPostgres(folder / "restored", bin_dir())
    assert restored.home == base
    # Not hot: else it answers before it has come to the instant.
    configured(restored, archive_mode="off", hot_standby="off",
               restore_command=f"cp {archive}/%f %p",
               recovery_target_time=instant.isoformat(sep=" "),
               recovery_target_action="promote")  # fmt: skip
    (base / "recovery.signal").touch()
    same_owner(base, primary.home)
    with running(restored) as dsn:
        asyncio.run(prove(dsn, noted))
