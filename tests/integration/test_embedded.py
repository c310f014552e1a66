"""The embedded stores: data survives, nothing is left running, a crash is recovered from."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
import redis

from serve.embedded import EmbeddedStores
from serve.process import wait_gone


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="squaredeal-test-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


async def run(dsn: str, statement: str) -> object:
    conn = await asyncpg.connect(dsn)
    try:
        return await conn.fetchval(statement)
    finally:
        await conn.close()


def test_a_second_start_keeps_the_data(data_dir: Path) -> None:
    with EmbeddedStores(data_dir) as stores:
        asyncio.run(run(stores.admin_dsn, "CREATE TABLE kept AS SELECT 42 AS answer"))
        with redis.Redis.from_url(stores.redis_url) as client:
            client.set("kept", "yes")
    with EmbeddedStores(data_dir) as stores:
        assert asyncio.run(run(stores.admin_dsn, "SELECT answer FROM kept")) == 42
        with redis.Redis.from_url(stores.redis_url) as client:
            assert client.get("kept") == b"yes"


def test_durability_settings_and_passwords_are_on(stores: EmbeddedStores) -> None:
    for name in ("fsync", "full_page_writes", "data_checksums", "synchronous_commit"):
        assert asyncio.run(run(stores.admin_dsn, f"SHOW {name}")) == "on"
    wrong = stores.app_dsn.replace("squaredeal_app:", "squaredeal_app:wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(run(wrong, "SELECT 1"))
    with (
        redis.Redis.from_url(stores.redis_url.replace("://:", "://:wrong")) as client,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        client.ping()


CHILD = """
    import signal, sys
    from pathlib import Path
    from serve.embedded import EmbeddedStores
    stores = EmbeddedStores(Path(sys.argv[1]))
    stores.start()
    print(stores._postgres._process.pid, stores._valkey._process.pid, flush=True)
    signal.pause()
"""


def test_a_killed_server_leaves_no_store_running_and_the_next_one_recovers(
    data_dir: Path,
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(CHILD), str(data_dir)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    pids = [int(word) for word in child.stdout.readline().split()]
    assert len(pids) == 2
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    for pid in pids:
        assert wait_gone(pid, 20.0)
    with EmbeddedStores(data_dir) as stores:
        assert stores.admin_dsn.startswith("postgresql://")
