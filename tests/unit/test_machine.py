"""The table machine, without Ray, without sockets, without a clock."""

import uuid
from typing import Any

import pytest

from actors import commands as c
from actors import refusals as no
from actors.commands import Outcome, Player
from actors.machine import TableMachine
from actors.spec import TableSpec
from games.clock import ClockSpec
from games.holdem import records as r
from games.holdem.game import HoldemSpec
from games.holdem.positions import Blinds
from games.protocol import RAIL
from games.refusal import NO_HAND, Refusal
from tests.hands import hand_of
from wire import events as e

SEED = b"s" * 32


class Driver:
    """A machine, three players with 1,000 each, and an instant that only tests move."""

    def __init__(self, players: int = 3, **changes: Any) -> None:
        fields: dict[str, Any] = {
            "table": "t",
            "name": "T",
            "game": HoldemSpec(seats=3, blinds=Blinds(small=5, big=10)),
            "clock": ClockSpec(turn_ms=1_000, bank_ms=500, bank_ms_max=600, refill_ms=50),
            "buy_in_min": 100,
            "buy_in_max": 2_000,
            "away_ms_max": 60_000,
        }
        self.machine = TableMachine(TableSpec(**(fields | changes)))
        self.now = 0
        self.players = [Player(str(uuid.UUID(int=n)), f"p{n}", "player") for n in range(players)]
        self.do(c.CommitSeed(0, SEED))
        for number in range(players):
            self.sit(number)

    def sit(self, number: int, amount: int = 1_000) -> Outcome:
        player = self.players[number]
        held = self.do(c.Reserve(self.now, player, number, amount))
        session = str(uuid.UUID(int=100 + number))
        return self.do(c.SitDown(self.now, player, held.seat, session, amount, False))

    def step(self, command: c.Command) -> Outcome | Refusal:
        return self.machine.step(command)

    def do(self, command: c.Command) -> Outcome:
        result = self.step(command)
        assert isinstance(result, Outcome), result
        return result

    def deal(self) -> Outcome:
        return self.do(c.Deal(self.now, SEED))

    def act(self, action: r.Action) -> Outcome:
        seat = self.machine.seats.at(self.machine.game.turn)
        return self.do(c.Act(self.now, seat.player.id, self.machine.hand, action))

    def run_out(self) -> Outcome:
        """The clock of the turn reaches its deadline."""
        self.now = self.machine.clock.deadline
        return self.do(c.ClockRanOut(self.now, self.machine.turn))


def kinds(outcome: Outcome) -> list[type]:
    return [type(event) for event in outcome.events]


def test_a_hand_is_dealt_played_and_handed_to_the_ledger() -> None:
    driver = Driver()
    dealt = driver.deal()
    assert kinds(dealt)[0] is r.HandStarted
    assert kinds(dealt)[-1] is e.TurnBegan
    driver.act(r.Fold())
    over = driver.act(r.Fold())
    assert over.effects == [
        c.HandOver(1, ((str(uuid.UUID(int=101)), -5), (str(uuid.UUID(int=102)), 5),
                       (str(uuid.UUID(int=100)), 0)), 0, SEED)
    ]  # fmt: skip
    assert driver.machine.seats.at(2).stack == 1_005


def test_time_runs_through_the_bank_and_then_the_table_acts() -> None:
    driver = Driver()
    driver.deal()
    seat = driver.machine.game.turn
    assert kinds(driver.run_out()) == [e.BankStarted]
    out = driver.run_out()
    assert kinds(out)[:2] == [e.TimedOut, r.Acted]
    assert driver.machine.seats.at(seat).bank_ms == 0


def test_a_timer_that_fires_late_for_a_turn_that_is_over_does_nothing() -> None:
    driver = Driver()
    driver.deal()
    turn = driver.machine.turn
    driver.act(r.Call())
    driver.now += 5_000
    assert driver.do(c.ClockRanOut(driver.now, turn)).events == []
    driver.now = driver.machine.clock.deadline - 1
    assert driver.do(c.ClockRanOut(driver.now, driver.machine.turn)).events == []


def test_out_of_time_with_nothing_to_call_is_a_check() -> None:
    driver = Driver()
    driver.deal()
    driver.act(r.Call())
    driver.act(r.Call())
    driver.run_out()
    acted = next(x for x in driver.run_out().events if isinstance(x, r.Acted))
    assert acted.action == "check"


def test_one_who_times_out_twice_is_sat_out() -> None:
    driver = Driver(players=2)
    for _ in range(2):
        driver.deal()
        seat = driver.machine.seats.at(0)
        while driver.machine.game.playing:
            if driver.machine.game.turn == 0:
                driver.run_out()
            else:
                driver.act(r.Call() if driver.machine.game.options().call else r.Check())
    assert seat.sitting_out
    assert not driver.machine.can_deal()


def test_one_who_leaves_in_his_turn_folds_and_his_chips_go_home_after_the_hand() -> None:
    driver = Driver()
    driver.deal()
    seat = driver.machine.seats.at(driver.machine.game.turn)
    left = driver.do(c.StandUp(driver.now, seat.player.id))
    assert r.Acted(seat.number, "fold", 0, 0, False) in left.events
    assert left.effects == []
    over = driver.act(r.Fold())
    assert [type(effect) for effect in over.effects] == [c.HandOver, c.CashOut]
    assert driver.machine.seats.chairs[seat.number] is None


def test_one_who_is_sent_away_after_the_hand_plays_it_on() -> None:
    driver = Driver()
    driver.deal()
    seat = driver.machine.seats.at(driver.machine.game.turn)
    away = driver.do(c.StandUp(driver.now, seat.player.id, after_hand=True))
    assert away.events == [e.SatOut(seat.number, sent_away=True)]
    again = driver.do(c.StandUp(driver.now, seat.player.id, after_hand=True))
    assert again.events == [], "he knows"
    for asked in (
        c.SetSitOut(driver.now, seat.player.id, False),
        c.AskTopUp(driver.now, seat.player.id, 1),
    ):
        refused = driver.step(asked)
        assert isinstance(refused, Refusal)
        assert refused.code == "leaving"
    driver.now += driver.machine.spec.away_ms_max
    assert driver.do(c.Sweep(driver.now)).events == []
    assert driver.machine.game.turn == seat.number
    driver.act(r.Call())
    while driver.machine.game.playing:
        over = driver.act(r.Fold())
    (home,) = [effect for effect in over.effects if isinstance(effect, c.CashOut)]
    assert (home.player, home.sent_away) == (seat.player.id, True)
    assert driver.machine.seats.chairs[seat.number] is None
    # Outside a hand he stands up at once.
    other = driver.machine.seats.taken()[0].player.id
    assert len(driver.do(c.StandUp(driver.now, other, after_hand=True)).effects) == 1


def test_one_who_leaves_out_of_turn_folds_when_it_reaches_him() -> None:
    driver = Driver()
    driver.deal()
    first = driver.machine.game.turn
    second = (first + 1) % 3
    driver.do(c.StandUp(driver.now, driver.players[second].id))
    assert driver.machine.game.involved(second)
    out = driver.act(r.Call())
    assert r.Acted(second, "fold", 0, hand_of(driver.machine).bets[second], False) in out.events


def test_one_who_leaves_all_in_stays_in_the_hand_until_it_is_paid() -> None:
    driver = Driver(players=2)
    driver.deal()
    actor = driver.machine.seats.at(driver.machine.game.turn)
    driver.act(r.Raise(1_000))
    driver.do(c.StandUp(driver.now, actor.player.id))
    over = driver.act(r.Call())
    assert sum(x.chips for x in over.effects if isinstance(x, c.CashOut)) in (0, 1_000, 2_000)
    assert (
        driver.machine.chips + sum(x.chips for x in over.effects if isinstance(x, c.CashOut))
        == 2_000
    )


def test_a_broke_player_is_sat_out_and_a_top_up_brings_him_back() -> None:
    driver = Driver(players=2)
    while all(seat.stack for seat in driver.machine.seats.taken()):
        driver.now += 1
        driver.do(c.Deal(driver.now, driver.now.to_bytes(32, "big")))
        while driver.machine.game.playing:
            options = driver.machine.game.options()
            assert options is not None
            driver.act(r.Raise(options.raise_max) if options.raise_max else r.Call())
    broke = next(seat for seat in driver.machine.seats.taken() if not seat.stack)
    assert broke.sitting_out
    assert isinstance(driver.step(c.Deal(driver.now, SEED)), Refusal)
    back = driver.do(c.TopUp(driver.now, broke.player.id, 500))
    assert set(kinds(back)) == {e.ChipsAdded, e.SatIn}
    assert driver.machine.can_deal()


def test_one_who_stays_away_too_long_is_stood_up() -> None:
    driver = Driver()
    driver.do(c.SetConnected(driver.now, driver.players[1].id, False))
    driver.now += 59_999
    assert driver.do(c.Sweep(driver.now)).effects == []
    driver.now += 1
    home = driver.do(c.Sweep(driver.now)).effects
    assert [(x.player, x.chips) for x in home if isinstance(x, c.CashOut)] == [
        (driver.players[1].id, 1_000)
    ]


def test_a_closing_table_ends_its_hand_and_sends_everybody_home() -> None:
    driver = Driver()
    driver.deal()
    assert driver.do(c.CloseTable(driver.now)).effects == []
    driver.act(r.Fold())
    over = driver.act(r.Fold())
    assert sum(isinstance(effect, c.CashOut) for effect in over.effects) == 3
    assert driver.machine.chips == 0
    late = Player(str(uuid.uuid4()), "late", "player")
    assert driver.step(c.Reserve(driver.now, late, None, 500)) is no.TABLE_CLOSING


def test_added_chips_wait_for_the_next_hand() -> None:
    driver = Driver()
    driver.deal()
    player = driver.players[0].id
    assert driver.step(c.AskTopUp(driver.now, player, 1_001)) is no.BUY_IN_TOO_LARGE
    driver.do(c.AskTopUp(driver.now, player, 1_000))
    assert driver.do(c.TopUp(driver.now, player, 1_000)).events == []
    assert driver.machine.view(RAIL, driver.now).seats[0].added == 1_000
    driver.act(r.Fold())
    over = driver.act(r.Fold())
    assert e.ChipsAdded in kinds(over)


def test_actions_need_a_seat_a_hand_and_its_number() -> None:
    driver = Driver()
    player = driver.players[0].id
    assert driver.step(c.Act(0, player, 0, r.Fold())) is NO_HAND
    assert driver.step(c.Act(0, player, 7, r.Fold())) is no.STALE_HAND
    assert driver.step(c.Act(0, "nobody", 0, r.Fold())) is no.NOT_SEATED
    assert driver.step(c.SetStraddle(0, player, True)) is no.STRADDLE_OFF


def test_a_released_seat_is_free_again() -> None:
    driver = Driver(players=2)
    newcomer = Player(str(uuid.uuid4()), "n", "guest")
    held = driver.do(c.Reserve(0, newcomer, None, 500))
    assert driver.step(c.Reserve(0, newcomer, None, 500)) is no.ALREADY_SEATED
    other = Player(str(uuid.uuid4()), "o", "guest")
    assert driver.step(c.Reserve(0, other, None, 500)) is no.TABLE_FULL
    driver.do(c.Release(0, held.seat))
    assert driver.do(c.Reserve(0, other, held.seat, 500)).seat == held.seat


@pytest.mark.parametrize(
    "wrong",
    [
        {"buy_in_min": 0},
        {"buy_in_min": 3_000},
        {"buy_in_min": 5},
        {"pause_ms": -1},
    ],
)
def test_a_table_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"_in_|times"):
        Driver(**wrong)


def test_hold_em_has_two_to_ten_seats_and_sound_blinds() -> None:
    for seats in (1, 11):
        with pytest.raises(ValueError, match="seats"):
            HoldemSpec(seats=seats, blinds=Blinds(small=5, big=10))
    for small, big, ante in ((0, 10, 0), (20, 10, 0), (5, 10, -1)):
        with pytest.raises(ValueError, match=r"blind|ante"):
            Blinds(small=small, big=big, ante=ante)


def test_a_sweep_of_a_closing_table_sends_nobody_home_twice() -> None:
    driver = Driver(players=2)
    driver.deal()
    for player in driver.players:
        driver.do(c.SetConnected(driver.now, player.id, False))
    driver.do(c.CloseTable(driver.now))
    driver.now += 60_000
    swept = driver.do(c.Sweep(driver.now))
    assert [type(effect) for effect in swept.effects] == [c.HandOver, c.CashOut, c.CashOut]
    assert driver.machine.chips == 0


def test_an_action_for_another_turn_is_refused() -> None:
    driver = Driver()
    driver.deal()
    player = driver.machine.seats.at(driver.machine.game.turn).player.id
    turn = driver.machine.turn
    late = c.Act(0, player, driver.machine.hand, r.Call(), turn - 1)
    assert driver.step(late) is no.STALE_TURN
    driver.do(c.Act(0, player, driver.machine.hand, r.Call(), turn))
