"""Migrations run once, in order, and notice when history was rewritten."""

import uuid
from importlib.resources import files
from pathlib import Path

import asyncpg
import pytest

from serve.embedded import EmbeddedStores
from wallet.batch import digest
from wallet.errors import MigrationChanged
from wallet.ledger import Ledger
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


async def test_books_from_before_there_were_limits_are_carried_over(
    stores: EmbeddedStores, tmp_path: Path
) -> None:
    """What a server of the last release wrote, then the migrations after it."""
    name = f"old_{uuid.uuid4().hex}"
    conn = await asyncpg.connect(stores.admin_dsn)
    await conn.execute(f"CREATE DATABASE {name}")
    await conn.close()
    admin = await asyncpg.connect(f"{stores.admin_dsn.rpartition('/')[0]}/{name}")
    every = files("wallet") / "migrations"
    for file in every.iterdir():
        if file.name < "040":
            (tmp_path / file.name).write_text(file.read_text("utf-8"))
    await migrate(admin, tmp_path, "wallet")
    players = [uuid.uuid4() for _ in range(3)]
    sessions = [uuid.uuid4() for _ in range(3)]
    for player, session in zip(players, sessions, strict=True):
        await admin.execute("SELECT wallet.open_wallet($1)", player)
        day = "2026-01-02"
        await admin.execute(
            "SELECT wallet.grant_chips($1, $3, $2, 1000)",
            f"grant:{player}:{day}", player, digest("grant", player, day),
        )  # fmt: skip
        asked = digest("buy_in", player, "oak", session, 300)
        bought = "SELECT wallet.buy_in($1, $4, $2, 'oak', $3, 300, 1)"
        assert await admin.fetchval(bought, f"in:{session}", player, session, asked) == "applied"
    await admin.execute(
        "SELECT wallet.settle('hand:oak:1', '', 'oak', 1, 1, $1, '{-300,100,195}', 5)", sessions
    )
    for place in (0, 1):  # one has lost all of it
        await admin.execute(
            "SELECT wallet.cash_out($1, $4, $2, 'oak', $3)",
            f"out{place}", players[place], sessions[place],
            digest("cash_out", players[place], "oak", sessions[place]),
        )  # fmt: skip
    await admin.execute(
        "SELECT wallet.seamless_deposit('seamless:in:s', $2, $1, 77)",
        players[2], digest("deposit", players[2], 77),
    )  # fmt: skip
    assert await migrate(admin, every, "wallet")
    invariants = Path(__file__).with_name("invariants.sql").read_text("utf-8")
    assert [row[0] for row in await admin.fetch(invariants)] == []
    rows = await admin.fetch(
        "SELECT brought, home, ended_at IS NULL AS open FROM wallet.sittings ORDER BY began_at"
    )
    assert [tuple(row) for row in rows] == [(300, 0, False), (300, 400, False), (300, None, True)]
    lost = await admin.fetch("SELECT lost FROM wallet.player_days ORDER BY lost")
    assert [row[0] for row in lost] == [-100, 0, 300]
    # Who plays on does so under the new functions.
    home = await admin.fetchrow(
        "SELECT * FROM wallet.cash_out('out2', $3, $1, 'oak', $2)",
        players[2], sessions[2], digest("cash_out", players[2], "oak", sessions[2]),
    )  # fmt: skip
    assert home is not None
    assert tuple(home) == ("applied", 495)
    async with asyncpg.create_pool(f"{stores.admin_dsn.rpartition('/')[0]}/{name}") as pool:
        books = Ledger(pool)
        assert (await books.check()).problems == (await books.verify()).problems == []
    await admin.close()
