"""One suite for the ledger in Postgres and for its twin in memory."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.simulation.ledger_twin import LedgerTwin
from wallet.errors import AmountInvalid, Unbalanced
from wallet.ledger import Balance, Ledger, Stake
from wallet.results import LedgerResult as Code
from wallet.results import Result
from wallet.settler import settling

DAY = date(2026, 1, 2)
GRANT = 10_000
Books = Ledger | LedgerTwin


@pytest.fixture(params=["twin", "postgres", "settlers"])
async def ledger(request: pytest.FixtureRequest, pool: Any, app_dsn: str) -> AsyncIterator[Books]:
    """The ledger in memory, in Postgres one by one, and in Postgres with hands in batches."""
    if request.param == "settlers":
        async with settling(app_dsn, 2) as settlers:
            batching = Ledger(pool, settlers)
            yield batching
            assert (await batching.check()).problems == []
    else:
        books: Books = LedgerTwin() if request.param == "twin" else Ledger(pool)
        yield books
        assert (await books.check()).problems == []


async def rich(ledger: Books) -> UUID:
    player = uuid.uuid4()
    await ledger.open_wallet(player)
    assert (await ledger.grant_daily(player, GRANT, DAY)).code is Code.APPLIED
    return player


async def seated(ledger: Books, table: str = "oak", amount: int = 1_000) -> tuple[UUID, UUID]:
    player, session = await rich(ledger), uuid.uuid4()
    result = await ledger.buy_in(player, table, session, amount, f"in:{session}", 1)
    assert (result.code, result.amount) == (Code.APPLIED, amount)
    return player, session


async def test_a_grant_is_given_once_a_day(ledger: Books) -> None:
    player = await rich(ledger)
    again = await ledger.grant_daily(player, 777, DAY)
    assert (again.code, again.amount) == (Code.DUPLICATE, 777)
    assert (await ledger.balance(player)).amount == GRANT
    nobody = await ledger.grant_daily(uuid.uuid4(), 5, DAY)
    assert nobody.code is Code.UNKNOWN_ACCOUNT
    for amount in (0, -1, 2**53):
        with pytest.raises(AmountInvalid):
            await ledger.grant_daily(player, amount, DAY)


async def test_a_buy_in_answers_in_its_order_of_precedence(ledger: Books) -> None:
    player, session = await seated(ledger)
    key = f"in:{session}"
    assert (await ledger.buy_in(player, "oak", session, 1_000, key, 1)).code is Code.DUPLICATE
    other = await ledger.buy_in(player, "oak", session, 999, key, 1)
    assert (other.code, other.amount) == (Code.PAYLOAD_MISMATCH, 0)
    await ledger.raise_fence("oak", 2)
    assert (await ledger.buy_in(player, "oak", session, 1_000, key, 1)).code is Code.DUPLICATE
    assert (await ledger.buy_in(player, "oak", session, 5, "k1", 1)).code is Code.STALE_EPOCH
    stranger = uuid.uuid4()
    unknown = await ledger.buy_in(stranger, "oak", uuid.uuid4(), 5, "k2", 2)
    assert unknown.code is Code.UNKNOWN_ACCOUNT
    poor = await ledger.buy_in(player, "oak", session, 9_001, "k3", 2)
    assert poor.code is Code.INSUFFICIENT
    elsewhere = await ledger.buy_in(player, "elm", session, 5, "k4", 2)
    assert elsewhere.code is Code.UNKNOWN_ACCOUNT
    assert (await ledger.buy_in(player, "oak", session, 500, "k5", 2)).code is Code.APPLIED
    balance = await ledger.balance(player)
    assert (balance.amount, balance.at_tables) == (8_500, 1_500)
    assert await ledger.buy_in_keys("oak") == {key, "k5"}


async def test_a_settlement_answers_in_its_order_of_precedence(ledger: Books) -> None:
    (_, a), (_, b) = await seated(ledger), await seated(ledger)
    moves = [(a, 90), (b, -100)]
    await ledger.raise_fence("oak", 3)
    assert (await ledger.settle("oak", 1, 2, moves, 10)).code is Code.STALE_EPOCH
    done = await ledger.settle("oak", 1, 3, moves, 10)
    assert (done.code, done.amount) == (Code.APPLIED, 10)
    assert (await ledger.settle("oak", 1, 2, moves[::-1], 10)).code is Code.DUPLICATE
    other = await ledger.settle("oak", 1, 3, [(a, 100), (b, -100)], 0)
    assert other.code is Code.PAYLOAD_MISMATCH
    missing = await ledger.settle("oak", 2, 3, [(a, 1), (uuid.uuid4(), -1)], 0)
    assert missing.code is Code.UNKNOWN_ACCOUNT
    _, away = await seated(ledger, "elm")
    assert (await ledger.settle("oak", 3, 3, [(a, 1), (away, -1)], 0)).code is Code.UNKNOWN_ACCOUNT
    broke = await ledger.settle("oak", 4, 3, [(a, 901), (b, -901)], 0)
    assert broke.code is Code.INSUFFICIENT
    for wrong, rake in (([(a, 1), (b, -2)], 0), ([(a, 1), (a, -1)], 0), ([(a, 1), (b, 0)], -1)):
        with pytest.raises(Unbalanced):
            await ledger.settle("oak", 5, 3, wrong, rake)


async def test_a_stake_goes_home_once(ledger: Books) -> None:
    player, session = await seated(ledger)
    stranger = await rich(ledger)
    wrong = await ledger.cash_out(stranger, "oak", session, "k0")
    assert wrong.code is Code.UNKNOWN_ACCOUNT
    first = await ledger.cash_out(player, "oak", session, "k1")
    again = await ledger.cash_out(player, "oak", session, "k1")
    other = await ledger.cash_out(player, "oak", session, "k2")
    assert (first.code, first.amount) == (Code.APPLIED, 1_000)
    assert (again.code, again.amount) == (Code.DUPLICATE, 1_000)
    assert (other.code, other.amount) == (Code.DUPLICATE, 0)
    assert (await ledger.cash_out(player, "elm", session, "k1")).code is Code.PAYLOAD_MISMATCH
    closed = await ledger.buy_in(player, "oak", session, 5, "k3", 1)
    assert closed.code is Code.UNKNOWN_ACCOUNT
    assert await ledger.open_stakes("oak") == []
    assert await ledger.buy_in_keys("oak") == frozenset()
    assert (await ledger.balance(player)).amount == GRANT


async def test_a_fence_only_rises(ledger: Books) -> None:
    assert await ledger.raise_fence("oak", 2)
    assert not await ledger.raise_fence("oak", 2)
    assert not await ledger.raise_fence("oak", 1)
    assert await ledger.raise_fence("oak", 3)


async def test_a_grant_comes_again_on_another_day(ledger: Books) -> None:
    player = await rich(ledger)
    next_day = await ledger.grant_daily(player, 5, date(2026, 1, 3))
    assert (next_day.code, next_day.amount) == (Code.APPLIED, 5)
    await ledger.open_wallet(player)
    assert (await ledger.balance(player)).amount == GRANT + 5


async def test_a_final_refusal_stays_and_another_leaves_its_key_free(ledger: Books) -> None:
    player, session = await rich(ledger), uuid.uuid4()
    assert (await ledger.buy_in(player, "oak", session, 10_001, "k")).code is Code.INSUFFICIENT
    assert await ledger.open_stakes("oak") == []
    await ledger.grant_daily(player, 5, date(2026, 1, 3))
    again = await ledger.buy_in(player, "oak", session, 10_001, "k")
    assert again == Result(Code.INSUFFICIENT)
    other = await ledger.buy_in(player, "oak", session, 10_000, "k")
    assert other.code is Code.PAYLOAD_MISMATCH
    await ledger.raise_fence("oak", 2)
    assert (await ledger.buy_in(player, "oak", session, 5, "k1", 1)).code is Code.STALE_EPOCH
    assert (await ledger.buy_in(uuid.uuid4(), "oak", session, 5, "k1", 2)).code is (
        Code.UNKNOWN_ACCOUNT
    )
    assert (await ledger.buy_in(player, "elm", session, 7, "k1", 1)).code is Code.APPLIED


async def test_a_refused_settlement_stays_refused(ledger: Books) -> None:
    (player, a), (_, b) = await seated(ledger), await seated(ledger)
    moves = [(a, -1_001), (b, 1_001)]
    assert (await ledger.settle("oak", 1, 1, moves, 0)).code is Code.INSUFFICIENT
    assert (await ledger.buy_in(player, "oak", a, 5, "more", 1)).code is Code.APPLIED
    assert (await ledger.settle("oak", 1, 1, moves, 0)).code is Code.INSUFFICIENT
    assert (await ledger.settle("oak", 1, 1, [], 0)).code is Code.PAYLOAD_MISMATCH


async def test_two_hands_of_one_table_at_once_are_both_settled(ledger: Books) -> None:
    (_, a), (_, b) = await seated(ledger), await seated(ledger)
    both = [ledger.settle("oak", hand, 1, [(a, 10), (b, -12)], 2) for hand in (1, 2)]
    assert [r.code for r in await asyncio.gather(*both)] == [Code.APPLIED] * 2
    assert {stake.amount for stake in await ledger.open_stakes("oak")} == {1_020, 976}


async def test_one_hand_at_once_from_two_sides_is_settled_once(ledger: Books) -> None:
    (_, a), (_, b) = await seated(ledger), await seated(ledger)
    twice = [ledger.settle("oak", 1, 1, [(a, 10), (b, -12)], 2) for _ in range(2)]
    codes = {result.code for result in await asyncio.gather(*twice)}
    assert codes == {Code.APPLIED, Code.DUPLICATE}


async def test_one_bad_hand_among_many_is_the_only_one_refused(ledger: Books) -> None:
    (_, a), (_, b) = await seated(ledger), await seated(ledger)
    asked = [
        ledger.settle("oak", hand, 1, [(a, 1), (b if hand != 7 else uuid.uuid4(), -1)], 0)
        for hand in range(1, 21)
    ]
    codes = [result.code for result in await asyncio.gather(*asked)]
    assert codes.index(Code.UNKNOWN_ACCOUNT) == 6
    assert codes.count(Code.APPLIED) == 19


async def test_a_stake_of_another_table_is_refused_also_if_it_does_not_change(
    ledger: Books,
) -> None:
    """Also beside a hand of its own table, which may be in the same batch."""
    at = {table: [(await seated(ledger, table))[1] for _ in range(2)] for table in ("elm", "oak")}
    still = [(at["elm"][0], 0), (at["oak"][0], 0)]
    for hand in range(1, 6):
        asked = [
            ledger.settle("elm", hand, 1, still, 0),
            ledger.settle("oak", hand, 1, [(at["oak"][0], 1), (at["oak"][1], -1)], 0),
        ]
        codes = [result.code for result in await asyncio.gather(*asked)]
        assert codes == [Code.UNKNOWN_ACCOUNT, Code.APPLIED]


async def test_a_key_belongs_to_one_kind_of_request(ledger: Books) -> None:
    player, session = await seated(ledger)
    assert (await ledger.buy_in(player, "oak", session, 5, "hand:oak:9", 1)).code is Code.APPLIED
    assert (await ledger.settle("oak", 9, 1, [], 0)).code is Code.PAYLOAD_MISMATCH
    spent = await ledger.cash_out(player, "oak", session, "hand:oak:9")
    assert spent.code is Code.PAYLOAD_MISMATCH
    granted = await ledger.buy_in(player, "oak", session, 5, f"grant:{player}:{DAY}", 1)
    assert granted.code is Code.PAYLOAD_MISMATCH
    assert (await ledger.balance(player)).at_tables == 1_005


async def test_a_mismatch_is_answered_before_a_stale_epoch(ledger: Books) -> None:
    (player, a), (_, b) = await seated(ledger), await seated(ledger)
    await ledger.settle("oak", 1, 1, [(a, 5), (b, -5)], 0)
    await ledger.raise_fence("oak", 2)
    wrong_sum = await ledger.buy_in(player, "oak", a, 9, f"in:{a}", 1)
    wrong_hand = await ledger.settle("oak", 1, 1, [(a, 6), (b, -6)], 0)
    assert wrong_sum.code is wrong_hand.code is Code.PAYLOAD_MISMATCH


async def test_a_stale_epoch_is_answered_before_unknown_accounts(ledger: Books) -> None:
    await ledger.raise_fence("oak", 2)
    nobody, nowhere, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    bought = await ledger.buy_in(nobody, "oak", nowhere, 5, "k", 1)
    settled = await ledger.settle("oak", 1, 1, [(nowhere, 5), (other, -5)], 0)
    assert bought.code is settled.code is Code.STALE_EPOCH
    assert (await ledger.settle("oak", 1, 2, [], 0)).code is Code.APPLIED


async def test_a_fence_of_one_table_says_nothing_of_another(ledger: Books) -> None:
    await ledger.raise_fence("elm", 9)
    await seated(ledger, "oak")


async def test_an_unknown_stake_is_answered_before_an_empty_one(ledger: Books) -> None:
    _, a = await seated(ledger)
    unknown = await ledger.settle("oak", 1, 1, [(a, -5_000), (uuid.uuid4(), 5_000)], 0)
    assert unknown.code is Code.UNKNOWN_ACCOUNT


async def test_a_wrong_stake_is_answered_before_an_empty_wallet(ledger: Books) -> None:
    (player, closed), (_, foreign) = await seated(ledger), await seated(ledger)
    await ledger.cash_out(player, "oak", closed, "out")
    for session in (closed, foreign):
        poor = await ledger.buy_in(player, "oak", session, GRANT + 1, f"poor:{session}", 1)
        rich_enough = await ledger.buy_in(player, "oak", session, 5, f"rich:{session}", 1)
        assert poor.code is rich_enough.code is Code.UNKNOWN_ACCOUNT


async def test_a_stake_that_went_home_plays_no_more_hands(ledger: Books) -> None:
    (player, a), (_, b) = await seated(ledger), await seated(ledger)
    moves = [(a, -1_000), (b, 990)]
    assert (await ledger.settle("oak", 1, 1, moves, 10)).code is Code.APPLIED
    home = await ledger.cash_out(player, "oak", a, "k")
    assert (home.code, home.amount) == (Code.APPLIED, 0)
    late = await ledger.settle("oak", 2, 1, [(a, 0), (b, 0)], 0)
    assert late.code is Code.UNKNOWN_ACCOUNT
    assert (await ledger.settle("oak", 1, 1, moves, 10)).code is Code.DUPLICATE


async def test_a_cash_out_is_not_fenced(ledger: Books) -> None:
    player, session = await seated(ledger)
    await ledger.raise_fence("oak", 7)
    for code in (Code.APPLIED, Code.DUPLICATE):
        home = await ledger.cash_out(player, "oak", session, "k")
        assert (home.code, home.amount) == (code, 1_000)


async def test_the_order_of_the_moves_is_no_other_payload(ledger: Books) -> None:
    (_, a), (_, b) = await seated(ledger), await seated(ledger)
    as_lists: Any = [[b, -5], [a, 5]]
    assert (await ledger.settle("oak", 1, 1, as_lists, 0)).code is Code.APPLIED
    assert (await ledger.settle("oak", 1, 1, [(a, 5), (b, -5)], 0)).code is Code.DUPLICATE


async def test_open_stakes_are_those_of_the_table_in_order_of_arrival(ledger: Books) -> None:
    (p, a), (q, b), (_, away) = [await seated(ledger, each) for each in ("oak", "oak", "elm")]
    await ledger.buy_in(p, "oak", a, 250, "top-up", 1)
    assert await ledger.open_stakes("oak") == [Stake(p, a, 1_250), Stake(q, b, 1_000)]
    assert [stake.session for stake in await ledger.open_stakes("elm")] == [away]
    assert await ledger.open_stakes("") == []


async def test_a_version_grows_with_every_change_and_only_then(ledger: Books) -> None:
    assert await ledger.balance(uuid.uuid4()) == Balance(0, 0, 0)
    (player, a), (_, b) = await seated(ledger), await seated(ledger)
    assert await ledger.balance(player) == Balance(9_000, 3, 1_000)
    await ledger.settle("oak", 1, 1, [(a, 0), (b, 0)], 0)
    assert await ledger.balance(player) == Balance(9_000, 3, 1_000)
    await ledger.settle("oak", 2, 1, [(a, 7), (b, -7)], 0)
    await ledger.cash_out(player, "oak", a, "k")
    assert await ledger.balance(player) == Balance(10_007, 6, 0)


async def test_impossible_amounts_are_raised(ledger: Books) -> None:
    (player, a), (_, b) = await seated(ledger), await seated(ledger)
    for amount in (0, -1, 2**53):
        with pytest.raises(AmountInvalid):
            await ledger.buy_in(player, "oak", a, amount, f"in:{a}", 1)
    with pytest.raises(AmountInvalid):
        await ledger.settle("oak", 1, 1, [(a, 2**53), (b, -(2**53))], 0)
    with pytest.raises(Unbalanced):
        await ledger.settle("oak", 1, 1, [(a, 2**53), (b, 0)], 0)


async def test_a_first_fence_may_be_of_any_epoch(ledger: Books) -> None:
    for table, epoch in (("oak", 0), ("elm", -1)):
        assert await ledger.raise_fence(table, epoch)
        assert not await ledger.raise_fence(table, epoch)


async def test_the_transfers_of_the_twin_tell_an_auditor_everything() -> None:
    twin = LedgerTwin()
    (_, a), (_, b) = await seated(twin), await seated(twin)
    await twin.settle("oak", 4, 2, [(a, 90), (b, -100)], 10)
    made = twin.transfers["hand:oak:4"]
    assert (made.kind, made.table, made.hand, made.epoch) == ("hand", "oak", 4, 2)
    assert made.amount == 100
    assert made.entries == ((f"stake:{a}", 90), (f"stake:{b}", -100), ("house", 10))


@pytest.mark.parametrize("name", ["house", "wallet", "stake"])
@pytest.mark.parametrize("field", ["balance", "version"])
async def test_the_check_of_the_twin_finds_tampering(name: str, field: str) -> None:
    twin = LedgerTwin()
    await seated(twin)
    account = next(each for each in twin.accounts.values() if each.name.startswith(name))
    setattr(account, field, getattr(account, field) + 1)
    assert (await twin.check()).problems


async def test_three_hundred_random_requests_are_answered_alike(pool: Any) -> None:
    chance = random.Random(8)
    twin = LedgerTwin()
    both: tuple[Books, Books] = (twin, Ledger(pool))
    players = [UUID(int=n + 1) for n in range(5)]
    sessions = [UUID(int=100 + n) for n in range(8)]
    tables, keys = ("oak", "elm"), [f"k{n}" for n in range(40)]
    for player in players[:4]:
        for books in both:
            await books.open_wallet(player)
            await books.grant_daily(player, GRANT, DAY)
    heard: set[str] = set()
    for _ in range(300):
        player, session = chance.choice(players), chance.choice(sessions)
        table, key, amount = chance.choice(tables), chance.choice(keys), chance.randint(1, 3_000)
        epoch, hand = chance.randint(1, 6), chance.randint(1, 200)
        what, other = chance.randrange(10), chance.choice(sessions)
        rake = chance.randint(0, 5)
        moves = [(session, amount - rake), (other, -amount)]
        answers = []
        for books in both:
            if what < 4:
                answer: Any = await books.buy_in(player, table, session, amount, key, epoch)
            elif what < 7 and session != other:
                answer = await books.settle(table, hand, epoch, moves, rake)
            elif what < 9:
                answer = await books.cash_out(player, table, session, key)
            else:
                answer = await books.raise_fence(table, epoch // 2)
            answers.append(answer)
            balances = [await books.balance(each) for each in players]
            answers.append((balances, [await books.open_stakes(each) for each in tables]))
        assert answers[:2] == answers[2:]
        heard.add(getattr(answers[0], "code", ""))
    assert heard >= set(Code) - {Code.LIMIT_REACHED}
    reports = [await books.check() for books in both]
    assert reports[0] == reports[1]
    assert reports[0].problems == []
    house = await pool.fetchval("SELECT balance FROM wallet.accounts WHERE kind = 'house'")
    assert twin.accounts["house"].balance == house > 0
