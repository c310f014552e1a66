"""The books as evidence: written once, by nobody but the functions, and any change is found."""

import random
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.integration.test_ledger import TABLE, seated
from wallet.ledger import Ledger
from wallet.settler import settling

CHIPS = 1_000
Connection = Any  # asyncpg.Connection: a class that takes parameters only for the type checker


@pytest.fixture
async def ledger(pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str) -> AsyncIterator[Ledger]:
    """With a few dozen hands settled in batches and some one by one."""
    chance = random.Random(5)
    async with settling(app_dsn, 2) as settlers:
        books = Ledger(pool, settlers)
        sessions = [(await seated(books, CHIPS))[1] for _ in range(4)]
        for hand in range(1, 30):
            a, b = chance.sample(sessions, 2)
            which = books if hand % 4 else Ledger(pool)
            assert (await which.settle(TABLE, hand, 1, [(a, 4), (b, -5)], 1)).done
        yield books


async def sound(ledger: Ledger) -> bool:
    return not (await ledger.check()).problems and not (await ledger.verify()).problems


async def test_honest_books_have_no_problem(ledger: Ledger) -> None:
    assert await sound(ledger)
    report = await ledger.verify()
    assert report.links >= 29


LAST_HAND = "(SELECT transfer_id FROM wallet.transfers WHERE kind = 'hand' ORDER BY 1 DESC LIMIT 1)"


@pytest.mark.parametrize(
    "forgery",
    [
        # Each leaves every sum as it should be: the check alone would believe it.
        pytest.param(
            "UPDATE wallet.transfers SET payload = sha256('x') WHERE kind = 'grant'", id="payload"
        ),
        pytest.param("UPDATE wallet.transfers SET key = key || 'x' WHERE hand = 7", id="key"),
        pytest.param("UPDATE wallet.transfers SET hand = 70 WHERE hand = 7", id="hand"),
        pytest.param(
            "UPDATE wallet.transfers SET created_at = created_at - interval '1 day'"
            " WHERE hand = 7", id="time"
        ),
        pytest.param(
            "UPDATE wallet.entries SET at = at + interval '1 ms' WHERE entry_id = 5", id="at"
        ),
        pytest.param(
            "UPDATE wallet.entries SET transfer_id = t.b FROM (SELECT min(transfer_id) AS a,"
            " max(transfer_id) AS b FROM wallet.transfers WHERE hand IN (5, 6)) t"
            " WHERE transfer_id = t.a", id="moved to another transfer"
        ),
        pytest.param(
            f"WITH gone AS (DELETE FROM wallet.entries WHERE transfer_id = {LAST_HAND}"
            " RETURNING account_id, amount), less AS (UPDATE wallet.accounts a SET"
            " balance = balance - g.amount, version = version - 1 FROM gone g"
            " WHERE a.account_id = g.account_id)"
            f" DELETE FROM wallet.transfers WHERE transfer_id = {LAST_HAND}", id="a hand undone"
        ),
        pytest.param("DELETE FROM wallet.links WHERE number = 1", id="a link gone"),
        pytest.param(
            "UPDATE wallet.links SET number = CASE number WHEN 1 THEN 2 ELSE 1 END"
            " WHERE number < 3 AND chain > 0", id="links in another order"
        ),
        pytest.param("UPDATE wallet.links SET hash = sha256('x') WHERE number = 1", id="a hash"),
    ],
)  # fmt: skip
async def test_a_forgery_is_found(ledger: Ledger, admin: Connection, forgery: str) -> None:
    await admin.execute("SET session_replication_role = replica")  # the triggers sleep
    await admin.execute("ALTER TABLE wallet.links DROP CONSTRAINT links_chain_number_key")
    await admin.execute(forgery)
    assert (await ledger.verify()).problems


FORBIDDEN = [
    "UPDATE wallet.entries SET amount = amount + 1",
    "DELETE FROM wallet.entries",
    "TRUNCATE wallet.entries",
    "UPDATE wallet.transfers SET amount = amount + 1",
    "DELETE FROM wallet.transfers",
    "TRUNCATE wallet.transfers",
    "UPDATE wallet.links SET hash = ''",
    "DELETE FROM wallet.links",
    "TRUNCATE wallet.links",
]


@pytest.mark.parametrize("deed", FORBIDDEN)
async def test_not_even_the_owner_changes_what_is_written(
    ledger: Ledger, admin: Connection, deed: str
) -> None:
    for role in ("squaredeal_owner", None):
        await admin.execute(f"SET ROLE {role or 'NONE'}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await admin.execute(deed)
    await admin.execute("SET ROLE NONE")
    partition = await admin.fetchval("SELECT tableoid::regclass::text FROM wallet.entries LIMIT 1")
    if "entries" in deed:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await admin.execute(deed.replace("wallet.entries", partition))
    assert await sound(ledger)


@pytest.mark.parametrize(
    "deed",
    [
        *FORBIDDEN,
        "INSERT INTO wallet.entries VALUES (1, 1, 1, 1, 1, now())",
        "UPDATE wallet.accounts SET balance = balance + 1",
        "INSERT INTO wallet.transfers (key) VALUES ('x')",
        "DELETE FROM wallet.refusals",
        "UPDATE wallet.fences SET epoch = 0",
        "UPDATE wallet.chains SET links = 0",
        "SELECT wallet.post('k', '', 'grant', NULL, NULL, NULL, 1, ARRAY[1, 2], ARRAY[1, -1])",
        "SELECT wallet.refuse('k', '', 'insufficient')",
        "SELECT wallet.link(1, now(), '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}',"
        " '{}', '{}')",
        "SET ROLE squaredeal_owner",
        "CREATE TABLE wallet.mine ()",
    ],
)
async def test_the_application_can_t_write_past_the_functions(app_dsn: str, deed: str) -> None:
    conn = await asyncpg.connect(app_dsn)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute(deed)
    finally:
        await conn.close()


async def test_reports_only_read(ledger: Ledger, admin: Connection) -> None:
    await admin.execute("SET ROLE squaredeal_report")
    assert await admin.fetchval("SELECT count(*) FROM wallet.entries")
    functions = (f"open_wallet('{uuid4()}')", "raise_fence('oak', 9)", "open_months(now(), 1)")
    for deed in (*FORBIDDEN, *(f"SELECT wallet.{function}" for function in functions)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await admin.execute(deed)
    can_sign_in = "SELECT bool_or(rolcanlogin) FROM pg_roles WHERE rolname = ANY ($1)"
    await admin.execute("SET ROLE NONE")
    assert not await admin.fetchval(can_sign_in, ["squaredeal_owner", "squaredeal_report"])


async def test_there_is_a_partition_for_every_month_ahead(
    ledger: Ledger, admin: Connection
) -> None:
    months = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'wallet.entries'::regclass"
    before = await admin.fetchval(months)
    assert before >= 3
    assert await ledger.open_months() == 0
    assert await admin.fetchval("SELECT wallet.open_months(now() + interval '1 year', 2)") == 2
    assert await admin.fetchval(months) == before + 2
    added = await admin.fetchval(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'wallet.entries'::regclass ORDER BY inhrelid DESC LIMIT 1"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await admin.execute(f"TRUNCATE {added}")


async def test_two_settlers_never_share_a_chain(app_dsn: str, ledger: Ledger) -> None:
    async with settling(app_dsn, 3) as settlers:
        books = [Ledger(ledger._pool, [settler]) for settler in settlers]
        for each in books:
            await each.settle(TABLE, 1, 1, [(UUID(int=1), 0)], 0)
        assert len({settler.number for settler in settlers}) == 3
    assert await sound(ledger)


async def test_an_end_that_was_cut_off_is_found_by_who_noted_it_elsewhere(
    ledger: Ledger, admin: Connection
) -> None:
    heads = await ledger.heads()
    assert await ledger.cut(heads) == []
    await admin.execute("SET session_replication_role = replica")
    chain = max(heads, key=lambda each: heads[each].links)
    link, before = await admin.fetchrow(
        "SELECT l.link_id, p.hash FROM wallet.links l JOIN wallet.links p"
        " ON p.chain = l.chain AND p.number = l.number - 1 WHERE l.chain = $1 AND l.number = $2",
        chain, heads[chain].links,
    )  # fmt: skip
    hands = [row[0] for row in await admin.fetch(
        "SELECT transfer_id FROM wallet.transfers WHERE link_id = $1", link)]  # fmt: skip
    # Entries, hands, link and end are undone together: the database knows nothing of them now.
    await admin.execute(
        "UPDATE wallet.accounts a SET balance = a.balance - e.moved, version = version - e.entries"
        " FROM (SELECT account_id, sum(amount) AS moved, count(*) AS entries FROM wallet.entries"
        " WHERE transfer_id = ANY ($1) GROUP BY 1) e WHERE e.account_id = a.account_id",
        hands,
    )
    await admin.execute("DELETE FROM wallet.entries WHERE transfer_id = ANY ($1)", hands)
    await admin.execute("DELETE FROM wallet.transfers WHERE link_id = $1", link)
    await admin.execute("DELETE FROM wallet.links WHERE link_id = $1", link)
    await admin.execute(
        "UPDATE wallet.fences f SET settled = (SELECT max(hand) FROM wallet.transfers t"
        " WHERE t.table_id = f.table_id AND t.kind = 'hand') WHERE table_id = $1",
        TABLE,
    )
    await admin.execute(
        "UPDATE wallet.chains SET links = links - 1, hash = $2 WHERE chain = $1", chain, before
    )
    assert await sound(ledger)
    assert len(await ledger.cut(heads)) == 1
