"""``squaredeal ledger check | verify | reconcile``: the books against themselves, against what was
written, and against the tables."""

import argparse
import asyncio
import fcntl
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import msgspec

from auth.audit import Audit
from serve.compose import open_stores
from serve.embedded_postgres import SUPERUSER
from serve.keys import JOURNAL_SEALS
from serve.settings import Settings, SettingWrong, config_file, read_settings
from wallet.ledger import Head, Ledger

PROGRAM = "squaredeal ledger"
GOOD = {
    "check": "the books balance",
    "verify": "every row is as it was written",
    "reconcile": "books and tables agree",
}


def ledger_command(arguments: list[str]) -> int:
    """0 if the books balance, 1 if not."""
    parser = argparse.ArgumentParser(
        PROGRAM,
        description="check: every chip is accounted for. verify: no row of the books was altered, "
        "removed or moved since it was written. reconcile: balances, entries, stakes, seats, "
        "journal and archive agree. All work beside a running server, and without one on the "
        "data it left.",
    )
    parser.add_argument("what", choices=tuple(GOOD))
    parser.add_argument(
        "--anchor",
        type=Path,
        metavar="FILE",
        help="verify: the chains must go on from their ends as noted in FILE, which is then "
        "written anew; keep it where the database's administrators can't write",
    )
    parser.add_argument("--data-dir", default=None, help="the server's data folder")
    parser.add_argument("--database-dsn-file", default=None, help="file with a Postgres DSN")
    options = parser.parse_args(arguments)
    if options.anchor is not None and options.what != "verify":
        raise SettingWrong("anchor: only verify takes one")
    flags = []
    for name in ("data_dir", "database_dsn_file"):
        if getattr(options, name) is not None:
            flags += [f"--{name.replace('_', '-')}", getattr(options, name)]
    settings = read_settings(flags, config_file(flags), PROGRAM)
    with ExitStack() as stack:
        dsn = database_of(settings, stack)
        seals = settings.keys_folder / JOURNAL_SEALS
        noted = _noted(options.anchor)
        read, problems = asyncio.run(_look(dsn, options.what, noted, seals))
        if options.anchor is not None and not problems:
            _note(options.anchor, asyncio.run(_heads(dsn)))
    print(f"{read}: {f'{len(problems)} problems' if problems else GOOD[options.what]}")
    for problem in problems:
        print(f"  {problem}")
    return 1 if problems else 0


def database_of(settings: Settings, stack: ExitStack) -> str:
    """The running server's database, or an embedded one started for the check."""
    given = settings.database_dsn_file
    if given is not None:
        return given.read_text("utf-8").strip()
    left = settings.data_dir / "secrets" / "postgres.dsn"
    if not left.is_file():
        raise SettingWrong(f"data_dir: no server has run in {settings.data_dir}")
    if in_use(settings.data_dir):
        return left.read_text("utf-8").strip()
    return open_stores(settings, stack).dsn_file.read_text("utf-8").strip()


def admin_of(settings: Settings, stack: ExitStack) -> str:
    """Like ``database_of``, as the owner of everything in it."""
    given = settings.owner_dsn_file or settings.database_dsn_file
    if given is not None:
        return given.read_text("utf-8").strip()
    app_dsn = database_of(settings, stack)
    at, password = urlsplit(app_dsn), settings.data_dir / "secrets" / f"postgres.{SUPERUSER}"
    owner = f"{SUPERUSER}:{password.read_text('utf-8')}"
    return urlunsplit(at._replace(netloc=f"{owner}@{at.netloc.rpartition('@')[2]}"))


def in_use(data_dir: Path) -> bool:
    """Whether a server holds the folder's lock."""
    if not data_dir.is_dir():
        return False
    with (data_dir / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _noted(anchor: Path | None) -> dict[int, Head]:
    """The ends of the chains as they were; none the first time."""
    if anchor is None or not anchor.exists():
        return {}
    try:
        return msgspec.json.decode(anchor.read_bytes(), type=dict[int, Head])
    except (OSError, msgspec.DecodeError) as wrong:
        raise SettingWrong(f"anchor: {anchor} can't be read: {wrong}") from None


def _note(anchor: Path, heads: dict[int, Head]) -> None:
    written = anchor.with_name(f"{anchor.name}.new")
    written.write_bytes(msgspec.json.encode(heads))
    written.replace(anchor)


async def _heads(dsn: str) -> dict[int, Head]:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        return await Ledger(pool).heads()


async def _look(dsn: str, what: str, noted: dict[int, Head], seals: Path) -> tuple[str, list[str]]:
    """What was read, and what is wrong with it."""
    try:
        pool = await asyncpg.create_pool(dsn, min_size=1, max_size=1, timeout=5)
    except (OSError, asyncpg.PostgresError) as failure:
        raise SettingWrong(f"the database does not answer: {failure}") from None
    async with pool:
        if what == "verify":
            chain = await Ledger(pool).verify()
            acts, audit = await Audit(pool).verify()
            problems = [*chain.problems, *await Ledger(pool).cut(noted), *audit]
            return f"{chain.links} links, {acts} lines of the audit log", problems
        if what == "reconcile":
            return await _reconcile(pool, seals)
        books = await Ledger(pool).check()
        read = f"{books.accounts} accounts, {books.transfers} transfers, {books.entries} entries"
        return read, books.problems


async def _reconcile(pool: "asyncpg.Pool[asyncpg.Record]", seals: Path) -> tuple[str, list[str]]:
    from auth.seals import SealBroken, Seals
    from serve.reconcile import CHECKS, reconcile

    try:
        drifts = await reconcile(pool, Seals(seals), deep=True)
    except SealBroken as wrong:
        raise SettingWrong(f"data_dir: {wrong}") from None
    return f"{len(CHECKS)} checks", [f"{drift.check}: {drift.what}" for drift in drifts]
