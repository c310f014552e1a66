"""Old months leave the entries, and the books still prove themselves; what docs/ledger.md says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from actors.agreement import Drift
from serve.reconcile import _balances
from serve.reports import Asked, EntriesDetached, Reports
from tests.integration.test_ledger import TABLE, seated
from wallet.ledger import Ledger

# Entries are written at the clock's time: the past is made by moving them, and by writing the chain
# as it would have been. The month before this one is left out: early in a month it may not go yet.
AGE = """
DO $$
DECLARE
    v_link record;
    v_hash bytea;
BEGIN
    SET LOCAL session_replication_role = replica;
    PERFORM wallet.open_months(now() - interval '3 months', 2);
    CREATE TEMP TABLE aged ON COMMIT DROP AS
    SELECT transfer_id, link_id,
           date_trunc('month', now()) - CASE WHEN coalesce(hand, 1) <= 3 THEN interval '3 months'
                                             ELSE interval '2 months' END
           + transfer_id * interval '1 second' AS at
      FROM wallet.transfers WHERE coalesce(hand, 1) <= 6 AND kind <> 'cash_out';
    UPDATE wallet.transfers t SET created_at = a.at FROM aged a WHERE a.transfer_id = t.transfer_id;
    UPDATE wallet.entries e SET at = a.at FROM aged a WHERE a.transfer_id = e.transfer_id;
    UPDATE wallet.links l SET at = a.at FROM aged a WHERE a.link_id = l.link_id;
    FOR v_link IN SELECT * FROM wallet.links ORDER BY chain, number LOOP
        SELECT wallet.digest_of(
                   coalesce((SELECT hash FROM wallet.links p WHERE p.chain = v_link.chain
                                AND p.number = v_link.number - 1), ''),
                   v_link.at, ARRAY[t.transfer_id], ARRAY[t.key], ARRAY[t.payload], ARRAY[t.kind],
                   ARRAY[t.table_id], ARRAY[t.hand], ARRAY[t.epoch], ARRAY[t.amount],
                   array_agg(e.transfer_id ORDER BY entry_id),
                   array_agg(e.account_id ORDER BY entry_id),
                   array_agg(e.amount ORDER BY entry_id), array_agg(e.balance ORDER BY entry_id))
          INTO v_hash
          FROM wallet.transfers t JOIN wallet.entries e USING (transfer_id)
         WHERE t.link_id = v_link.link_id GROUP BY t.transfer_id;
        UPDATE wallet.links SET hash = v_hash WHERE link_id = v_link.link_id;
        UPDATE wallet.chains SET hash = v_hash
         WHERE chain = v_link.chain AND links = v_link.number;
    END LOOP;
END $$
"""
MONTH = "(date_trunc('month', now()) - interval '%s months')::date"
DETACH = f"SELECT wallet.detach_month({MONTH})"


@pytest.fixture
async def ledger(pool: "asyncpg.Pool[asyncpg.Record]", admin: Any) -> Ledger:
    """Nine hands in three months; everybody has gone home in the last."""
    books = Ledger(pool)
    (a, at_a), (b, at_b) = [await seated(books) for _ in range(2)]
    for hand in range(1, 10):
        await books.settle(TABLE, hand, 1, [(at_a, 9), (at_b, -10)], 1)
    async with admin.transaction():
        await admin.execute(AGE)
    for who, session in ((a, at_a), (b, at_b)):
        await books.cash_out(who, TABLE, session, f"out:{session}")
    assert await problems(books, pool) == []
    return books


async def problems(ledger: Ledger, pool: Any) -> list[str]:
    async with pool.acquire() as conn:
        quick: list[Drift] = await _balances(conn)
    found = (await ledger.check()).problems + (await ledger.verify()).problems
    return found + [drift.what for drift in quick]


async def test_months_leave_one_by_one_and_the_books_stay_proven(
    ledger: Ledger, pool: Any, admin: Any
) -> None:
    total = await admin.fetchval("SELECT count(*) FROM wallet.entries")
    for months in (3, 2):
        gone = await admin.fetchval(DETACH % months)
        assert gone >= 9
        left = await admin.fetchval("SELECT count(*) FROM wallet.entries")
        total -= gone
        assert left == total
        assert await problems(ledger, pool) == []
    assert (await admin.fetchval("SELECT sum(balance) FROM wallet.openings")) == 0
    # Play goes on over the cut.
    _, session = await seated(ledger)
    _, other = await seated(ledger)
    assert (await ledger.settle(TABLE, 10, 1, [(session, 5), (other, -6)], 1)).done
    assert await problems(ledger, pool) == []


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE wallet.openings SET balance = balance + 1 WHERE balance > 0",
        "UPDATE wallet.entries SET amount = amount + 1 WHERE amount > 0",
        # One that a link of the months that are here stands on, or else the end of a chain.
        "UPDATE wallet.links SET hash = 'x' WHERE link_id = (SELECT coalesce(min(p.link_id),"
        " (SELECT max(link_id) FROM wallet.links)) FROM wallet.links p JOIN wallet.links l"
        " ON l.chain = p.chain AND l.number = p.number + 1"
        " WHERE l.at >= date_trunc('month', now()) - interval '2 months')",
    ],
)
async def test_a_forgery_beside_a_detached_month_is_found(
    ledger: Ledger, pool: Any, admin: Any, forgery: str
) -> None:
    await admin.execute(DETACH % 3)
    await admin.execute("SET session_replication_role = replica")
    await admin.execute(forgery)
    assert await problems(ledger, pool)


async def test_a_trial_balance_counts_what_was_detached_and_says_nothing_of_before(
    ledger: Ledger, admin: Any, app_dsn: str
) -> None:
    now = datetime.now(UTC)
    reports = Reports(app_dsn)
    try:
        before = (await reports.run("trial-balance", Asked(limit=1, until=now))).rows
        await admin.execute(DETACH % 3)
        assert (await reports.run("trial-balance", Asked(limit=1, until=now))).rows == before
        with pytest.raises(EntriesDetached):
            await reports.run("trial-balance", Asked(limit=1, until=now - timedelta(days=93)))
    finally:
        await reports.close()


async def test_only_the_oldest_month_that_is_long_over_may_go(ledger: Ledger, admin: Any) -> None:
    with pytest.raises(asyncpg.RaiseError, match="the oldest month"):
        await admin.execute(DETACH % 2)
    await admin.execute(DETACH % 3)
    await admin.execute(DETACH % 2)
    with pytest.raises(asyncpg.RaiseError, match="has not been over"):
        await admin.execute(DETACH % 0)


async def test_a_month_with_chips_that_are_still_at_a_table_stays(
    ledger: Ledger, admin: Any
) -> None:
    await seated(ledger)
    await admin.execute("SET session_replication_role = replica")
    await admin.execute(
        "UPDATE wallet.entries SET at = now() - interval '3 months' WHERE account_id ="
        " (SELECT account_id FROM wallet.accounts WHERE kind = 'stake' AND NOT closed)"
    )
    with pytest.raises(asyncpg.RaiseError, match="still at a table"):
        await admin.execute(DETACH % 3)


async def test_a_detached_month_is_as_closed_as_the_rest_and_nobody_else_detaches(
    ledger: Ledger, admin: Any, app_dsn: str
) -> None:
    name = await admin.fetchval(f"SELECT 'wallet.entries_' || to_char({MONTH % 3}, 'YYYY_MM')")
    await admin.execute(DETACH % 3)
    for deed in (f"DELETE FROM {name}", f"UPDATE {name} SET amount = 7", f"TRUNCATE {name}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await admin.execute(deed)
    conn = await asyncpg.connect(app_dsn)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await conn.execute(DETACH % 2)
    await conn.close()
