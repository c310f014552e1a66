"""The short form of the storm: everything is killed, nothing is lost."""

import pytest

from tests.chaos.storm import run

SEED = 20261123


@pytest.mark.timeout(900)
def test_whatever_is_killed_every_hand_goes_on_and_every_chip_is_there() -> None:
    tally, found = run(tables=4, kills=16, seed=SEED)
    print(dict(tally))
    assert found == []
    assert tally["hands voided"] == 0
    assert tally["take-overs seen"] > 0
    assert tally["actions acknowledged"] > 100
