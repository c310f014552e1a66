"""``squaredeal backup``: everything that a room is, in one folder, beside a running server."""

import argparse
import asyncio
import os
import shutil
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec

from auth.audit import Audit
from serve import backup_form as form
from serve.compose import SCHEMAS
from serve.ledger_check import admin_of
from serve.postgres_tools import ToolFailed, run, tool
from serve.settings import SettingWrong, config_file, read_settings
from wallet.ledger import Head, counts_of, heads_of
from wallet.migrate import applied

PROGRAM = "squaredeal backup"
WITHOUT_KEYS = (
    "The keys are NOT in it. Keep {folder} elsewhere as well: without it the hands in play are "
    "void, and second factors must be set up anew."
)
WITH_KEYS = (
    "The keys are in it, sealed: keep the passphrase elsewhere. Who has both can open the decks of "
    "hands in play and second factors, and sign in as anybody."
)


def backup_command(arguments: list[str]) -> int:
    """Make one; the exit status."""
    parser = argparse.ArgumentParser(
        PROGRAM,
        description="Ledger, accounts, journals and hands in one snapshot, with the keys that they "
        "can't be read without. Works beside a running server, and without one on the data it "
        "left. Holds addresses, password hashes and hands: keep it as you keep the database.",
    )
    parser.add_argument("folder", type=Path, metavar="DEST", help="a folder that is not there yet")
    keys = parser.add_mutually_exclusive_group(required=True)
    keys.add_argument(
        "--passphrase-file", type=Path, help="seal the keys with this file's passphrase"
    )
    keys.add_argument(
        "--without-keys", action="store_true", help="the keys are kept elsewhere, by you"
    )
    add_places(parser)
    options = parser.parse_args(arguments)
    settings = read_settings(place_flags(options), config_file(place_flags(options)), PROGRAM)
    passphrase = form.passphrase_of(options.passphrase_file) if options.passphrase_file else None
    dest: Path = options.folder
    if dest.exists():
        raise SettingWrong(f"{dest} is there already")
    keys_dir = settings.keys_folder
    names = form.key_names(keys_dir)
    if not names and passphrase is not None:
        raise SettingWrong(f"data_dir: there are no keys in {keys_dir}")
    part = dest.with_name(f"{dest.name}.part")
    with ExitStack() as stack:
        dsn = admin_of(settings, stack)
        _fresh(part)
        try:
            manifest = asyncio.run(_dump(dsn, part, options.postgres_bin, names))
            if passphrase is not None:
                write_private(part / form.KEYS, form.seal_keys(keys_dir, passphrase))
            _finish(part, manifest)
            part.rename(dest)
        except ToolFailed as failure:
            raise SettingWrong(str(failure)) from None
        finally:
            shutil.rmtree(part, ignore_errors=True)
    _say(dest, keys_dir, passphrase is not None, manifest)
    return 0


def _say(dest: Path, keys_dir: Path, sealed: bool, manifest: form.Manifest) -> None:
    books = manifest.books
    print(
        f"{dest}: {books.accounts} accounts, {books.transfers} transfers, {books.entries} entries"
    )
    print(f"manifest sha256 {form.part_of(dest / form.MANIFEST).sha256}")
    print(WITH_KEYS if sealed else WITHOUT_KEYS.format(folder=keys_dir))


def add_places(parser: argparse.ArgumentParser) -> None:
    """The flags that backup and restore share."""
    parser.add_argument("--data-dir", default=None, help="the server's data folder")
    parser.add_argument("--config", default=None, help="the server's settings file")
    parser.add_argument("--database-dsn-file", default=None, help="file with its owner's DSN")
    parser.add_argument(
        "--postgres-bin", type=Path, help="folder of pg_dump and pg_restore of the server's version"
    )


def place_flags(options: argparse.Namespace) -> list[str]:
    """Those of them that are settings."""
    flags = []
    for name in ("data_dir", "config", "database_dsn_file"):
        if getattr(options, name) is not None:
            flags += [f"--{name.replace('_', '-')}", getattr(options, name)]
    return flags


def write_private(path: Path, data: bytes) -> None:
    """A file for our eyes, on disk."""
    path.touch(mode=0o600)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _fresh(part: Path) -> None:
    """What an earlier, interrupted backup left goes."""
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=0o700, parents=True)
    except OSError as failure:
        raise SettingWrong(f"{part}: {failure}") from None


async def _dump(dsn: str, part: Path, folder: Path | None, names: list[str]) -> form.Manifest:
    """The dump, and what the books were in the very snapshot that it is of."""
    try:
        conn = await asyncpg.connect(dsn, timeout=5)
    except (OSError, asyncpg.PostgresError) as failure:
        raise SettingWrong(f"the database does not answer: {failure}") from None
    try:
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            # The transaction is idle while pg_dump works.
            await conn.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            snapshot = await conn.fetchval("SELECT pg_export_snapshot()")
            major = conn.get_server_version().major
            program = tool("pg_dump", major, folder)
            flags = ["--format=custom", f"--snapshot={snapshot}", f"--file={part / form.DUMP}"]
            flags += [f"--schema={schema}" for schema in SCHEMAS]
            (part / form.DUMP).touch(mode=0o600)
            await asyncio.to_thread(run, [program, *flags], dsn)
            return form.Manifest(
                format=form.FORMAT,
                version=form.our_version(),
                made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                postgres=major,
                migrations={each: await applied(conn, each) for each in SCHEMAS},
                heads=await heads_of(conn),
                audit=Head(*await Audit.end(conn)),
                books=form.Books(**await counts_of(conn)),
                keys=names,
                files={},
            )
    except asyncpg.UndefinedTableError:
        raise SettingWrong("this database has no room in it: no server has run on it") from None
    finally:
        await conn.close()


def _finish(part: Path, manifest: form.Manifest) -> None:
    """The manifest is written last: without one it is no backup."""
    files = {path.name: form.part_of(path) for path in sorted(part.iterdir())}
    whole = msgspec.structs.replace(manifest, files=files)
    text = msgspec.json.format(msgspec.json.encode(whole), indent=1)
    write_private(part / form.MANIFEST, text + b"\n")
