"""Limits and exclusions where they can be raced, and the windows they count: on a real Postgres."""

import asyncio
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.limits import EUR, Postgres
from wallet.batch import digest
from wallet.cashier import Cashier
from wallet.errors import ExclusionInvalid, LimitInvalid
from wallet.ledger import Ledger, Result
from wallet.payments import DevelopmentProvider, ManualProvider
from wallet.protection import (
    COOLING_OFF_MAX,
    SELF_EXCLUSION_MIN,
    SESSION_S_MIN,
    By,
    Exclusion,
    Kind,
    Protections,
    Span,
)
from wallet.results import LedgerResult as Code
from wallet.results import LimitName

INVARIANTS = Path(__file__).with_name("invariants.sql").read_text("utf-8")
CHIPS = 100_000
RACES = 40


@pytest.fixture
async def ledger(pool: Any, admin: Any) -> AsyncIterator[Ledger]:
    """Whatever was raced: the books are sound, and the counters are what the entries say."""
    books = (await Postgres(pool, admin).open()).books
    assert isinstance(books, Ledger)
    yield books
    assert [row[0] for row in await admin.fetch(INVARIANTS)] == []
    assert (await books.check()).problems == (await books.verify()).problems == []


@pytest.fixture
def limits(pool: Any) -> Protections:
    return Protections(pool)


async def rich(ledger: Ledger) -> UUID:
    player = uuid.uuid4()
    await ledger.open_wallet(player)
    assert (await ledger.grant_daily(player, CHIPS, date(2026, 1, 2))).done
    return player


async def buy_in(ledger: Ledger, player: UUID, amount: int, table: str = "oak") -> Result:
    session = uuid.uuid4()
    return await ledger.buy_in(player, table, session, amount, f"in:{session}", 1)


async def test_buy_ins_at_many_tables_at_once_never_pass_the_limit(
    ledger: Ledger, limits: Protections
) -> None:
    player = await rich(ledger)
    await limits.set_limit(player, Kind.BUY_IN, Span.DAY, 1_000)
    asked = [buy_in(ledger, player, 300, f"table-{n}") for n in range(20)]
    results = await asyncio.gather(*asked)
    assert (
        sorted(result.code for result in results) == [Code.APPLIED] * 3 + [Code.LIMIT_REACHED] * 17
    )
    assert (await ledger.balance(player)).at_tables == 900


async def test_what_may_be_lost_at_many_tables_at_once_never_passes_the_limit(
    ledger: Ledger, limits: Protections
) -> None:
    player = await rich(ledger)
    await limits.set_limit(player, Kind.LOSS, Span.WEEK, 1_000)
    asked = [buy_in(ledger, player, 400, f"table-{n}") for n in range(10)]
    assert sum(result.done for result in await asyncio.gather(*asked)) == 2


async def test_deposits_at_once_never_pass_the_limit(
    ledger: Ledger, limits: Protections, pool: Any
) -> None:
    player = await rich(ledger)
    await limits.set_limit(player, Kind.DEPOSIT, Span.MONTH, 1_000)
    for provider in (ManualProvider(), DevelopmentProvider()):
        cashier = Cashier(pool, provider)
        asked = [cashier.deposit(player, "PLAY", 300, f"{provider.name}-{n}") for n in range(20)]
        done = [payment for result, payment in await asyncio.gather(*asked) if result.done]
        assert len(done) == (3 if provider.name == "manual" else 0)
    (room,) = (await limits.of(player)).rooms
    assert (room.limit, room.left) == (LimitName.DEPOSIT_MONTH, 100)


async def test_after_an_exclusion_no_buy_in_and_no_deposit_commits(
    ledger: Ledger, limits: Protections, pool: Any
) -> None:
    """Those that are answered after it, and those that were on their way when it was written."""
    chance = random.Random(3)
    cashier = Cashier(pool, DevelopmentProvider())
    before = 0
    for number in range(RACES):
        player = await rich(ledger)

        async def excluded(player: UUID = player) -> datetime:
            await limits.exclude(player, Exclusion.SELF_EXCLUSION, None)
            at: datetime = await pool.fetchval("SELECT clock_timestamp()")
            return at

        asked: list[Awaitable[Any]] = [
            buy_in(ledger, player, 5, f"t{number}-{n}") for n in range(8)
        ]
        asked += [cashier.deposit(player, "PLAY", 5, f"d{n}") for n in range(4)]
        # In the midst of them: a moment later may be after all of them.
        place = chance.randrange(1, len(asked))
        answers = await asyncio.gather(*asked[:place], excluded(), *asked[place:])
        late = await pool.fetchval(
            "SELECT (SELECT count(*) FROM wallet.entries e JOIN wallet.accounts a"
            " USING (account_id) JOIN wallet.transfers t USING (transfer_id)"
            " WHERE a.owner = $1 AND t.kind = 'buy_in' AND e.at > $2)"
            " + (SELECT count(*) FROM wallet.payments WHERE player = $1 AND begun_at > $2)",
            player,
            answers[place],
        )
        assert late == 0
        before += await pool.fetchval(
            "SELECT count(*) FROM wallet.sittings WHERE player = $1", player
        )
        assert (await buy_in(ledger, player, 5)).code is Code.LIMIT_REACHED
    assert 0 < before < 8 * RACES, "no race was run"


async def test_an_exclusion_waits_for_a_buy_in_that_is_being_written(
    ledger: Ledger, limits: Protections, admin: Any, pool: Any
) -> None:
    player, session = await rich(ledger), uuid.uuid4()
    async with pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        code = await conn.fetchval(
            "SELECT wallet.buy_in('k', $3, $1, 'oak', $2, 5, 1)", player, session,
            digest("buy_in", player, "oak", session, 5),
        )  # fmt: skip
        assert code == "applied"
        excluding = asyncio.create_task(limits.exclude(player, Exclusion.SELF_EXCLUSION, None))
        await _until(lambda: _waiting(admin))
        assert not excluding.done()
        late = asyncio.create_task(buy_in(ledger, player, 5))
        await transaction.commit()
    await excluding
    await late
    assert (await buy_in(ledger, player, 5)).code is Code.LIMIT_REACHED


async def test_a_buy_in_waits_for_an_exclusion_that_is_being_written(
    ledger: Ledger, admin: Any, pool: Any
) -> None:
    player = await rich(ledger)
    async with pool.acquire() as conn:
        transaction = conn.transaction()
        await transaction.start()
        await conn.execute(
            "SELECT wallet.exclude($1, 'self_exclusion', 'player', '', '', 'infinity')", player
        )
        buying = asyncio.create_task(buy_in(ledger, player, 5))
        await _until(lambda: _waiting(admin))
        await transaction.commit()
    assert (await buying).code is Code.LIMIT_REACHED


async def _waiting(admin: Any) -> bool:
    return bool(
        await admin.fetchval(
            "SELECT count(*) FROM pg_locks WHERE NOT granted"
            " AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
        )
    )


async def _until(ask: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await ask():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_windows_begin_with_the_day_the_week_and_the_month_of_utc(
    ledger: Ledger, limits: Protections, admin: Any
) -> None:
    player = await rich(ledger)
    today = datetime.now(UTC).date()
    firsts = {
        Span.DAY: today,
        Span.WEEK: today - timedelta(days=today.weekday()),
        Span.MONTH: today.replace(day=1),
    }
    write = (
        "INSERT INTO wallet.player_days (player, currency, day, deposited)"
        " VALUES ($1, 'PLAY', $2, $3)"
    )
    for span in firsts:
        await limits.set_limit(player, Kind.DEPOSIT, span, 1_000)
    for span, first in firsts.items():
        for day, left in ((first - timedelta(days=1), 1_000), (first, 400)):
            await admin.execute("DELETE FROM wallet.player_days")
            await admin.execute(write, player, day, 600)
            rooms = {room.limit: room for room in (await limits.of(player)).rooms}
            assert rooms[LimitName(f"deposit_{span}")].left == left
    await admin.execute("DELETE FROM wallet.player_days")
    ends = {room.limit: room.until for room in (await limits.of(player)).rooms}
    midnight = datetime(today.year, today.month, today.day, tzinfo=UTC) + timedelta(days=1)
    assert ends[LimitName.DEPOSIT_DAY] == midnight
    assert ends[LimitName.DEPOSIT_WEEK].weekday() == 0
    assert ends[LimitName.DEPOSIT_MONTH].day == 1


async def test_what_is_set_is_shown_with_what_waits(ledger: Ledger, limits: Protections) -> None:
    player = await rich(ledger)
    assert (await limits.of(uuid.uuid4())).limits == []
    await limits.set_limit(player, Kind.LOSS, Span.WEEK, 500, currency=EUR)
    await limits.set_limit(player, Kind.LOSS, Span.WEEK, 900, currency=EUR)
    await limits.set_limit(player, Kind.SESSION, Span.SESSION, 600, by=By.OPERATOR, who="ann")
    shown = await limits.of(player, EUR)
    loss, session = shown.limits
    assert (loss.kind, loss.span, loss.currency, loss.by) == ("loss", "week", EUR, "player")
    assert (loss.amount, loss.next_amount) == (500, 900)
    assert loss.next_at is not None
    assert timedelta(hours=23) < loss.next_at - datetime.now(UTC) <= timedelta(hours=24)
    assert (session.amount, session.by, session.next_at) == (600, "operator", None)
    assert [(room.limit, room.left) for room in shown.rooms] == [(LimitName.LOSS_WEEK, 500)]
    assert shown.play_until is None
    await buy_in(ledger, player, 5)
    assert (await limits.of(player)).play_until is not None
    until = await limits.exclude(player, Exclusion.COOLING_OFF, timedelta(days=2))
    shown = await limits.of(player)
    assert (shown.excluded, shown.excluded_until) == (Exclusion.COOLING_OFF, until)


async def test_every_change_is_kept(limits: Protections, ledger: Ledger, pool: Any) -> None:
    player = await rich(ledger)
    await limits.set_limit(player, Kind.LOSS, Span.DAY, 5, who="x")
    await limits.set_limit(player, Kind.LOSS, Span.DAY, 5, who="x")
    await limits.set_limit(player, Kind.LOSS, Span.DAY, None, by=By.OPERATOR)
    await limits.set_limit(player, Kind.LOSS, Span.DAY, None)
    await limits.exclude(player, Exclusion.SELF_EXCLUSION, None, reason="asked by letter")
    rows = await pool.fetch(
        "SELECT name, set_by, amount, reason FROM wallet.limit_changes ORDER BY change_id"
    )
    assert [tuple(row) for row in rows] == [
        ("loss_day", "player", 5, ""),
        ("loss_day", "player", None, ""),
        ("self_exclusion", "player", None, "asked by letter"),
    ]


async def test_impossible_limits_and_exclusions_are_raised(limits: Protections) -> None:
    player = uuid.uuid4()
    for kind, span, amount in (
        (Kind.DEPOSIT, Span.DAY, -1),
        (Kind.DEPOSIT, Span.DAY, 2**53),
        (Kind.DEPOSIT, Span.SESSION, 5),
        (Kind.SESSION, Span.DAY, 600),
        (Kind.SESSION, Span.SESSION, SESSION_S_MIN - 1),
    ):
        with pytest.raises(LimitInvalid):
            await limits.set_limit(player, kind, span, amount)
    second = timedelta(seconds=1)
    for exclusion, duration in (
        (Exclusion.COOLING_OFF, None),
        (Exclusion.COOLING_OFF, timedelta(0)),
        (Exclusion.COOLING_OFF, COOLING_OFF_MAX + second),
        (Exclusion.SELF_EXCLUSION, SELF_EXCLUSION_MIN - second),
        (Exclusion.SELF_EXCLUSION, timedelta(days=36_501)),
    ):
        with pytest.raises(ExclusionInvalid):
            await limits.exclude(player, exclusion, duration)
