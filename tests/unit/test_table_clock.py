"""The table's own time: it stands still while it is frozen, and never runs backwards."""

from actors.table_clock import TableClock


class Wall:
    """A clock that only the test moves, in seconds."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_it_goes_on_from_where_the_journal_ended() -> None:
    wall = Wall()
    clock = TableClock(wall, 5_000)
    assert clock.now() == 5_000
    wall.seconds += 1.5
    assert clock.now() == 6_500
    assert clock.seconds_until(7_000) == 0.5
    assert clock.seconds_until(6_000) == 0.0


def test_frozen_for_two_reasons_it_waits_for_both() -> None:
    wall = Wall()
    clock = TableClock(wall, 0)
    clock.freeze("storage")
    wall.seconds += 10
    clock.freeze("operator")
    wall.seconds += 10
    clock.thaw("storage")
    wall.seconds += 10
    assert clock.now() == 0
    clock.thaw("operator")
    wall.seconds += 1
    assert clock.now() == 1_000


def test_what_was_not_frozen_for_a_reason_is_not_thawed_by_it() -> None:
    wall = Wall()
    clock = TableClock(wall, 0)
    wall.seconds += 3
    clock.thaw("lease")
    assert clock.now() == 3_000
    clock.freeze("storage")
    wall.seconds += 3
    clock.thaw("lease")
    assert clock.now() == 3_000
