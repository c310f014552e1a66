"""An operator in the same process, a clock of our own, and a line between the two."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from wallet.ledger import Ledger
from wallet.seamless.faults import Fault, Faults
from wallet.seamless.limits import SeamlessLimits
from wallet.seamless.open import OperatorConfig, Seamless
from wallet.seamless.operator_book import Customer, OperatorBook
from wallet.seamless.signing import Signer, Verifier
from wallet.seamless.simulator import Call, Simulator
from wallet.seamless.states import Person

LIMITS = SeamlessLimits()
CURRENCY, TOKEN = "EUR", "token"
RICH = 10_000
URL = "http://operator.test/wallet"


class Clock:
    """Seconds since 1970, as a test says."""

    def __init__(self) -> None:
        self.now = 1_767_225_600.0

    def __call__(self) -> float:
        return self.now


async def no_pause(seconds: float) -> None:
    """Instead of a sleep: others may run."""
    assert seconds > 0
    await asyncio.sleep(0)


class Line(httpx.AsyncBaseTransport):
    """HTTP without a network: what the simulator does to a call shows as it would over one."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.calls: list[str] = []
        self.at_once = self.at_once_most = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.rpartition("/")[2]
        self.calls.append(path)
        self.at_once += 1
        self.at_once_most = max(self.at_once, self.at_once_most)
        await asyncio.sleep(0)
        self.at_once -= 1
        reply = self.simulator.serve(Call(path, request.headers, await request.aread()))
        if reply.silent:
            raise httpx.ReadTimeout("silence", request=request)
        if reply.fault is Fault.CUT:
            raise httpx.RemoteProtocolError("cut", request=request)
        return httpx.Response(reply.status, content=reply.body)


class Operator:
    """The simulator and the line to it; ``faults`` hit from the first call on."""

    def __init__(self, rates: Mapping[Fault, float] | None = None, seed: int = 1) -> None:
        self.clock = Clock()
        self.signer = Signer.in_memory()
        self.book = OperatorBook({})
        self.faults = Faults(rates or {}, seed)
        verifier = Verifier([self.signer.public], LIMITS.freshness_s_max, self.clock)
        self.line = Line(Simulator(self.book, verifier, self.faults))

    def customer(self, name: str, balance: int = RICH) -> Customer:
        return self.book.customers.setdefault(name, Customer(CURRENCY, balance, {TOKEN}))

    def hit_next(self, *faults: Fault | None) -> None:
        """These happen to the next calls in this order, and nothing after them."""
        queue = list(faults)
        self.faults.draw = lambda: queue.pop(0) if queue else None  # type: ignore[method-assign]

    def total(self) -> int:
        return sum(each.balance for each in self.book.customers.values())


def seamless(
    pool: "asyncpg.Pool[asyncpg.Record]", operator: Operator, inner: Any = None
) -> Seamless:
    """One wallet process."""
    return Seamless(
        pool,
        inner or Ledger(pool),
        OperatorConfig(url=URL, key_file="", site="test", limits=LIMITS),
        signer=operator.signer,
        http=httpx.AsyncClient(transport=operator.line),
        clock=operator.clock,
        sleep=no_pause,
    )


@asynccontextmanager
async def process(
    pool: "asyncpg.Pool[asyncpg.Record]", operator: Operator, inner: Any = None
) -> AsyncIterator[Seamless]:
    """One wallet process that ends in order."""
    running = seamless(pool, operator, inner)
    try:
        yield running
    finally:
        await running.aclose()


async def newcomer(running: Seamless, operator: Operator, balance: int = RICH) -> UUID:
    """A player of the operator's, bound here."""
    player = uuid4()
    operator.customer(str(player), balance)
    assert await running.bank.bind(player, Person(str(player), CURRENCY, TOKEN))
    return player
