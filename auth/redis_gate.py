"""Redis as something that may be away: a short wait, then a short while without asking it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

ANSWER_S_MAX: Final = 0.5
AWAY_S: Final = 1.0
"""After a failure nobody asks for this long: a dead Redis costs one wait a second, not one each."""
_log = logging.getLogger(__name__)


class RedisAway(Exception):
    """Redis did not answer; go on without it."""


class RedisGate:
    """The one way to Redis of this room. Needs a running loop, whose clock it uses."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._away_until = 0.0

    @asynccontextmanager
    async def open(self, *, insist: bool = False) -> AsyncIterator[Redis]:
        """Lend the client for one round trip; with ``insist`` also while Redis seems away.

        Raises:
            RedisAway: it failed now, or did within the last ``AWAY_S`` seconds.
        """
        loop = asyncio.get_running_loop()
        if not insist and loop.time() < self._away_until:
            raise RedisAway
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                yield self._redis
        except (RedisError, OSError, TimeoutError) as error:
            self._away_until = loop.time() + AWAY_S
            _log.warning("Redis is away, going on without it: %r", error)
            raise RedisAway from error
