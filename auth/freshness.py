"""Whether somebody is still there: money asks for the password again after half an hour of silence
(GLI-19, 2.5.3)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from auth.accounts import QUERIES
from auth.redis_gate import RedisAway, RedisGate

if TYPE_CHECKING:
    from auth.accounts import Pool

IDLE_S: Final = 1_800
PROOF_S: Final = 300
"""Whoever changes by what he signs in has shown within so many seconds that it is him."""


class Freshness:
    """Redis has what was done last in each session; Postgres, when somebody last proved himself."""

    def __init__(self, pool: "Pool", redis: RedisGate) -> None:
        self._pool = pool
        self._redis = redis

    async def seen(self, sid: UUID) -> None:
        """Something was asked in this session; it goes on being fresh, if it is."""
        try:
            async with self._redis.open() as redis:
                await redis.expire(_key(sid), IDLE_S)
        except RedisAway:
            return

    async def proved(self, sid: UUID, now: datetime) -> None:
        """The password was shown again."""
        async with self._pool.acquire() as conn:
            await QUERIES.prove_session(conn, sid=sid, now=now)
        await self.begun(sid)

    async def begun(self, sid: UUID) -> None:
        """The password was shown: a session has just been opened, and Postgres knows."""
        try:
            async with self._redis.open(insist=True) as redis:
                await redis.set(_key(sid), b"1", ex=IDLE_S)
        except RedisAway:
            return

    async def is_fresh(self, sid: UUID, now: datetime) -> bool:
        """Whether nothing needs to be proved. Without Redis nobody knows what was done last: then
        half an hour counts from the proof."""
        try:
            async with self._redis.open() as redis:
                if await redis.exists(_key(sid)):
                    return True
        except RedisAway:
            pass
        return await self._proved_within(sid, IDLE_S, now)

    async def is_proved(self, sid: UUID, now: datetime) -> bool:
        """Whether he signed in, or proved himself, just now."""
        return await self._proved_within(sid, PROOF_S, now)

    async def _proved_within(self, sid: UUID, seconds: int, now: datetime) -> bool:
        async with self._pool.acquire() as conn:
            proved_at = await QUERIES.session_proved_at(conn, sid=sid)
        return proved_at is not None and now < proved_at + timedelta(seconds=seconds)


def _key(sid: UUID) -> str:
    return f"fresh:{sid}"
