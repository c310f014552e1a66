"""Cards, pots, rake, evaluation and the clock."""

import itertools
import random

import pytest

from games.cards import CARD_NAMES, DECK_SIZE, deck_from_seed, format_cards, parse_cards
from games.clock import Clock, ClockSpec, Phase
from games.evaluate import category, strength
from games.pots import Pot, build_pots, share
from games.rake import RakeSpec, spread


def test_cards_survive_their_text_form_and_nonsense_is_refused() -> None:
    assert format_cards(parse_cards("AhTc2d")) == "AhTc2d"
    for wrong in ("Ax", "1h", "A", "AhT"):
        with pytest.raises(ValueError, match="not a card"):
            parse_cards(wrong)


def test_a_seed_makes_one_deck_and_another_seed_another() -> None:
    deck = deck_from_seed(b"s" * 32)
    assert sorted(deck) == list(range(DECK_SIZE))
    assert deck == deck_from_seed(b"s" * 32)
    assert deck != deck_from_seed(b"t" * 32)


def test_every_card_is_first_about_equally_often() -> None:
    counts = [0] * DECK_SIZE
    rounds = 10_400
    for number in range(rounds):
        counts[deck_from_seed(number.to_bytes(32, "big"))[0]] += 1
    expected = rounds / DECK_SIZE
    chi_square = sum((count - expected) ** 2 / expected for count in counts)
    assert chi_square < 100  # 51 degrees of freedom: beyond 1 in 20,000


@pytest.mark.parametrize(
    ("cards", "name"),
    [
        ("AhKhQhJhTh2c3d", "royal flush"),
        ("9h8h7h6h5h2c3d", "straight flush"),
        ("AhAdAcAs5h2c3d", "four of a kind"),
        ("AhAdAc5s5h2c3d", "full house"),
        ("AhTh7h6h5h2c3d", "flush"),
        ("Ah2d3c4s5h9c9d", "straight"),
        ("AhAdAc9s5h2c3d", "three of a kind"),
        ("AhAd9c9s5h2c3d", "two pair"),
        ("AhAd8c9s5h2c3d", "a pair"),
        ("AhQd8c9s5h2c3d", "high card"),
    ],
)
def test_hands_are_named(cards: str, name: str) -> None:
    assert category(strength(parse_cards(cards))) == name


def test_seven_cards_are_worth_their_best_five() -> None:
    chance = random.Random(5)
    for _ in range(200):
        cards = chance.sample(range(DECK_SIZE), 7)
        best = min(strength(five) for five in itertools.combinations(cards, 5))
        assert strength(cards) == best
    assert len(CARD_NAMES) == DECK_SIZE


def test_pots_are_built_by_level_and_dead_money_stays_in() -> None:
    pots = build_pots({0: 10, 1: 50, 2: 100, 3: 100, 4: 70}, [0, 1, 2, 3])
    assert [(pot.amount, pot.seats) for pot in pots] == [
        (50, (0, 1, 2, 3)),
        (160, (1, 2, 3)),
        (120, (2, 3)),
    ]
    # A folded player may have paid more than any contender.
    assert build_pots({0: 10, 1: 30}, [0]) == [(40, (0,))]


def test_a_pot_is_shared_with_the_odd_chips_first() -> None:
    assert share(11, [3, 5, 1]) == [(3, 4), (5, 4), (1, 3)]
    assert share(2, [3, 5, 1]) == [(3, 1), (5, 1), (1, 0)]


def test_rake_is_a_share_with_a_cap_by_players_and_none_before_the_flop() -> None:
    spec = RakeSpec(version="1", rate_bp=250, caps=((2, 50), (4, 100)))
    assert spec.take(399, 6, saw_flop=True) == 9
    assert spec.take(100_000, 3, saw_flop=True) == 50
    assert spec.take(100_000, 9, saw_flop=True) == 100
    assert spec.take(100_000, 9, saw_flop=False) == 0
    assert RakeSpec().take(100_000, 9, saw_flop=True) == 0
    pots = build_pots({0: 10, 1: 50, 2: 50}, [0, 1, 2])
    assert sum(spread(7, pots)) == 7
    for wrong in ({"rate_bp": 10_001}, {"rate_bp": -1}, {"caps": ((4, 1), (2, 1))}):
        with pytest.raises(ValueError, match=r"rate_bp|caps"):
            RakeSpec(**wrong)


def test_the_clock_runs_its_turn_then_the_bank_and_keeps_what_is_left() -> None:
    clock, spec = Clock(), ClockSpec(turn_ms=100, bank_ms=50, bank_ms_max=60, refill_ms=5)
    clock.begin(1_000, spec, 50)
    assert (clock.phase, clock.deadline, clock.remaining(1_040)) == (Phase.TURN, 1_100, 60)
    assert clock.use_bank(1_100)
    assert clock.deadline == 1_150
    assert not clock.use_bank(1_150)
    assert clock.stop(1_120) == 30
    assert clock.remaining(1_121) == 0
    clock.begin(2_000, spec, 30)
    assert clock.stop(2_050) == 30, "a decision within the turn costs no bank"
    clock.begin(3_000, spec, 0)
    assert not clock.use_bank(3_100)
    for wrong in ({"turn_ms": 0}, {"bank_ms": 61, "bank_ms_max": 60}, {"refill_ms": -1}):
        with pytest.raises(ValueError, match="_ms"):
            ClockSpec(**wrong)


def test_an_empty_pot_has_no_rake_to_spread() -> None:
    # Everybody folds to a big blind without a small one: his bet comes back, nothing is left.
    assert spread(0, [Pot(0, (1,))]) == [0]
    assert spread(0, [Pot(30, (1,)), Pot(0, (2,))]) == [0, 0]
