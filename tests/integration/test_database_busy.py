"""Whoever would wait for a connection to the database for too long is refused, with one code."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from actors.bank import TRANSIENT
from serve import runtime
from tests.office import Desk, across, open_office
from wallet import dsn
from wallet.dsn import DatabaseBusy

WAIT_S = 0.2
LONG_S = 60.0
LOOKS_MAX = 6_000


@pytest.fixture
async def desk(
    app_dsn: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """Each deployment, and the gateway, has one connection."""
    monkeypatch.setattr(runtime, "POOL_CONNECTIONS_MAX", 1)
    monkeypatch.setattr(dsn, "ACQUIRE_S_MAX", LONG_S)
    async with open_office(app_dsn, redis_url, tmp_path, monkeypatch) as opened:
        yield opened


@pytest.mark.parametrize(
    ("path", "table"),
    [("/v1/sessions", "auth.sessions"), ("/v1/wallet", "wallet.accounts"),
     ("/v1/hands", "actors.hand_players")],
)  # fmt: skip
async def test_who_waits_too_long_is_refused_and_the_one_before_him_is_answered(
    desk: Desk, admin: Any, monkeypatch: pytest.MonkeyPatch, path: str, table: str
) -> None:
    account = {"name": f"p{uuid.uuid4().hex[:12]}", "password": f"word-{uuid.uuid4().hex}"}
    tokens = (await desk.http.post("/v1/register", json=account)).json()
    signed_in = {"Authorization": f"Bearer {tokens['access']}"}
    assert (await desk.http.get(path, headers=signed_in)).is_success
    async with admin.transaction():
        await admin.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        first = asyncio.create_task(desk.http.get(path, headers=signed_in))
        await _waits(admin, table)
        monkeypatch.setattr(dsn, "ACQUIRE_S_MAX", WAIT_S)
        refused = await desk.http.get(path, headers=signed_in)
        monkeypatch.setattr(dsn, "ACQUIRE_S_MAX", LONG_S)
    assert refused.status_code == 503
    assert refused.json()["error"]["code"] == "database_busy"
    assert refused.headers["retry-after"] == "1"
    assert (await first).is_success
    assert (await desk.http.get(path, headers=signed_in)).is_success


async def _waits(admin: Any, table: str) -> None:
    """Until somebody waits for the lock."""
    query = "SELECT count(*) FROM pg_locks WHERE relation = $1::regclass AND NOT granted"
    for _ in range(LOOKS_MAX):
        if await admin.fetchval(query, table):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


def test_a_refusal_is_known_on_the_other_side_of_a_deployment_and_a_table_asks_again() -> None:
    assert isinstance(across(DatabaseBusy()), DatabaseBusy)
    assert str(DatabaseBusy()) == DatabaseBusy.__doc__
    assert isinstance(DatabaseBusy(), TRANSIENT)
