"""The operator's reports, on the ledger and on a real streaming replica of it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import asyncpg
import pytest

from serve.csv_answer import csv_lines
from serve.embedded import EmbeddedStores
from serve.errors import ApiError
from serve.report_routes import report
from serve.reports import REPORTS, Asked, Reports
from serve.routes import Call
from tests.integration.test_ledger import TABLE, seated
from tests.replica import READY_S_MAX, binaries, standby
from wallet.ledger import Ledger
from wire.http import Report

ALL = Asked(limit=200)
RAKE = 3


@pytest.fixture(scope="module")
def replica_port(stores: EmbeddedStores, template: str) -> Iterator[int]:
    with standby(stores.admin_dsn, asyncio.run(binaries(stores.admin_dsn))) as port:
        yield port


@pytest.fixture
async def replica_dsn(app_dsn: str, replica_port: int) -> str:
    head, _, database = app_dsn.rpartition("/")
    dsn = f"{head.rpartition(':')[0]}:{replica_port}/{database}"
    async with asyncio.timeout(READY_S_MAX):
        while True:
            try:
                await (await asyncpg.connect(dsn)).close()
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.1)
                continue
            return dsn


@pytest.fixture
async def ledger(pool: "asyncpg.Pool[asyncpg.Record]") -> Ledger:
    """Three players at a table, five raked hands, one of them has left."""
    books = Ledger(pool)
    (_, a), (who, b), (_, c) = [await seated(books, 1_000) for _ in range(3)]
    for hand in range(1, 6):
        await books.settle(TABLE, hand, 1, [(a, 10 - RAKE), (c, -10)], RAKE)
    await books.cash_out(who, TABLE, b, f"out:{b}")
    return books


@pytest.fixture
async def reports(app_dsn: str) -> AsyncIterator[Reports]:
    opened = Reports(app_dsn)
    yield opened
    await opened.close()


def cells(found: Report) -> list[dict[str, Any]]:
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


async def true_at(conn: Any, question: str, *arguments: Any) -> None:
    async with asyncio.timeout(READY_S_MAX):
        while True:
            if await conn.fetchval(question, *arguments):
                return
            await asyncio.sleep(0.02)


async def caught_up(primary: Any, replica_dsn: str) -> None:
    """Wait until the replica has replayed what is written now."""
    written = await primary.fetchval("SELECT pg_current_wal_lsn()::text")
    conn = await asyncpg.connect(replica_dsn)
    try:
        await true_at(conn, "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn", written)
    finally:
        await conn.close()


async def test_the_reports_say_what_the_ledger_says(ledger: Ledger, reports: Reports) -> None:
    trial = cells(await reports.run("trial-balance", ALL))
    by_kind = {row["kind"]: row["balance"] for row in trial}
    assert by_kind["house"] == 5 * RAKE
    assert by_kind["wallet"] == 1_000
    assert by_kind["stake"] == 2_000 - 5 * RAKE
    assert sum(by_kind.values()) == 0
    owed = {row["kind"]: row["balance"] for row in cells(await reports.run("liability", ALL))}
    assert owed == {"wallet": 1_000, "stake": 2_000 - 5 * RAKE, "pending": 0}
    (revenue,) = cells(await reports.run("revenue", ALL))
    assert revenue["table_id"] == TABLE
    assert (revenue["raked_hands"], revenue["rake"]) == (5, 5 * RAKE)
    assert revenue["day"] == datetime.now(UTC).date()
    (funds,) = cells(await reports.run("funds-in-play", ALL))
    assert (funds["stakes"], funds["chips"], funds["served"]) == (2, 2_000 - 5 * RAKE, False)


async def test_the_journal_is_read_in_pages_and_by_filters(
    ledger: Ledger, reports: Reports
) -> None:
    everything = cells(await reports.run("journal", ALL))
    assert sum(row["amount"] for row in everything) == 0
    paged: list[dict[str, Any]] = []
    before = None
    while True:
        page = await reports.run("journal", Asked(limit=7, before=before))
        paged += cells(page)
        before = page.next
        if before is None:
            break
    assert paged == everything
    hands = cells(await reports.run("journal", Asked(limit=200, kind="hand")))
    assert len(hands) == 15
    assert {row["table_id"] for row in hands} == {TABLE}
    who = next(row["player"] for row in everything if row["kind"] == "cash_out")
    his = cells(await reports.run("journal", Asked(limit=200, player=who)))
    assert {row["kind"] for row in his} == {"grant", "buy_in", "cash_out"}
    now = datetime.now(UTC)
    assert not (await reports.run("journal", Asked(limit=9, since=now + timedelta(hours=1)))).rows
    assert not (await reports.run("journal", Asked(limit=9, until=now - timedelta(hours=1)))).rows
    assert not (await reports.run("journal", Asked(limit=9, table="elsewhere"))).rows


async def test_the_trial_balance_of_an_instant_is_that_of_its_entries(
    ledger: Ledger, reports: Reports
) -> None:
    then = datetime.now(UTC)
    before = {row["kind"]: row["balance"] for row in cells(await reports.run("trial-balance", ALL))}
    await seated(ledger, 500)
    of_then = cells(await reports.run("trial-balance", Asked(limit=1, until=then)))
    assert {row["kind"]: row["balance"] for row in of_then} == before
    assert cells(await reports.run("trial-balance", ALL)) != of_then


async def test_a_replica_says_the_same_of_itself_and_takes_nothing(
    ledger: Ledger, reports: Reports, replica_dsn: str, admin: Any
) -> None:
    await caught_up(admin, replica_dsn)
    there = Reports(replica_dsn)
    try:
        for name in REPORTS:
            ours, theirs = await reports.run(name, ALL), await there.run(name, ALL)
            assert theirs.rows == ours.rows
            assert (ours.replica, theirs.replica) == (False, True)
    finally:
        await there.close()
    conn = await asyncpg.connect(replica_dsn)
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await conn.execute("SELECT wallet.open_wallet(gen_random_uuid())")
    await conn.close()


async def test_a_replica_that_is_behind_says_how_far(
    ledger: Ledger, stores: EmbeddedStores, replica_port: int, replica_dsn: str, admin: Any
) -> None:
    await caught_up(admin, replica_dsn)
    head, _, _ = stores.admin_dsn.rpartition("/")
    control = await asyncpg.connect(f"{head.rpartition(':')[0]}:{replica_port}/postgres")
    there = Reports(replica_dsn)
    try:
        await control.execute("SELECT pg_wal_replay_pause()")
        before = await admin.fetchval("SELECT clock_timestamp()")
        await seated(ledger, 500)
        written = await admin.fetchval("SELECT pg_current_wal_lsn()::text")
        await true_at(control, "SELECT pg_last_wal_receive_lsn() >= $1::text::pg_lsn", written)
        behind = await there.run("liability", ALL)
        assert behind.as_of < before
        await control.execute("SELECT pg_wal_replay_resume()")
        await caught_up(admin, replica_dsn)
        assert (await there.run("liability", ALL)).as_of > before
    finally:
        await control.execute("SELECT pg_wal_replay_resume()")
        await control.close()
        await there.close()


async def test_a_report_can_t_write_even_to_the_ledger_itself(
    ledger: Ledger, reports: Reports
) -> None:
    async with reports._snapshot() as conn:
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await conn.execute("SELECT wallet.open_wallet(gen_random_uuid())")


async def test_a_replica_that_is_down_is_an_error_and_nobody_else_is_asked(app_dsn: str) -> None:
    head, _, database = app_dsn.rpartition("/")
    nowhere = Reports(f"{head.rpartition(':')[0]}:1/{database}")
    office = cast(Any, SimpleNamespace(reports=nowhere))
    call = Call(office, None, "here", {"report": "liability"}, {}, None)
    with pytest.raises(ApiError) as refused:
        await report(call)
    assert refused.value.body.code == "reports_unavailable"
    assert refused.value.status == 503


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx"])
def test_a_text_in_a_csv_is_never_a_formula(text: str) -> None:
    assert csv_lines([[text, -5, None, 'a "b", c']]) == f'\'{text},-5,,"a ""b"", c"\r\n'
