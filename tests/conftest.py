"""Real stores for every test that needs them: one Postgres and one Valkey a session."""

import asyncio
import os
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from xdist.remote import Producer
from xdist.scheduler.loadscope import LoadScopeScheduling

from serve.compose import migrate_all
from serve.embedded import EmbeddedStores
from serve.embedded_valkey import EmbeddedValkey
from tests.running import http, provider, server

__all__ = ["http", "provider", "server"]


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Side by side go files; what shares the running system stays in one process."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return "running" if file.startswith(("tests/e2e/", "tests/browser/")) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Marks for groups would do, but xdist 3.8 does not hear them under pytest 9."""
    return ByFile(config, log)


@pytest.fixture(scope="session")
def stores() -> Iterator[EmbeddedStores]:
    """SQUAREDEAL_TEST_POSTGRES_BIN names another Postgres (15 or newer) to run on."""
    other = os.environ.get("SQUAREDEAL_TEST_POSTGRES_BIN")
    with tempfile.TemporaryDirectory(prefix="squaredeal-test-") as folder:
        # Postgres, started by root, runs as another account: it must be able to walk in.
        Path(folder).chmod(0o711)
        with EmbeddedStores(Path(folder), Path(other) if other else None) as running:
            yield running


@pytest.fixture(scope="session")
def template(stores: EmbeddedStores) -> str:
    """A migrated database to copy: a fresh one a test costs tens of milliseconds."""
    name = "template_squaredeal"
    asyncio.run(_make_template(stores.admin_dsn, name))
    return name


async def _make_template(admin_dsn: str, name: str) -> None:
    conn = await asyncpg.connect(admin_dsn)
    try:
        await conn.execute(f"CREATE DATABASE {name}")
    finally:
        await conn.close()
    await migrate_all(database(admin_dsn, name))


def database(dsn: str, name: str) -> str:
    """The same server and role, another database."""
    return f"{dsn.rpartition('/')[0]}/{name}"


@pytest.fixture
async def database_name(stores: EmbeddedStores, template: str) -> AsyncIterator[str]:
    """A fresh migrated database, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    conn = await asyncpg.connect(stores.admin_dsn)
    try:
        await conn.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield name
        await conn.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await conn.close()


@pytest.fixture
def admin_dsn(stores: EmbeddedStores, database_name: str) -> str:
    return database(stores.admin_dsn, database_name)


@pytest.fixture
def app_dsn(stores: EmbeddedStores, database_name: str) -> str:
    return database(stores.app_dsn, database_name)


@pytest.fixture
async def admin(admin_dsn: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection that may do everything: to tamper."""
    conn = await asyncpg.connect(admin_dsn)
    yield conn
    await conn.close()


@pytest.fixture
async def pool(app_dsn: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """The application's own role."""
    async with asyncpg.create_pool(app_dsn, min_size=1, max_size=10) as opened:
        yield opened


@pytest.fixture
def redis_url(stores: EmbeddedStores) -> str:
    return stores.redis_url


@pytest.fixture
def valkey() -> Iterator[EmbeddedValkey]:
    """One of its own: others must not die with it."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-valkey-") as folder:
        server = EmbeddedValkey(Path(folder))
        server.start()
        try:
            server.wait()
            yield server
        finally:
            server.stop()
