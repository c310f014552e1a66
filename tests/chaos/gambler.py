"""A player in the storm: keeps a seat, acts at random, and writes down what it was promised."""

import asyncio
import random
from typing import Any, NamedTuple

from client import Client, RefusedError, Table
from client.bots import choose
from games.holdem import records as r
from wire.codec import CODECS, MSGPACK
from wire.events import Event
from wire.server_frames import Update, Welcome

THINK_S_MAX = 0.15


class Acknowledged(NamedTuple):
    """An action that the server has accepted."""

    table: str
    hand: int
    turn: int
    seat: int
    action: r.Action


class Sighting(NamedTuple):
    """Something that was shown of a hand, in the order in which it was."""

    hand: int
    event: Event


class Gambler:
    """One guest at one table. ``wrong`` is what a client may never see."""

    def __init__(self, client: Client, at: str, seed: int) -> None:
        self.client = client
        self.at = at
        self.think_s = THINK_S_MAX
        self.acknowledged: list[Acknowledged] = []
        self.seen: list[Sighting] = []
        self.epochs: set[int] = set()
        self.wrong: list[str] = []
        self.refused: list[str] = []
        self.done = asyncio.Event()
        self._chance = random.Random(seed)
        self._codec = CODECS[MSGPACK]
        self._seat = -1
        self._hand = 0
        self.table: Table | None = None
        self.joined = asyncio.Event()

    def on_frame(self, data: bytes) -> None:
        """Every frame as it came, before the SDK has a look."""
        frame = self._codec.decode_server(data)
        if isinstance(frame, Welcome):
            self.epochs.add(frame.epoch)
            self._seat = frame.seat
            if frame.view is not None:
                self._hand = frame.view.hand.hand if frame.view.hand is not None else 0
            if frame.view is not None and frame.view.cards and frame.seat < 0:
                self.wrong.append(f"{self.at}: cards in the view of a watcher")
        elif isinstance(frame, Update):
            for event in frame.events:
                self._note(event)

    def _note(self, event: Event) -> None:
        if isinstance(event, r.HandStarted):
            self._hand = event.hand
        if isinstance(event, r.HoleDealt) and event.cards:
            seat = self.table.state.me if self.table is not None else self._seat
            if event.seat != seat:
                self.wrong.append(f"{self.at}: seat {event.seat}'s cards shown to seat {seat}")
        if self._hand:
            self.seen.append(Sighting(self._hand, event))

    async def run(self) -> None:
        """Play until ``done``, then stand up. Whatever the SDK does not survive is a failure."""
        self.table = await self.client.join(self.at, codec=MSGPACK, on_frame=self.on_frame)
        table = self.table
        self.joined.set()
        while not self.done.is_set():
            await self._step(table)
        await self._leave(table)

    async def _step(self, table: Table) -> None:
        state = table.state
        mine = state.my_seat
        if mine is None:
            await self._ask(table.sit(self._buy_in(table), post_now=True))
        elif state.my_turn and state.options is not None and table.connected:
            await asyncio.sleep(self._chance.random() * self.think_s)
            if state.my_turn and state.options is not None:
                await self._act(table)
        elif mine.sitting_out and mine.stack:
            await self._ask(table.sit_out(False))
        elif mine.stack + mine.added < state_minimum(table) and not state.playing:
            await self._ask(table.top_up(self._buy_in(table)))
        else:
            await self._change(table)

    async def _change(self, table: Table) -> None:
        changed = asyncio.ensure_future(table.changed())
        done = asyncio.ensure_future(self.done.wait())
        await asyncio.wait({changed, done}, return_when=asyncio.FIRST_COMPLETED)
        for each in (changed, done):
            each.cancel()
        await asyncio.gather(changed, done, return_exceptions=True)
        if table.closed:
            await table.changed()  # raises why

    async def _act(self, table: Table) -> None:
        state = table.state
        action = choose(state, self._chance)
        promised = Acknowledged(self.at, state.hand, state.turn_number, state.me, action)
        if await self._ask(table.act(action)):
            self.acknowledged.append(promised)

    async def _ask(self, request: Any) -> bool:
        try:
            await request
        except RefusedError as refused:
            self.refused.append(refused.code)
            await asyncio.sleep(0.05)
            return False
        return True

    def _buy_in(self, table: Table) -> int:
        assert table.state.info is not None
        return table.state.info.buy_in_min * 4

    async def _leave(self, table: Table) -> None:
        if table.state.my_seat is not None:
            await self._ask(table.stand())


def state_minimum(table: Table) -> int:
    """Below this a gambler buys more chips."""
    assert table.state.info is not None
    return table.state.info.big_blind * 5
