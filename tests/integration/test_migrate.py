"""Migrations run once, in order, and notice when history was rewritten."""

from pathlib import Path

import asyncpg
import pytest

from wallet.errors import MigrationChanged
from wallet.migrate import migrate


async def test_each_file_runs_once_in_order(
    admin: "asyncpg.Connection[asyncpg.Record]", tmp_path: Path
) -> None:
    (tmp_path / "002_b.sql").write_text("INSERT INTO trial.t VALUES (2);")
    (tmp_path / "001_a.sql").write_text("CREATE TABLE trial.t (n int);")
    (tmp_path / "notes.txt").write_text("not SQL")
    assert await migrate(admin, tmp_path, "trial") == ["001_a.sql", "002_b.sql"]
    assert await migrate(admin, tmp_path, "trial") == []
    (tmp_path / "003_c.sql").write_text("INSERT INTO trial.t VALUES (3);")
    assert await migrate(admin, tmp_path, "trial") == ["003_c.sql"]
    rows = await admin.fetch("SELECT n FROM trial.t ORDER BY n")
    assert [row["n"] for row in rows] == [2, 3]


async def test_a_changed_file_is_refused(
    admin: "asyncpg.Connection[asyncpg.Record]", tmp_path: Path
) -> None:
    file = tmp_path / "001_a.sql"
    file.write_text("CREATE TABLE trial.t (n int);")
    await migrate(admin, tmp_path, "trial")
    file.write_text("CREATE TABLE trial.t (n bigint);")
    with pytest.raises(MigrationChanged, match=r"001_a\.sql"):
        await migrate(admin, tmp_path, "trial")


async def test_a_failing_file_leaves_nothing_behind(
    admin: "asyncpg.Connection[asyncpg.Record]", tmp_path: Path
) -> None:
    (tmp_path / "001_a.sql").write_text("CREATE TABLE trial.t (n int); SELECT broken;")
    with pytest.raises(asyncpg.PostgresError):
        await migrate(admin, tmp_path, "trial")
    assert await admin.fetchval("SELECT to_regclass('trial.t')") is None
    (tmp_path / "001_a.sql").write_text("CREATE TABLE trial.t (n int);")
    assert await migrate(admin, tmp_path, "trial") == ["001_a.sql"]
