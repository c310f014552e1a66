"""What a client makes of single frames; whole games are compared in tests/property."""

import pytest

from client.errors import OutOfSequence
from client.state import ClockState, TableState
from games.cards import parse_cards
from games.holdem import records as r
from games.holdem.hand import Legal
from games.holdem.view import PublicHand
from games.protocol import NO_SEAT
from wire import events as e
from wire.server_frames import ClockView, SeatView, TableInfo, TableView, Update, Welcome

INFO = TableInfo(
    table="t", name="T", game="nlhe", seats=6, small_blind=5, big_blind=10, ante=0,
    straddle=False, buy_in_min=100, buy_in_max=1_000, turn_ms=15_000, rake_bp=0,
)  # fmt: skip
OPTIONS = Legal(0, False, 30, 60, 900)
TURN = 7
HAND = PublicHand(
    hand=7, button=0, street=r.Street.FLOP, board=parse_cards("2c3c4c"), seats=(1, 0),
    stacks=(0, 900), bets=(30, 0), folded=(False, False), shown=((), ()), pots=(140,), turn=0,
    options=OPTIONS,
)  # fmt: skip


def arrived(hand: PublicHand | None, seq: int = 4, epoch: int = 2) -> Welcome:
    seats = (SeatView(0, "ann", "player", 970), SeatView(1, "bob", "bot", 100))
    clock = ClockView(0, 4_000, False, 30_000, TURN) if hand is not None else None
    cards = parse_cards("AhAd") if hand is not None else ()
    return Welcome("t", epoch, seq, 0, 0, TableView(INFO, seats, hand, cards, clock))


def in_the_middle() -> TableState:
    state = TableState()
    state.welcome(arrived(HAND), 100.0)
    return state


def test_a_snapshot_shows_the_hand_the_turn_and_the_time_left() -> None:
    state = in_the_middle()
    assert (state.epoch, state.seq, state.me, state.hand) == (2, 4, 0, 7)
    assert state.playing
    assert state.my_turn
    assert state.options == OPTIONS
    assert (state.pot, state.pots) == (170, (140,))
    assert [(s.stack, s.bet) for s in state.seats.values()] == [(900, 0), (0, 30)]
    assert state.clock is not None
    assert state.clock.deadline == 104.0


@pytest.mark.parametrize(("epoch", "seq"), [(2, 4), (2, 6), (3, 5), (1, 5)])
def test_an_update_that_is_not_the_next_one_is_refused(epoch: int, seq: int) -> None:
    state = in_the_middle()
    with pytest.raises(OutOfSequence):
        state.update(Update(epoch, seq, (e.SatOut(0),)), 0.0)
    assert not state.seats[0].sitting_out


def test_a_table_that_comes_back_without_its_hand_leaves_no_turn_behind() -> None:
    state = in_the_middle()
    state.welcome(arrived(None, seq=0, epoch=3), 101.0)
    assert (state.playing, state.my_turn, state.options, state.clock) == (False, False, None, None)
    assert (state.board, state.cards, state.pot, state.pots) == ((), (), 0, ())
    assert state.seats[0].stack == 970


def test_missed_updates_continue_from_what_was_known() -> None:
    state = in_the_middle()
    state.welcome(Welcome("t", 2, 5, 0, missed=1), 101.0)
    assert (state.seq, state.my_turn) == (4, True)
    state.update(Update(2, 5, (r.Acted(0, "call", 30, 30, False),)), 101.0)
    assert (state.seq, state.my_turn, state.pot) == (5, False, 200)


def test_a_client_that_came_late_adds_later_streets_to_the_last_pot_it_was_told_of() -> None:
    state = in_the_middle()
    flop = (r.Acted(0, "call", 30, 30, False), r.BoardDealt(r.Street.TURN, parse_cards("5c")))
    state.update(Update(2, 5, flop), 0.0)
    assert state.pots == (200,)
    assert state.board == parse_cards("2c3c4c5c")


def test_an_all_in_makes_a_side_pot_when_the_street_is_over() -> None:
    state = TableState()
    seats = tuple(SeatView(n, f"p{n}", "player", 1_000 if n else 50) for n in range(3))
    state.welcome(Welcome("t", 1, 0, NO_SEAT, 0, TableView(INFO, seats, None)), 0.0)
    started = r.HandStarted(1, 2, (0, 1, 2), (50, 1_000, 1_000))
    bets = (
        r.Posted(0, r.PostKind.SMALL_BLIND, 5), r.Posted(1, r.PostKind.BIG_BLIND, 10),
        r.Posted(2, r.PostKind.DEAD, 3), r.Acted(2, "raise", 200, 200, False),
        r.Acted(0, "call", 45, 50, True), r.Acted(1, "call", 190, 200, False),
    )  # fmt: skip
    state.update(Update(1, 1, (started, *bets)), 0.0)
    assert (state.pot, state.pots) == (453, (3,))
    state.update(Update(1, 2, (r.BoardDealt(r.Street.FLOP, parse_cards("2c3c4c")),)), 0.0)
    assert state.pots == (153, 300)
    won = (r.PotAwarded(0, 153, 0, ((0, 153),)), r.PotAwarded(1, 300, 0, ((1, 150), (2, 150))))
    state.update(Update(1, 3, (*won, r.HandEnded(1, (153, 950, 947), 0))), 0.0)
    assert not state.playing
    assert state.pot == sum(state.pots) == 0
    assert [s.stack for s in state.seats.values()] == [153, 950, 947]
    assert [s.won for s in state.seats.values()] == [153, 150, 150]


def test_the_bank_follows_the_turn_on_the_clock() -> None:
    state = in_the_middle()
    state.update(Update(2, 5, (e.BankStarted(0, 30_000),)), 200.0)
    running = state.clock
    assert running == ClockState(0, 230.0, True, 30_000)
    state.update(Update(2, 6, (e.TimedOut(0), r.Acted(0, "fold", 0, 0, False))), 230.0)
    assert state.clock is None
    assert (state.turn, state.seats[0].folded) == (NO_SEAT, True)


def test_nobody_is_to_act_while_the_table_is_paused() -> None:
    state = in_the_middle()
    state.update(Update(2, 5, (e.TablePaused("operator"),)), 200.0)
    assert (state.my_turn, state.turn, state.options) == (False, 0, OPTIONS)
    state.update(Update(2, 6, (e.TableResumed(3_000),)), 300.0)
    assert state.my_turn
    assert state.clock is not None
    assert state.clock.deadline == 303.0


def test_whoever_leaves_takes_his_seat_and_his_cards_with_him() -> None:
    state = in_the_middle()
    state.update(Update(2, 5, (e.SeatVacated(0, 900),)), 0.0)
    assert (state.me, state.cards, state.my_seat) == (NO_SEAT, (), None)
    assert list(state.seats) == [1]
