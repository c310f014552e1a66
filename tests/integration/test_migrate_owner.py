"""The database's owner migrates it and is no superuser: managed Postgres has none to give."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from serve.cli import main
from serve.embedded_postgres import DATABASE, EmbeddedPostgres
from wallet.ledger import Ledger
from wallet.results import LedgerResult

OWNER = "CREATE ROLE room_owner LOGIN PASSWORD 'own' NOSUPERUSER"
MAY_MAKE_ROLES = (f"{OWNER} CREATEROLE",)
IS_GIVEN_ROLES = (
    OWNER,
    "CREATE ROLE squaredeal_app LOGIN PASSWORD 'app'",
    "CREATE ROLE squaredeal_report NOLOGIN",
    "CREATE ROLE squaredeal_owner NOLOGIN",
    "GRANT squaredeal_owner TO room_owner WITH ADMIN OPTION",
)
ROLES = ("squaredeal_app", "squaredeal_report", "squaredeal_owner", "room_owner")


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedPostgres]:
    """One of its own: roles are the whole server's, and in the shared one they are there."""
    other = os.environ.get("SQUAREDEAL_TEST_POSTGRES_BIN")
    with tempfile.TemporaryDirectory(prefix="squaredeal-owner-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder), Path(other) if other else None)
        try:
            server.start()
            server.wait()
            yield server
        finally:
            server.stop()


def as_role(dsn: str, login: str) -> str:
    at = urlsplit(dsn)
    return urlunsplit(at._replace(netloc=f"{login}@{at.hostname}:{at.port}"))


@pytest.mark.parametrize("roles", [MAY_MAKE_ROLES, IS_GIVEN_ROLES])
async def test_an_owner_who_is_no_superuser_migrates(
    postgres: EmbeddedPostgres, roles: tuple[str, ...], tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    above = await asyncpg.connect(f"{postgres.admin_dsn.removesuffix(DATABASE)}postgres")
    for statement in (f"DROP DATABASE IF EXISTS {DATABASE}",
                      *(f"DROP ROLE IF EXISTS {role}" for role in ROLES), *roles,
                      f"CREATE DATABASE {DATABASE} OWNER room_owner"):  # fmt: skip
        await above.execute(statement)
    await above.close()
    (tmp_path / "owner").write_text(as_role(postgres.admin_dsn, "room_owner:own"))
    (tmp_path / "app").write_text(as_role(postgres.admin_dsn, "squaredeal_app:app"))
    migrate = ["migrate", "--database-dsn-file", str(tmp_path / "app"), "--owner-dsn-file",
               str(tmp_path / "owner")]  # fmt: skip
    assert await asyncio.to_thread(main, migrate) == 0, capfd.readouterr().err
    assert "001_ledger.sql" in capfd.readouterr().out
    assert await asyncio.to_thread(main, migrate) == 0
    assert capfd.readouterr().out == "0 migrations ran\n"
    # The application plays on it, and may do no more than it may.
    async with asyncpg.create_pool((tmp_path / "app").read_text(), min_size=1) as pool:
        player, sitting = uuid4(), uuid4()
        ledger = Ledger(pool)
        await ledger.open_months()
        await ledger.open_wallet(player)
        await ledger.grant_daily(player, 1_000, date(2026, 1, 2))
        bought = await ledger.buy_in(player, "oak", sitting, 300, f"in:{sitting}", 1)
        assert bought.code is LedgerResult.APPLIED
        assert (await ledger.check()).problems == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute("DELETE FROM wallet.entries")
