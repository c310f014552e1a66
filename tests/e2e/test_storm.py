"""Players who do everything at once, badly, over lines that break: not a chip may go missing."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable

from client import Client, RefusedError, Table
from games.holdem.records import Action, Call, Check, Fold, Raise
from tests.server import Server

PLAYERS = 12
STEPS = 60
ANSWER_S_MAX = 60.0


class Rowdy:
    """One guest with a seed; ``heard`` counts the answers he got."""

    def __init__(self, client: Client, table: Table, seed: int, heard: Counter[str]) -> None:
        self.client = client
        self.table = table
        self.chance = random.Random(seed)
        self.heard = heard

    async def ask(self, request: Awaitable[object]) -> None:
        try:
            await asyncio.wait_for(request, ANSWER_S_MAX)
            self.heard["accepted"] += 1
        except RefusedError as refused:
            self.heard[refused.code] += 1

    async def step(self) -> None:
        table, chance = self.table, self.chance
        info = table.state.info
        assert info is not None
        roll = chance.random()
        if table.state.my_turn and roll < 0.7:
            await self.ask(table.act(self.action()))
        elif roll < 0.8:
            buy_in = chance.randint(info.buy_in_min, info.buy_in_max)
            await self.ask(table.sit(buy_in, chance.choice([None, 0, 1, 9]), post_now=True))
        elif roll < 0.85:
            amounts = (chance.randint(1, info.buy_in_max) for _ in range(2))
            await asyncio.gather(*(self.ask(table.top_up(amount)) for amount in amounts))
        elif roll < 0.9:
            await asyncio.gather(self.ask(table.stand()), self.ask(table.sit(info.buy_in_min)))
        elif roll < 0.94:
            await self.ask(table.sit_out(chance.random() < 0.5))
        elif table._socket is not None:
            table._socket.transport.abort()

    def action(self) -> Action:
        options = self.table.state.options
        assert options is not None
        return self.chance.choice(
            (
                Check() if options.can_check else Call(),
                Fold(),
                Raise(options.raise_min or 1),
                Raise(options.raise_max or 1),
            )
        )

    async def leave(self) -> None:
        """Stand up; every chip must come home and every change be on the statement."""
        await self.ask(self.table.stand())
        for _ in range(600):
            wallet = await self.client.wallet()
            if not wallet.at_tables:
                break
            await asyncio.sleep(0.1)
        assert wallet.at_tables == 0
        page = await self.client.api.statement(200)
        lines = list(page.lines)
        while True:
            if page.next is None:
                break
            page = await self.client.api.statement(200, page.next)
            lines += page.lines
        assert sum(line.amount for line in lines if line.account == "wallet") == wallet.amount
        assert sum(line.amount for line in lines if line.account == "stake") == 0


async def rowdy(server: Server, seed: int, heard: Counter[str]) -> None:
    async with await Client.guest(server.url) as client:
        tables = [listed.info.table for listed in (await client.lobby()).tables]
        names = [name for name in tables if not name.startswith("replay")]
        player = Rowdy(client, await client.join(names[seed % len(names)]), seed, heard)
        for _ in range(STEPS):
            await player.step()
        await player.leave()


async def test_a_storm_of_bad_manners_loses_no_chip(server: Server) -> None:
    heard: Counter[str] = Counter()
    await asyncio.gather(*(rowdy(server, seed, heard) for seed in range(PLAYERS)))
    assert heard["accepted"] > PLAYERS
    assert heard["already_seated"] > 0
