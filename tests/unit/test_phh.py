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
