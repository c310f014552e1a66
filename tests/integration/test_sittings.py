"""A player's sittings and their stacks over time, from the books."""

import uuid

import asyncpg
import pytest

from tests.integration.test_ledger import TABLE, seated
from wallet import sittings as module
from wallet.ledger import Ledger
from wallet.sittings import Sittings

HANDS = 12


@pytest.fixture
async def books(pool: "asyncpg.Pool[asyncpg.Record]") -> Ledger:
    return Ledger(pool)


async def test_a_sitting_is_told_from_its_buy_in_to_its_way_home(
    books: Ledger, pool: "asyncpg.Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    (ann, a), (bob, b) = [await seated(books, 1_000) for _ in range(2)]
    for hand in range(1, HANDS + 1):
        won = 10 if hand % 3 else -40
        await books.settle(TABLE, hand, 1, [(a, won), (b, -won - 1)], 1)
    sittings = Sittings(pool)
    (running,) = await sittings.of(ann, 10)
    total = sum(10 if hand % 3 else -40 for hand in range(1, HANDS + 1))
    assert (running.brought, running.home, running.ended) == (1_000, 0, None)
    assert running.chips == 1_000 + total
    assert await sittings.seats(ann) == [(TABLE, running.began)]
    await books.cash_out(ann, TABLE, a, f"out:{a}")
    found = await sittings.one(ann, a)
    assert found is not None
    over, stack = found
    assert (over.home, over.chips) == (1_000 + total, 0)
    assert over.ended is not None
    assert (stack.hands, stack.best, stack.worst) == (HANDS, 10, -40)
    assert stack.changes == len(stack.points) == HANDS + 2
    assert [p.balance for p in stack.points][:3] == [1_000, 1_010, 1_020]
    assert stack.points[-1].balance == 0
    assert await sittings.seats(ann) == []
    # Another's is as unknown as one that never was.
    assert await sittings.one(bob, a) is None
    assert await sittings.one(ann, uuid.uuid4()) is None
    monkeypatch.setattr(module, "POINTS_MAX", 5)
    thin = await sittings.one(ann, a)
    assert thin is not None
    assert thin[1].changes == HANDS + 2
    assert len(thin[1].points) < HANDS
    assert (thin[1].points[0], thin[1].points[-1]) == (stack.points[0], stack.points[-1])


async def test_sittings_are_read_page_by_page(
    books: Ledger, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    player, first = await seated(books, 500)
    await books.cash_out(player, TABLE, first, f"out:{first}")
    sessions = [first]
    for _ in range(2):
        session = uuid.uuid4()
        assert (await books.buy_in(player, TABLE, session, 100, f"in:{session}", 1)).done
        sessions.append(session)
    sittings = Sittings(pool)
    page = await sittings.of(player, 2)
    rest = await sittings.of(player, 2, page[-1].session)
    assert [each.session for each in (*page, *rest)] == sessions[::-1]
    assert await sittings.of(player, 9, uuid.uuid4()) == []
    assert await sittings.of(player, 9, table="elsewhere") == []
    purses = await sittings.purses(player)
    assert [(p.table, p.amount) for p in purses] == [(None, 300), (TABLE, 100), (TABLE, 100)]


async def test_the_house_is_one_sum_a_currency(
    books: Ledger, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    before = (await Sittings(pool).house())["PLAY"]
    (_, a), (_, b) = [await seated(books, 1_000) for _ in range(2)]
    await books.settle(TABLE, 1, 1, [(a, 9), (b, -12)], 3)
    assert (await Sittings(pool).house())["PLAY"] == before + 3
