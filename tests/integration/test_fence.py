"""Single activation: thousands of random take-overs against writers that do not know of them."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import asyncpg
import pytest

from actors.journal import Row
from actors.postgres_journal import PostgresJournal
from tests.integration.table_bench import table_spec
from wallet.ledger import Ledger
from wallet.results import LedgerResult

TABLES = ("ash", "birch", "cedar")
TAKE_OVERS = 1_500
WRITERS = 6
if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]


@pytest.fixture
async def journal(pool: "Pool", app_dsn: str) -> AsyncIterator[PostgresJournal]:
    opened = PostgresJournal(app_dsn, pool)
    yield opened
    opened.close()


def row(table: str, seq: int, epoch: int, digest: bytes = b"d") -> Row:
    return Row(table, seq, epoch, 1, "Act", b"body", digest)


async def test_an_append_is_idempotent_and_fenced_table_by_table(journal: PostgresJournal) -> None:
    spec = table_spec()
    first = await journal.take_over("ash", "a", "x:1", 15.0, spec)
    other = await journal.take_over("birch", "a", "x:1", 15.0, spec)
    rows = [row("ash", 1, first.epoch), row("birch", 1, other.epoch)]
    assert await journal.append(rows) == frozenset()
    assert await journal.append(rows) == frozenset()
    second = await journal.take_over("ash", "b", "x:2", 15.0, spec)
    assert second.epoch == first.epoch + 1
    late = [row("ash", 2, first.epoch), row("birch", 2, other.epoch)]
    assert await journal.append(late) == {"ash"}
    assert [each.seq for each in await journal.rows("ash")] == [1]
    assert [each.seq for each in await journal.rows("birch")] == [1, 2]
    with pytest.raises(asyncpg.RaiseError, match="another row"):
        await journal.append([row("birch", 2, other.epoch, b"else")])


async def test_a_lease_is_renewed_only_by_its_owner(journal: PostgresJournal, pool: "Pool") -> None:
    spec = table_spec()
    first = await journal.take_over("ash", "a", "x:1", 15.0, spec)
    mine = [("ash", first.epoch)]
    assert await journal.renew(mine, 30.0) == {"ash"}
    await journal.release("ash", first.epoch)
    assert await pool.fetchval("SELECT lease_until <= clock_timestamp() FROM actors.tables")
    await journal.take_over("ash", "b", "x:2", 15.0, spec)
    assert await journal.renew(mine, 30.0) == frozenset()
    await journal.release("ash", first.epoch)
    assert await pool.fetchval("SELECT owner FROM actors.tables") == "b"


async def test_the_application_writes_the_journal_only_by_its_functions(pool: "Pool") -> None:
    for statement in (
        "INSERT INTO actors.journal VALUES ('a', 1, 1, 1, 'Act', '', '')",
        "UPDATE actors.journal SET body = ''",
        "DELETE FROM actors.journal",
        "UPDATE actors.tables SET epoch = 99",
        "INSERT INTO actors.tables (table_id) VALUES ('a')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


class Stake(NamedTuple):
    a: uuid.UUID
    b: uuid.UUID


async def stake(ledger: Ledger, table: str) -> Stake:
    """Two players in escrow at a table."""
    sessions = []
    for _ in range(2):
        player, session = uuid.uuid4(), uuid.uuid4()
        await ledger.open_wallet(player)
        await ledger.grant_daily(player, 1_000_000, date(2026, 1, 2))
        await ledger.buy_in(player, table, session, 500_000, f"in:{session}", 0)
        sessions.append(session)
    return Stake(*sessions)


class Race:
    """Owners that come and go, and what each writer was told."""

    def __init__(self, pool: "Pool", dsn: str, seed: int) -> None:
        self.pool = pool
        self.ledger = Ledger(pool)
        self.chance = random.Random(seed)
        self.dsn = dsn
        self.epochs = dict.fromkeys(TABLES, 0)
        self.seqs = dict.fromkeys(TABLES, 0)
        self.hands = 0
        self.over = False
        self.told: dict[str, int] = {"written": 0, "stale": 0, "settled": 0, "fenced": 0}

    async def count(self, table: str, below: int) -> tuple[int, int]:
        """Rows and settlements of the epochs below this one."""
        counted = await self.pool.fetchrow(
            "SELECT (SELECT count(*) FROM actors.journal WHERE table_id = $1 AND epoch < $2),"
            " (SELECT count(*) FROM wallet.transfers WHERE table_id = $1 AND kind = 'hand'"
            "  AND epoch < $2)",
            table,
            below,
        )
        assert counted is not None
        return counted[0], counted[1]

    async def take_over(self, journal: PostgresJournal) -> None:
        """From the moment it has committed, nothing of an older epoch may appear."""
        table = self.chance.choice(TABLES)
        claim = await journal.take_over(table, "o", "x:1", 15.0, table_spec())
        before = await self.count(table, claim.epoch)
        self.epochs[table] = max(self.epochs[table], claim.epoch)
        await asyncio.sleep(self.chance.random() * 0.004)
        assert await self.count(table, claim.epoch) == before

    async def write(self, stakes: dict[str, Stake]) -> None:
        """A writer that believes in the epoch it last heard of, for a while."""
        journal = PostgresJournal(self.dsn, self.pool)
        while not self.over:
            table = self.chance.choice(TABLES)
            epoch = self.epochs[table]
            await asyncio.sleep(self.chance.random() * 0.003)
            if self.chance.random() < 0.5:
                self.seqs[table] += 1
                stale = await journal.append([row(table, self.seqs[table], epoch)])
                self.told["stale" if stale else "written"] += 1
            else:
                self.hands += 1
                a, b = stakes[table]
                moves = [(a, 1), (b, -1)] if self.chance.random() < 0.5 else [(a, -1), (b, 1)]
                result = await self.ledger.settle(table, self.hands, epoch, moves, 0)
                fenced = result.code is LedgerResult.STALE_EPOCH
                self.told["fenced" if fenced else "settled"] += 1
        journal.close()


async def test_nothing_of_an_old_epoch_commits_after_a_take_over_has(
    pool: "Pool", app_dsn: str, journal: PostgresJournal
) -> None:
    race = Race(pool, app_dsn, seed=20261123)
    stakes = {table: await stake(race.ledger, table) for table in TABLES}
    for table in TABLES:
        claim = await journal.take_over(table, "o", "x:1", 15.0, table_spec())
        race.epochs[table] = claim.epoch
    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(race.write(stakes))
        for _ in range(TAKE_OVERS // 3):
            await asyncio.gather(*(race.take_over(journal) for _ in range(3)))
        race.over = True
    # The race was one: every writer succeeded and failed many times.
    assert min(race.told.values()) > 20, race.told
    rows = await pool.fetch("SELECT table_id, epoch, seq FROM actors.journal ORDER BY seq")
    for table in TABLES:
        epochs = [each["epoch"] for each in rows if each["table_id"] == table]
        assert len(epochs) > 20
    assert (await race.ledger.check()).problems == []
