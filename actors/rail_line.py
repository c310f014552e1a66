"""Lines to Redis for what a rail sees: one that listens, one that tells. Neither is ever sure."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.credentials import CredentialProvider
from redis.exceptions import RedisError

from wallet.fanout.cancelled import end_if_cancelled
from wire.limits import RailLimits

log = logging.getLogger(__name__)
Heard = Callable[[str, bytes | None], None]


class _InFile(CredentialProvider):
    """Name and password of a file with a URL, as they are when a line is made."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        at = urlsplit(self._file.read_text("utf-8").strip())
        password = unquote(at.password or "")
        return (unquote(at.username), password) if at.username else (password,)

    async def get_credentials_async(self) -> tuple[str] | tuple[str, str]:
        return self.get_credentials()


def redis_of(url_file: str, seconds: float) -> Redis:
    """A client that gives up after so long. ``url_file`` is a file with the URL; a password that is
    changed there is used by the next line."""
    file = Path(url_file)
    at = urlsplit(file.read_text("utf-8").strip())
    client: Redis = Redis.from_url(
        urlunsplit(at._replace(netloc=at.netloc.rpartition("@")[2])),
        credential_provider=_InFile(file) if at.password else None,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
    )
    return client


def connect_rail(url_file: str, limits: RailLimits) -> Redis:
    """A client that gives up quickly. ``url_file`` is a file with the URL."""
    return redis_of(url_file, limits.redis_s_max)


class Ear:
    """Listens to channels that come and go. ``run`` until cancelled."""

    def __init__(self, redis: Redis, heard: Heard, limits: RailLimits) -> None:
        """``heard`` is called with a channel and a message; with None when listening to it has
        begun, or has begun anew: whatever was said before is lost."""
        self.listening = False
        """Whether a line stands, as far as is known."""
        self._redis = redis
        self._heard = heard
        self._limits = limits
        self._wanted: set[str] = set()
        self._some = asyncio.Event()

    def want(self, channel: str) -> None:
        """Listen to it from now on, or soon."""
        self._wanted.add(channel)
        self._some.set()

    def drop(self, channel: str) -> None:
        """No longer."""
        self._wanted.discard(channel)

    async def run(self) -> None:
        while True:
            end_if_cancelled()
            await self._some.wait()
            try:
                async with self._redis.pubsub() as line:
                    await self._listen(line)
                continue
            except (RedisError, OSError, TimeoutError) as failure:
                log.warning("Redis is away; rails wait: %r", failure)
            except Exception:
                log.exception("the line to Redis is made again")
            finally:
                self.listening = False
            await asyncio.sleep(self._limits.away_s)

    async def _listen(self, line: PubSub) -> None:
        """Until no channel is wanted. Raises if the line breaks, or says nothing to a ping."""
        loop = asyncio.get_running_loop()
        on: set[str] = set()
        quiet_since, asked = loop.time(), False
        while True:
            end_if_cancelled()
            if self._wanted != on:
                await self._change(line, on)
            if not on:
                if self._wanted:
                    continue  # while the last one was dropped
                return self._some.clear()
            said = await line.get_message(timeout=self._limits.look_s)
            if said is not None:
                quiet_since, asked = loop.time(), False
                self._take(said)
            elif loop.time() - quiet_since > self._limits.ping_s:
                if asked:
                    raise TimeoutError("no answer to a ping")
                quiet_since, asked = loop.time(), True
                await line.ping()

    async def _change(self, line: PubSub, on: set[str]) -> None:
        new, old = self._wanted - on, on - self._wanted
        if new:
            await line.subscribe(*new)
        if old:
            await line.unsubscribe(*old)
        on |= new
        on -= old

    def _take(self, said: dict[str, object]) -> None:
        kind, channel, data = said["type"], said["channel"], said["data"]
        # A client that has made its line again by itself says "subscribe" once more.
        if kind in ("subscribe", "message") and isinstance(channel, bytes):
            self.listening = True
            message = data if kind == "message" else None
            assert message is None or isinstance(message, bytes)
            try:
                self._heard(channel.decode(), message)
            except Exception:
                log.exception("a message on %r", channel)


class Mouth:
    """Tells in order; what Redis does not take is forgotten. ``run`` until cancelled."""

    def __init__(self, redis: Redis, lost: Callable[[], None], limits: RailLimits) -> None:
        """``lost`` is called when something was forgotten."""
        self.told = 0
        """Messages that Redis has taken."""
        self._redis = redis
        self._lost = lost
        self._limits = limits
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._some = asyncio.Event()

    def tell(self, channel: str, message: bytes) -> None:
        """Soon. Nobody waits here."""
        if len(self._waiting) >= self._limits.messages_waiting_max:
            self._forget()
        self._waiting.append((channel, message))
        self._some.set()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def _forget(self) -> None:
        self._waiting.clear()
        self._lost()

    async def run(self) -> None:
        while True:
            end_if_cancelled()
            await self._some.wait()
            self._some.clear()
            while self._waiting:
                count = min(len(self._waiting), self._limits.batch_messages_max)
                batch = [self._waiting.popleft() for _ in range(count)]
                try:
                    await self._publish(batch)
                except (RedisError, OSError, TimeoutError) as failure:
                    log.warning("Redis is away; rails wait: %r", failure)
                    self._forget()
                    await asyncio.sleep(self._limits.away_s)

    async def _publish(self, batch: list[tuple[str, bytes]]) -> None:
        async with (
            asyncio.timeout(self._limits.redis_s_max),
            self._redis.pipeline(transaction=False) as pipe,
        ):
            for channel, message in batch:
                pipe.publish(channel, message)
            await pipe.execute()
        self.told += len(batch)
