"""The floor's memory in Postgres: wishes of operators outlive the floor that heard them."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import msgspec
import pytest

from actors.host import HostConfig
from serve.register import Register
from serve.runtime import Runtime, connect_postgres
from tests.integration.table_bench import table_spec


@pytest.fixture
def runtime(app_dsn: str, tmp_path: Path) -> Runtime:
    dsn_file = tmp_path / "dsn"
    dsn_file.write_text(app_dsn)
    return Runtime(
        dsn_file=str(dsn_file),
        redis_file="",
        report_file="",
        reconcile_s=60.0,
        keys_dir="",
        host=HostConfig(str(dsn_file), "", ""),
        tables=(),
        spare_actors=1,
        daily_grant=0,
        bot_grant=0,
        fixed_decks=False,
        operator_file="",
        two_person=False,
    )


@pytest.fixture
async def register(runtime: Runtime) -> AsyncIterator[Register]:
    opened = Register()
    await opened.open(runtime)
    yield opened
    await opened.close()


async def test_what_was_drained_is_known_to_the_next_floor(register: Register) -> None:
    assert await register.drained() == frozenset()
    for action, target in (("drain", "a1b2"), ("drain", "a1b2"), ("move", "oak"), ("drain", "c3")):
        await register.note("ann", None, action, target, None, "", "asked")
    assert await register.drained() == {"a1b2", "c3"}


async def test_private_tables_are_known_until_they_are_closed(
    register: Register, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    for table, private in (("private-1", True), ("private-2", True), ("oak", False)):
        spec = msgspec.json.encode(table_spec(table=table, private=private)).decode()
        await pool.fetch("SELECT actors.take_over($1, 'me', 'here', 1000, $2)", table, spec)
    await register.set_wanted("private-2", False)
    found = await register.private()
    assert list(found) == ["private-1"]
    assert found["private-1"].private


async def test_a_postgres_that_hangs_is_an_error_and_no_wait(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serve.runtime.QUERY_S_MAX", 0.5)
    pool = await connect_postgres(runtime)
    try:
        with pytest.raises(TimeoutError):
            await pool.execute("SELECT pg_sleep(60)")
        assert await pool.fetchval("SELECT 1") == 1
    finally:
        await pool.close()
