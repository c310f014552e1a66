"""A wallet process that dies between a commit and its message: the parent kills it there.

It settles a hand and tells of it to a Redis that takes the line and never answers.
``python -m tests.integration.fanout_victim DSN REDIS_URL TABLE SESSION SESSION``
"""

import asyncio
import sys
from uuid import UUID

import asyncpg

from tests.fanout import client
from wallet.fanout.channel import Channel
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.publisher import Publisher
from wallet.ledger import Ledger
from wallet.settler import settling


async def main(dsn: str, redis_url: str, table: str, *sessions: str) -> None:
    limits = FanoutLimits()
    winner, loser = (UUID(each) for each in sessions)
    async with asyncpg.create_pool(dsn, min_size=1, max_size=4) as pool, client(redis_url) as line:
        publisher = Publisher(pool, Channel(line, limits), limits)
        telling = asyncio.create_task(publisher.run())
        async with settling(dsn, 1, publisher) as settlers:
            result = await Ledger(pool, settlers).settle(table, 1, 1, [(winner, 7), (loser, -7)], 0)
            print(result.code, flush=True)
            await telling


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
