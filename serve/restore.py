"""``squaredeal restore``: a backup becomes a room again, elsewhere, and proves that it is the same.

Nothing is overwritten: the data folder and the database must be empty. A folder in which this was
interrupted is refused by ``squaredeal up``.
"""

import argparse
import asyncio
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg

from auth.audit import Audit
from serve import backup_form as form
from serve.backup import add_places, place_flags
from serve.compose import RESTORING, SCHEMAS, open_stores
from serve.embedded_postgres import APP_ROLE
from serve.ledger_check import in_use
from serve.postgres_tools import ToolFailed, run, tool
from serve.runtime import read_secret
from serve.settings import SettingWrong, config_file, read_settings
from wallet.ledger import Head, Ledger, counts_of, heads_of

PROGRAM = "squaredeal restore"
OWNED = re.compile(r"^ALTER [^;]* OWNER TO squaredeal_owner;$", re.MULTILINE)
"""What the dump says of the owner of the books; everything else belongs to whoever restores."""
MISSING = (
    "keys: {names} are needed: --passphrase-file for those in the backup, or put them into "
    "{folder}; --without-keys if they are lost"
)
LOST = (
    "WITHOUT the keys {names}: hands in play will be void, second factors must be set up anew, and "
    "everybody signs in again."
)


def restore_command(arguments: list[str]) -> int:
    """Restore one; 0 if the books are those that were backed up."""
    parser = argparse.ArgumentParser(
        PROGRAM,
        description="Into an empty data folder and an empty database (embedded, or the one that "
        "--database-dsn-file names). Ends with the checks of the ledger; then start the server.",
    )
    parser.add_argument("folder", type=Path, metavar="SRC", help="what squaredeal backup has made")
    parser.add_argument("--passphrase-file", type=Path, help="what the keys were sealed with")
    parser.add_argument(
        "--without-keys", action="store_true", help="they are lost; says what that costs"
    )
    add_places(parser)
    options = parser.parse_args(arguments)
    settings = read_settings(place_flags(options), config_file(place_flags(options)), PROGRAM)
    manifest = form.read_manifest(options.folder)
    if beyond := form.newer(manifest.migrations):
        made_by = f"made by version {manifest.version}, this is {form.our_version()}"
        raise SettingWrong(f"{options.folder}: a newer schema ({', '.join(beyond)}): {made_by}")
    passphrase = form.passphrase_of(options.passphrase_file) if options.passphrase_file else None
    sealed = (options.folder / form.KEYS).read_bytes() if form.KEYS in manifest.files else None
    _must_be_empty(settings.data_dir, sealed is not None)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    marker = settings.data_dir / RESTORING
    marker.touch(exist_ok=False)
    try:
        lost = _keys(settings.keys_folder, manifest, sealed, passphrase)
        if lost and not options.without_keys:
            raise SettingWrong(MISSING.format(names=", ".join(lost), folder=settings.keys_folder))
    except SettingWrong:
        marker.unlink()
        raise
    with ExitStack() as stack:
        given = settings.owner_dsn_file or settings.database_dsn_file
        dsn = read_secret(str(given)) if given else open_stores(settings, stack).admin_dsn
        try:
            problems = asyncio.run(_restore(dsn, options.folder, manifest, options.postgres_bin))
        except ToolFailed as failure:
            raise SettingWrong(str(failure)) from None
    books = manifest.books
    what = f"{books.accounts} accounts, {books.transfers} transfers, {books.entries} entries"
    print(f"{what}, {sum(head.links for head in manifest.heads.values())} links")
    for problem in problems:
        print(f"  {problem}")
    if problems:
        print(f"{len(problems)} problems: this is not what was backed up")
        return 1
    marker.unlink()
    print("the books are those that were backed up, and they balance")
    if lost:
        print(LOST.format(names=", ".join(lost)))
    return 0


def _must_be_empty(data_dir: Path, keys_come: bool) -> None:
    """But for keys that were brought, if the backup has none."""
    if not data_dir.exists():
        return
    found = {each.name for each in data_dir.iterdir()} - (set() if keys_come else {"keys"})
    if found:
        used = "a server uses it" if in_use(data_dir) else f"it holds {', '.join(sorted(found))}"
        raise SettingWrong(f"data_dir: {data_dir} must be empty: {used}")


def _keys(
    folder: Path, manifest: form.Manifest, sealed: bytes | None, passphrase: str | None
) -> list[str]:
    """Put the keys in their place; those that are still missing."""
    if sealed is not None and passphrase is not None:
        form.open_keys(sealed, passphrase, folder)
    return sorted(set(manifest.keys) - set(form.key_names(folder)))


async def _restore(
    dsn: str, folder: Path, manifest: form.Manifest, bin_dir: Path | None
) -> list[str]:
    """Fill the database; what is not as it was."""
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1, timeout=5) as pool:
        async with pool.acquire() as conn:
            major = conn.get_server_version().major
            await _may_be_filled(conn, major, manifest)
            program = tool("pg_restore", major, bin_dir)
            dump = folder / form.DUMP
            flags = ["--no-owner", "--exit-on-error", "--single-transaction"]
            await asyncio.to_thread(run, [program, *flags, dump], dsn)
            said = await asyncio.to_thread(run, [program, "--schema-only", "--file=-", dump])
            async with conn.transaction():
                for statement in OWNED.findall(said):
                    await conn.execute(statement)
            await conn.execute("ANALYZE")
            found = await heads_of(conn), Head(*await Audit.end(conn)), await counts_of(conn)
        problems = _differences(manifest, *found)
        ledger = Ledger(pool)
        problems += (await ledger.verify()).problems + (await ledger.check()).problems
        return problems + (await Audit(pool).verify())[1]


async def _may_be_filled(conn: Any, major: int, manifest: form.Manifest) -> None:
    """Raises SettingWrong; makes the roles that own and read the books, as the migrations do."""
    if major < manifest.postgres:
        older = f"PostgreSQL {major} can't read what {manifest.postgres} wrote"
        raise SettingWrong(f"database_dsn_file: {older}")
    there = await conn.fetch("SELECT nspname FROM pg_namespace WHERE nspname = ANY($1)", SCHEMAS)
    if there:
        names = ", ".join(row["nspname"] for row in there)
        raise SettingWrong(f"database_dsn_file: the database is not empty: it has {names}")
    roles = {row["rolname"] for row in await conn.fetch("SELECT rolname FROM pg_roles")}
    if APP_ROLE not in roles:
        raise SettingWrong(f"database_dsn_file: there is no role {APP_ROLE}: create it first")
    for role in {"squaredeal_owner", "squaredeal_report"} - roles:
        await conn.execute(f"CREATE ROLE {role} NOLOGIN")
    await conn.execute("GRANT squaredeal_owner TO CURRENT_USER")


def _differences(
    manifest: form.Manifest, heads: dict[int, Head], audit: Head, counts: dict[str, int]
) -> list[str]:
    """The dump was made in the snapshot that the manifest is of: all must be equal."""
    chains = sorted(manifest.heads.keys() | heads.keys())
    found = [
        f"chain {chain}: ends otherwise than it did"
        for chain in chains
        if heads.get(chain) != manifest.heads.get(chain)
    ]
    if audit != manifest.audit:
        found.append(f"the audit log ends with line {audit.links}, not {manifest.audit.links}")
    if form.Books(**counts) != manifest.books:
        found.append(f"the books have {counts}, not {manifest.books}")
    return found
