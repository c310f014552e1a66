"""A backup of a room that plays, and the room that comes of it."""

import asyncio
import json
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import pytest

from serve.embedded import EmbeddedStores
from serve.process import free_port
from tests.server import Server, admin_dsn, command, read_until, start, stop

PASSPHRASE = "correct horse battery staple"
LOOKS_MAX = 600
SITTINGS = """
SELECT s.table_id, s.session::text FROM wallet.accounts s JOIN auth.accounts a ON a.id = s.owner
WHERE s.kind = 'stake' AND NOT s.closed AND a.kind = 'bot'"""
RIGHTS = """
SELECT n.nspname || '.' || o.name, r.rolname, (SELECT array_agg(x ORDER BY x) FROM unnest(o.acl) x)
FROM (SELECT relname AS name, relnamespace AS space, relowner AS owner, relacl::text[] AS acl
        FROM pg_class WHERE relkind IN ('r', 'p', 'S', 'v')
      UNION ALL SELECT oid::regprocedure::text, pronamespace, proowner, proacl::text[] FROM pg_proc
      UNION ALL SELECT nspname, oid, nspowner, nspacl::text[] FROM pg_namespace
      UNION ALL SELECT t.tgname || ' on ' || c.relname, c.relnamespace, c.relowner, '{}'
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal) o
JOIN pg_namespace n ON n.oid = o.space JOIN pg_roles r ON r.oid = o.owner
WHERE n.nspname IN ('wallet', 'auth', 'actors') ORDER BY 1"""
"""Owners, grants and triggers: what guards the books is part of them."""
HANDS = "SELECT table_id, max(hand) AS hand FROM actors.hands GROUP BY table_id"


class Made(NamedTuple):
    """A backup, and where its passphrase is."""

    folder: Path
    passphrase: Path


class Room(NamedTuple):
    """Which sittings of bots are open, and the last hand of each table."""

    sittings: set[tuple[str, str]]
    hands: dict[str, int]


@pytest.fixture(scope="module")
def backup(server: Server) -> Iterator[Made]:
    """Of the running server, whose bots play on."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-backup-") as name:
        passphrase = Path(name, "passphrase")
        passphrase.write_text(PASSPHRASE)
        made = Made(Path(name, "backup"), passphrase)
        done = command("backup", str(made.folder), *_at(server.data_dir), *_with(passphrase))
        assert done.returncode == 0, done.stderr
        assert "sealed: keep the passphrase elsewhere" in done.stdout
        yield made


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A data folder that is not there yet, where Postgres can walk to."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-restore-") as name:
        Path(name).chmod(0o711)
        yield Path(name, "data")


def _at(data_dir: Path) -> tuple[str, str]:
    return "--data-dir", str(data_dir)


def _with(passphrase: Path) -> tuple[str, str]:
    return "--passphrase-file", str(passphrase)


def _room(dsn: str) -> Room:
    return Room(set(_fetch(dsn, SITTINGS)), dict(_fetch(dsn, HANDS)))


def _fetch(dsn: str, query: str) -> list[tuple[Any, ...]]:
    async def fetch() -> list[tuple[Any, ...]]:
        conn = await asyncpg.connect(dsn)
        try:
            return [tuple(row) for row in await conn.fetch(query)]
        finally:
            await conn.close()

    return asyncio.run(fetch())


def _refused(*arguments: str) -> str:
    """What a command says that does nothing."""
    done = command(*arguments)
    assert done.returncode == 2, done.stdout
    assert done.stdout == ""
    return done.stderr


def test_a_room_is_restored_elsewhere_and_deals_on(
    server: Server, backup: Made, elsewhere: Path
) -> None:
    manifest = json.loads((backup.folder / "manifest.json").read_bytes())
    done = command("restore", str(backup.folder), *_at(elsewhere), *_with(backup.passphrase))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the books are those that were backed up" in done.stdout
    # An anchor that was kept of the books proves them from outside.
    anchor = elsewhere.with_name("anchor")
    anchor.write_text(json.dumps(manifest["heads"]))
    proved = command("ledger", "verify", "--anchor", str(anchor), *_at(elsewhere))
    assert proved.returncode == 0, proved.stdout
    with EmbeddedStores(elsewhere) as stores:
        before = _room(stores.admin_dsn)
        guarded = _fetch(stores.admin_dsn, RIGHTS)
    assert before.sittings
    assert len(guarded) > 100
    assert guarded == _fetch(admin_dsn(server.data_dir), RIGHTS)
    port = free_port()
    think = ("--bot-think-ms-min", "50", "--bot-think-ms-max", "200")
    process = start(*_at(elsewhere), "--port", str(port), *think)
    try:
        read_until(process, "Take a seat")
        # Wherever there was a hand there is a next one, with the same bots in the same sittings.
        now = _dealt_on(admin_dsn(elsewhere), before)
        assert now.sittings >= before.sittings
        agreed = command("ledger", "reconcile", *_at(elsewhere))
        assert agreed.returncode == 0, agreed.stdout
    finally:
        stop(process)
    checked = command("ledger", "check", *_at(elsewhere))
    assert checked.returncode == 0, checked.stdout


def _dealt_on(dsn: str, before: Room) -> Room:
    seated = Counter(table for table, _ in before.sittings)
    tables = [table for table, bots in seated.items() if bots > 1]
    assert tables
    for _ in range(LOOKS_MAX):
        now = _room(dsn)
        if all(now.hands.get(table, 0) > before.hands.get(table, 0) for table in tables):
            return now
        time.sleep(0.1)
    raise AssertionError(f"no hands since {before.hands}: {now.hands}")


def test_what_was_changed_is_refused_before_anything_is_touched(
    backup: Made, elsewhere: Path, tmp_path: Path
) -> None:
    def restore(folder: Path, *flags: str) -> str:
        said = _refused("restore", str(folder), *_at(elsewhere), *_with(backup.passphrase), *flags)
        assert not elsewhere.exists()
        return said

    def manifest(folder: Path, **changed: Any) -> Path:
        found = json.loads((backup.folder / "manifest.json").read_bytes())
        shutil.copytree(backup.folder, folder)
        (folder / "manifest.json").write_text(json.dumps(found | changed))
        return folder

    damaged = manifest(tmp_path / "damaged")
    dump = damaged / "database.dump"
    data = bytearray(dump.read_bytes())
    data[len(data) // 2] ^= 1
    dump.write_bytes(data)
    assert "database.dump is not as it was written" in restore(damaged)
    dump.unlink()
    assert "database.dump is missing" in restore(damaged)
    later = {"wallet": {"999_later.sql": "00"}}
    assert "newer schema (wallet/999_later.sql)" in restore(
        manifest(tmp_path / "newer", migrations=later, version="9.9.9")
    )
    assert "format 2" in restore(manifest(tmp_path / "format", format=2))
    assert "is no backup" in restore(tmp_path)
    assert "which is no part" in restore(manifest(tmp_path / "parts", files={"../x": {
        "bytes": 1, "sha256": ""}}))  # fmt: skip


def test_keys_are_needed_and_must_open(backup: Made, elsewhere: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("not the passphrase at all")
    short = tmp_path / "short"
    short.write_text("short")
    restore = ("restore", str(backup.folder), *_at(elsewhere))
    assert "not the passphrase" in _refused(*restore, *_with(wrong))
    assert "at least 12 characters" in _refused(*restore, *_with(short))
    assert "are needed" in _refused(*restore)
    assert list(elsewhere.iterdir()) == []  # and may be tried again
    (elsewhere / "postgres").mkdir()
    assert "must be empty: it holds postgres" in _refused(*restore, *_with(backup.passphrase))


def test_a_backup_is_private_and_never_replaced(server: Server, backup: Made) -> None:
    for path in (backup.folder, *backup.folder.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
    for path in backup.folder.iterdir():
        for key in (server.data_dir / "keys").glob("**/[0-9]*.key"):
            assert key.read_bytes() not in path.read_bytes(), path
    make = ("backup", str(backup.folder), *_at(server.data_dir))
    assert "is there already" in _refused(*make, "--without-keys")
    assert "--without-keys is required" in _refused(*make)
