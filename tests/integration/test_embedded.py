"""The embedded stores: data survives, nothing is left running, a crash is recovered from."""

import asyncio
import contextlib
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
from serve.embedded_postgres import EmbeddedPostgres
from serve.embedded_valkey import EmbeddedValkey
from serve.process import StartFailed, start_again, wait_gone


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


def kill(store: EmbeddedPostgres | EmbeddedValkey) -> None:
    """As the kernel does when memory runs out; returns once it has ended."""
    process = store._process
    assert process is not None
    process.kill()
    process.wait()


def test_nothing_is_restarted_while_everything_runs(stores: EmbeddedStores) -> None:
    assert stores.revive() == []


def test_a_killed_postgres_is_started_again_and_a_pool_of_before_goes_on(data_dir: Path) -> None:
    async def scene(stores: EmbeddedStores) -> None:
        async with asyncpg.create_pool(stores.admin_dsn, min_size=4, max_size=4) as pool:
            await pool.execute("CREATE TABLE kept AS SELECT 42 AS answer")
            open_sessions = [await pool.acquire() for _ in range(4)]
            uncommitted = open_sessions[0].transaction()
            await uncommitted.start()
            await open_sessions[0].execute("UPDATE kept SET answer = 0")
            kill(stores._postgres)
            assert stores.revive() == ["Postgres"]
            for each in open_sessions:
                with contextlib.suppress(asyncpg.PostgresConnectionError):
                    await pool.release(each)
            assert await pool.fetchval("SELECT answer FROM kept") == 42
            await pool.execute("UPDATE kept SET answer = 43")

    with EmbeddedStores(data_dir) as stores:
        dsn = stores.admin_dsn
        asyncio.run(scene(stores))
        assert stores.admin_dsn == dsn
        assert stores.revive() == []
        assert asyncio.run(run(dsn, "SELECT answer FROM kept")) == 43


def test_a_postgres_whose_sessions_outlive_it_is_started_when_they_have_ended(
    data_dir: Path,
) -> None:
    """A session stopped in its tracks holds the shared memory; it ends only when it may run."""

    async def scene(stores: EmbeddedStores) -> None:
        conn = await asyncpg.connect(stores.admin_dsn)
        session = conn.get_server_pid()
        os.kill(session, signal.SIGSTOP)
        try:
            kill(stores._postgres)
            with pytest.raises(StartFailed, match="ended with status"):
                stores._postgres._start_over(20.0)
        finally:
            os.kill(session, signal.SIGCONT)
        assert stores.revive() == ["Postgres"]
        conn.terminate()

    with EmbeddedStores(data_dir) as stores:
        asyncio.run(run(stores.admin_dsn, "CREATE TABLE kept AS SELECT 42 AS answer"))
        asyncio.run(scene(stores))
        assert asyncio.run(run(stores.admin_dsn, "SELECT answer FROM kept")) == 42


def test_a_killed_valkey_answers_again_at_the_same_url(data_dir: Path) -> None:
    with EmbeddedStores(data_dir) as stores, redis.Redis.from_url(stores.redis_url) as client:
        client.set("kept", "yes")
        client.execute_command("WAITAOF", 1, 0, 10_000)  # on disk: it is synced once a second
        kill(stores._valkey)
        assert stores.revive() == ["Valkey"]
        assert client.get("kept") == b"yes"
        assert stores.revive() == []


def test_both_may_die_at_once(data_dir: Path) -> None:
    with EmbeddedStores(data_dir) as stores:
        kill(stores._postgres)
        kill(stores._valkey)
        assert stores.revive() == ["Valkey", "Postgres"]
        assert asyncio.run(run(stores.app_dsn, "SELECT 1")) == 1


def test_a_stopped_store_is_not_a_dead_one(data_dir: Path) -> None:
    stores = EmbeddedStores(data_dir)
    stores.start()
    stores.stop()
    assert stores.revive() == []


def test_a_store_that_does_not_start_again_is_said_in_one_line(data_dir: Path) -> None:
    attempts = 0

    def start(seconds: float) -> None:
        nonlocal attempts
        attempts += 1
        raise StartFailed("not yet")

    with pytest.raises(StartFailed, match=r"^Postgres ended and did not start again in \d+ s; "):
        start_again(start, "Postgres", data_dir / "postgres.log", 0.5)
    assert attempts > 1
