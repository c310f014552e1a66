"""Hands to settle, and those who settle them: the ledger's side of ``bench_ledger``."""

import asyncio
import itertools
import random
import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from wallet.ledger import Ledger

SEATS = 6
CHIPS = 1_000_000_000
RAKE = 3
RESULTS = 32
"""A table's hands repeat after so many; their numbers do not."""
TICK_S = 0.001
DAY = date(2026, 1, 2)
Settle = Callable[[str, int, list[tuple[UUID, int]], int], Awaitable[Any]]


Moves = list[tuple[UUID, int]]


class Load:
    """Tables with their stakes, and what may happen at them, made before anything is timed."""

    def __init__(self, tables: list[tuple[str, list[UUID]]], chance: random.Random) -> None:
        self.tables = tables
        self.chance = chance
        self._numbers = [0] * len(tables)
        self._results = {
            rake: [[self._result(stakes, rake) for _ in range(RESULTS)] for _, stakes in tables]
            for rake in (RAKE, 0)
        }

    def _result(self, stakes: list[UUID], rake: int) -> Moves:
        """Three to five stakes change, and the house's account; with no rake one stake more, so
        that the number of entries is the same."""
        players = self.chance.sample(stakes, self.chance.randint(3, 5) + (not rake))
        moves = [(session, -self.chance.randint(10, 500)) for session in players[1:]]
        pot = -sum(change for _, change in moves)
        return [(players[0], pot - rake), *moves]

    def hand(self, table: int, rake: int = RAKE) -> tuple[str, int, Moves, int]:
        """The next hand of a table."""
        self._numbers[table] += 1
        number = self._numbers[table]
        return self.tables[table][0], number, self._results[rake][table][number % RESULTS], rake


async def seat(dsn: str, tables: int, seed: int) -> Load:
    """Open wallets and stakes at so many tables."""
    chance = random.Random(seed)
    made: list[tuple[str, list[UUID]]] = []
    async with asyncpg.create_pool(dsn, min_size=4, max_size=4) as pool:
        ledger = Ledger(pool)

        async def fill(number: int) -> None:
            name, stakes = f"bench-{seed}-{number}", []
            await ledger.raise_fence(name, 1)
            for _ in range(SEATS):
                player = UUID(int=chance.getrandbits(128), version=4)
                session = UUID(int=chance.getrandbits(128), version=4)
                await ledger.open_wallet(player)
                await ledger.grant_daily(player, CHIPS, DAY)
                await ledger.buy_in(player, name, session, CHIPS, f"in:{session}", 1)
                stakes.append(session)
            made.append((name, stakes))

        for first in range(0, tables, 8):
            await asyncio.gather(*(fill(n) for n in range(first, min(first + 8, tables))))
    return Load(made, chance)


class Rate(NamedTuple):
    """What was done in how many seconds."""

    settlements: int
    entries: int
    seconds: float

    @property
    def settlements_s(self) -> float:
        return self.settlements / self.seconds

    @property
    def entries_s(self) -> float:
        return self.entries / self.seconds


async def closed_loop(
    load: Load, ledger: Ledger, seconds: float, at_once: int, rake: int = RAKE
) -> Rate:
    """Every table settles its next hand when the last one is settled; ``at_once`` tables do."""
    began = time.perf_counter()
    until = began + seconds
    done = entries = 0

    async def play(table: int) -> None:
        nonlocal done, entries
        while time.perf_counter() < until:
            name, number, moves, house = load.hand(table, rake)
            result = await ledger.settle(name, number, 1, moves, house)
            assert result.done, result
            done += 1
            entries += sum(change != 0 for _, change in moves) + (house != 0)

    await asyncio.gather(*(play(table) for table in range(at_once)))
    return Rate(done, entries, time.perf_counter() - began)


async def open_loop(load: Load, ledger: Ledger, seconds: float, rate: float) -> list[float]:
    """Hands end at random, so many a second, whatever the ledger does; the seconds from that
    instant to the answer, sorted. A hand waits for the one before at its table. A thread keeps the
    time, in ticks of a millisecond: the event loop's own timers are up to one late."""
    loop = asyncio.get_running_loop()
    taken: list[float] = []
    busy = [asyncio.Lock() for _ in load.tables]
    tasks: set[asyncio.Task[None]] = set()
    order = itertools.cycle(range(len(load.tables)))

    async def settle(table: int, due: float) -> None:
        async with busy[table]:
            name, number, moves, rake = load.hand(table)
            result = await ledger.settle(name, number, 1, moves, rake)
        assert result.done, result
        taken.append(time.perf_counter() - due)

    def end(hands: int, due: float) -> None:
        for _ in range(hands):
            task = loop.create_task(settle(next(order), due))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    def keep_time() -> None:
        began = time.perf_counter()
        due = began
        for number in range(1, round(seconds / TICK_S)):
            tick = began + number * TICK_S
            hands = 0
            while due < tick:
                due += load.chance.expovariate(rate)
                hands += 1
            time.sleep(max(0.0, tick - time.perf_counter()))
            loop.call_soon_threadsafe(end, hands, tick)

    await asyncio.to_thread(keep_time)
    await asyncio.gather(*tasks)
    return sorted(taken)
