"""The ledger on a real Postgres, as the application's own role."""

import asyncio
import random
from collections.abc import Awaitable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.limits import EUR, Postgres
from wallet.errors import AmountInvalid, HandInvalid, Unbalanced
from wallet.ledger import Ledger, Result, Wanted
from wallet.payments import PaymentKind, PaymentState
from wallet.results import LedgerResult
from wallet.settler import settling

TODAY = date(2026, 1, 2)
TABLE = "harbour"


@pytest.fixture
def ledger(pool: "asyncpg.Pool[asyncpg.Record]") -> Ledger:
    return Ledger(pool)


async def player(ledger: Ledger, chips: int = 10_000) -> UUID:
    who = uuid4()
    await ledger.open_wallet(who)
    if chips:
        assert (await ledger.grant_daily(who, chips, TODAY)).code is LedgerResult.APPLIED
    return who


async def seated(ledger: Ledger, chips: int = 1_000) -> tuple[UUID, UUID]:
    who, session = await player(ledger, chips), uuid4()
    await ledger.buy_in(who, TABLE, session, chips, f"in:{session}")
    return who, session


async def assert_balanced(ledger: Ledger) -> None:
    report = await ledger.check()
    assert report.problems == []
    assert report.accounts >= 3


async def test_a_grant_is_given_once_a_day(ledger: Ledger) -> None:
    who = await player(ledger, 500)
    assert (await ledger.grant_daily(who, 500, TODAY)).code is LedgerResult.DUPLICATE
    assert (await ledger.grant_daily(who, 500, date(2026, 1, 3))).code is LedgerResult.APPLIED
    assert (await ledger.balance(who)).amount == 1_000
    await assert_balanced(ledger)


async def test_a_hand_moves_chips_between_stakes_and_rake_to_the_house(
    ledger: Ledger, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    (a, at_a), (b, at_b) = await seated(ledger), await seated(ledger)
    result = await ledger.settle(TABLE, 1, 1, [(at_a, 190), (at_b, -200)], 10)
    assert result.code is LedgerResult.APPLIED
    assert (await ledger.balance(a)).at_tables == 1_190
    assert (await ledger.balance(b)).at_tables == 800
    house = await admin.fetchval("SELECT balance FROM wallet.accounts WHERE kind = 'house'")
    assert house == 10
    home = await ledger.cash_out(a, TABLE, at_a, f"out:{at_a}")
    assert home == Result(LedgerResult.APPLIED, 1_190)
    assert (await ledger.balance(a)).amount == 1_190
    await assert_balanced(ledger)


async def test_every_operation_repeated_with_its_key_is_applied_once(ledger: Ledger) -> None:
    (a, at_a), (_, at_b) = await seated(ledger), await seated(ledger)
    assert (await ledger.buy_in(a, TABLE, at_a, 1_000, f"in:{at_a}")).code == "duplicate"
    moves = [(at_a, 5), (at_b, -5)]
    assert (await ledger.settle(TABLE, 1, 1, moves, 0)).code == "applied"
    assert (await ledger.settle(TABLE, 1, 1, moves[::-1], 0)).code == "duplicate"
    assert await ledger.cash_out(a, TABLE, at_a, "k") == Result(LedgerResult.APPLIED, 1_005)
    assert await ledger.cash_out(a, TABLE, at_a, "k") == Result(LedgerResult.DUPLICATE, 1_005)
    assert (await ledger.cash_out(a, TABLE, at_a, "other")).code == "duplicate"
    assert (await ledger.balance(a)).amount == 1_005
    await assert_balanced(ledger)


async def test_a_key_used_for_something_else_is_a_mismatch(ledger: Ledger) -> None:
    (a, at_a), (_, at_b) = await seated(ledger), await seated(ledger)
    await ledger.settle(TABLE, 1, 1, [(at_a, 5), (at_b, -5)], 0)
    other = await ledger.settle(TABLE, 1, 1, [(at_a, 6), (at_b, -6)], 0)
    assert other == Result(LedgerResult.PAYLOAD_MISMATCH)
    assert (await ledger.buy_in(a, TABLE, at_a, 7, f"in:{at_a}")).code == "payload_mismatch"
    await assert_balanced(ledger)


async def test_a_settlement_of_a_stale_epoch_is_refused(ledger: Ledger) -> None:
    (_, at_a), (_, at_b) = await seated(ledger), await seated(ledger)
    assert await ledger.raise_fence(TABLE, 3)
    assert not await ledger.raise_fence(TABLE, 2)
    stale = await ledger.settle(TABLE, 1, 2, [(at_a, 5), (at_b, -5)], 0)
    assert stale.code is LedgerResult.STALE_EPOCH
    assert (await ledger.settle(TABLE, 1, 3, [(at_a, 5), (at_b, -5)], 0)).code == "applied"
    # What was applied stays answered, whatever the fence is now.
    await ledger.raise_fence(TABLE, 4)
    assert (await ledger.settle(TABLE, 1, 3, [(at_a, 5), (at_b, -5)], 0)).code == "duplicate"


async def test_a_buy_in_of_a_stale_epoch_is_refused_and_takes_nothing(ledger: Ledger) -> None:
    who = await player(ledger, 1_000)
    await ledger.raise_fence(TABLE, 3)
    stale = await ledger.buy_in(who, TABLE, uuid4(), 100, "k", epoch=2)
    assert stale.code is LedgerResult.STALE_EPOCH
    assert (await ledger.balance(who)).amount == 1_000
    assert (await ledger.buy_in(who, TABLE, uuid4(), 100, "k", epoch=3)).done


async def test_nobody_goes_below_his_floor(ledger: Ledger) -> None:
    (a, at_a), (_, at_b) = await seated(ledger), await seated(ledger)
    assert (await ledger.buy_in(a, TABLE, uuid4(), 1, "more")).code == "insufficient"
    over = await ledger.settle(TABLE, 1, 1, [(at_a, -1_001), (at_b, 1_001)], 0)
    assert over == Result(LedgerResult.INSUFFICIENT)
    assert (await ledger.settle(TABLE, 2, 1, [(at_a, -1_000), (at_b, 1_000)], 0)).done
    await assert_balanced(ledger)


async def test_unknown_and_closed_accounts_are_refused(ledger: Ledger) -> None:
    (a, at_a), (_, at_b) = await seated(ledger), await seated(ledger)
    assert (await ledger.grant_daily(uuid4(), 5, TODAY)).code == "unknown_account"
    assert (await ledger.buy_in(uuid4(), TABLE, uuid4(), 5, "x")).code == "unknown_account"
    assert (await ledger.cash_out(a, TABLE, uuid4(), "y")).code == "unknown_account"
    assert (await ledger.settle("elsewhere", 1, 1, [(at_a, 1), (at_b, -1)], 0)).code == (
        "unknown_account"
    )
    await ledger.cash_out(a, TABLE, at_a, f"out:{at_a}")
    assert (await ledger.settle(TABLE, 1, 1, [(at_a, 1), (at_b, -1)], 0)).code == (
        "unknown_account"
    )
    assert (await ledger.buy_in(a, TABLE, at_a, 5, "late")).code == "unknown_account"
    assert [stake.session for stake in await ledger.open_stakes(TABLE)] == [at_b]


async def test_a_broke_stake_goes_home_with_nothing(ledger: Ledger) -> None:
    (a, at_a), (_, at_b) = await seated(ledger), await seated(ledger)
    await ledger.settle(TABLE, 1, 1, [(at_a, -1_000), (at_b, 1_000)], 0)
    assert await ledger.cash_out(a, TABLE, at_a, "k") == Result(LedgerResult.APPLIED, 0)
    assert [stake.session for stake in await ledger.open_stakes(TABLE)] == [at_b]
    await assert_balanced(ledger)


@pytest.mark.parametrize("amount", [0, -1, 2**53])
async def test_amounts_are_positive_and_bounded(ledger: Ledger, amount: int) -> None:
    with pytest.raises(AmountInvalid):
        await ledger.buy_in(uuid4(), TABLE, uuid4(), amount, "k")


async def test_an_unbalanced_hand_never_reaches_the_database(ledger: Ledger) -> None:
    one = uuid4()
    with pytest.raises(Unbalanced):
        await ledger.settle(TABLE, 1, 1, [(one, 5)], 0)
    with pytest.raises(Unbalanced):
        await ledger.settle(TABLE, 1, 1, [(one, 5), (one, -5)], 0)


async def test_fifty_buy_ins_at_once_never_overdraw(ledger: Ledger) -> None:
    who = await player(ledger, 1_000)
    results = await asyncio.gather(
        *(ledger.buy_in(who, TABLE, uuid4(), 100, f"k{i}") for i in range(50))
    )
    assert sum(result.done for result in results) == 10
    assert (await ledger.balance(who)).amount == 0
    assert (await ledger.balance(who)).at_tables == 1_000
    await assert_balanced(ledger)


async def test_one_key_from_many_callers_at_once_is_applied_once(ledger: Ledger) -> None:
    who, session = await player(ledger, 1_000), uuid4()
    results = await asyncio.gather(
        *(ledger.buy_in(who, TABLE, session, 300, "same") for _ in range(20))
    )
    codes = [result.code for result in results]
    assert codes.count(LedgerResult.APPLIED) == 1
    assert codes.count(LedgerResult.DUPLICATE) == 19
    assert (await ledger.balance(who)).amount == 700


async def test_a_storm_of_hands_and_cash_outs_leaves_the_books_balanced(ledger: Ledger) -> None:
    chance = random.Random(7)
    people = [await seated(ledger, 5_000) for _ in range(8)]

    def hand(number: int) -> Awaitable[Result]:
        (_, one), (_, two) = chance.sample(people, 2)
        amount = chance.randint(1, 900)
        return ledger.settle(TABLE, number, 1, [(one, amount - 3), (two, -amount)], 3)

    results = await asyncio.gather(*(hand(number) for number in range(200)))
    assert {result.code for result in results} <= {LedgerResult.APPLIED, LedgerResult.INSUFFICIENT}
    outs = [ledger.cash_out(who, TABLE, session, f"out:{session}") for who, session in people]
    assert all(result.done for result in await asyncio.gather(*outs))
    assert await ledger.open_stakes(TABLE) == []
    await assert_balanced(ledger)


@pytest.mark.parametrize(
    ("table", "hand", "epoch"),
    [("har\0bour", 1, 1), ("\ud800", 1, 1), (TABLE, 2**63, 1), (TABLE, 1, 2**63), (TABLE, -1, 1)],
)
async def test_a_hand_that_the_database_can_t_read_does_not_fail_its_batch(
    ledger: Ledger,
    pool: "asyncpg.Pool[asyncpg.Record]",
    app_dsn: str,
    table: str,
    hand: int,
    epoch: int,
) -> None:
    (_, at_a), (_, at_b) = await seated(ledger), await seated(ledger)
    moves = [(at_a, 5), (at_b, -5)]
    async with settling(app_dsn, 1) as settlers:
        books = Ledger(pool, settlers)
        good, bad, other = await asyncio.gather(
            books.settle(TABLE, 7, 1, moves, 0),
            books.settle(table, hand, epoch, moves, 0),
            books.settle(TABLE, 8, 1, moves, 0),
            return_exceptions=True,
        )
    assert isinstance(bad, HandInvalid)
    assert [getattr(each, "code", each) for each in (good, other)] == ["applied", "applied"]


async def test_a_stake_that_somebody_holds_keeps_no_other_hand_waiting(
    ledger: Ledger, pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, admin_dsn: str
) -> None:
    (_, at_a), (_, at_b), (_, at_c) = [await seated(ledger) for _ in range(3)]
    who, at_elm = await player(ledger), uuid4()
    await ledger.buy_in(who, "elm", at_elm, 500, "in:elm")
    async with asyncpg.create_pool(admin_dsn, min_size=1) as others, settling(app_dsn, 1) as one:
        books = Ledger(pool, one)
        await books.raise_fence(TABLE, 1)
        await books.raise_fence("elm", 1)
        async with others.acquire() as conn, conn.transaction():
            await conn.execute("SELECT 1 FROM wallet.accounts WHERE session = $1 FOR UPDATE", at_a)
            held, free = await asyncio.gather(
                books.settle(TABLE, 1, 1, [(at_a, 5), (at_b, -5)], 0),
                books.settle("elm", 1, 1, [(at_elm, -5)], 5),
                return_exceptions=True,
            )
            assert isinstance(free, Result), free
            assert free.done
            assert isinstance(held, TimeoutError), held
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            assert await conn.fetchval(waiting) == 0, "nobody is left behind at the lock"
        assert (await books.settle(TABLE, 1, 1, [(at_a, 5), (at_b, -5)], 0)).code == "applied"
        assert (await books.settle(TABLE, 2, 1, [(at_c, 5), (at_b, -5)], 0)).code == "applied"
    await assert_balanced(ledger)


async def test_a_statement_lists_every_change_newest_first(ledger: Ledger) -> None:
    (a, at_a), (_, at_b) = await seated(ledger), await seated(ledger)
    await ledger.settle(TABLE, 9, 1, [(at_a, 50), (at_b, -50)], 0)
    await ledger.cash_out(a, TABLE, at_a, "k")
    lines = await ledger.statement(a)
    assert [(line.kind, line.account, line.amount) for line in lines] == [
        ("cash_out", "stake", -1_050),
        ("cash_out", "wallet", 1_050),
        ("hand", "stake", 50),
        ("buy_in", "stake", 1_000),
        ("buy_in", "wallet", -1_000),
        ("grant", "wallet", 1_000),
    ]
    assert lines[2].hand == 9
    page = await ledger.statement(a, limit=2, before=lines[1].id)
    assert [line.id for line in page] == [lines[2].id, lines[3].id]


async def test_a_statement_says_which_currency_each_line_is_in(
    ledger: Ledger, pool: "asyncpg.Pool[asyncpg.Record]", admin: Any
) -> None:
    world = await Postgres(pool, admin).open()
    who = await player(ledger, 500)
    await ledger.open_wallet(who, EUR)
    await world.begin(PaymentKind.DEPOSIT, who, 700, "d", EUR)
    await world.decide(PaymentKind.DEPOSIT, who, "d", PaymentState.POSTED)
    lines = await ledger.statement(who)
    assert [(line.amount, line.currency) for line in lines] == [(700, EUR), (500, "PLAY")]
    assert await ledger.statement(who, wanted=Wanted(currency=EUR)) == lines[:1]


@pytest.mark.parametrize("table", ["accounts", "transfers", "entries", "fences"])
async def test_the_application_can_read_the_books_but_not_write_them(
    pool: "asyncpg.Pool[asyncpg.Record]", table: str
) -> None:
    await pool.fetch(f"SELECT * FROM wallet.{table}")
    for statement in (f"DELETE FROM wallet.{table}", f"TRUNCATE wallet.{table}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(
            "SELECT wallet.post('k', '', 'grant', NULL, NULL, NULL, 1, '{1,2}', '{1,-1}')"
        )


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE wallet.accounts SET balance = balance + 1 WHERE kind = 'house'",
        "UPDATE wallet.entries SET amount = amount + 1 WHERE entry_id = 1",
        "DELETE FROM wallet.entries WHERE entry_id = 2",
        "UPDATE wallet.transfers SET amount = amount + 1",
        "UPDATE wallet.entries SET balance = balance + 1 WHERE entry_id = 1",
        "UPDATE wallet.accounts SET version = version + 1 WHERE kind = 'wallet'",
    ],
)
async def test_the_check_finds_tampering(
    ledger: Ledger, admin: "asyncpg.Connection[asyncpg.Record]", tampering: str
) -> None:
    await seated(ledger)
    await assert_balanced(ledger)
    await admin.execute("SET session_replication_role = replica")  # the triggers sleep
    await admin.execute(tampering)
    assert (await ledger.check()).problems
