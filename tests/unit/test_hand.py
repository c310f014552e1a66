"""The betting of one hand, rule by rule: who acts, what he may do, what is shown."""

from games import refusal
from games.cards import CARD_BY_NAME
from games.holdem import hand as rules
from games.holdem import records as r
from tests.hands import K, begin, deck, play


def test_heads_up_the_button_posts_the_small_blind_and_acts_first_then_last() -> None:
    hand = begin([100, 100])
    assert hand.bets == [10, 5]
    assert hand.turn == 1
    play(hand, "c", "x")
    assert hand.turn == 0


def test_the_player_left_of_the_big_blind_opens_and_the_blinds_close() -> None:
    hand = begin([100] * 4)
    assert hand.turn == 2
    play(hand, "c", "c", "c")
    options = rules.legal(hand)
    assert options is not None
    assert (options.seat, options.can_check, options.raise_min) == (1, True, 20)
    play(hand, "x")
    assert hand.turn == 0
    assert len(hand.board) == 3


def test_a_raise_is_at_least_as_large_as_the_one_before() -> None:
    hand = begin([1_000] * 3)
    play(hand, "35")
    assert rules.verify(hand, 0, r.Raise(59)) is refusal.BELOW_MINIMUM
    assert rules.verify(hand, 0, r.Raise(60)) is None
    assert rules.verify(hand, 0, r.Raise(1_001)) is refusal.ABOVE_STACK


def test_an_all_in_below_a_full_raise_does_not_reopen_the_betting() -> None:
    hand = begin([1_000, 1_000, 130, 1_000])
    play(hand, "c", "100", "f", "c", "130")
    assert hand.turn == 3
    assert rules.verify(hand, 3, r.Raise(300)) is refusal.BETTING_CLOSED
    options = rules.legal(hand)
    assert options is not None
    assert (options.call, options.raise_max) == (30, 0)


def test_short_all_ins_that_add_up_to_a_full_raise_reopen_it() -> None:
    hand = begin([1_000, 1_000, 1_000, 160, 220])
    play(hand, "100", "160", "220", "c", "f")
    options = rules.legal(hand)
    assert options is not None
    assert (options.seat, options.call) == (2, 120)
    assert options.raise_min == 310


def test_one_who_has_not_acted_may_raise_over_a_short_all_in() -> None:
    hand = begin([1_000, 1_000, 1_000, 130])
    play(hand, "100", "130")
    assert hand.turn == 0
    assert rules.verify(hand, 0, r.Raise(220)) is None


def test_a_short_big_blind_still_costs_a_full_call() -> None:
    hand = begin([100, 4, 100])
    options = rules.legal(hand)
    assert options is not None
    assert options.call == 10


def test_the_last_aggressor_shows_first_and_a_beaten_hand_is_mucked() -> None:
    cards = deck("7c2d KsKc AhAd", "3h4s8d9cJs")
    hand = begin([1_000] * 3, cards)
    play(hand, "c", "c", "x", *["x"] * 3, *["x"] * 3, "50", "c")
    events = play(hand, "c")
    shown = [e for e in events if isinstance(e, r.HandShown | r.HandMucked)]
    assert [(type(e), e.seat) for e in shown] == [
        (r.HandShown, 0),
        (r.HandShown, 1),
        (r.HandShown, 2),
    ]
    cards = deck("AhAd KsKc 7c2d", "3h4s8d9cJs")
    hand = begin([1_000] * 3, cards)
    events = play(hand, "c", "c", "x", *["x"] * 9)
    shown = [e for e in events if isinstance(e, r.HandShown | r.HandMucked)]
    assert [(type(e), e.seat) for e in shown] == [
        (r.HandShown, 0),
        (r.HandMucked, 1),
        (r.HandMucked, 2),
    ]


def test_a_pot_won_without_a_showdown_shows_nothing() -> None:
    hand = begin([1_000] * 3)
    events = play(hand, "30", "f", "f")
    assert not any(isinstance(e, r.HandShown | r.HandMucked) for e in events)


def test_when_all_are_all_in_the_hands_are_tabled_and_the_board_runs_out() -> None:
    hand = begin([100, 100, 100], deck("AhAd KsKc QhQd", "3h4s8d9cJs"))
    events = play(hand, "100", "c", "c")
    kinds = [type(event) for event in events]
    assert kinds.index(r.HandShown) < kinds.index(r.BoardDealt)
    assert kinds.count(r.HandShown) == 3
    assert kinds.count(r.BoardDealt) == 3
    assert hand.stacks == [300, 0, 0]


def test_a_straddle_acts_last_and_sets_the_smallest_raise() -> None:
    hand = begin([1_000] * 4, posts=[r.Post(2, K.STRADDLE, 20)])
    assert hand.turn == 3
    options = rules.legal(hand)
    assert options is not None
    assert (options.call, options.raise_min) == (20, 40)
    play(hand, "c", "c", "c")
    assert hand.turn == 2
    assert rules.verify(hand, 2, r.Check()) is None


def test_a_joining_post_is_live_and_may_be_raised() -> None:
    hand = begin([1_000] * 4, posts=[r.Post(3, K.JOIN, 10)])
    assert hand.turn == 2
    play(hand, "c")
    options = rules.legal(hand)
    assert options is not None
    assert (options.seat, options.can_check, options.raise_min) == (3, True, 20)


def test_what_is_refused_changes_nothing() -> None:
    hand = begin([100] * 3)
    before = (list(hand.stacks), list(hand.bets), hand.turn)
    for seat, action, why in (
        (0, r.Fold(), refusal.NOT_YOUR_TURN),
        (2, r.Check(), refusal.CANNOT_CHECK),
        (2, r.Raise(11), refusal.BELOW_MINIMUM),
        (2, r.Raise(0), refusal.BELOW_MINIMUM),
        (2, r.Raise(101), refusal.ABOVE_STACK),
    ):
        assert rules.verify(hand, seat, action) is why
    assert (hand.stacks, hand.bets, hand.turn) == before
    play(hand, "c", "c", "x")
    assert rules.verify(hand, 0, r.Call()) is refusal.NOTHING_TO_CALL
    play(hand, "x", "x", "x", *["x"] * 6)
    assert rules.verify(hand, 0, r.Fold()) is refusal.NO_HAND


def test_nobody_may_raise_when_nobody_could_call_more() -> None:
    hand = begin([1_000, 1_000, 60])
    play(hand, "60", "f")
    assert rules.verify(hand, 1, r.Raise(200)) is refusal.NO_ONE_TO_RAISE


def test_cards_are_dealt_one_at_a_time_from_the_left_of_the_button() -> None:
    hand = begin([100] * 3)
    assert hand.hole == [(0, 3), (1, 4), (2, 5)]
    play(hand, "c", "c", "x")
    assert hand.board == [6, 7, 8]
    assert CARD_BY_NAME["2c"] == 0


def test_a_short_all_in_bet_does_not_reopen_the_betting_to_one_who_checked() -> None:
    hand = begin([1_000, 1_000, 14])
    play(hand, "c", "c", "x", "x", "x", "4")
    assert hand.turn == 0
    assert rules.verify(hand, 0, r.Raise(100)) is refusal.BETTING_CLOSED
    play(hand, "c")
    assert rules.verify(hand, 1, r.Raise(100)) is refusal.BETTING_CLOSED


def test_a_short_all_in_bet_may_be_raised_by_one_who_has_not_acted() -> None:
    hand = begin([1_000, 14, 1_000])
    play(hand, "c", "c", "x", "x", "4")
    options = rules.legal(hand)
    assert options is not None
    assert (options.seat, options.call, options.raise_min) == (2, 4, 14)


def test_a_short_all_in_alone_leaves_the_smallest_raise_as_it_was() -> None:
    hand = begin([1_000, 1_000, 1_000, 130])
    play(hand, "100", "130")
    options = rules.legal(hand)
    assert options is not None
    assert options.raise_min == 130 + 90


def test_a_player_with_less_than_the_smallest_raise_may_still_go_all_in() -> None:
    hand = begin([1_000, 1_000, 15])
    options = rules.legal(hand)
    assert options is not None
    assert (options.raise_min, options.raise_max) == (15, 15)
    assert rules.verify(hand, 2, r.Raise(14)) is refusal.BELOW_MINIMUM


def test_after_the_flop_the_smallest_bet_is_the_big_blind_again() -> None:
    hand = begin([1_000] * 3)
    play(hand, "200", "c", "c")
    options = rules.legal(hand)
    assert options is not None
    assert (options.seat, options.call, options.raise_min) == (0, 0, 10)


def test_one_who_stands_alone_against_all_ins_has_nothing_to_decide() -> None:
    hand = begin([100, 1_000, 40])
    play(hand, "40", "f", "c")
    assert hand.over
    assert len(hand.board) == 5


def test_a_bet_of_the_last_street_makes_its_maker_show_first() -> None:
    hand = begin([1_000] * 3, deck("7c2d KsKc AhAd", "3h4s8d9cJs"))
    events = play(hand, "c", "c", "x", *["x"] * 6, "x", "50", "c", "c")
    shown = [e for e in events if isinstance(e, r.HandShown | r.HandMucked)]
    assert [(type(e), e.seat) for e in shown] == [
        (r.HandShown, 1),
        (r.HandShown, 2),
        (r.HandMucked, 0),
    ]


def test_a_hand_that_wins_a_side_pot_is_shown_though_another_beats_it() -> None:
    hand = begin([40, 1_000, 1_000], deck("AhAd KsKc QhQd", "3h4s8d9cJs"))
    events = play(hand, "100", "c", "c", *["x"] * 6)
    shown = [e for e in events if isinstance(e, r.HandShown | r.HandMucked)]
    assert [(type(e), e.seat) for e in shown] == [
        (r.HandShown, 0),
        (r.HandShown, 1),
        (r.HandMucked, 2),
    ]


def test_a_fold_is_allowed_even_where_a_check_is_free() -> None:
    hand = begin([1_000] * 2)
    events = play(hand, "c", "f")
    assert hand.over
    assert hand.stacks == [990, 1_010]
    assert not any(isinstance(e, r.HandShown) for e in events)


def test_one_whose_small_blind_covers_a_shorter_big_blind_has_nothing_to_decide() -> None:
    hand = begin([4, 100], deck("AhAd KsKc", "3h4s8d9cJs"))
    assert hand.over
    assert hand.stacks == [8, 96]


def test_hands_are_tabled_before_the_board_though_one_still_has_chips() -> None:
    hand = begin([100, 1_000, 40])
    kinds = [type(event) for event in play(hand, "40", "f", "c")]
    assert kinds.index(r.HandShown) < kinds.index(r.BoardDealt)


def test_nobody_may_raise_those_who_cannot_even_cover_the_call() -> None:
    hand = begin([30, 45, 50, 1_000])
    play(hand, "50")
    assert rules.verify(hand, 3, r.Raise(100)) is refusal.NO_ONE_TO_RAISE
    assert rules.verify(hand, 3, r.Call()) is None
