"""The money of one hand, rule by rule: posts, pots, odd chips, uncalled bets and rake."""

import pytest

from games.holdem import hand as rules
from games.holdem import records as r
from games.holdem.hand import Hand
from games.holdem.view import public_view
from games.rake import RakeSpec
from tests.hands import K, begin, deck, play

BOARD = "3h4s8d9cJs"
RAKE = RakeSpec(version="t", rate_bp=500, caps=((2, 10), (3, 20)))


def awarded(events: list[r.Event]) -> list[tuple[int, tuple[tuple[int, int], ...]]]:
    return [(e.amount, e.shares) for e in events if isinstance(e, r.PotAwarded)]


def check_down(hand: Hand) -> list[r.Event]:
    """Everybody checks or calls to the end."""
    events: list[r.Event] = []
    while (options := rules.legal(hand)) is not None:
        events += play(hand, "x" if options.can_check else "c")
    return events


def test_the_uncalled_part_of_a_bet_comes_back() -> None:
    hand = begin([100, 1_000, 1_000])
    events = play(hand, "f", "f")
    assert r.BetReturned(1, 5) in events
    assert hand.stacks == [95, 1_005, 1_000]
    hand = begin([50, 1_000, 1_000])
    events = play(hand, "f", "50", "c")
    assert not any(isinstance(event, r.BetReturned) for event in events)


def test_every_side_pot_goes_to_the_best_hand_that_paid_for_it() -> None:
    cards = deck("AhAd KsKc QhQd 7c2d", BOARD)
    hand = begin([20, 60, 200, 300], cards)
    events = play(hand, "200", "c", "c", "c")
    awarded = [event for event in events if isinstance(event, r.PotAwarded)]
    assert [(a.amount, a.shares) for a in awarded] == [
        (80, ((0, 80),)),
        (120, ((1, 120),)),
        (280, ((2, 280),)),
    ]
    assert hand.stacks == [80, 120, 280, 100]


def test_odd_chips_go_one_each_to_the_first_winners_left_of_the_button() -> None:
    cards = deck("AhKh AdKd AcKc 7c2d", "AsKs2h3d4c")
    hand = begin([55, 55, 55, 10], cards)
    play(hand, "c", "c", "c", "x", "x", "x", "x", "x", "x", "x", "x", "x", "x")
    assert hand.over
    assert hand.stacks == [59, 58, 58, 0]


def test_antes_and_dead_posts_are_in_the_pot_but_in_no_bet() -> None:
    antes = [r.Post(seat, K.ANTE, 2) for seat in range(3)]
    hand = begin([1_000] * 3, posts=[*antes, r.Post(2, K.DEAD, 5)])
    assert hand.bets == [5, 10, 0]
    assert sum(hand.paid) == 6 + 15
    assert hand.dead == 5
    options = rules.legal(hand)
    assert options is not None
    assert options.call == 10


def test_a_dead_post_belongs_to_the_main_pot_and_does_not_come_back() -> None:
    posts = [r.Post(3, K.DEAD, 5), r.Post(3, K.JOIN, 10)]
    hand = begin([100] * 4, deck("AhAd KsKc QhQd 7c2d", BOARD), posts)
    assert public_view(hand).pots == (5,)
    assert awarded(check_down(hand)) == [(45, ((0, 45),))]
    assert hand.stacks == [135, 90, 90, 85]


def test_dead_chips_give_an_all_in_player_no_share_of_what_others_paid_above_him() -> None:
    # He has 20: 5 dead and 15 live, so he can win 15 from each of the others, who paid 20.
    posts = [r.Post(3, K.DEAD, 5), r.Post(3, K.JOIN, 10)]
    hand = begin([100, 100, 100, 20], deck("KhKd QsQc ThTd AcAd", BOARD), posts)
    events = play(hand, "20", "c", "c", "c") + check_down(hand)
    assert awarded(events) == [(65, ((3, 65),)), (15, ((0, 15),))]


def test_one_all_in_with_nothing_but_dead_chips_plays_for_those() -> None:
    posts = [r.Post(3, K.DEAD, 5), r.Post(3, K.JOIN, 10)]
    hand = begin([100, 100, 100, 4], deck("KhKd QsQc 7h2d AcAd", BOARD), posts)
    assert awarded(check_down(hand)) == [(4, ((3, 4),)), (30, ((0, 30),))]
    assert hand.stacks == [120, 90, 90, 4]


def test_a_short_ante_wins_only_as_much_from_each() -> None:
    antes = [r.Post(seat, K.ANTE, 3) for seat in range(3)]
    hand = begin([100, 100, 2], deck("KhKd QsQc AcAd", BOARD), antes)
    assert awarded(check_down(hand)) == [(6, ((2, 6),)), (22, ((0, 22),))]


def test_chips_of_a_folded_player_stay_in_the_pots_that_he_paid_into() -> None:
    hand = begin([100, 100, 100, 30], deck("KhKd QsQc ThTd AcAd", BOARD))
    events = play(hand, "c", "30", "60", "f", "c", "40", "f")
    assert r.BetReturned(0, 40) in events
    assert awarded(events) == [(100, ((3, 100),)), (60, ((0, 60),))]


def test_the_odd_chips_of_every_side_pot_go_left_of_the_button() -> None:
    # Everybody plays the board: 25 for all five; 90 more for the four who have it.
    hand = begin([5, 28, 28, 28, 28], deck("2c3d 2d4c 2h4d 3c3h 4h5c", "AsKsQsJsTs"))
    events = play(hand, "28", "c", "c", "c")
    assert awarded(events) == [
        (25, ((0, 5), (1, 5), (2, 5), (3, 5), (4, 5))),
        (92, ((1, 23), (2, 23), (3, 23), (4, 23))),
    ]
    hand = begin([6, 10, 10, 10], deck("2c3d 2d4c 2h4d 7c2s", "AsKsQsJsTs"))
    events = play(hand, "c", "f", "c")
    assert awarded(events) == [(18, ((0, 6), (1, 6), (2, 6))), (8, ((1, 4), (2, 4)))]


def test_a_player_who_cannot_cover_the_blind_plays_for_what_he_has() -> None:
    hand = begin([100, 4, 100], deck("KhKd AcAd QsQc", BOARD))
    events = play(hand, "c", "c") + check_down(hand)
    assert awarded(events) == [(12, ((1, 12),)), (12, ((0, 12),))]


def test_the_big_blind_gets_back_what_a_shorter_all_in_cannot_call() -> None:
    hand = begin([100, 3], deck("KhKd AcAd", BOARD))
    assert hand.over, "nobody has anything to decide"
    assert hand.stacks == [97, 6]


def test_no_flop_no_drop() -> None:
    hand = begin([1_000] * 3, rake=RAKE)
    play(hand, "300", "c", "f")
    assert not hand.over
    hand = begin([1_000] * 3, rake=RAKE)
    play(hand, "300", "f", "f")
    assert (hand.rake, sum(hand.stacks)) == (0, 3_000)


@pytest.mark.parametrize(
    ("players", "bet", "rake"),
    [
        (3, "23", 3),  # 5 % of 69, rounded down
        (3, "200", 20),  # the cap for three
        (2, "200", 10),  # the cap for two
    ],
)
def test_rake_is_a_share_of_the_pot_rounded_down_to_a_cap_by_players_dealt_in(
    players: int, bet: str, rake: int
) -> None:
    hand = begin([1_000] * players, rake=RAKE)
    events = play(hand, bet) + check_down(hand)
    assert hand.rake == rake
    assert sum(hand.stacks) == 1_000 * players - rake
    assert isinstance(events[-1], r.HandEnded)
    assert events[-1].rake == rake


def test_the_uncalled_bet_is_not_raked() -> None:
    hand = begin([1_000] * 3, rake=RakeSpec(version="t", rate_bp=1_000))
    play(hand, "c", "c", "x", "500", "f", "f")
    assert hand.rake == 3
    assert hand.stacks == [1_017, 990, 990]


def test_rake_comes_from_every_pot_in_proportion() -> None:
    hand = begin(
        [20, 120, 120], deck("AhAd KsKc QhQd", BOARD), rake=RakeSpec(version="t", rate_bp=1_000)
    )
    events = play(hand, "120", "c", "c")
    rakes = [(e.amount, e.rake) for e in events if isinstance(e, r.PotAwarded)]
    assert rakes == [(60, 6), (200, 20)]
    assert hand.stacks == [54, 180, 0]
