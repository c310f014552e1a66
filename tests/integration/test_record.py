"""The record of a hand: complete, never changed, each viewer's own, and with its proofs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import msgspec
import pytest

from actors.archive import Archive, ArchivedHand, FinishedHand, HandGame, Search
from actors.handlog import DISCONNECTED, LEFT, TIME_OUT
from games.clock import ClockSpec
from games.fair.proof import verify
from games.holdem import records as r
from games.holdem.game import HoldemSpec
from games.rake import RakeSpec
from serve.hand_text import text_of
from serve.records import AUDITOR, record_of, seen
from tests import tracker
from tests.integration.seated import act, saw, seated
from tests.integration.table_bench import ANSWER_S_MAX, Bench, Player, open_bench, table_spec
from wire import events as e

Pool = asyncpg.Pool
RAKE = RakeSpec(version="house-7", rate_bp=500, caps=((2, 50),))
HOUR_S = 3_600.0
CHANGES = (
    "events = jsonb_set(events, '{0,button}', '9')",
    "times[2] = times[2] + 1",
    "seed = sha256('x')",
    "players = '[]'",
    "rules = jsonb_set(rules, '{rake,version}', '\"free\"')",
    "platform = '[[1, \"left\"]]'",
    "settlement = 'x'",
    "voided = 'x'",
    "epoch = epoch + 1",
)
SHORT = ClockSpec(turn_ms=80, bank_ms=0, bank_ms_max=0, refill_ms=0)


@pytest.fixture
async def bench(pool: "Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path) -> AsyncIterator[Bench]:
    game = msgspec.structs.replace(table_spec().game, rake=RAKE)
    async with open_bench(pool, app_dsn, tmp_path, table_spec(game=game)) as opened:
        yield opened


@pytest.fixture
def archive(pool: "Pool[asyncpg.Record]") -> Archive:
    return Archive(pool)


async def kept(bench: Bench, archive: Archive, number: int) -> ArchivedHand:
    """The record of a hand that is over, once nothing is owed to the ledger."""
    async with asyncio.timeout(ANSWER_S_MAX):
        await bench.room._cashier.idle.wait()
    found = await archive.hand("oak", number)
    assert found is not None
    return found


async def to_the_end(bench: Bench, players: list[Player], fold: bool = False) -> int:
    """Play the running hand with checks and calls, or end it by a fold; its number."""
    machine = bench.room.machine
    while not machine.game.playing:
        await players[0].read()
    number = machine.hand
    while machine.hand == number and machine.game.playing:
        options = machine.game.options()
        assert options is not None
        kind = "fold" if fold else "check" if options.can_check else "call"
        await act(bench, players[options.seat], type=kind)
    return number


async def test_a_record_has_everything_and_each_player_his_view(
    bench: Bench, archive: Archive
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        shown = await to_the_end(bench, players)
        folded = await to_the_end(bench, players, fold=True)
        hand, other = await kept(bench, archive, shown), await kept(bench, archive, folded)
    record = record_of(hand, 0, HOUR_S)
    assert record.settlement == f"hand:oak:{shown}"
    assert record.rules is not None
    assert (record.rules.rake_version, record.rules.rake_caps) == ("house-7", ((2, 50),))
    assert record.rules.currency == "PLAY"
    assert len(record.times) == len(hand.events)
    assert list(record.times) == sorted(record.times)
    assert record.times[0] == 0
    assert record.platform == ()
    assert len(record.digest) == 32
    assert [player.kind for _, player in hand.players] == ["player", "player"]
    for viewer in (0, 1, AUDITOR):
        for each in (hand, other):
            proof = record_of(each, viewer, HOUR_S).proof
            assert proof is not None
            assert verify(proof).faults == ()
            assert proof.seed is None
    mine = record_of(other, 0, HOUR_S).proof
    assert mine is not None
    assert [hole.seat for hole in mine.holes] == [0]
    dealt = [x for x in seen(other, 0) if isinstance(x, r.HoleDealt)]
    assert {x.seat: bool(x.cards) for x in dealt} == {0: True, 1: False}
    for viewer in (0, 1, AUDITOR):
        stacks = tracker.read(text_of(hand, viewer, "pokerstars"))
        over = next(x for x in hand.events if isinstance(x, r.HandEnded))
        started = next(x for x in hand.events if isinstance(x, r.HandStarted))
        assert stacks == {
            dict(hand.names)[seat]: chips
            for seat, chips in zip(started.seats, over.stacks, strict=True)
        }


async def test_a_seed_goes_late_to_auditors_and_to_those_who_saw_every_hand(
    bench: Bench, archive: Archive
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        first = await to_the_end(bench, players)
        second = await to_the_end(bench, players, fold=True)
        at_showdown, folded = await kept(bench, archive, first), await kept(bench, archive, second)
    late = datetime.now(UTC) + timedelta(hours=2)
    everybody_shown = not any(isinstance(x, r.HandMucked) for x in at_showdown.events)
    for hand in (at_showdown, folded):
        early = record_of(hand, AUDITOR, HOUR_S).proof
        whole = record_of(hand, AUDITOR, HOUR_S, late).proof
        assert early is not None
        assert early.seed is None
        assert whole is not None
        assert whole.seed == hand.seed
        assert verify(whole).faults == ()
        assert verify(whole).seed_checked
        rights = []
        for seat in (0, 1):
            proof = record_of(hand, seat, HOUR_S, late).proof
            assert proof is not None
            rights.append(proof.seed is not None)
        # The one whose hand was beaten saw both hands; the winner, if that one mucked, did not.
        if hand is folded:
            assert rights == [False, False]
        else:
            assert any(rights)
            assert all(rights) == everybody_shown


async def test_decisions_that_the_table_made_are_marked(
    pool: "Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path, archive: Archive
) -> None:
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(clock=SHORT)) as bench,
        AsyncExitStack() as stack,
    ):
        players = await seated(bench, stack)
        first = (await saw(players[0], r.HandStarted)).hand
        await saw(players[0], r.HandEnded)
        timed_out = await kept(bench, archive, first)
        assert [why for _, why in timed_out.platform] == [TIME_OUT]
        number, _ = timed_out.platform[0]
        assert isinstance(timed_out.events[number], r.Acted)
        assert any(isinstance(x, e.TimedOut) for x in timed_out.events)


async def test_a_fold_for_one_who_left_and_one_for_a_broken_line_are_told_apart(
    pool: "Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path, archive: Archive
) -> None:
    clock = ClockSpec(turn_ms=1_500, bank_ms=0, bank_ms_max=0, refill_ms=0)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(clock=clock)) as bench,
        AsyncExitStack() as stack,
    ):
        players = await seated(bench, stack, 3)
        await to_the_end(bench, players, fold=True)  # the first hand began without the third
        machine = bench.room.machine
        while not machine.game.playing:
            await players[0].read()
        number, turn = machine.hand, machine.game.turn
        await players[turn].socket.close()
        await players[turn - 1].until(e.TimedOut)
        # The others leave: one in his turn, and the table folds for him.
        while machine.hand == number and machine.game.playing:
            await players[machine.game.turn].ask(type="stand")
        record = await kept(bench, archive, number)
        reasons = [why for _, why in record.platform]
        assert reasons[0] == DISCONNECTED
        assert set(reasons[1:]) == {LEFT}
        assert all(isinstance(record.events[at], r.Acted) for at, _ in record.platform)


async def test_nobody_changes_a_record_and_a_changed_one_is_found(
    bench: Bench,
    archive: Archive,
    pool: "Pool[asyncpg.Record]",
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        number = await to_the_end(bench, players, fold=True)
        await kept(bench, archive, number)
        for query in (
            "UPDATE actors.hands SET voided = 'x'",
            "DELETE FROM actors.hands",
            "INSERT INTO actors.hand_players VALUES (gen_random_uuid(), 1, 1, 'x')",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.execute(query)
            if not query.startswith("INSERT"):
                with pytest.raises(asyncpg.RaiseError, match="never changed"):
                    await admin.execute(query)
        with pytest.raises(asyncpg.RaiseError, match="never changed"):
            await admin.execute("TRUNCATE actors.hands CASCADE")
        assert await archive.check() == (1, [])
        await admin.execute("ALTER TABLE actors.hands DISABLE TRIGGER never_changed")
        for change in CHANGES:
            undone = admin.transaction()
            await undone.start()
            await admin.execute(f"UPDATE actors.hands SET {change}")
            looked = "SELECT count(*) FROM actors.hands h WHERE digest <> actors.hand_digest(h)"
            assert await admin.fetchval(looked) == 1, change
            await undone.rollback()
        assert await archive.check() == (1, [])
        await admin.execute("UPDATE actors.hands SET hand = 999")
        assert await archive.check() == (1, ["oak/999 was altered"])


async def test_hands_are_found_by_table_player_and_time_and_forgotten_by_age(
    bench: Bench, archive: Archive
) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        numbers = [await to_the_end(bench, players, fold=True) for _ in range(3)]
        last = await kept(bench, archive, numbers[-1])
        name = dict(last.names)[0]
    everything = await archive.search(Search(), None, 10)
    assert [hand.hand for hand in everything][-3:] == numbers[::-1]
    for wanted in (
        Search(table="oak"),
        Search(player=name.upper()),
        Search(player=str(players[0].id)),
        Search(until=datetime.now(UTC) + timedelta(minutes=1)),
    ):
        assert len(await archive.search(wanted, None, 10)) == len(everything), wanted
    assert len(await archive.search(Search(table="oak"), last.id, 2)) == 2
    for wanted in (
        Search(table="elm"),
        Search(player="nobody"),
        Search(since=datetime.now(UTC) + timedelta(minutes=1)),
    ):
        assert await archive.search(wanted, None, 10) == [], wanted
    assert last.seat_of(UUID(str(players[1].id))) == 1
    assert await archive.retire(datetime.now(UTC) - timedelta(days=1), 10) == 0
    assert await archive.retire(datetime.now(UTC) + timedelta(minutes=1), 2) == 2
    assert [hand.hand for hand in await archive.search(Search(), None, 10)] == [
        hand.hand for hand in everything[: len(everything) - 2]
    ]
    assert (await archive.check())[1] == []


async def test_a_record_that_can_t_be_kept_takes_no_other_with_it(
    bench: Bench, archive: Archive, pool: "Pool[asyncpg.Record]"
) -> None:
    """Hands that end together are written together; all but one text fit into the database."""
    reasons = ["fault", "fault", "\0", "fault"]
    hands = [FinishedHand("oak", n, 1, (), (), voided=why) for n, why in enumerate(reasons)]
    saved = await asyncio.gather(*(archive.save(hand) for hand in hands), return_exceptions=True)
    assert [saved[n] for n in (0, 1, 3)] == [None] * 3
    assert isinstance(saved[2], asyncpg.CharacterNotInRepertoireError)
    assert [await archive.hand("oak", n) is not None for n in range(4)] == [True, True, False, True]
    assert await pool.fetchval("SHOW synchronous_commit") == "on"


def test_a_record_without_a_currency_is_read_and_one_with_it_by_the_release_before() -> None:
    before = table_spec().game
    assert msgspec.json.decode(msgspec.json.encode(before), type=HandGame).currency == ""
    now = HandGame(**msgspec.structs.asdict(before), currency="EUR")
    assert msgspec.json.decode(msgspec.json.encode(now), type=HoldemSpec) == before
    assert msgspec.json.decode(msgspec.json.encode(now), type=HandGame) == now
