"""The ledger in batches against the one in memory: random hands, most of them wrong somehow."""

import asyncio
import random
from datetime import date
from typing import NamedTuple
from uuid import UUID

import asyncpg
import pytest

from tests.simulation.ledger_twin import LedgerTwin
from wallet.ledger import Ledger
from wallet.results import LedgerResult as Code
from wallet.results import Result
from wallet.settler import settling

BATCHES = 2_500
SEEDS = 4
TABLES = ("oak", "elm", "ash")
STAKES = 4
CHIPS = 2_000
DAY = date(2026, 1, 2)


class Asked(NamedTuple):
    """A settlement as a table would ask for it."""

    table: str
    hand: int
    epoch: int
    moves: list[tuple[UUID, int]]
    rake: int


class Room:
    """Both ledgers with the same players, and what was asked before."""

    def __init__(self, seed: int, books: tuple[LedgerTwin, Ledger]) -> None:
        self.chance = random.Random(seed)
        self.twin, self.ledger = books
        self.stakes = {table: [UUID(int=0)] * STAKES for table in TABLES}
        self.players: dict[UUID, UUID] = {}
        self.hands = dict.fromkeys(TABLES, 0)
        self.epochs = dict.fromkeys(TABLES, 1)
        self.before: list[Asked] = []

    async def open(self) -> None:
        for table in TABLES:
            for place in range(STAKES):
                player = UUID(int=self.chance.getrandbits(128), version=4)
                for books in (self.twin, self.ledger):
                    await books.raise_fence(table, 1)
                    await books.open_wallet(player)
                    await books.grant_daily(player, 20 * CHIPS, DAY)
                await self._sit(table, place, player)

    def batch(self) -> list[Asked]:
        """What comes at once: new hands, hands again, hands of old owners, impossible ones."""
        asked: list[Asked] = []
        for _ in range(self.chance.randint(1, 12)):
            kind = self.chance.randrange(20)
            if kind < 3 and (known := [*asked, *self.before[-40:]]):
                asked.append(self.chance.choice(known))
            elif kind == 3 and self.before:
                again = self.chance.choice(self.before[-40:])
                asked.append(again._replace(moves=[], rake=0))
            else:
                asked.append(self._new(kind))
        self.before += asked
        return asked

    def _new(self, kind: int) -> Asked:
        table = self.chance.choice(TABLES)
        self.hands[table] += self.chance.choice((1, 1, 1, 2))
        epoch = self.epochs[table] - (kind == 4)
        players = self.chance.sample(self.stakes[table], self.chance.randint(2, STAKES))
        top = CHIPS * 2 if kind == 5 else 300
        moves = [(session, -self.chance.randint(0, top)) for session in players[1:]]
        pot = -sum(change for _, change in moves)
        rake = min(pot, self.chance.randint(0, 5))
        winner = players[0]
        if kind == 6:
            winner = UUID(int=self.chance.getrandbits(128), version=4)
        elif kind == 7:
            winner = self.stakes[self.chance.choice(TABLES)][0]
            moves = [each for each in moves if each[0] != winner]
            pot = -sum(change for _, change in moves)
            rake = min(pot, rake)
        return Asked(table, self.hands[table], epoch, [(winner, pot - rake), *moves], rake)

    async def settle(self, asked: list[Asked]) -> list[Code]:
        """All at once; the model does them in the order in which they were answered."""
        order: list[tuple[Asked, Result]] = []

        async def one(each: Asked) -> None:
            order.append((each, await self.ledger.settle(*each)))

        await asyncio.gather(*(one(each) for each in asked))
        for each, told in order:
            assert await self.twin.settle(*each) == told, each
        return [told.code for _, told in order]

    async def interlude(self) -> None:
        """Now and then: a take-over, fresh chips, or a stake goes home."""
        table = self.chance.choice(TABLES)
        what = self.chance.randrange(40)
        place = self.chance.randrange(STAKES)
        session = self.stakes[table][place]
        player = self.players[session]
        key = f"k{self.chance.getrandbits(60)}"
        if what == 0:
            self.epochs[table] += 1
            for books in (self.twin, self.ledger):
                await books.raise_fence(table, self.epochs[table])
        elif what < 6:
            answers = [
                await books.buy_in(player, table, session, 500, key, self.epochs[table])
                for books in (self.twin, self.ledger)
            ]
            assert answers[0] == answers[1]
        elif what == 6:
            answers = [
                await books.cash_out(player, table, session, key)
                for books in (self.twin, self.ledger)
            ]
            assert answers[0] == answers[1]
            await self._sit(table, place, player)

    async def _sit(self, table: str, place: int, player: UUID) -> None:
        """A new stake instead of one that has gone home."""
        session = UUID(int=self.chance.getrandbits(128), version=4)
        self.players[session] = player
        self.stakes[table][place] = session
        answers = [
            await books.buy_in(player, table, session, CHIPS, f"in:{session}", self.epochs[table])
            for books in (self.twin, self.ledger)
        ]
        assert answers[0] == answers[1]

    async def same(self) -> None:
        """Balances, player by player and stake by stake."""
        for table in TABLES:
            assert {(s.session, s.amount) for s in await self.twin.open_stakes(table)} == {
                (s.session, s.amount) for s in await self.ledger.open_stakes(table)
            }


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_random_batches_are_answered_as_by_the_model(
    seed: int,
    pool: "asyncpg.Pool[asyncpg.Record]",
    app_dsn: str,
    database_name: str,
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    # What is answered is tried here, not whether the disk keeps it.
    await admin.execute(f"ALTER DATABASE {database_name} SET synchronous_commit = off")
    heard: set[Code] = set()
    async with settling(app_dsn, 2) as settlers:
        room = Room(seed, (LedgerTwin(), Ledger(pool, settlers)))
        await room.open()
        for number in range(BATCHES):
            heard.update(await room.settle(room.batch()))
            await room.interlude()
            if number % 50 == 0:
                await room.same()
        await room.same()
        assert sum(settler.batches for settler in settlers) > BATCHES / 2
    assert heard >= set(Code) - {Code.LIMIT_REACHED}
    reports = [await books.check() for books in (room.twin, room.ledger)]
    assert reports[0].problems == reports[1].problems == []
    assert reports[0].entries == reports[1].entries
