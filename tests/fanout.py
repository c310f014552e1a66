"""A wallet that tells, a reader who listens, and what they agree on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple
from uuid import UUID, uuid4

import asyncpg
import redis.asyncio

from tests.integration.test_ledger import player
from wallet.fanout.channel import Channel
from wallet.fanout.feed import Feed, Follower
from wallet.fanout.holdings import read_holdings
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.publisher import Publisher
from wallet.ledger import Balance, Ledger
from wallet.settler import settling

PATIENCE_S = 30.0
CHIPS = 1_000_000
LIMITS = FanoutLimits(look_s=0.02, mark_s=0.02, abandoned_s=0.6, away_s=0.05, poll_s=0.05)

BEHIND = """
SELECT count(*) FROM wallet.chains c LEFT JOIN wallet.published p USING (chain)
 WHERE c.links > coalesce(p.number, 0)
"""


def client(url: str) -> redis.asyncio.Redis:
    made: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
        url, socket_timeout=1.0, socket_connect_timeout=1.0
    )
    return made


class Wallet(NamedTuple):
    """One wallet process: its ledger, and what tells of it."""

    ledger: Ledger
    publisher: Publisher


@asynccontextmanager
async def wallet(
    pool: "asyncpg.Pool[asyncpg.Record]",
    dsn: str,
    redis_url: str,
    limits: FanoutLimits = LIMITS,
    settlers: int = 2,
) -> AsyncIterator[Wallet]:
    """Single operations are found by the look into the outbox: nobody wakes it."""
    async with client(redis_url) as line:
        publisher = Publisher(pool, Channel(line, limits), limits)
        task = asyncio.create_task(publisher.run())
        async with settling(dsn, settlers, publisher) as running:
            yield Wallet(Ledger(pool, running), publisher)
        await ended(task)


@asynccontextmanager
async def reader(
    pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, limits: FanoutLimits = LIMITS
) -> AsyncIterator[Feed]:
    """Listens from the first line on."""
    async with client(redis_url) as line:
        feed = Feed(line, lambda players: read_holdings(pool, players), limits)
        task = asyncio.create_task(feed.run())
        await until(lambda: feed.connected)
        yield feed
        await ended(task)


async def ended(task: "asyncio.Task[None]") -> None:
    """Cancelled, and not ended by itself before."""
    assert not task.done(), task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until(so: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not so():  # noqa: ASYNC110 (other tasks and processes are looked at, not an event)
            await asyncio.sleep(0.002)


async def until_true(so: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await so():  # noqa: ASYNC110 (a database is looked at)
            await asyncio.sleep(0.005)


async def hears(follower: Follower, wanted: Balance) -> list[Balance]:
    """Everything that the follower is told up to this."""
    told: list[Balance] = []
    async with asyncio.timeout(PATIENCE_S):
        while not told or told[-1] != wanted:
            told.append(await follower.next())
    return told


async def all_told(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """Every cursor has come to the end of its chain."""

    async def nothing_behind() -> bool:
        return bool(await pool.fetchval(BEHIND) == 0)

    await until_true(nothing_behind)


async def table(ledger: Ledger, name: str, seats: int = 2) -> list[tuple[UUID, UUID]]:
    """Players with a stake of a thousand each at a table of this name."""
    seated = []
    await ledger.raise_fence(name, 1)
    for _ in range(seats):
        who, session = await player(ledger, CHIPS), uuid4()
        assert (await ledger.buy_in(who, name, session, 1_000, f"in:{session}", 1)).done
        seated.append((who, session))
    return seated
