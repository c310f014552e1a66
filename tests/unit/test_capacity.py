"""The model of docs/capacity.md and its simulation agree, and neither forgets anybody."""

import pytest

from benchmarks.capacity import Costs, actions_per_second, needs, simulate

COSTS = Costs(cpu_s=0.0003, store_cpu_s=0.0003, player_kb=30.0, actions_per_hand=12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_simulated_rate_and_load_are_the_models(seed: int) -> None:
    tables = 500
    played = simulate(tables, COSTS.cpu_s, 200.0, seed)
    rate = actions_per_second(tables * 6, 2.0, 12)
    assert played.actions_s == pytest.approx(rate, rel=0.03)
    assert played.load == pytest.approx(rate * COSTS.cpu_s, rel=0.06)


def test_a_full_loop_makes_players_wait_and_a_half_full_one_does_not() -> None:
    half, full = (simulate(tables, 0.0015, 200.0, 1) for tables in (1_500, 3_300))
    assert half.load < 0.6
    assert full.load > 0.95
    assert full.wait_p99_ms > 10 * half.wait_p99_ms


def test_ten_times_the_players_need_ten_times_the_cores() -> None:
    few, many = needs(100_000, COSTS), needs(1_000_000, COSTS)
    assert many.actions_s == pytest.approx(10 * few.actions_s)
    assert 10 * (few.table_cores - 1) < many.table_cores <= 10 * few.table_cores  # whole ones
    assert many.memory_gib == pytest.approx(10 * few.memory_gib)
    assert few.actors == -(-100_000 // 3_000)
