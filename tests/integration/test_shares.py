"""Links to hands, filters of one's own hands, and voids by two people: on real Postgres."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from actors import shares as shares_module
from actors.archive import Archive, FinishedHand, OwnSearch
from actors.commands import Player
from actors.shares import TOKEN_CHARS, Shares
from actors.void_proposals import EXPIRED, OPEN_FOR, VoidProposals
from games.holdem.records import HandEnded, HandStarted, HandVoided, PotAwarded

Pool = asyncpg.Pool
NOW = datetime(2026, 1, 2, tzinfo=UTC)
DAY = timedelta(days=1)
ANN, BOB = uuid4(), uuid4()
SEATED = ((0, Player(str(ANN), "ann", "player")), (1, Player(str(BOB), "bob", "player")))


def finished(hand: int, won: int, table: str = "oak", voided: str | None = None) -> FinishedHand:
    """Seat 0 wins so much of seat 1, of a pot of twice that."""
    begun = HandStarted(hand, 0, (0, 1), (100, 100))
    events: Any = (
        begun,
        PotAwarded(0, 2 * abs(won), 0, ((0 if won > 0 else 1, 2 * abs(won)),)),
        HandEnded(hand, (100 + won, 100 - won), 0),
    )
    if voided is not None:
        events = (begun, HandVoided(hand, (0, 1), (100, 100), voided))
    return FinishedHand(table, hand, 1, events, SEATED, voided)


@pytest.fixture
async def archive(pool: "Pool[asyncpg.Record]") -> Archive:
    kept = Archive(pool)
    for table in ("oak", "elm"):
        await pool.execute("SELECT actors.take_over($1, 'me', 'here', 1000, '{}')", table)
    for hand, won in ((1, 5), (2, -20), (3, 0)):
        await kept.save(finished(hand, won))
    await kept.save(finished(1, 50, table="elm"))
    await kept.save(finished(4, 7, voided="misdeal"))
    return kept


@pytest.fixture
def shares(archive: Archive, pool: "Pool[asyncpg.Record]") -> Shares:
    return Shares(pool)


async def numbers(archive: Archive, player: UUID, wanted: OwnSearch) -> list[tuple[str, int]]:
    return [(h.table, h.hand) for h in await archive.hands_of(player, None, 50, wanted)]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (OwnSearch(), [("oak", 4), ("elm", 1), ("oak", 3), ("oak", 2), ("oak", 1)]),
        (OwnSearch(table="elm"), [("elm", 1)]),
        (OwnSearch(result="won"), [("elm", 1), ("oak", 1)]),
        (OwnSearch(result="lost"), [("oak", 2)]),
        (OwnSearch(result="even"), [("oak", 3)]),
        (OwnSearch(result="void"), [("oak", 4)]),
        (OwnSearch(pot_min=40), [("elm", 1), ("oak", 2)]),
        (OwnSearch(pot_min=41, result="won"), [("elm", 1)]),
        (OwnSearch(until=NOW), []),
    ],
)
async def test_a_player_looks_for_his_hands(
    archive: Archive, wanted: OwnSearch, found: list[tuple[str, int]]
) -> None:
    assert await numbers(archive, ANN, wanted) == found


async def test_what_one_has_won_the_other_has_lost(archive: Archive) -> None:
    assert await numbers(archive, BOB, OwnSearch(result="won")) == [("oak", 2)]
    assert await numbers(archive, uuid4(), OwnSearch()) == []


async def test_a_link_shows_one_hand_as_its_maker_saw_it_until_it_ends(shares: Shares) -> None:
    made = await shares.make(BOB, "oak", 2, DAY, NOW)
    assert made is not None
    share, token = made
    assert len(token) == TOKEN_CHARS
    found = await shares.follow(token, NOW)
    assert found is not None
    hand, expires = found
    assert (hand.table, hand.hand, hand.seat, expires) == ("oak", 2, 1, NOW + DAY)
    assert await shares.follow(token, NOW + DAY) is None
    for wrong in ("", token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), "x" * 43):
        assert await shares.follow(wrong, NOW) is None
    # Nobody else ends it.
    assert not await shares.end(ANN, share.id)
    assert await shares.of(BOB, NOW) == [share]
    assert await shares.end(BOB, share.id)
    assert await shares.follow(token, NOW) is None
    assert await shares.of(BOB, NOW) == []


async def test_the_database_does_not_show_what_opens_a_link(
    shares: Shares, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    made = await shares.make(ANN, "oak", 1, DAY, NOW)
    assert made is not None
    row = await admin.fetchval("SELECT s::text FROM actors.hand_shares s")
    assert made[1] not in row


async def test_nobody_shares_what_he_was_not_dealt_in(shares: Shares) -> None:
    assert await shares.make(uuid4(), "oak", 1, DAY, NOW) is None
    assert await shares.make(ANN, "oak", 99, DAY, NOW) is None


async def test_links_have_a_limit_and_ended_ones_do_not_count(
    shares: Shares, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares_module, "LINKS_MAX", 2)
    for _ in range(2):
        assert await shares.make(ANN, "oak", 1, DAY, NOW) is not None
    assert await shares.make(ANN, "oak", 1, DAY, NOW) is None
    assert await shares.make(BOB, "oak", 1, DAY, NOW) is not None
    assert await shares.make(ANN, "oak", 1, DAY, NOW + DAY) is not None
    assert len(await shares.of(ANN, NOW)) == 1  # what had ended was swept


async def test_links_made_at_once_are_counted(
    shares: Shares, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares_module, "LINKS_MAX", 2)
    for each in range(10):
        now = NOW + each * DAY  # what the round before made has ended
        made = await asyncio.gather(*(shares.make(ANN, "oak", 1, DAY, now) for _ in range(8)))
        assert len([each for each in made if each is not None]) == 2
        assert len(await shares.of(ANN, now)) == 2


async def test_a_hand_that_is_retired_takes_its_links_along(
    shares: Shares, archive: Archive
) -> None:
    made = await shares.make(ANN, "oak", 1, DAY, NOW)
    assert made is not None
    assert await archive.retire(datetime.now(UTC) + DAY, 100) == 5
    assert await shares.follow(made[1], NOW) is None


# Voids by two


@pytest.fixture
def proposals(pool: "Pool[asyncpg.Record]") -> VoidProposals:
    return VoidProposals(pool)


async def test_a_second_operator_agrees_once(proposals: VoidProposals) -> None:
    made = await proposals.propose("oak", 7, "misdeal", ANN, "ann", NOW)
    assert await proposals.decide(made.id, True, ANN, "ann", NOW) is None
    both = await asyncio.gather(
        *(proposals.decide(made.id, True, BOB, "bob", NOW) for _ in range(8))
    )
    (decided,) = [each for each in both if each is not None]
    assert (decided.state, decided.decided_by, decided.proposer_id) == ("approved", "bob", ANN)
    await proposals.note(made.id, "stale_hand")
    (shown,) = await proposals.last(10, NOW)
    assert (shown.outcome, shown.hand, shown.reason) == ("stale_hand", 7, "misdeal")


async def test_who_asked_may_take_it_back_and_after_ten_minutes_it_is_none(
    proposals: VoidProposals,
) -> None:
    mine = await proposals.propose("oak", 7, "misdeal", ANN, "ann", NOW)
    late = await proposals.propose("oak", 8, "misdeal", ANN, "ann", NOW)
    assert await proposals.decide(mine.id, False, ANN, "ann", NOW) is not None
    assert await proposals.decide(late.id, True, BOB, "bob", NOW + OPEN_FOR) is None
    one = await proposals.one(late.id, NOW + OPEN_FOR)
    assert one is not None
    assert one.state == EXPIRED
    assert await proposals.one(late.id + 1, NOW) is None


async def test_the_database_itself_refuses_a_yes_to_oneself(
    proposals: VoidProposals, pool: "Pool[asyncpg.Record]"
) -> None:
    made = await proposals.propose("oak", 7, "misdeal", ANN, "ann", NOW)
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(
            "UPDATE actors.void_proposals SET state = 'approved', decider_id = proposer_id"
            " WHERE proposal_id = $1",
            made.id,
        )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute("DELETE FROM actors.void_proposals")
