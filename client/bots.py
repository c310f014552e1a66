"""The house bots: labelled, sensible, cheap. Real clients in a process of their own.

``python -m client.bots`` reads one line of JSON (``Order``) and plays until its input ends.
"""

import asyncio
import contextlib
import logging
import math
import os
import random
import signal
import sys
import threading
from typing import Protocol

import httpx
import msgspec

from client.errors import ApiError, RefusedError, TableClosed
from client.sdk import Client
from client.state import TableState
from client.table import Table
from games.evaluate import strength
from games.holdem.records import Action, Call, Check, Fold, Raise
from wire.http import TokensResponse

log = logging.getLogger(__name__)

BUY_IN_BIG_BLINDS = 60
HANDS_BETWEEN_TOP_UPS = 20
PAUSE_S = 5.0
WEAKEST = 7_462


class BotSeat(msgspec.Struct, frozen=True):
    """One bot: the table it sits at and the tokens it signs in with."""

    table: str
    tokens: TokensResponse


class Order(msgspec.Struct, frozen=True):
    """``think_ms`` bounds how long a bot thinks; ``seed`` fixes its chances."""

    url: str
    seats: tuple[BotSeat, ...]
    think_ms: tuple[int, int]
    seed: int = 0


class Chance(Protocol):
    """What a bot needs of ``random.Random``."""

    def random(self) -> float: ...

    def uniform(self, low: float, high: float) -> float: ...


def choose(state: TableState, chance: Chance) -> Action:
    """An action for the client's own turn: always a legal one."""
    options = state.options
    assert options is not None
    quality = _quality(state)
    price = options.call / (state.pot + options.call) if options.call else 0.0
    nerve = quality + (chance.random() - 0.5) * 0.2
    if options.raise_max and (nerve > 0.75 or (nerve > 0.6 and options.can_check)):
        wanted = int((state.pot + options.call) * chance.uniform(0.5, 1.0))
        to = options.raise_min + wanted - wanted % max(1, _unit(state))
        return Raise(min(options.raise_max, max(options.raise_min, to)))
    if options.can_check:
        return Check()
    cheap = options.call <= 2 * _unit(state) and nerve > 0.3
    return Call() if nerve > price + 0.25 or cheap else Fold()


def _unit(state: TableState) -> int:
    return state.info.big_blind if state.info is not None else 1


def _usual(state: TableState) -> int:
    """What a bot sits down with, in minor units."""
    info = state.info
    assert info is not None
    return min(info.buy_in_max, max(info.buy_in_min, BUY_IN_BIG_BLINDS * info.big_blind))


def _quality(state: TableState) -> float:
    """How good the cards look, 0 to 1: high cards, pairs and suits before the flop, then the
    made hand against all made hands. No look at the opponents: these bots are for company."""
    if len(state.cards) < 2:
        return 0.0
    first, second = state.cards
    if not state.board:
        high, low = sorted((first // 4, second // 4), reverse=True)
        score = (high + low) / 24
        score += 0.3 if high == low else 0.08 * (first % 4 == second % 4)
        return min(1.0, score + (0.06 if 0 < high - low <= 2 else 0.0))
    rank = strength((*state.cards, *state.board))
    # Ranks are not evenly spread: half of all boards make a pair, which is little.
    return math.pow(1.0 - rank / WEAKEST, 0.7) + (0.1 if rank < 3_325 else 0.0)


class Bot:
    """Keeps one seat: sits, plays, buys in again, comes back after whatever happens."""

    def __init__(self, url: str, seat: BotSeat, think_ms: tuple[int, int], seed: int) -> None:
        self._client = Client.from_tokens(url, seat.tokens)
        self._at = seat.table
        self._think_ms = think_ms
        self._chance = random.Random(seed)
        self._top_up_from = 0

    async def run(self) -> None:
        """Play until cancelled, then stand up."""
        table: Table | None = None
        try:
            while True:
                try:
                    await self._claim_daily()
                    if table is None or table.closed:
                        # One value a sitting: a house can't bind itself.
                        table = await self._client.join(self._at, fresh_entropy=False)
                    await self._play(table)
                except (ApiError, RefusedError, TableClosed, httpx.TransportError) as failure:
                    log.warning("%s: %s", self._client.player.name, failure)
                await asyncio.sleep(self._chance.uniform(0.1, 1.0))
        finally:
            if table is not None:
                with contextlib.suppress(RefusedError, TableClosed, TimeoutError):
                    await asyncio.wait_for(table.stand(), 1.0)
            await self._client.close()

    async def _claim_daily(self) -> None:
        await self._client.api.daily()

    async def _play(self, table: Table) -> None:
        while True:
            state = table.state
            mine = state.my_seat
            if mine is None:
                await self._sit(table)
            elif state.my_turn and state.options is not None and table.connected:
                await self._act(table)
            elif mine.stack < _usual(state) // 3 and not state.playing and self._may_top_up(state):
                await self._top_up(table, _usual(state) - mine.stack)
            elif mine.sitting_out and mine.stack:
                await table.sit_out(False)
            else:
                await table.changed()

    async def _act(self, table: Table) -> None:
        low, high = self._think_ms
        turn = (table.state.hand, table.state.seq)
        await asyncio.sleep(self._chance.uniform(low, high) / 1_000)
        state = table.state
        if not state.my_turn or turn[0] != state.hand:
            return
        try:
            await table.act(choose(state, self._chance))
        except RefusedError as refused:
            log.warning("%s: %s", self._client.player.name, refused)

    async def _sit(self, table: Table) -> None:
        try:
            await table.sit(_usual(table.state), post_now=True)
        except RefusedError as refused:
            if refused.code != "already_seated":
                log.warning("%s: %s", self._client.player.name, refused)
            await asyncio.sleep(PAUSE_S)

    def _may_top_up(self, state: TableState) -> bool:
        return state.hand >= self._top_up_from or not (state.my_seat and state.my_seat.stack)

    async def _top_up(self, table: Table, amount: int) -> None:
        """Back to the usual stack; broke in the wallet too, it plays on with what it has."""
        try:
            await table.top_up(amount)
        except RefusedError as refused:
            log.warning("%s: %s", self._client.player.name, refused)
            self._top_up_from = table.state.hand + HANDS_BETWEEN_TOP_UPS
            mine = table.state.my_seat
            if mine is not None and not mine.stack:
                await asyncio.sleep(PAUSE_S)
                await self._claim_daily()


async def run(order: Order, stop: asyncio.Event) -> None:
    """All bots of an order in this loop, until ``stop``."""
    bots = [
        Bot(order.url, seat, order.think_ms, order.seed + number)
        for number, seat in enumerate(order.seats)
    ]
    tasks = [asyncio.create_task(bot.run()) for bot in bots]
    await stop.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def main() -> None:
    """Read the order, play until the input ends or SIGTERM comes, then stand up."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    loop = asyncio.get_running_loop()
    order = msgspec.json.decode(
        await loop.run_in_executor(None, sys.stdin.buffer.readline), type=Order
    )
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    # A daemon: a thread of the executor would keep the process until its input ends.
    threading.Thread(target=_read_to_end, args=(loop, stop), daemon=True).start()
    await run(order, stop)


def _read_to_end(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # Not sys.stdin: a thread inside its lock makes the interpreter's exit fail.
    while os.read(0, 4096):
        pass
    with contextlib.suppress(RuntimeError):  # the loop has ended by another way
        loop.call_soon_threadsafe(stop.set)


if __name__ == "__main__":
    asyncio.run(main())
