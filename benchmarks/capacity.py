"""From what was measured to what a million players need: a small model and its simulation.

The model is arithmetic on measured costs (docs/capacity.md states its assumptions). The simulation
plays tables against one actor's loop, action by action, and says how full the loop is and how long
an action waits: what the model's ``load_max`` must be small enough for.
"""

import heapq
import math
import random
from typing import Final, NamedTuple

SEATS: Final = 6
THINK_S: Final = (1.0, 8.0)


class Costs(NamedTuple):
    """Measured: ``cpu_s`` of the table's process an action at human pace, ``store_cpu_s`` of
    Postgres beside it, ``player_kb`` of memory, ``actions_per_hand``."""

    cpu_s: float
    store_cpu_s: float
    player_kb: float
    actions_per_hand: float


class Needs(NamedTuple):
    """What a number of players needs. Cores and shards are whole, memory is GiB."""

    players: int
    actions_s: float
    actors: int
    table_cores: int
    postgres_cores: int
    postgres_shards: int
    memory_gib: float
    nodes: int


def actions_per_second(players: float, pause_s: float, actions_per_hand: float) -> float:
    """At human pace: a table is always thinking, except between two hands."""
    think = sum(THINK_S) / 2
    return players / SEATS / (think + pause_s / actions_per_hand)


def needs(
    players: int,
    costs: Costs,
    *,
    pause_s: float = 2.0,
    load_max: float = 0.5,
    cores_per_node: int = 16,
    store_cores: int = 16,
    players_per_actor: int = 3_000,
) -> Needs:
    """Nobody's loop, and no Postgres, is more than ``load_max`` full."""
    actions = actions_per_second(players, pause_s, costs.actions_per_hand)
    by_loop = math.ceil(actions * costs.cpu_s / load_max)
    actors = max(by_loop, math.ceil(players / players_per_actor))
    stores = math.ceil(actions * costs.store_cpu_s / load_max)
    return Needs(
        players,
        actions,
        actors,
        by_loop,
        stores,
        math.ceil(stores / store_cores),
        players * costs.player_kb / 2**20,
        math.ceil(by_loop / cores_per_node),
    )


class Played(NamedTuple):
    """What a simulation saw: actions a second, how full the loop was, p99 of waiting, ms."""

    actions_s: float
    load: float
    wait_p99_ms: float


def simulate(
    tables: int, cpu_s: float, seconds: float, seed: int, *, pause_s: float = 2.0,
    actions_per_hand: int = 12,
) -> Played:  # fmt: skip
    """One loop serves the actions of its tables in the order of their coming; service times are
    exponential, which is worse than what was measured."""
    chance = random.Random(seed)
    due = [(chance.uniform(*THINK_S), table) for table in range(tables)]
    heapq.heapify(due)
    count = [chance.randrange(actions_per_hand) for _ in range(tables)]
    free_at = busy = 0.0
    waits = []
    while due[0][0] < seconds:
        at, table = heapq.heappop(due)
        service = chance.expovariate(1 / cpu_s)
        begins = max(at, free_at)
        free_at = begins + service
        busy += service
        waits.append(free_at - at)
        count[table] += 1
        pause = pause_s if count[table] % actions_per_hand == 0 else 0.0
        heapq.heappush(due, (free_at + pause + chance.uniform(*THINK_S), table))
    waits.sort()
    return Played(len(waits) / seconds, busy / seconds, waits[int(len(waits) * 0.99)] * 1_000)
