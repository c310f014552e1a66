"""Limits on guessing and on making accounts: counters in Redis, or here while Redis is away."""

import hashlib
import ipaddress
import math
from collections import OrderedDict
from collections.abc import Callable
from uuid import UUID

import msgspec

from auth.errors import TooManyAttempts
from auth.redis_gate import RedisAway, RedisGate


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How many within ``window_s`` seconds; passwords count until one is right."""

    window_s: int = 300
    passwords_per_name: int = 10
    codes_per_account: int = 10
    mails_per_address: int = 20
    """Mails that one caller's address may cause."""
    mails_per_mailbox: int = 3
    """And that one mailbox may be sent, within ``lock_s``."""
    lock_s: int = 1_800
    """An account that was guessed at so often is locked so long: for names and codes, not
    addresses."""
    passwords_per_address: int = 100
    accounts_per_address: int = 1_000
    """Generous: a school, a conference and a load test each share one address."""


class LocalCounters:
    """Counters of this process: what is left when Redis is down. Bounded, oldest out first."""

    def __init__(self, keys_max: int = 10_000) -> None:
        self._keys_max = keys_max
        self._counts: OrderedDict[str, tuple[int, float]] = OrderedDict()  # key → (count, end)

    def hit(self, key: str, window_s: int, now: float) -> tuple[int, int]:
        """Count one more; returns (count in this window, whole seconds until it ends)."""
        count, end = self._counts.get(key, (0, 0.0))
        if end <= now:
            self._counts.pop(key, None)
            count, end = 0, now + window_s
        self._counts[key] = (count + 1, end)
        if len(self._counts) > self._keys_max:
            self._counts.popitem(last=False)
        return count + 1, math.ceil(end - now)

    def undo(self, key: str) -> None:
        """Take one hit back."""
        if key in self._counts:
            count, end = self._counts[key]
            self._counts[key] = (max(0, count - 1), end)

    def forget(self, key: str) -> None:
        """Start over at zero."""
        self._counts.pop(key, None)


class Throttle:
    """Counts attempts before they are made: a thousand at once are a thousand, not zero yet."""

    def __init__(self, redis: RedisGate, limits: Limits, clock: Callable[[], float]) -> None:
        self._redis = redis
        self._limits = limits
        self._clock = clock
        self._local = LocalCounters()

    async def password_attempt(self, name: str, address: str) -> None:
        """Count one attempt at the password of ``name`` from ``address``.

        Raises:
            TooManyAttempts: over a limit; carries the seconds until its window ends.
        """
        limits = self._limits
        await self._count(_address_key(address), limits.passwords_per_address)
        await self._count(_name_key(name), limits.passwords_per_name, limits.lock_s)

    async def code_attempt(self, account: UUID) -> None:
        """Count one attempt at a code of ``account``; a right password does not start it over.

        Raises:
            TooManyAttempts: over the limit.
        """
        limits = self._limits
        await self._count(_code_key(account), limits.codes_per_account, limits.lock_s)

    async def code_right(self, account: UUID) -> None:
        """The attempt just counted was right: the account starts over."""
        self._local.forget(_code_key(account))
        try:
            async with self._redis.open() as redis:
                await redis.delete(_code_key(account))
        except RedisAway:
            return

    async def password_right(self, name: str, address: str) -> None:
        """The attempt just counted was right: the name starts over, the address gets it back.

        The address does not start over, or one own account would buy guesses at all the others.
        """
        by_name, by_address = _name_key(name), _address_key(address)
        self._local.forget(by_name)
        self._local.undo(by_address)
        try:
            async with self._redis.open() as redis, redis.pipeline() as pipe:
                pipe.delete(by_name)
                # Only while the window lives: a bare DECR would leave a key that never expires.
                pipe.set(by_address, 1, ex=self._limits.window_s, nx=True)
                pipe.decr(by_address)
                await pipe.execute()
        except RedisAway:
            return  # the attempt stays counted there until its window ends

    async def new_account(self, address: str) -> None:
        """Count one new account from ``address``.

        Raises:
            TooManyAttempts: over the limit.
        """
        await self._count(f"throttle:new:{network(address)}", self._limits.accounts_per_address)

    async def mail(self, mailbox: str, address: str) -> None:
        """Count one mail to a mailbox, caused from an address.

        Raises:
            TooManyAttempts: over a limit.
        """
        limits = self._limits
        await self._count(f"throttle:mail:{network(address)}", limits.mails_per_address)
        digest = hashlib.sha256(mailbox.lower().encode("utf-8", "backslashreplace")).hexdigest()
        await self._count(f"throttle:mailbox:{digest}", limits.mails_per_mailbox, limits.lock_s)

    async def _count(self, key: str, limit: int, window_s: int = 0) -> None:
        window_s = window_s or self._limits.window_s
        try:
            async with self._redis.open() as redis, redis.pipeline() as pipe:
                pipe.set(key, 0, ex=window_s, nx=True)
                pipe.incr(key)
                pipe.ttl(key)
                _, count, left_s = await pipe.execute()
        except RedisAway:
            count, left_s = self._local.hit(key, window_s, self._clock())
        if count > limit:
            raise TooManyAttempts(retry_after_s=max(1, left_s))


def network(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 that one IPv6 subscriber gets."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(ip) >> 64 << 64, 64)).network_address)


def _name_key(name: str) -> str:
    # Names that no account can have come here too; half a surrogate pair has no UTF-8.
    printable = name[:64].lower().encode("ascii", "backslashreplace").decode()
    return f"throttle:name:{printable}"


def _code_key(account: UUID) -> str:
    return f"throttle:code:{account}"


def _address_key(address: str) -> str:
    return f"throttle:address:{network(address)}"
