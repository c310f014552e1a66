"""The publishing side of Redis: a short wait, then a short while without asking."""

import asyncio
import logging
from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from wallet.fanout.cancelled import end_if_cancelled
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.lines import CHANNEL

log = logging.getLogger(__name__)


class Channel:
    """Never raises for Redis: what is not told now is told later, from Postgres."""

    def __init__(self, redis: Redis, limits: FanoutLimits) -> None:
        self._redis = redis
        self._limits = limits
        self._away_until = 0.0

    @property
    def away(self) -> bool:
        """Whether Redis failed just now."""
        return asyncio.get_running_loop().time() < self._away_until

    async def tell(self, messages: Sequence[bytes]) -> bool:
        """Publish them in their order; False if that is not certain. None of them: a question
        whether Redis is there."""
        told = await self._told(messages)
        end_if_cancelled()
        return told

    async def _told(self, messages: Sequence[bytes]) -> bool:
        try:
            async with asyncio.timeout(self._limits.redis_s_max):
                if not messages:
                    await self._redis.ping()
                    return True
                async with self._redis.pipeline(transaction=False) as pipe:
                    for message in messages:
                        pipe.publish(CHANNEL, message)
                    await pipe.execute()
            return True
        except (RedisError, OSError, TimeoutError) as failure:
            self._away_until = asyncio.get_running_loop().time() + self._limits.away_s
            log.warning("Redis is away; balances are told later: %r", failure)
            return False
