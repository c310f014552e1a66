"""Passwords that are changed while a server runs: the next line is made with the new one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
import redis.asyncio

from actors.postgres_journal import PostgresJournal
from actors.rail_line import redis_of
from serve.compose import compose_given
from serve.embedded_valkey import EmbeddedValkey
from serve.keys import init_keys
from serve.runtime import read_secret
from serve.settings import read_settings
from wallet.dsn import create_pool
from wallet.settler import Settler

ROLE = "rotated"
QUESTIONS_MAX = 5
CUT = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    ConnectionError,
)
T = TypeVar("T")


class Mounted:
    """A file as Kubernetes mounts a secret: what is behind two links is replaced as a whole."""

    def __init__(self, folder: Path, name: str) -> None:
        self.file = folder / name
        self._folder = folder
        self._versions = 0
        self.file.symlink_to(Path("..data") / name)

    def holds(self, text: str) -> None:
        self._versions += 1
        version = self._folder / f"..v{self._versions}"
        version.mkdir()
        (version / self.file.name).write_text(text + "\n", "utf-8")
        link = self._folder / "..link"
        link.symlink_to(version.name)
        link.replace(self._folder / "..data")
        for old in self._folder.glob("..v*"):
            if old != version:
                (old / self.file.name).unlink()
                old.rmdir()


@pytest.fixture
async def role(admin: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[str]:
    """A login of the application's whose password is rotated."""
    app = await admin.fetchval("SELECT rolname FROM pg_roles WHERE rolname LIKE 'squaredeal_app%'")
    await admin.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD 'first' IN ROLE {app}")
    yield ROLE
    await admin.execute(f"DROP ROLE {ROLE}")


def dsn_of(app_dsn: str, password: str) -> str:
    at = urlsplit(app_dsn)
    host = at.netloc.rpartition("@")[2]
    return urlunsplit(at._replace(netloc=f"{ROLE}:{password}@{host}"))


async def rotate(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    """The old password is good no more, and every line that was made with it is cut."""
    await admin.execute(f"ALTER ROLE {ROLE} PASSWORD 'second'")
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", ROLE
    )


async def test_a_rotated_password_of_postgres_is_used_by_the_next_line(
    tmp_path: Path, app_dsn: str, admin: "asyncpg.Connection[asyncpg.Record]", role: str
) -> None:
    secret = Mounted(tmp_path, "postgres.dsn")
    secret.holds(dsn_of(app_dsn, "first"))
    pool = await create_pool(secret.file, min_size=1, max_size=1)
    frozen = await asyncpg.create_pool(dsn_of(app_dsn, "first"), min_size=1, max_size=1)
    journal = PostgresJournal(secret.file, pool)
    settler = Settler(secret.file)
    try:
        assert await pool.fetchval("SELECT current_user") == ROLE
        assert await journal.renew([("oak", 1)], 1.0) == set()
        await settler._connect()
        secret.holds(dsn_of(app_dsn, "second"))
        await rotate(admin)
        assert await again(lambda: pool.fetchval("SELECT current_user")) == ROLE
        assert await again(lambda: journal.renew([("oak", 1)], 1.0)) == set()
        settler._hang_up()
        await settler._connect()
        # The check itself can fail: who keeps the text of a DSN is shut out.
        with pytest.raises(asyncpg.InvalidPasswordError):
            await again(lambda: frozen.fetchval("SELECT 1"))
    finally:
        settler._hang_up()
        pool.terminate()
        frozen.terminate()
        journal.close()


async def again(ask: Callable[[], Awaitable[T]]) -> T:
    """What was cut is noticed by a question, or in the middle of one; then there is a new line."""
    for _ in range(QUESTIONS_MAX):
        try:
            return await ask()
        except CUT:
            continue
    return await ask()


async def test_a_rotated_password_of_redis_is_used_by_the_next_line(
    tmp_path: Path, valkey: EmbeddedValkey
) -> None:
    secret = Mounted(tmp_path, "redis.url")
    secret.holds(valkey.url)
    client = redis_of(str(secret.file), 1.0)
    frozen: redis.asyncio.Redis = redis.asyncio.Redis.from_url(valkey.url)
    try:
        assert await client.ping()
        at = urlsplit(valkey.url)
        await client.config_set("requirepass", "second")
        host = at.netloc.rpartition("@")[2]
        secret.holds(urlunsplit(at._replace(netloc=f":second@{host}")))
        await client.connection_pool.disconnect()
        assert await client.ping()
        with pytest.raises(redis.asyncio.AuthenticationError):
            await frozen.ping()
    finally:
        await client.aclose()
        await frozen.aclose()


def test_no_process_is_told_what_a_secret_links_to_today(tmp_path: Path) -> None:
    secrets = {}
    for name in ("postgres.dsn", "redis.url", "operator.token"):
        folder = tmp_path / name.replace(".", "-")
        folder.mkdir()
        secrets[name] = Mounted(folder, name)
        secrets[name].holds("first")
    keys = tmp_path / "keys"
    flags = ["--database-dsn-file", secrets["postgres.dsn"].file, "--keys-dir", keys]
    flags += ["--redis-url-file", secrets["redis.url"].file]
    flags += ["--operator-token-file", secrets["operator.token"].file]
    settings = read_settings([str(flag) for flag in flags], None, "squaredeal")
    init_keys(keys)
    runtime = compose_given(settings)
    told = {runtime.dsn_file, runtime.report_file, runtime.host.dsn_file, runtime.redis_file,
            runtime.host.redis_file, runtime.operator_file}  # fmt: skip
    for secret in secrets.values():
        secret.holds("second")
    assert told == {str(secret.file) for secret in secrets.values()}
    assert {read_secret(file) for file in told} == {"second"}
