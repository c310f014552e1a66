"""One suite for limits, exclusions, currencies and payments, in Postgres and in memory."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.limits import EUR, Memory, Postgres, World
from wallet.ledger import Balance, Ledger
from wallet.payments import PaymentKind, PaymentState
from wallet.protection import By, Exclusion, Kind, Span, When
from wallet.results import LedgerResult as Code
from wallet.results import LimitName, Result
from wallet.settler import settling

DEPOSIT, WITHDRAWAL = PaymentKind.DEPOSIT, PaymentKind.WITHDRAWAL
POSTED, VOIDED = PaymentState.POSTED, PaymentState.VOIDED
DAY = timedelta(days=1)
CHIPS = 10_000


@pytest.fixture(params=["twin", "postgres", "settlers"])
async def world(
    request: pytest.FixtureRequest, pool: Any, admin: Any, app_dsn: str
) -> AsyncIterator[World]:
    if request.param == "settlers":
        async with settling(app_dsn, 2) as settlers:
            batching: World = await Postgres(pool, admin, Ledger(pool, settlers)).open()
            yield batching
            assert (await batching.books.check()).problems == []
    else:
        made: World = Memory() if request.param == "twin" else await Postgres(pool, admin).open()
        yield made
        assert (await made.books.check()).problems == []


async def rich(world: World, currency: str | None = None) -> UUID:
    """With a wallet in PLAY, or in another currency, and chips in it."""
    player = uuid.uuid4()
    if currency is None:
        await world.books.open_wallet(player)
        assert (await world.books.grant_daily(player, CHIPS, date(2026, 1, 2))).done
    else:
        await world.books.open_wallet(player, currency)
        assert (await world.begin(DEPOSIT, player, CHIPS, "first", currency)).done
        assert (await world.decide(DEPOSIT, player, "first", POSTED)).done
    return player


async def buy_in(
    world: World, player: UUID, amount: int, session: UUID | None = None, table: str = "oak",
    currency: str = "PLAY", key: str | None = None,
) -> Result:  # fmt: skip
    return await world.books.buy_in(
        player, table, session or uuid.uuid4(), amount, key or uuid.uuid4().hex, 1, currency
    )


def told(result: Result, limit: LimitName, left: int) -> None:
    assert result.code is Code.LIMIT_REACHED
    assert result.reached is not None
    assert (result.reached.limit, result.reached.left) == (limit, left)


# Limits


@pytest.mark.parametrize(("span", "window"), [(Span.DAY, 1), (Span.WEEK, 7), (Span.MONTH, 31)])
async def test_a_buy_in_limit_holds_for_its_window(world: World, span: Span, window: int) -> None:
    player = await rich(world)
    assert await world.limits.set_limit(player, Kind.BUY_IN, span, 1_000) is When.AT_ONCE
    assert (await buy_in(world, player, 600)).done
    refused = await buy_in(world, player, 401)
    told(refused, LimitName(f"buy_in_{span}"), 400)
    assert refused.reached is not None
    assert refused.reached.until is not None
    assert (await buy_in(world, player, 400)).done
    await world.pass_time(timedelta(days=window))
    assert (await buy_in(world, player, 1_000)).done


async def test_a_top_up_is_a_buy_in(world: World) -> None:
    player, session = await rich(world), uuid.uuid4()
    await world.limits.set_limit(player, Kind.BUY_IN, Span.DAY, 500)
    assert (await buy_in(world, player, 300, session)).done
    told(await buy_in(world, player, 300, session), LimitName.BUY_IN_DAY, 200)
    assert (await buy_in(world, player, 200, session)).done


async def test_a_refusal_by_a_limit_stays_and_says_the_same_again(world: World) -> None:
    player, session = await rich(world), uuid.uuid4()
    await world.limits.set_limit(player, Kind.BUY_IN, Span.DAY, 100)
    first = await buy_in(world, player, 101, session, key="k")
    told(first, LimitName.BUY_IN_DAY, 100)
    await world.pass_time(2 * DAY)
    assert await buy_in(world, player, 101, session, key="k") == first
    other = await buy_in(world, player, 100, session, key="k")
    assert other.code is Code.PAYLOAD_MISMATCH
    assert (await buy_in(world, player, 100)).done


async def test_an_empty_wallet_is_said_before_a_limit(world: World) -> None:
    player = await rich(world)
    await world.limits.set_limit(player, Kind.BUY_IN, Span.DAY, 0)
    assert (await buy_in(world, player, CHIPS + 1)).code is Code.INSUFFICIENT
    told(await buy_in(world, player, 1), LimitName.BUY_IN_DAY, 0)


async def test_no_more_is_lost_than_the_limit_says(world: World) -> None:
    (a, b), (at_a, at_b) = [await rich(world) for _ in range(2)], [uuid.uuid4() for _ in range(2)]
    await world.limits.set_limit(a, Kind.LOSS, Span.DAY, 1_000)
    assert (await buy_in(world, a, 600, at_a)).done
    assert (await buy_in(world, b, 2_000, at_b)).done
    # What he brought may be lost; what he wins on top of it is not his limit's.
    told(await buy_in(world, a, 401), LimitName.LOSS_DAY, 400)
    assert (await world.books.settle("oak", 1, 1, [(at_a, 900), (at_b, -900)], 0)).done
    told(await buy_in(world, a, 401, at_a), LimitName.LOSS_DAY, 400)
    assert (await world.books.cash_out(a, "oak", at_a, "out")).amount == 1_500
    # He is 900 ahead.
    told(await buy_in(world, a, 1_901), LimitName.LOSS_DAY, 1_900)
    session = uuid.uuid4()
    assert (await buy_in(world, a, 1_900, session)).done
    assert (await world.books.settle("oak", 2, 1, [(session, -1_900), (at_b, 1_900)], 0)).done
    assert (await world.books.cash_out(a, "oak", session, "out2")).amount == 0
    told(await buy_in(world, a, 1), LimitName.LOSS_DAY, 0)
    await world.pass_time(DAY)
    assert (await buy_in(world, a, 1_000)).done


async def test_of_several_limits_the_one_with_least_room_is_told(world: World) -> None:
    player = await rich(world)
    await world.limits.set_limit(player, Kind.BUY_IN, Span.MONTH, 900)
    await world.limits.set_limit(player, Kind.LOSS, Span.WEEK, 800)
    await world.limits.set_limit(player, Kind.BUY_IN, Span.DAY, 850)
    told(await buy_in(world, player, 901), LimitName.LOSS_WEEK, 800)


async def test_the_stricter_of_player_and_operator_counts(world: World) -> None:
    player = await rich(world)
    set_limit = world.limits.set_limit
    await set_limit(player, Kind.BUY_IN, Span.DAY, 500)
    await set_limit(player, Kind.BUY_IN, Span.DAY, 300, by=By.OPERATOR)
    told(await buy_in(world, player, 301), LimitName.BUY_IN_DAY, 300)
    await set_limit(player, Kind.BUY_IN, Span.DAY, 200)
    told(await buy_in(world, player, 201), LimitName.BUY_IN_DAY, 200)


async def test_tighter_counts_at_once_and_looser_after_a_day(world: World) -> None:
    player = await rich(world)

    async def say(amount: int | None) -> When:
        return await world.limits.set_limit(player, Kind.BUY_IN, Span.MONTH, amount)

    assert await say(None) is When.SAME
    assert await say(500) is When.AT_ONCE
    assert await say(500) is When.SAME
    assert await say(700) is When.LATER
    told(await buy_in(world, player, 501), LimitName.BUY_IN_MONTH, 500)
    await world.pass_time(timedelta(hours=12))
    assert await say(700) is When.LATER  # asked again it does not wait anew
    await world.pass_time(timedelta(hours=12, seconds=1))
    # Nothing is bought in before the end: on the first of a month it would not count any more.
    told(await buy_in(world, player, 701), LimitName.BUY_IN_MONTH, 700)
    assert await say(None) is When.LATER
    assert await say(600) is When.AT_ONCE  # and what waited is gone
    await world.pass_time(timedelta(hours=24, seconds=1))
    told(await buy_in(world, player, 601), LimitName.BUY_IN_MONTH, 600)
    assert await say(None) is When.LATER
    assert await say(600) is When.AT_ONCE
    assert await say(None) is When.LATER
    await world.pass_time(timedelta(hours=24, seconds=1))
    assert (await buy_in(world, player, 5_000)).done


async def test_a_limit_is_of_one_currency(world: World) -> None:
    player = await rich(world, EUR)
    await world.limits.set_limit(player, Kind.BUY_IN, Span.DAY, 0)
    assert (await buy_in(world, player, 50, currency=EUR)).done
    await world.limits.set_limit(player, Kind.BUY_IN, Span.DAY, 60, currency=EUR)
    refused = await buy_in(world, player, 50, currency=EUR)
    told(refused, LimitName.BUY_IN_DAY, 10)


async def test_time_of_play_ends_and_comes_back_after_a_break(world: World) -> None:
    player, session = await rich(world), uuid.uuid4()
    await world.limits.set_limit(player, Kind.SESSION, Span.SESSION, 3_600)
    assert (await buy_in(world, player, 100, session)).done
    await world.pass_time(timedelta(minutes=59))
    assert (await buy_in(world, player, 100, session)).done
    await world.pass_time(timedelta(minutes=2))
    told(await buy_in(world, player, 100, session), LimitName.SESSION, 0)
    told(await buy_in(world, player, 100, table="elm"), LimitName.SESSION, 0)
    assert (await world.books.cash_out(player, "oak", session, "out")).amount == 200
    told(await buy_in(world, player, 100), LimitName.SESSION, 0)
    await world.pass_time(timedelta(hours=1, seconds=1))
    assert (await buy_in(world, player, 100)).done


# Exclusion


@pytest.mark.parametrize("kind", Exclusion)
async def test_an_exclusion_stops_deposits_and_wagers_and_nothing_else(
    world: World, kind: Exclusion
) -> None:
    (player, session), (other, at_other) = [(await rich(world), uuid.uuid4()) for _ in range(2)]
    assert (await buy_in(world, player, 500, session)).done
    assert (await buy_in(world, other, 500, at_other)).done
    long = timedelta(days=42 if kind is Exclusion.COOLING_OFF else 365)
    await world.limits.exclude(player, kind, long)
    told(await buy_in(world, player, 5, session), LimitName(kind), 0)
    told(await buy_in(world, player, 5), LimitName(kind), 0)
    told(await world.begin(DEPOSIT, player, 5, "d"), LimitName(kind), 0)
    # The hand under way, the way home, withdrawals and gifts.
    assert (await world.books.settle("oak", 1, 1, [(session, 70), (at_other, -70)], 0)).done
    assert (await world.books.cash_out(player, "oak", session, "out")).amount == 570
    assert (await world.begin(WITHDRAWAL, player, 1_000, "w")).done
    assert (await world.books.grant_daily(player, 5, date(2026, 1, 3))).done
    await world.pass_time(long + timedelta(seconds=1))
    assert (await buy_in(world, player, 5)).done


async def test_an_exclusion_only_becomes_longer(world: World) -> None:
    player = await rich(world)
    year, week = timedelta(days=365), timedelta(days=7)
    first = await world.limits.exclude(player, Exclusion.SELF_EXCLUSION, year)
    assert first is not None
    assert await world.limits.exclude(player, Exclusion.COOLING_OFF, week) == first
    told(await buy_in(world, player, 5), LimitName.SELF_EXCLUSION, 0)
    assert await world.limits.exclude(player, Exclusion.SELF_EXCLUSION, None) is None
    assert await world.limits.exclude(player, Exclusion.SELF_EXCLUSION, year) is None
    await world.pass_time(timedelta(days=40_000))
    refused = await buy_in(world, player, 5)
    told(refused, LimitName.SELF_EXCLUSION, 0)
    assert refused.reached is not None
    assert refused.reached.until is None


# Payments


async def test_a_deposit_credits_when_it_is_posted_and_once(world: World) -> None:
    player = await rich(world)
    assert await world.begin(DEPOSIT, player, 300, "d") == Result(Code.APPLIED, 300)
    assert await world.begin(DEPOSIT, player, 300, "d") == Result(Code.DUPLICATE, 300)
    assert (await world.begin(DEPOSIT, player, 301, "d")).code is Code.PAYLOAD_MISMATCH
    assert (await world.books.balance(player)).amount == CHIPS
    assert (await world.decide(DEPOSIT, player, "d", POSTED)).code is Code.APPLIED
    assert (await world.decide(DEPOSIT, player, "d", POSTED)).code is Code.DUPLICATE
    assert (await world.decide(DEPOSIT, player, "d", VOIDED)).code is Code.PAYLOAD_MISMATCH
    assert (await world.books.balance(player)).amount == CHIPS + 300
    assert await world.begin(DEPOSIT, player, 300, "d") == Result(Code.DUPLICATE, 300)
    assert (await world.decide(DEPOSIT, player, "none", POSTED)).code is Code.UNKNOWN_ACCOUNT
    nobody = await world.begin(DEPOSIT, uuid.uuid4(), 5, "d")
    assert nobody.code is Code.UNKNOWN_ACCOUNT


async def test_a_withdrawal_takes_the_money_at_once_and_a_void_brings_it_back(
    world: World,
) -> None:
    player = await rich(world)
    for ref, state in (("a", VOIDED), ("b", POSTED)):
        assert (await world.begin(WITHDRAWAL, player, 4_000, ref)).code is Code.APPLIED
        assert (await world.begin(WITHDRAWAL, player, 4_000, ref)).code is Code.DUPLICATE
        assert (await world.books.balance(player)).amount == 6_000
        assert (await buy_in(world, player, 6_001)).code is Code.INSUFFICIENT
        assert (await world.decide(WITHDRAWAL, player, ref, state)).code is Code.APPLIED
        assert (await world.decide(WITHDRAWAL, player, ref, state)).code is Code.DUPLICATE
        other = POSTED if state is VOIDED else VOIDED
        again = await world.decide(WITHDRAWAL, player, ref, other)
        assert again.code is Code.PAYLOAD_MISMATCH
    assert (await world.books.balance(player)).amount == 6_000
    for _ in range(2):
        assert (await world.begin(WITHDRAWAL, player, 6_001, "c")).code is Code.INSUFFICIENT
    assert (await world.decide(WITHDRAWAL, player, "c", POSTED)).code is Code.UNKNOWN_ACCOUNT


async def test_a_pending_deposit_counts_and_a_voided_one_does_not(world: World) -> None:
    player = await rich(world)
    await world.limits.set_limit(player, Kind.DEPOSIT, Span.WEEK, 500)
    assert (await world.begin(DEPOSIT, player, 400, "a")).done
    told(await world.begin(DEPOSIT, player, 101, "b"), LimitName.DEPOSIT_WEEK, 100)
    assert (await world.decide(DEPOSIT, player, "a", VOIDED)).done
    assert (await world.begin(DEPOSIT, player, 101, "b")).code is Code.LIMIT_REACHED
    assert (await world.begin(DEPOSIT, player, 500, "c")).done
    assert (await world.decide(DEPOSIT, player, "c", POSTED)).done
    told(await world.begin(DEPOSIT, player, 1, "d"), LimitName.DEPOSIT_WEEK, 0)
    await world.pass_time(timedelta(days=7))
    assert (await world.begin(DEPOSIT, player, 500, "e")).done


async def test_what_was_under_way_before_an_exclusion_is_credited(world: World) -> None:
    player = await rich(world)
    assert (await world.begin(DEPOSIT, player, 300, "d")).done
    await world.limits.exclude(player, Exclusion.SELF_EXCLUSION, None)
    assert (await world.decide(DEPOSIT, player, "d", POSTED)).done
    assert (await world.begin(WITHDRAWAL, player, CHIPS + 300, "w")).done


# Currencies


async def test_wallets_of_two_currencies_know_nothing_of_each_other(world: World) -> None:
    player = await rich(world, EUR)
    assert await world.books.balance(player) == Balance(0, 0, 0)
    assert (await world.books.balance(player, EUR)).amount == CHIPS
    assert (await buy_in(world, player, 5)).code is Code.UNKNOWN_ACCOUNT
    unknown = await world.begin(DEPOSIT, player, 5, "d", "GBP")
    assert unknown.code is Code.UNKNOWN_ACCOUNT


async def test_a_table_has_one_currency(world: World) -> None:
    euro, play, session, other = await rich(world, EUR), await rich(world), *_two()
    assert (await buy_in(world, euro, 500, session, currency=EUR)).done
    assert (await buy_in(world, play, 500)).code is Code.UNKNOWN_ACCOUNT
    await world.books.open_wallet(euro)
    assert (await world.books.grant_daily(euro, 100, date(2026, 1, 2))).done
    assert (await buy_in(world, euro, 5, session)).code is Code.UNKNOWN_ACCOUNT
    third = await rich(world, EUR)
    assert (await buy_in(world, third, 500, other, currency=EUR)).done
    done = await world.books.settle("oak", 1, 1, [(session, 95), (other, -100)], 5)
    assert (done.code, done.amount) == (Code.APPLIED, 5)
    for number, (player, at, home) in enumerate(((euro, session, 595), (third, other, 400))):
        assert (await world.books.cash_out(player, "oak", at, f"o{number}")).amount == home
    assert (await world.books.balance(euro, EUR)).amount == CHIPS + 95
    # Nobody sits there any more: it may be opened for another currency.
    assert (await buy_in(world, play, 500)).done


def _two() -> tuple[UUID, UUID]:
    return uuid.uuid4(), uuid.uuid4()


async def test_hands_of_two_currencies_at_once_are_settled_each_in_its_own(world: World) -> None:
    at: dict[str, list[UUID]] = {"oak": [], "elm": []}
    for table, currency in (("oak", None), ("elm", EUR)):
        for _ in range(2):
            player, session = await rich(world, currency), uuid.uuid4()
            bought = await buy_in(world, player, 500, session, table, currency or "PLAY")
            assert bought.done
            at[table].append(session)
    for hand in range(1, 6):
        asked = [
            world.books.settle(table, hand, 1, [(at[table][0], 9), (at[table][1], -10)], 1)
            for table in at
        ]
        assert [result.code for result in await asyncio.gather(*asked)] == [Code.APPLIED] * 2
