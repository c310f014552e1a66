"""The ledger in batches against the one in memory: random hands, most of them wrong somehow, and
between them payments, limits and exclusions in two currencies."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple, TypeVar
from uuid import UUID

import asyncpg
import pytest

from tests.limits import EUR, Memory, Postgres, World
from wallet.ledger import Ledger
from wallet.payments import PaymentKind, PaymentState
from wallet.protection import By, Exclusion, Kind, Span
from wallet.results import LedgerResult as Code
from wallet.results import Result
from wallet.settler import settling

BATCHES = 2_500
SEEDS = 4
TABLES = ("oak", "elm", "ash")
STAKES = 4
CHIPS = 2_000
CURRENCY = {"oak": "PLAY", "elm": "PLAY", "ash": EUR}
INVARIANTS = (Path(__file__).parents[1] / "integration" / "invariants.sql").read_text("utf-8")
T = TypeVar("T")


class Asked(NamedTuple):
    """A settlement as a table would ask for it."""

    table: str
    hand: int
    epoch: int
    moves: list[tuple[UUID, int]]
    rake: int


class Room:
    """Both ledgers with the same players, and what was asked before. One table is in EUR."""

    def __init__(self, seed: int, worlds: tuple[Memory, Postgres]) -> None:
        self.chance = random.Random(seed)
        self.worlds = worlds
        self.twin, self.ledger = (world.books for world in worlds)
        self.stakes = {table: [UUID(int=0)] * STAKES for table in TABLES}
        self.players: dict[UUID, UUID] = {}
        self.hands = dict.fromkeys(TABLES, 0)
        self.epochs = dict.fromkeys(TABLES, 1)
        self.before: list[Asked] = []
        self.payments: list[tuple[PaymentKind, UUID, str, int, str]] = []
        self.heard: set[Code] = set()

    def uuid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    async def both(self, ask: Callable[[World], Awaitable[T]]) -> T:
        """The answer of the model, which must be the other's too."""
        first, second = [await ask(world) for world in self.worlds]
        assert _without_instants(first) == _without_instants(second)
        if isinstance(first, Result):
            self.heard.add(first.code)
        return first

    async def open(self) -> None:
        for table in TABLES:
            await self.both(lambda world, table=table: world.books.raise_fence(table, 1))  # type: ignore[misc]
            for place in range(STAKES):
                await self._sit(table, place, None)

    async def _newcomer(self, currency: str) -> UUID:
        player = self.uuid()
        await self.both(lambda world: world.books.open_wallet(player, currency))
        deposit = (PaymentKind.DEPOSIT, player)
        await self.both(lambda world: world.begin(*deposit, 20 * CHIPS, "first", currency))
        await self.both(lambda world: world.decide(*deposit, "first", PaymentState.POSTED))
        return player

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

    async def settle(self, asked: list[Asked]) -> None:
        """All at once; the model does them in the order in which they were answered."""
        order: list[tuple[Asked, Result]] = []

        async def one(each: Asked) -> None:
            order.append((each, await self.ledger.settle(*each)))

        await asyncio.gather(*(one(each) for each in asked))
        for each, told in order:
            assert await self.twin.settle(*each) == told, each
            self.heard.add(told.code)

    async def interlude(self) -> None:
        """Now and then: a take-over, fresh chips, a payment, a limit, or a stake goes home."""
        table = self.chance.choice(TABLES)
        what = self.chance.randrange(60)
        place = self.chance.randrange(STAKES)
        session = self.stakes[table][place]
        player = self.players[session]
        key = f"k{self.chance.getrandbits(60)}"
        if what == 0:
            self.epochs[table] += 1
            epoch = self.epochs[table]
            await self.both(lambda world: world.books.raise_fence(table, epoch))
        elif what < 6:
            currency = self.chance.choice((CURRENCY[table],) * 9 + ("PLAY",))
            epoch = self.epochs[table]
            await self.both(
                lambda world: world.books.buy_in(player, table, session, 500, key, epoch, currency)
            )
        elif what == 6:
            await self.both(lambda world: world.books.cash_out(player, table, session, key))
            await self._sit(table, place, player)
        elif what < 12:
            await self._pay(player, CURRENCY[table])
        elif what < 15:
            await self._limit(player, CURRENCY[table])
        elif what == 15:
            await self._exclude(player)

    async def _pay(self, player: UUID, currency: str) -> None:
        """A new payment, one again, one with another amount, or a decision."""
        kind = self.chance.choice(list(PaymentKind))
        asked = (kind, player, f"r{self.chance.getrandbits(30)}", self.chance.randint(1, 9_000),
                 currency)  # fmt: skip
        if self.payments and self.chance.randrange(2):
            asked = self.chance.choice(self.payments[-20:])
            if self.chance.randrange(4) == 0:
                asked = (*asked[:3], asked[3] + 1, asked[4])
        self.payments.append(asked)
        kind, player, ref, amount, currency = asked
        if self.chance.randrange(2):
            await self.both(lambda world: world.begin(kind, player, amount, ref, currency))
        else:
            state = self.chance.choice((PaymentState.POSTED, PaymentState.VOIDED))
            await self.both(lambda world: world.decide(kind, player, ref, state))

    async def _limit(self, player: UUID, currency: str) -> None:
        kind = self.chance.choice((Kind.DEPOSIT, Kind.BUY_IN, Kind.LOSS))
        span = self.chance.choice((Span.DAY, Span.WEEK, Span.MONTH))
        by = self.chance.choice(list(By))
        amount = self.chance.choice((None, self.chance.randint(0, 20 * CHIPS)))
        await self.both(
            lambda world: world.limits.set_limit(
                player, kind, span, amount, currency=currency, by=by
            )
        )

    async def _exclude(self, player: UUID) -> None:
        kind = self.chance.choice(list(Exclusion))
        days = timedelta(days=42 if kind is Exclusion.COOLING_OFF else 365)
        for world in self.worlds:
            await world.limits.exclude(player, kind, days)

    async def _sit(self, table: str, place: int, player: UUID | None) -> None:
        """A new stake instead of one that has gone home; somebody else, if he may not."""
        currency, epoch = CURRENCY[table], self.epochs[table]
        while True:
            who = player or await self._newcomer(currency)
            session = self.uuid()
            key = f"in:{session}"
            result = await self.both(
                lambda world, who=who, session=session, key=key: world.books.buy_in(  # type: ignore[misc]
                    who, table, session, CHIPS, key, epoch, currency
                )
            )
            if result.done:
                self.players[session] = who
                self.stakes[table][place] = session
                return
            player = None

    async def same(self) -> None:
        """Balances, player by player and stake by stake."""
        for table in TABLES:
            assert {(s.session, s.amount) for s in await self.twin.open_stakes(table)} == {
                (s.session, s.amount) for s in await self.ledger.open_stakes(table)
            }
        for player in set(self.players.values()):
            for currency in ("PLAY", EUR):
                await self.both(
                    lambda world, who=player, code=currency: world.books.balance(who, code)  # type: ignore[misc]
                )


def _without_instants(answer: object) -> object:
    """The clocks of the two differ by a little."""
    if isinstance(answer, Result) and answer.reached is not None:
        return answer.code, answer.reached.limit, answer.reached.left
    return answer


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
    async with settling(app_dsn, 2) as settlers:
        real = await Postgres(pool, admin, Ledger(pool, settlers)).open()
        room = Room(seed, (Memory(), real))
        await room.open()
        for number in range(BATCHES):
            await room.settle(room.batch())
            await room.interlude()
            if number % 50 == 0:
                await room.same()
        await room.same()
        assert sum(settler.batches for settler in settlers) > BATCHES / 2
    assert room.heard == set(Code)
    reports = [await books.check() for books in (room.twin, room.ledger)]
    assert reports[0].problems == reports[1].problems == []
    assert reports[0].entries == reports[1].entries
    assert [row[0] for row in await admin.fetch(INVARIANTS)] == []
