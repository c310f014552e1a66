"""A task that tells over Redis ends when it is cancelled, whatever the client of Redis does."""

import asyncio
from typing import Any

import pytest
from redis.exceptions import TimeoutError as RedisTimeout

from wallet.fanout.channel import Channel
from wallet.fanout.limits import FanoutLimits


class Swallowing:
    """A client that takes a cancellation for an answer, or for a line that is slow."""

    def __init__(self, failure: Exception | None) -> None:
        self.asked = asyncio.Event()
        self._failure = failure

    async def ping(self) -> None:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if self._failure is not None:
                raise self._failure from None


@pytest.mark.parametrize("failure", [None, RedisTimeout("slow"), OSError("gone")])
async def test_a_cancellation_that_the_client_swallows_ends_the_task(
    failure: Exception | None,
) -> None:
    redis: Any = Swallowing(failure)
    task = asyncio.create_task(Channel(redis, FanoutLimits()).tell([]))
    await redis.asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_time_out_of_our_own_is_no_cancellation() -> None:
    redis: Any = Swallowing(RedisTimeout("slow"))
    assert not await Channel(redis, FanoutLimits(redis_s_max=0.01)).tell([])
