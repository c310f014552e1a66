"""The short form of the rehearsal: a release is rolled out under players, and nothing is lost."""

import pytest

from tests.upgrade.rehearsal import rehearse

TABLES = 4


@pytest.mark.timeout(900)
def test_a_release_is_rolled_out_under_players_and_no_hand_is_lost() -> None:
    tally, away, found = rehearse(tables=TABLES, packs=2)
    print(dict(tally), away)
    assert found == []
    assert tally["hands voided"] == 0
    assert tally["tables moved"] == TABLES
    assert tally["actions acknowledged"] > 20
    # Everybody was sent to the new process, once or more, and is back.
    assert len(away) >= tally["players"]
