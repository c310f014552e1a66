"""Limits as players meet them at a table: over a socket, from Postgres."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from actors.warden import Warden
from games.holdem import records as r
from tests.integration.seated import act, begun, saw, seated
from tests.integration.table_bench import Bench, open_bench, table_spec
from tests.limits import EUR
from wallet.currencies import Currency, open_currencies
from wallet.protection import Exclusion, Kind, Protections, Span
from wire import events as e
from wire.codes import Code, LimitName
from wire.server_frames import Accepted, LimitReached, Refused


@pytest.fixture
async def bench(pool: Any, app_dsn: str, tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_bench(pool, app_dsn, tmp_path, table_spec()) as opened:
        yield opened


@pytest.fixture
def limits(pool: Any) -> Protections:
    return Protections(pool)


def warden(bench: Bench, limits: Protections) -> Warden:
    return Warden(limits.barred, bench.host.tables)


async def test_a_limit_refuses_a_seat_and_a_top_up_and_says_which(
    bench: Bench, limits: Protections
) -> None:
    async with bench.player() as player:
        await limits.set_limit(player.id, Kind.BUY_IN, Span.DAY, 1_500)
        refused = await player.ask(type="sit", buy_in=1_501, seat=0)
        assert isinstance(refused, Refused)
        assert refused.code == Code.LIMIT_REACHED
        assert refused.limit is not None
        assert (refused.limit.limit, refused.limit.left) == (LimitName.BUY_IN_DAY, 1_500)
        assert refused.limit.until is not None
        # The seat is free again, and less is within the limit.
        assert isinstance(await player.ask(type="sit", buy_in=1_000, seat=0), Accepted)
        refused = await player.ask(type="top_up", amount=501)
        assert isinstance(refused, Refused)
        assert refused.limit is not None
        assert refused.limit.left == 500
        assert isinstance(await player.ask(type="top_up", amount=500), Accepted)


async def test_an_excluded_player_ends_his_hand_and_plays_no_other(
    bench: Bench, limits: Protections
) -> None:
    async with AsyncExitStack() as stack:
        one, two, three = await seated(bench, stack, 3)
        hand = bench.room.machine.hand
        turn = await begun(one)
        excluded = (one, two, three)[turn.seat]
        await limits.exclude(excluded.id, Exclusion.SELF_EXCLUSION, None)
        await warden(bench, limits).look()
        # The hand goes on, and he in it.
        assert bench.room.machine.hand == hand
        assert isinstance(await act(bench, excluded, type="call"), Accepted)
        back = await excluded.ask(type="sit_out", on=False)
        assert isinstance(back, Refused)
        assert (back.code, back.limit) == (Code.LIMIT_REACHED, None)
        refused = await excluded.ask(type="top_up", amount=5)
        assert isinstance(refused, Refused)
        assert refused.limit == LimitReached(LimitName.SELF_EXCLUSION, 0, None)
        # Two fold, the next hand is dealt without him.
        players = (one, two, three)
        machine = bench.room.machine
        while machine.hand == hand and machine.game.playing:
            await act(bench, players[machine.game.turn], type="fold")
        started = await saw(excluded, r.HandStarted)
        while started.hand == hand:
            await excluded.read()
            started = await saw(excluded, r.HandStarted)
        assert set(started.seats) == {0, 1, 2} - {turn.seat}
        # He goes home with what he has.
        assert isinstance(await excluded.ask(type="stand"), Accepted)
        await saw(excluded, e.SeatVacated)
        await bench.settled()
        balance = await bench.ledger.balance(excluded.id)
        assert balance.at_tables == 0


async def test_who_has_played_for_long_enough_is_sat_out_also_after_a_take_over(
    bench: Bench, limits: Protections, admin: Any
) -> None:
    async with AsyncExitStack() as stack:
        one, _ = await seated(bench, stack)
        await limits.set_limit(one.id, Kind.SESSION, Span.SESSION, 3_600)
        await warden(bench, limits).look()
        assert not bench.room.machine.seats.taken()[0].sitting_out
        await admin.execute(
            "UPDATE wallet.players SET playing_since = playing_since - interval '2 hours'"
        )
        await bench.crash()
        await warden(bench, limits).look()
        sitting_out = [seat.sitting_out for seat in bench.room.machine.seats.taken()]
        assert sitting_out == [True, False]
        assert bench.room.front.barred == {str(one.id)}
        # An operator who loosens the limit waits; a break does it at once.
        await admin.execute("UPDATE wallet.limits SET amount = NULL")
        await warden(bench, limits).look()
        assert bench.room.front.barred == frozenset()


async def test_a_host_looks_by_itself(
    bench: Bench, limits: Protections, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actors.warden.ASK_S", 0.01)
    await bench.crash()  # a process that looks more often
    async with bench.player() as player:
        assert isinstance(await player.ask(type="sit", buy_in=1_000, seat=0), Accepted)
        await limits.exclude(player.id, Exclusion.COOLING_OFF, timedelta(days=1))
        await player.until(e.SatOut)


async def test_a_round_that_fails_is_followed_by_another(bench: Bench) -> None:
    asked = 0

    async def ask(tables: Any) -> dict[str, set[uuid.UUID]]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise OSError("no line")
        return {"oak": {uuid.UUID(int=7)}}

    watcher = Warden(ask, bench.host.tables)
    with pytest.raises(OSError, match="no line"):
        await watcher.look()
    await watcher.look()
    assert bench.room.front.barred == {str(uuid.UUID(int=7))}


async def test_a_table_plays_for_its_currency(pool: Any, app_dsn: str, tmp_path: Path) -> None:
    await open_currencies(pool, [Currency(EUR, 2)])
    spec = table_spec(currency=EUR)
    async with open_bench(pool, app_dsn, tmp_path, spec) as bench, bench.player() as player:
        assert player.welcome is not None
        assert player.welcome.view is not None
        assert player.welcome.view.info.currency == EUR
        refused = await player.ask(type="sit", buy_in=1_000, seat=0)
        assert isinstance(refused, Refused)
        assert refused.code == Code.WALLET_TOO_SMALL
        await bench.ledger.open_wallet(player.id, EUR)
        await pool.execute("SELECT wallet.grant_chips('g', '', $1, 5000, 'EUR')", player.id)
        assert isinstance(await player.ask(type="sit", buy_in=1_000, seat=0), Accepted)
        assert (await bench.ledger.balance(player.id, EUR)).at_tables == 1_000
        assert (await bench.ledger.grant_daily(player.id, 5, date(2026, 1, 3))).done
