"""The review queue over a real record in a real Postgres."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from actors.archive import Archive, FinishedHand, HandGame
from actors.commands import Player
from actors.postgres_journal import PostgresJournal
from games.holdem import hand as rules
from games.holdem import records as r
from games.holdem.positions import Blinds
from games.rake import RakeSpec
from serve.signals.detect import TIMED_MIN
from serve.signals.review import Review, look_through
from tests.integration.table_bench import table_spec
from wire.events import Event, TurnBegan

if TYPE_CHECKING:
    from auth.accounts import Pool

NO_RAKE = RakeSpec(version="none", rate_bp=0)
SPEC = HandGame(seats=2, currency="PLAY", blinds=Blinds(small=50, big=100), rake=NO_RAKE)


def checked_down(number: int, players: tuple[Player, Player], think_ms: int) -> FinishedHand:
    """A hand of two who call and check, each after the same time."""
    posts = [r.Post(0, r.PostKind.SMALL_BLIND, 50), r.Post(1, r.PostKind.BIG_BLIND, 100)]
    hand, begun = rules.start(
        number=number, button=0, order=[0, 1], stacks=[10_000] * 2, posts=posts,
        deck=[(card * 7 + number) % 52 for card in range(52)], big_blind=100, rake_spec=NO_RAKE,
    )  # fmt: skip
    events: list[Event] = [*begun]
    times = [0] * len(events)
    at = 0
    while not hand.over:
        options, seat = rules.legal(hand), hand.turn
        assert options is not None
        events.append(TurnBegan(seat, options, 15_000, 0, len(events)))
        times.append(at)
        at += think_ms
        new = rules.apply(hand, seat, r.Check() if options.can_check else r.Call())
        events += new
        times += [at] * len(new)
    return FinishedHand(
        "oak", number, 1, tuple(events), tuple(enumerate(players)), rules=SPEC,
        times=tuple(times),
    )  # fmt: skip


@pytest.fixture
async def review(pool: "Pool", app_dsn: str) -> Review:
    """Over a record of two who decide at once, each time."""
    await PostgresJournal(app_dsn, pool).take_over("oak", "me", "here:1", 15.0, table_spec())
    quick = tuple(Player(str(uuid.UUID(int=n)), f"quick-{n}", "player") for n in (1, 2))
    archive = Archive(pool)
    for number in range(1, TIMED_MIN // 4 + 2):
        await archive.save(checked_down(number, (quick[0], quick[1]), 120))
    return Review(pool)


async def test_what_is_found_waits_for_a_person(review: Review) -> None:
    now = datetime.now(UTC)
    hands, found = await review.look(now)
    assert hands == TIMED_MIN // 4 + 1
    assert [each.kind for each in found] == ["superhuman"] * 2
    await review.look(now)
    queued = await review.list("open", None, 10)
    assert len(queued) == 2, "a second look brings it up to date"
    assert {each.players for each in queued} == {(str(uuid.UUID(int=n)),) for n in (1, 2)}
    assert queued[0].evidence["median_ms"] == 120
    first = queued[0].id
    assert await review.decide(first, True, "ann", "plays by script") == "done"
    assert await review.decide(first, False, "bob", "no") == "already_decided"
    assert await review.decide(10**9, False, "bob", "no") == "finding_unknown"
    (left,) = await review.list("open", None, 10)
    assert left.id != first
    (confirmed,) = await review.list("confirmed", None, 10)
    assert (confirmed.decided_by, confirmed.remark) == ("ann", "plays by script")
    assert len(await review.list(None, None, 1)) == 1
    await review.look(now)
    assert len(await review.list("open", None, 10)) == 2, "found again after it was decided"


async def test_one_replica_looks_a_night(review: Review) -> None:
    looked = 0

    async def look() -> tuple[int, int]:
        nonlocal looked
        looked += 1
        hands, found = await review.look(datetime.now(UTC))
        return hands, len(found)

    tonight = datetime(2026, 3, 1, 4, tzinfo=UTC)
    assert await review.look_once(tonight, look)
    assert not await review.look_once(tonight + timedelta(hours=3), look)
    assert await review.look_once(tonight + timedelta(days=1), look)
    assert looked == 2


async def test_another_process_may_look(review: Review, app_dsn: str) -> None:
    hands, found = await asyncio.to_thread(look_through, app_dsn)
    assert (hands, found) == (TIMED_MIN // 4 + 1, 2)
