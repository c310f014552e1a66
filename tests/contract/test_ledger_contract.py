"""One suite for the ledger in Postgres and for its twin in memory."""

import random
import uuid
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from tests.simulation.ledger_twin import LedgerTwin
from wallet.errors import AmountInvalid, Unbalanced
from wallet.ledger import Ledger
from wallet.results import LedgerResult as Code

DAY = date(2026, 1, 2)
GRANT = 10_000
Books = Ledger | LedgerTwin


@pytest.fixture(params=["twin", "postgres"])
async def ledger(request: pytest.FixtureRequest, pool: Any) -> AsyncIterator[Books]:
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


async def test_three_hundred_random_requests_are_answered_alike(pool: Any) -> None:
    chance = random.Random(8)
    both: tuple[Books, Books] = (LedgerTwin(), Ledger(pool))
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
        epoch, hand = chance.randint(1, 6), chance.randint(1, 30)
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
            stakes = [await books.open_stakes(each) for each in tables]
            answers.append((balances, [sorted(each, key=str) for each in stakes]))
        assert answers[:2] == answers[2:]
        heard.add(getattr(answers[0], "code", ""))
    assert heard >= set(Code), set(Code) - heard
    for books in both:
        assert (await books.check()).problems == []
