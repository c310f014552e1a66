"""Players, tables, an unreliable operator and two wallet processes that hang and die at awaits."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from tests.seamless import CURRENCY, LIMITS, TOKEN, Operator, seamless
from wallet.ledger import Ledger
from wallet.results import LedgerResult, Result
from wallet.seamless.errors import HeldElsewhere
from wallet.seamless.faults import Fault
from wallet.seamless.open import Seamless
from wallet.seamless.states import Person

TABLES = ("oak", "elm")
MONEY = 5_000
HANGS_ONE_IN = 60
RATES = dict.fromkeys(Fault, 0.04)
REFUSALS = frozenset(LedgerResult) - {LedgerResult.APPLIED, LedgerResult.DUPLICATE}


class Killed(Exception):
    """The process is gone: nothing it awaits comes back."""


class Death:
    """Comes at a given await, and stays."""

    def __init__(self) -> None:
        self.after: int | None = None
        self.dead = False

    def check(self) -> None:
        if self.after is not None:
            self.after -= 1
            self.dead = self.dead or self.after <= 0
        if self.dead:
            raise Killed


class Mortal:
    """Any service; death is before a call is made or before its answer is known, and so is a
    hang, after which a process goes on as if nothing had happened."""

    def __init__(self, target: Any, death: Death, hang: Callable[[], Awaitable[None]]) -> None:
        self._target = target
        self._death = death
        self._hang = hang

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._target, name)

        async def call(*args: Any, **kwargs: Any) -> Any:
            self._death.check()
            await self._hang()
            result = await method(*args, **kwargs)
            await self._hang()
            self._death.check()
            return result

        return call


class Process(NamedTuple):
    """One wallet process, and what will become of it."""

    wallet: Seamless
    death: Death


class BuyIn(NamedTuple):
    player: UUID
    table: str
    session: UUID
    amount: int
    key: str
    epoch: int


class Home(NamedTuple):
    player: UUID
    table: str
    session: UUID
    key: str


class World:
    """``told`` is what each key was answered with first; ``open`` what has had no answer yet."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", seed: int) -> None:
        self.chance = random.Random(seed)
        self.pool = pool
        self.ledger = Ledger(pool)
        self.operator = Operator(RATES, seed)
        self.players = [UUID(int=n + 1) for n in range(6)]
        self.epochs = dict.fromkeys(TABLES, 2)
        self.told: dict[str, Result] = {}
        self.open: list[BuyIn | Home] = []
        self.asked: list[BuyIn | Home] = []
        self.seats: dict[UUID, BuyIn] = {}
        self.playing: set[UUID] = set()
        self.hands = 0
        self.happened: Counter[str] = Counter()
        self.processes = [self._start(), self._start()]

    @property
    def process(self) -> Seamless:
        """Any of them."""
        return self.chance.choice(self.processes).wallet

    async def _hang(self) -> None:
        """Long enough for others to do something, and sometimes for a claim to run out."""
        if self.chance.randrange(HANGS_ONE_IN) == 0:
            self.happened["hung"] += 1
            self.operator.clock.now += self.chance.choice((0.0, 5.0, 12.0, 40.0))
            for _ in range(self.chance.randint(1, 30)):
                await self.pool.fetchval("SELECT 1")

    def _start(self) -> Process:
        death = Death()
        running = seamless(self.pool, self.operator)
        steps = running.adapter._steps
        store: Any = Mortal(running.store, death, self._hang)
        for holder in (steps, running.adapter, running.sweeper, running.bank):
            holder._store = store
        inner: Any = Mortal(self.ledger, death, self._hang)
        steps._inner = running.bank._inner = inner
        cash: Any = Mortal(steps._cash, death, self._hang)
        steps._cash = cash
        operator: Any = Mortal(steps._operator, death, self._hang)
        steps._operator = operator
        return Process(running, death)

    async def open_up(self) -> None:
        for player in self.players:
            self.operator.customer(str(player), MONEY)
            assert await self.process.bank.bind(player, Person(str(player), CURRENCY, TOKEN))
        for table, epoch in self.epochs.items():
            await self.ledger.raise_fence(table, epoch)

    async def act(self) -> None:
        """One thing happens, or several at once; the process may die of it."""
        if self.chance.randrange(4) == 0:
            self.chance.choice(self.processes).death.after = self.chance.randint(1, 25)
        several = self.chance.choice((1, 1, 2, 4))
        await asyncio.gather(*(self._one() for _ in range(several)))
        if self.chance.randrange(2):
            # Else what goes on in the background is overtaken by what comes next.
            for each in self.processes:
                await each.wallet.adapter.settled()
        for number, each in enumerate(self.processes):
            if each.death.dead:
                self.happened["killed"] += 1
                await each.wallet.aclose()
                self.processes[number] = self._start()

    async def _one(self) -> None:
        doings: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (6, self._buy_in),
            (2, self._top_up),
            (4, self._hand),
            (5, self._home),
            (1, self._home_past_the_adapter),
            (5, self._ask_again),
            (3, self._ask_both),
            (1, self._give_up),
            (1, self._take_over),
            (4, self._wait),
            (4, self._sweep),
            (1, self._whim),
        ]
        weights = [weight for weight, _ in doings]
        (_, doing) = self.chance.choices(doings, weights)[0]
        self.happened[doing.__name__] += 1
        await doing()

    def _id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)

    async def _buy_in(self) -> None:
        player, table = self.chance.choice(self.players), self.chance.choice(TABLES)
        session, amount = self._id(), self.chance.randint(1, 2_500)
        epoch = self.epochs[table] - (self.chance.randrange(5) == 0)  # a table that was taken over
        await self._ask(BuyIn(player, table, session, amount, f"in:{session}", epoch))

    async def _top_up(self) -> None:
        if self.seats:
            seat = self.chance.choice(list(self.seats.values()))
            key, amount = f"in:{seat.session}:{self._id()}", self.chance.randint(1, 500)
            await self._ask(seat._replace(key=key, amount=amount, epoch=self.epochs[seat.table]))

    def _idle(self) -> list[UUID]:
        """A stake goes home after its last hand, and a player plays one hand at a time."""
        return [each for each in self.seats if each not in self.playing]

    async def _hand(self) -> None:
        table = self.chance.choice(TABLES)
        seats = [each for each in self._idle() if self.seats[each].table == table]
        if len(seats) < 2:
            return
        one, two = self.chance.sample(seats, 2)
        self.playing |= {one, two}
        lost, rake = self.chance.randint(5, 1_500), self.chance.randint(0, 5)
        self.hands += 1
        try:
            await self.process.bank.settle(
                table, self.hands, self.epochs[table], [(one, lost - rake), (two, -lost)], rake
            )
        except Killed:
            self.happened["a hand in doubt"] += 1
        finally:
            self.playing -= {one, two}

    async def _home(self) -> None:
        if idle := self._idle():
            seat = self.seats.pop(self.chance.choice(idle))
            await self._ask(Home(seat.player, seat.table, seat.session, f"out:{seat.session}"))

    async def _home_past_the_adapter(self) -> None:
        if idle := self._idle():
            seat = self.seats.pop(self.chance.choice(idle))
            key = f"out:{seat.session}"
            assert (await self.ledger.cash_out(seat.player, seat.table, seat.session, key)).done

    async def _ask_again(self) -> None:
        if self.open and self.chance.randrange(3):
            await self._ask(self.open.pop(self.chance.randrange(len(self.open))))
        elif self.asked:
            await self._ask(self.chance.choice(self.asked))

    async def _ask_both(self) -> None:
        """The first process hangs, and the caller tries the other one."""
        if self.open:
            request = self.open.pop(self.chance.randrange(len(self.open)))
            await asyncio.gather(*(self._ask(request) for _ in self.processes))

    async def _give_up(self) -> None:
        """The table that waited for a buy-in is gone. A cash-out is never given up."""
        self.open = [each for each in self.open if isinstance(each, Home)]

    async def _take_over(self) -> None:
        table = self.chance.choice(TABLES)
        self.epochs[table] += 1
        await self.ledger.raise_fence(table, self.epochs[table])

    async def _wait(self) -> None:
        self.operator.clock.now += self.chance.choice((0.2, 3.0, 12.0, 40.0, 400.0))

    async def _sweep(self) -> None:
        try:
            await self.process.sweeper.sweep()
        except Killed:
            self.happened["a sweep in doubt"] += 1

    async def _whim(self) -> None:
        """The operator changes his mind about a player; a token ends, a new one comes."""
        player = self.chance.choice(self.players)
        customer = self.operator.book.customers[str(player)]
        match self.chance.randrange(6):
            case 0:
                customer.blocked = True
            case 1:
                customer.amount_max = 1_000
            case 2:
                customer.tokens = set()
            case _:
                customer.blocked, customer.amount_max, customer.tokens = False, None, {TOKEN}

    async def _ask(self, request: BuyIn | Home) -> None:
        self.asked.append(request)
        try:
            if isinstance(request, BuyIn):
                result = await self.process.bank.buy_in(*request)
            else:
                result = await self.process.bank.cash_out(*request)
        except (Killed, HeldElsewhere):
            self.happened["in doubt"] += 1
            self.open.append(request)
            return
        self._tell(request, result)

    def _tell(self, request: BuyIn | Home, result: Result) -> None:
        """The first answer stands for ever."""
        first = self.told.setdefault(request.key, result)
        assert first.done == result.done, (request, first, result)
        assert first.amount == result.amount, (request, first, result)
        if not result.done:
            assert first.code is result.code, (request, first, result)
        self.happened[result.code] += 1
        home = f"out:{request.session}"
        known_home = any(each.key == home for each in self.asked)
        if isinstance(request, BuyIn) and result.done and not known_home:
            self.seats.setdefault(request.session, request)

    async def in_books(self) -> int:
        """Everything in our ledger: stakes, wallets, rake."""
        return -int(
            await self.pool.fetchval("SELECT balance FROM wallet.accounts WHERE kind = 'cash'")
        )

    async def never_both(self) -> None:
        """Money is at the operator, or in our books, or on its way: never in two places."""
        assert self.operator.total() + await self.in_books() <= len(self.players) * MONEY

    async def calm(self) -> None:
        """Nothing goes wrong any more, and whoever waited for an answer gets one."""
        await self.close()
        self.processes = [self._start()]
        self.operator.faults.stop()
        self.operator.line.simulator.flush()
        while await self._rest():
            self.operator.clock.now += LIMITS.retry_s_max + LIMITS.orphan_s
            for request in self.open[:]:
                self.open.remove(request)
                await self._ask(request)
            await self.process.sweeper.sweep()
            await self.process.adapter.settled()

    async def close(self) -> None:
        for each in self.processes:
            await each.wallet.aclose()

    async def _rest(self) -> bool:
        due = await self.process.store.outstanding()
        strays = await self.process.store.strays()
        return bool(self.open or due or strays)
