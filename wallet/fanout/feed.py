"""The reading side: what players hold, by what is told and by the truth where that is not enough.

News are by account and carry a version: older ones are dropped, so they may come twice and in any
order. The truth is read for a player who is new here, for an account that is unknown, after the
line to Redis was broken, when a message says so, and once a minute whatever was said. So nothing
that Redis loses is lost for long, and without Redis the truth is simply read more often.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from wallet.errors import WalletError
from wallet.fanout.cancelled import end_if_cancelled
from wallet.fanout.holdings import Holdings
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.lines import CHANNEL, unpacked
from wallet.ledger import Balance

log = logging.getLogger(__name__)
Read = Callable[[Sequence[UUID]], Awaitable[dict[UUID, Holdings]]]


class TooManyFollowed(WalletError):
    """This reader follows as many players as it may."""

    code = "too_many_followed"


class Follower:
    """One who wants to know what a player has in one currency: only ever the latest, however slow
    he is."""

    def __init__(self, currency: str) -> None:
        self.currency = currency
        self.latest: Balance | None = None
        self._changed = asyncio.Event()

    def tell(self, balance: Balance) -> None:
        if balance != self.latest:
            self.latest = balance
            self._changed.set()

    async def next(self) -> Balance:
        """The latest that has not been asked for; waits until there is one."""
        await self._changed.wait()
        self._changed.clear()
        assert self.latest is not None
        return self.latest


class _Player:
    """A player who is followed. ``held`` is None until the truth has been read."""

    def __init__(self) -> None:
        self.held: Holdings | None = None
        self.followers: set[Follower] = set()

    def tell(self) -> None:
        if self.held is not None:
            for follower in self.followers:
                follower.tell(self.held.balance(follower.currency))


class Feed:
    """Follows any number of players over one line to Redis. ``run`` until cancelled."""

    def __init__(self, redis: Redis, read: Read, limits: FanoutLimits) -> None:
        """``read`` gives the truth; ``redis`` is this reader's own client."""
        self.dropped = 0
        """Lines that were older than what was known."""
        self.connected = 0
        """How often the line to Redis was made."""
        self._redis = redis
        self._read = read
        self._limits = limits
        self._players: dict[bytes, _Player] = {}
        self._unread: set[bytes] = set()
        self._wanted = asyncio.Event()

    @contextmanager
    def follow(self, player: UUID, currency: str = "PLAY") -> Iterator[Follower]:
        """Raises TooManyFollowed."""
        owner, follower = player.bytes, Follower(currency)
        if owner not in self._players:
            if len(self._players) >= self._limits.players_followed_max:
                raise TooManyFollowed(TooManyFollowed.__doc__)
            self._players[owner] = _Player()
            self._want([owner])
        followed = self._players[owner]
        followed.followers.add(follower)
        followed.tell()
        try:
            yield follower
        finally:
            followed.followers.discard(follower)
            if not followed.followers:
                self._players.pop(owner, None)
                self._unread.discard(owner)

    async def run(self) -> None:
        """Listen and read until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            tasks.create_task(self._read_truth())
            tasks.create_task(self._reread())

    def hear(self, message: bytes) -> None:
        """News of one commit or more."""
        if not message:
            self._want(self._players)
            return
        changed: set[bytes] = set()
        for owner, account, balance, version in unpacked(message):
            player = self._players.get(owner)
            if player is None:
                continue
            new = player.held.change(account, balance, version) if player.held else None
            if new is None:
                self._want([owner])
            elif new:
                changed.add(owner)
            else:
                self.dropped += 1
        # Who has an unknown account is told once that is read: half a buy-in looks like a loss.
        for owner in changed - self._unread:
            self._players[owner].tell()

    @property
    def followed(self) -> int:
        """Players that are followed now."""
        return len(self._players)

    def _want(self, owners: Iterable[bytes]) -> None:
        self._unread.update(owners)
        self._wanted.set()

    # Redis

    async def _listen(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as line:
                    await line.subscribe(CHANNEL)
                    await self._hear_all(line)
            except (RedisError, OSError, TimeoutError) as failure:
                log.warning("Redis is away; balances are read from the ledger: %r", failure)
            except Exception:
                log.exception("the line to Redis is made again")
            end_if_cancelled()
            self._want(self._players)
            await asyncio.sleep(self._limits.poll_s)

    async def _hear_all(self, line: PubSub) -> None:
        """Until the line breaks, or says nothing to a ping."""
        asked = False
        while True:
            said = await line.get_message(timeout=self._limits.ping_s)
            end_if_cancelled()
            if said is None:
                if asked:
                    raise TimeoutError("no answer to a ping")
                asked = True
                await line.ping()
                continue
            asked = False
            if said["type"] == "subscribe":
                # Also when the client has made the line again by itself: what was said meanwhile
                # is lost. Read only now, so that nothing falls between reading and listening.
                self.connected += 1
                self._want(self._players)
            elif said["type"] == "message":
                self.hear(said["data"])

    # The truth

    async def _read_truth(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._unread:
                if not await self._read_some():
                    await asyncio.sleep(self._limits.poll_s)

    async def _read_some(self) -> bool:
        """Some of those whose truth is wanted; False if it can't be read now."""
        count = min(len(self._unread), self._limits.read_players_max)
        owners = [self._unread.pop() for _ in range(count)]
        try:
            found = await self._read([UUID(bytes=owner) for owner in owners])
        except Exception as failure:
            log.warning("balances are read later: %r", failure)
            self._unread.update(owners)
            return False
        for player, truth in found.items():
            followed = self._players.get(player.bytes)
            if followed is not None:
                followed.held = followed.held.newer(truth) if followed.held else truth
                if player.bytes not in self._unread:
                    followed.tell()
        return True

    async def _reread(self) -> None:
        while True:
            await asyncio.sleep(self._limits.reread_s)
            self._want(self._players)
