"""``squaredeal migrate``: the database made ready by its owner, before anything runs."""

import asyncio
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg

from serve.compose import migrate_all, open_lobby_currencies
from serve.embedded_postgres import APP_ROLE
from serve.lobby import read_lobby
from serve.runtime import read_secret
from serve.settings import SettingWrong, config_file, read_settings
from wallet.errors import MigrationChanged

PROGRAM = "squaredeal migrate"
ABOUT = """Bring the database up to date as its owner (owner_dsn_file): the application's role,
every schema, the lobby's currencies. Again it changes nothing. Of the settings only those of stores
and tables_file count."""


def migrate_command(arguments: list[str]) -> int:
    """Migrate; the exit status."""
    settings = read_settings(arguments, config_file(arguments), PROGRAM, ABOUT)
    app_file = settings.database_dsn_file
    owner_file = settings.owner_dsn_file or app_file
    if owner_file is None or app_file is None:
        raise SettingWrong("migrate needs database_dsn_file, and owner_dsn_file if that is another")
    lobby = read_lobby(settings.tables_file)
    owner = read_secret(str(owner_file))
    try:
        ran = asyncio.run(_migrate(owner, app_file))
        asyncio.run(open_lobby_currencies(owner, lobby))
    except (MigrationChanged, asyncpg.PostgresError, OSError) as failure:
        sys.stderr.write(f"{PROGRAM}: {type(failure).__name__}: {failure}\n")
        return 1
    sys.stdout.write("".join(f"{name}\n" for name in ran) + f"{len(ran)} migrations ran\n")
    return 0


async def _migrate(owner: str, app_file: Path) -> list[str]:
    await make_app_role(owner, read_secret(str(app_file)))
    return await migrate_all(owner)


async def make_app_role(owner: str, app: str) -> None:
    """The application's role as its DSN says, if there is none: with another password it stays as
    it is. A DSN may have another user, who is then a member of the role."""
    at = urlsplit(app)
    name, password = unquote(at.username or ""), unquote(at.password or "")
    conn = await asyncpg.connect(owner)
    try:
        if not await conn.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", APP_ROLE):
            # Postgres takes no parameters here: it quotes the literal itself.
            literal = await conn.fetchval("SELECT quote_literal($1::text)", password)
            login = f"LOGIN PASSWORD {literal}" if name == APP_ROLE and password else "NOLOGIN"
            await conn.execute(f"CREATE ROLE {APP_ROLE} {login}")
    finally:
        await conn.close()
