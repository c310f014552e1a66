"""A table over real sockets and real stores: play, money, absence and return."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import msgspec
import pytest

from actors.bank import insist
from games.clock import ClockSpec
from games.holdem import records as r
from tests.integration.table_bench import Bench, Player, open_bench, table_spec
from wire import events as e
from wire.codec import CODECS, JSON
from wire.codes import Close
from wire.server_frames import Accepted, Refused, Update, Welcome


@pytest.fixture
async def bench(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> AsyncIterator[Bench]:
    async with open_bench(pool, app_dsn, tmp_path, table_spec()) as opened:
        yield opened


async def two_seated(bench: Bench, stack: AsyncExitStack) -> tuple[Player, Player]:
    """Two players with 1,000 each; the first hand is on."""
    a = await stack.enter_async_context(bench.player())
    b = await stack.enter_async_context(bench.player())
    assert await a.ask(type="sit", buy_in=1_000, seat=0) == Accepted(a_ref(a), 0)
    assert isinstance(await b.ask(type="sit", buy_in=1_000, seat=1), Accepted)
    return a, b


def a_ref(player: Player) -> str:
    """The reference of the answer read last."""
    return str(msgspec.json.decode(player.raw[-1])["ref"])


async def turn(*players: Player) -> tuple[Player, e.TurnBegan]:
    """Whose turn it is, from what the first player has been told."""
    first = players[0]
    begun = [event for event in first.events if isinstance(event, e.TurnBegan)]
    event = begun[-1] if begun else await first.until(e.TurnBegan)
    return players[event.seat], event


async def test_a_hand_is_played_and_settled_and_the_chips_go_home(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        a, b = await two_seated(bench, stack)
        started = await a.until(r.HandStarted) if not a.events else None
        actor, _ = await turn(a, b)
        hand = bench.host.tables["oak"].machine.hand
        assert started is None or started.hand == hand
        answer = await actor.ask(type="act", hand=hand, action={"type": "fold"})
        assert isinstance(answer, Accepted)
        for player in (a, b):
            assert isinstance(await player.ask(type="stand"), Accepted)
        other = b if actor is a else a
        await bench.settled()
        stakes = await bench.ledger.open_stakes("oak")
        assert stakes == []
        lost = (await bench.ledger.balance(actor.id)).amount
        won = (await bench.ledger.balance(other.id)).amount
        assert lost + won == 20_000
        assert lost < won


async def test_nobody_is_sent_anothers_cards(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        a, b = await two_seated(bench, stack)
        other = await stack.enter_async_context(bench.player())
        await turn(a, b)
        for player, seat in ((a, 0), (b, 1)):
            if not any(isinstance(event, r.HoleDealt) for event in player.events):
                await player.until(r.HoleDealt)
            dealt = [event for event in player.events if isinstance(event, r.HoleDealt)]
            assert {bool(event.cards) for event in dealt if event.seat == seat} == {True}
            assert {bool(event.cards) for event in dealt if event.seat != seat} == {False}
        assert other.welcome is not None
        assert other.welcome.view is not None
        assert other.welcome.view.cards == ()
        assert other.welcome.view.hand is not None
        assert set(other.welcome.view.hand.shown) == {()}


async def test_one_who_comes_back_gets_what_he_missed(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        a, b = await two_seated(bench, stack)
        await turn(a, b)
        last = max(f.seq for f in map(decode, a.raw) if isinstance(f, Update))
        await a.socket.close()
        await b.until(e.WentAway)
        extra = f"&epoch={bench.status.epoch}&seq={last}"
        async with bench.line(a.id, extra=extra) as again:
            welcome = await again.read()
            assert isinstance(welcome, Welcome)
            assert welcome.view is None
            assert welcome.seat == 0
            assert welcome.missed >= 1
            missed = [await again.read() for _ in range(welcome.missed)]
            assert [f.seq for f in missed if isinstance(f, Update)] == list(
                range(last + 1, last + 1 + welcome.missed)
            )
            await b.until(e.CameBack)


async def test_one_from_another_epoch_gets_a_snapshot(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        a, b = await two_seated(bench, stack)
        await turn(a, b)
        for extra in ("&epoch=999&seq=1", "&epoch=1&seq=99999", "&epoch=x&seq=-1", ""):
            async with bench.line(a.id, extra=extra) as again:
                welcome = await again.read()
                assert isinstance(welcome, Welcome)
                assert welcome.view is not None
                assert welcome.view.hand is not None
                assert len(welcome.view.cards) == 2


async def test_the_next_owner_of_a_seat_never_sees_the_cards_of_the_one_before(
    bench: Bench,
) -> None:
    async with AsyncExitStack() as stack:
        a, b = await two_seated(bench, stack)
        actor, event = await turn(a, b)
        other = b if actor is a else a
        hand = bench.host.tables["oak"].machine.hand
        await actor.ask(type="stand")
        await other.until(e.SeatVacated)
        c = await stack.enter_async_context(bench.player())
        assert c.welcome is not None
        seat = await c.ask(type="sit", buy_in=1_000, seat=event.seat)
        assert isinstance(seat, Accepted)
        await c.socket.close()
        extra = f"&epoch={bench.status.epoch}&seq=0"
        async with bench.line(c.id, extra=extra) as again:
            welcome = await again.read()
            assert isinstance(welcome, Welcome)
            for _ in range(welcome.missed):
                await again.read()
            own = [x for x in again.events if isinstance(x, r.HoleDealt) and x.cards]
            started = [x.hand for x in again.events if isinstance(x, r.HandStarted)]
            assert hand in started
            # He may see cards only of hands that began after he sat down.
            first_own = again.events.index(own[0]) if own else len(again.events)
            assert first_own > again.events.index(
                next(x for x in again.events if isinstance(x, e.SeatVacated))
            )


async def test_the_clock_folds_for_one_who_does_not_act(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path
) -> None:
    clock = ClockSpec(turn_ms=50, bank_ms=60, bank_ms_max=60, refill_ms=0)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec(clock=clock)) as bench,
        AsyncExitStack() as stack,
    ):
        a, _ = await two_seated(bench, stack)
        await a.until(e.BankStarted)
        await a.until(e.TimedOut)
        acted = await a.until(r.Acted)
        assert acted.action == "fold"
        # After two turns without a decision he is sat out, and the table waits.
        await a.until(e.SatOut)


async def test_a_second_line_of_a_player_replaces_the_first(bench: Bench) -> None:
    async with bench.player() as first, bench.line(first.id) as second:
        assert isinstance(await second.read(), Welcome)
        assert await first.closed() == Close.REPLACED


async def test_a_top_up_comes_into_play_after_the_hand(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        a, b = await two_seated(bench, stack)
        actor, _ = await turn(a, b)
        assert isinstance(await a.ask(type="top_up", amount=500), Accepted)
        too_much = await a.ask(type="top_up", amount=9_000)
        assert isinstance(too_much, Refused)
        assert too_much.code == "buy_in_too_large"
        hand = bench.host.tables["oak"].machine.hand
        await actor.ask(type="act", hand=hand, action={"type": "fold"})
        added = next((x for x in a.events if isinstance(x, e.ChipsAdded)), None)
        if added is None:
            added = await a.until(e.ChipsAdded)
        assert added.amount == 500
        await bench.settled()
        assert (await bench.ledger.balance(a.id)).at_tables == added.stack


def decode(raw: bytes) -> object:
    return CODECS[JSON].decode_server(raw)


async def test_a_table_that_was_taken_over_stops_and_the_next_owner_settles_its_last_hand(
    bench: Bench,
) -> None:
    async with AsyncExitStack() as stack:
        a, b = await two_seated(bench, stack)
        actor, _ = await turn(a, b)
        await bench.ledger.raise_fence("oak", bench.status.epoch + 1)
        hand = bench.host.tables["oak"].machine.hand
        await actor.send(type="act", ref="x", hand=hand, action={"type": "fold"})
        for player in (a, b):
            assert await player.closed() == Close.MOVED
            assert (await bench.ledger.balance(player.id)).at_tables == 1_000
        assert "stale_epoch" in bench.host.describe().tables[0].halted
        again = await bench.host.open(table_spec())
        assert again.epoch == bench.status.epoch + 1
        await bench.settled()
        held = [(await bench.ledger.balance(player.id)).at_tables for player in (a, b)]
        assert sorted(held) == [950, 1_050]
        async with bench.line(a.id, bench.ticket(a.id, epoch=again.epoch)) as back:
            assert isinstance(await back.read(), Welcome)


async def test_money_requests_wait_for_a_wallet_that_does_not_answer(
    pool: "asyncpg.Pool[asyncpg.Record]",
    app_dsn: str,
    tmp_path: Path,
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec()) as bench,
        bench.player() as player,
    ):
        # Every connection of the application is cut in the middle of what it does.
        await player.send(type="sit", ref="s", buy_in=1_000)
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = 'squaredeal_app' AND datname = current_database()"
        )
        assert await player.answer("s") == Accepted("s", 0)
        # Lines of the pool that nobody has used since are cut too: the next user finds out.
        balance = await insist(lambda: bench.ledger.balance(player.id), "the test")
        assert balance.at_tables == 1_000
