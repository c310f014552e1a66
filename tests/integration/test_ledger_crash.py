"""Postgres dies under the ledger, again and again: what was acknowledged is there, once."""

import asyncio
import itertools
import os
import random
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import psutil
import pytest

from actors.bank import insist
from serve.compose import migrate_all
from serve.embedded import EmbeddedStores
from tests.integration.test_ledger import player
from wallet.ledger import Ledger
from wallet.settler import settling

KILLS = 20
TABLES = 12
CHIPS = 1_000_000
PATIENCE_S = 30.0
INVARIANTS = (Path(__file__).parent / "invariants.sql").read_text("utf-8")


@pytest.fixture
def mortal() -> Iterator[EmbeddedStores]:
    """A Postgres of its own: others must not die with it."""
    other = os.environ.get("SQUAREDEAL_TEST_POSTGRES_BIN")
    with tempfile.TemporaryDirectory(prefix="squaredeal-crash-") as folder:
        Path(folder).chmod(0o711)
        with EmbeddedStores(Path(folder), Path(other) if other else None) as stores:
            yield stores


async def postmaster(dsn: str) -> int:
    conn = await asyncpg.connect(dsn)
    parent = psutil.Process(conn.get_server_pid()).parent()
    await conn.close()
    assert parent is not None
    return int(parent.pid)


async def violations(dsn: str) -> list[str]:
    conn = await asyncpg.connect(dsn)
    found = [row["violation"] for row in await conn.fetch(INVARIANTS)]
    await conn.close()
    return found


async def until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not so():  # noqa: ASYNC110 (two processes are looked at, not an event)
            await asyncio.sleep(0.001)


class Tables:
    """Tables that settle hand after hand, and ask again until they are answered."""

    def __init__(self, ledger: Ledger) -> None:
        self.acknowledged: set[str] = set()
        self.repeated = 0
        self._ledger = ledger
        self._stakes: list[list[UUID]] = []

    async def seat(self) -> None:
        for number in range(TABLES):
            stakes = []
            for _ in range(3):
                who, session = await player(self._ledger, CHIPS), uuid4()
                bought = await self._ledger.buy_in(
                    who, f"t{number}", session, CHIPS, f"in:{session}", 1
                )
                assert bought.done
                stakes.append(session)
            self._stakes.append(stakes)

    async def play(self, number: int) -> None:
        chance = random.Random(number)
        for hand in itertools.count(1):
            winner, *losers = chance.sample(self._stakes[number], 3)
            moves = [(session, -chance.randint(1, 50)) for session in losers]
            pot = -sum(change for _, change in moves)
            await self._settle(f"t{number}", hand, [(winner, pot - 1), *moves])

    async def _settle(self, table: str, hand: int, moves: list[tuple[UUID, int]]) -> None:
        asked = 0

        async def ask() -> bool:
            nonlocal asked
            asked += 1
            return (await self._ledger.settle(table, hand, 1, moves, 1)).done

        assert await insist(ask, f"{table}/{hand}")
        self.repeated += asked > 1
        self.acknowledged.add(f"hand:{table}:{hand}")

    async def more(self, count: int) -> None:
        """Wait until so many more hands are acknowledged."""
        enough = len(self.acknowledged) + count
        await until(lambda: len(self.acknowledged) >= enough)


async def test_nothing_acknowledged_is_lost_when_postgres_is_killed(
    mortal: EmbeddedStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actors.bank.RETRY_S_MAX", 0.1)
    await migrate_all(mortal.admin_dsn)
    chance = random.Random(3)
    async with (
        asyncpg.create_pool(mortal.app_dsn, min_size=1, max_size=4) as pool,
        settling(mortal.app_dsn, 2) as settlers,
    ):
        tables = Tables(Ledger(pool, settlers))
        await tables.seat()
        playing = [asyncio.create_task(tables.play(number)) for number in range(TABLES)]
        for _ in range(KILLS):
            await tables.more(chance.randint(1, 60))
            acknowledged = set(tables.acknowledged)
            os.kill(await postmaster(mortal.admin_dsn), signal.SIGKILL)
            await until(lambda: bool(mortal.revive()))
            conn = await asyncpg.connect(mortal.admin_dsn)
            kept = {row["key"] for row in await conn.fetch("SELECT key FROM wallet.transfers")}
            await conn.close()
            assert acknowledged <= kept
            assert await violations(mortal.admin_dsn) == []
            assert not any(task.done() for task in playing)
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)
        assert tables.repeated >= KILLS / 2, "hands were under way"
        final = Ledger(pool)
        assert (await insist(final.check, "check")).problems == []
        assert (await insist(final.verify, "verify")).problems == []
