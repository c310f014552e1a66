"""``squaredeal ledger check | verify``: every row against every other, and against its link."""

import argparse
import asyncio
import fcntl
from contextlib import ExitStack
from pathlib import Path

import asyncpg

from serve.compose import open_stores
from serve.settings import Settings, SettingWrong, read_settings
from wallet.ledger import Ledger

PROGRAM = "squaredeal ledger"
GOOD = {"check": "the books balance", "verify": "every row is as it was written"}


def ledger_command(arguments: list[str]) -> int:
    """0 if the books balance, 1 if not."""
    parser = argparse.ArgumentParser(
        PROGRAM,
        description="check: every chip is accounted for. verify: no row of the books was altered, "
        "removed or moved since it was written. Both work beside a running server, and without "
        "one on the data it left.",
    )
    parser.add_argument("what", choices=("check", "verify"))
    parser.add_argument("--data-dir", default=None, help="the server's data folder")
    parser.add_argument("--database-dsn-file", default=None, help="file with a Postgres DSN")
    options = parser.parse_args(arguments)
    flags = []
    for name in ("data_dir", "database_dsn_file"):
        if getattr(options, name) is not None:
            flags += [f"--{name.replace('_', '-')}", getattr(options, name)]
    settings = read_settings(flags, None, PROGRAM)
    with ExitStack() as stack:
        read, problems = asyncio.run(_look(database_of(settings, stack), options.what))
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


def in_use(data_dir: Path) -> bool:
    """Whether a server holds the folder's lock."""
    with (data_dir / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


async def _look(dsn: str, what: str) -> tuple[str, list[str]]:
    """What was read, and what is wrong with it."""
    try:
        pool = await asyncpg.create_pool(dsn, min_size=1, max_size=1, timeout=5)
    except (OSError, asyncpg.PostgresError) as failure:
        raise SettingWrong(f"the database does not answer: {failure}") from None
    async with pool:
        if what == "verify":
            chain = await Ledger(pool).verify()
            return f"{chain.links} links", chain.problems
        books = await Ledger(pool).check()
        read = f"{books.accounts} accounts, {books.transfers} transfers, {books.entries} entries"
        return read, books.problems
