"""Which actor a table goes to, and when one is too busy for newcomers."""

import pytest

from actors.load import BUSY_MS, EASY_MS, LagMeter, Load
from actors.spec import TABLES_PER_ACTOR_MAX
from serve.placement import OPENINGS_MAX, actors_for, choose
from tests.integration.table_bench import table_spec

BUSY = Load(0, BUSY_MS, busy=True)


class At:
    """An actor with so many tables of a kind."""

    def __init__(
        self, held: int = 0, packs: int = 1, *, reserved: int = 0, load: Load | None = None,
        usable: bool = True,
    ) -> None:  # fmt: skip
        self.held, self.packs, self.reserved, self.usable = held, packs, reserved, usable
        self.load = load or Load()


def chosen(packs: int, *places: At, warm: At | None = None) -> At | None:
    return choose(table_spec(tables_per_actor=packs), places, lambda place: place is warm)


def needed(packs: int, count: int, *places: At) -> int:
    return actors_for([table_spec(tables_per_actor=packs)] * count, places)


def test_a_table_of_its_own_goes_to_an_empty_actor_rather_a_warm_one() -> None:
    full, cold, warm = At(1), At(), At()
    assert chosen(1, full, cold, warm, warm=warm) is warm
    assert chosen(1, full) is None


def test_tables_of_a_kind_share_an_actor_until_it_is_full() -> None:
    shared, empty = At(3, 4), At()
    assert chosen(4, empty, shared) is shared
    assert chosen(4, empty, At(4, 4)) is empty
    assert chosen(4, empty, At(3, 4, reserved=1)) is empty
    assert chosen(5, empty, shared) is empty


def test_the_one_with_fewest_players_is_next() -> None:
    lively, calm = At(1, 9, load=Load(50)), At(5, 9, load=Load(10))
    assert chosen(9, lively, calm) is calm
    assert chosen(9, At(2, 9), emptier := At(1, 9)) is emptier


def test_nothing_goes_to_an_actor_that_is_busy_or_leaving() -> None:
    empty = At()
    assert chosen(9, At(1, 9, load=BUSY), empty) is empty
    assert chosen(9, At(1, 9, usable=False), At(usable=False)) is None


def test_an_actor_is_given_so_many_tables_at_once_and_an_empty_one_stays_empty() -> None:
    assert chosen(500, At(0, 500, reserved=OPENINGS_MAX), At()) is None
    assert chosen(500, one := At(0, 500, reserved=OPENINGS_MAX - 1), At()) is one


def test_so_many_actors_as_the_tables_beyond_the_room_need() -> None:
    assert needed(1, 3) == 3
    assert needed(500, 1_001) == 3
    assert needed(500, 100, At(450, 500)) == 1
    assert needed(500, 50, At(450, 500)) == 0
    assert needed(500, 50, At(450, 500, load=BUSY)) == 1
    assert needed(500, 0) == 0
    kinds = [table_spec(tables_per_actor=n) for n in (1, 1, 10, 10, 500)]
    assert actors_for(kinds, []) == 4


def test_a_late_loop_takes_nobody_until_it_is_punctual_again() -> None:
    meter = LagMeter()
    said = []
    for late in [BUSY_MS * 2] * 20 + [(BUSY_MS + EASY_MS) / 2] * 60 + [0.0] * 20:
        meter.note(late)
        said.append((meter.busy, meter.lag_ms))
    assert [busy for busy, lag in said[:20]] == [lag >= BUSY_MS for _, lag in said[:20]]
    assert not said[0][0]
    assert all(busy for busy, _ in said[19:80])
    assert [busy for busy, lag in said[80:]] == [lag > EASY_MS for _, lag in said[80:]]
    assert not said[-1][0]


def test_one_long_pause_is_no_burden() -> None:
    meter = LagMeter()
    meter.note(60_000.0)
    assert not meter.busy


@pytest.mark.parametrize("count", [0, TABLES_PER_ACTOR_MAX + 1])
def test_an_actor_has_one_table_to_five_hundred(count: int) -> None:
    with pytest.raises(ValueError, match="tables_per_actor is 1 to 500"):
        table_spec(tables_per_actor=count)
