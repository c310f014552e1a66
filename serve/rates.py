"""How often somebody may ask: by address, and by account and route. GCRA, counted in Redis for all
replicas together; while Redis is away each counts for itself, by the same rules."""

import asyncio
import time
from typing import Any, Final, cast

import msgspec
from redis.asyncio import Redis
from throttled.asyncio import MemoryStore, RedisStore, Throttled, per_sec
from throttled.exceptions import StoreUnavailableError

from auth.throttle import network
from serve.errors import ApiError

ANSWER_S_MAX: Final = 0.5
AWAY_S: Final = 1.0
"""After a failure Redis is left alone for so long."""
KEYS_MAX: Final = 50_000
"""Addresses and accounts that one process counts by itself; the oldest go first."""


class RateLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Requests a second in the long run, and how many may come at once. An address may be a school,
    a conference or a load test; an account is one person."""

    address_per_s: int = 200
    address_burst: int = 2_000
    account_per_s: int = 10
    """For each route by itself."""
    account_burst: int = 100


class Rates:
    """Counts requests; whoever is over a limit is told when to come again."""

    def __init__(self, redis_url: str, limits: RateLimits) -> None:
        options = {"SOCKET_TIMEOUT": ANSWER_S_MAX, "SOCKET_CONNECT_TIMEOUT": ANSWER_S_MAX}
        together = RedisStore(server=redis_url, options=options)
        alone = MemoryStore(options={"MAX_SIZE": KEYS_MAX})
        address = per_sec(limits.address_per_s, burst=limits.address_burst)
        account = per_sec(limits.account_per_s, burst=limits.account_burst)
        self._addresses, self._addresses_alone = (
            Throttled(using="gcra", quota=address, store=store) for store in (together, alone)
        )
        self._accounts, self._accounts_alone = (
            Throttled(using="gcra", quota=account, store=store) for store in (together, alone)
        )
        self._away_until = 0.0
        self._together = together

    async def close(self) -> None:
        """Let go of Redis. The library has no word for it."""
        client: Redis = cast(Any, self._together)._backend.get_client()
        await client.connection_pool.disconnect()

    async def address(self, address: str) -> None:
        """One request from an address. Raises ApiError."""
        key = f"rate:address:{network(address)}"
        await self._count(self._addresses, self._addresses_alone, key)

    async def account(self, account: str, route: str) -> None:
        """One request of an account to a route. Raises ApiError."""
        await self._count(self._accounts, self._accounts_alone, f"rate:account:{account}:{route}")

    async def _count(self, together: Throttled, alone: Throttled, key: str) -> None:
        result = None
        if time.monotonic() >= self._away_until:
            try:
                async with asyncio.timeout(ANSWER_S_MAX):
                    result = await together.limit(key)
            except (StoreUnavailableError, TimeoutError):
                self._away_until = time.monotonic() + AWAY_S
        if result is None:
            result = await alone.limit(key)
        if result.limited:
            raise ApiError("too_many_requests", retry_after_s=int(result.state.retry_after) + 1)
