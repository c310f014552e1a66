"""What waits for a Redis that is not there."""

import asyncio

from redis.asyncio import Redis

from actors.rail_line import Ear, Mouth
from serve.process import free_port
from wire.limits import RailLimits

LIMITS = RailLimits(messages_waiting_max=256, batch_messages_max=16, away_s=0.01)


async def test_messages_that_nobody_takes_are_forgotten_and_that_is_said() -> None:
    lost = 0

    def forgot() -> None:
        nonlocal lost
        lost += 1

    async with Redis(port=free_port(), socket_connect_timeout=0.5) as redis:
        mouth = Mouth(redis, forgot, LIMITS)
        for number in range(3 * LIMITS.messages_waiting_max):
            mouth.tell("c", b"%d" % number)
            assert mouth.waiting <= LIMITS.messages_waiting_max
        assert lost == 2
        running = asyncio.create_task(mouth.run())
        async with asyncio.timeout(20):
            while lost < 3:  # noqa: ASYNC110 (another task is looked at)
                await asyncio.sleep(0.001)
        assert mouth.waiting == 0
        assert mouth.told == 0
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert running.cancelled()


async def test_an_ear_without_redis_tries_on_until_it_is_cancelled() -> None:
    async with Redis(port=free_port(), socket_connect_timeout=0.5) as redis:
        ear = Ear(redis, lambda channel, message: None, LIMITS)
        ear.want("c")
        running = asyncio.create_task(ear.run())
        await asyncio.sleep(0.1)
        assert not running.done()
        assert not ear.listening
        ear.drop("c")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert running.cancelled()
