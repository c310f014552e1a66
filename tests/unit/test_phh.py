"""Recorded hands: every one of thousands ends as it ended then; a wrong record is noticed."""

import msgspec
import pytest

from games.phh import Mismatch, load, replay
from tests.shared_data import hand_file


@pytest.mark.parametrize(("name", "count"), [("pluribus.phhs", 4_996), ("pokerstars.phhs", 117)])
def test_recorded_hands_end_with_the_recorded_stacks(name: str, count: int) -> None:
    hands = list(load(hand_file(name).read_text("utf-8")))
    assert len(hands) == count
    for recorded in hands:
        hand = replay(recorded)
        assert tuple(hand.stacks) == recorded.finishing_stacks
        assert sum(hand.stacks) == sum(recorded.starting_stacks) - recorded.rake


def test_a_record_that_was_changed_is_a_mismatch() -> None:
    hand = next(load(hand_file("pluribus.phhs").read_text("utf-8")))
    first, *rest = hand.finishing_stacks
    wrong_end = msgspec.structs.replace(hand, finishing_stacks=(first + 1, *rest))
    with pytest.raises(Mismatch, match="recorded"):
        replay(wrong_end)
    bets = [a for a in hand.actions if not a.startswith("d ")]
    without_first = tuple(a for a in hand.actions if a != bets[0])
    with pytest.raises(Mismatch):
        replay(msgspec.structs.replace(hand, actions=without_first))
    with pytest.raises(Mismatch, match="ends before"):
        replay(msgspec.structs.replace(hand, actions=hand.actions[:-1]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('variant = "FT"', "is not 'NT'"),
        ('variant = "NT"', "no field"),
        ("not toml", "Expected"),
    ],
)
def test_what_is_no_record_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        list(load(text))


ANTE_HAND = """
variant = "NT"
antes = [0, 4, 0]
blinds_or_straddles = [2, 4, 0]
min_bet = 4
starting_stacks = [100, 100, 100]
finishing_stacks = [96, 92, 112]
actions = ["d dh p1 KhKd", "d dh p2 QhQd", "d dh p3 AhAd", "p3 cc", "p1 cc", "p2 cc",
    "d db 2c7d9s", "p1 cc", "p2 cc", "p3 cc", "d db Tc", "p1 cc", "p2 cc", "p3 cc",
    "d db 3s", "p1 cc", "p2 cc", "p3 cc", "p1 sm KhKd", "p2 sm QhQd", "p3 sm AhAd"]
"""


def test_an_ante_that_one_player_posts_for_all_is_in_the_main_pot() -> None:
    hand = replay(next(load(ANTE_HAND)))
    assert hand.stacks == [96, 92, 112]


@pytest.mark.parametrize(
    ("instead", "said"),
    [
        ("p2 cbr 8", "out of turn"),
        ("p3 cbr 5", "below the minimum"),
        ("p3 cbr 500", "more than your stack"),
    ],
)
def test_an_illegal_move_in_a_record_is_a_mismatch_that_says_why(instead: str, said: str) -> None:
    recorded = next(load(ANTE_HAND.replace("p3 cc", instead, 1)))
    with pytest.raises(Mismatch, match=said):
        replay(recorded)


@pytest.mark.parametrize("action", ["p1 dance", "p1", ""])
def test_an_action_that_cannot_be_read_is_named(action: str) -> None:
    recorded = next(load(ANTE_HAND.replace("p3 cc", action, 1)))
    with pytest.raises(ValueError, match="cannot read action"):
        replay(recorded)


@pytest.mark.parametrize(
    "field", ["antes", "blinds_or_straddles", "min_bet", "starting_stacks", "actions"]
)
def test_a_field_that_is_missing_is_named(field: str) -> None:
    with pytest.raises(ValueError, match=f"no field '{field}'"):
        list(load(ANTE_HAND.replace(f"{field} =", f"{field}_ =", 1)))
