"""A player's balance as server-sent events: what the reader of the fan-out knows, as it changes."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, Final
from uuid import UUID

import msgspec
from starlette.responses import StreamingResponse

from serve.errors import ApiError
from telemetry.carried import apart
from wallet.fanout.feed import Feed, Follower
from wallet.fanout.limits import FanoutLimits
from wallet.ledger import Balance
from wire.http import ErrorBody, WalletResponse

STREAMS_MAX: Final = 1_000
"""Open streams of one gateway."""
STREAMS_PER_PLAYER_MAX: Final = 4
HEARTBEAT_S: Final = 10.0
"""Pause between two signs of life; the session is looked at each time."""
EVENT_S_MIN: Final = 0.1
"""Shortest pause between two balances: nobody reads faster, and a line that is not read can't
pile up more than that."""
BEAT: Final = b":\n\n"
PASSING: Final = ("unavailable", "database_busy", "internal")
"""Refusals that say nothing about the session."""
TOO_MANY: Final = ApiError("too_many_streams", retry_after_s=10)
Check = Callable[[], Awaitable[object]]
assert FanoutLimits().players_followed_max >= STREAMS_MAX


class Streams:
    """Of one gateway. Needs a running loop: the feed starts with the first stream."""

    def __init__(self, feed: Feed, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._feed = feed
        self._heartbeat_s = heartbeat_s
        self._open: Counter[UUID] = Counter()
        self._running: asyncio.Task[None] | None = None

    def response(self, player: UUID, currency: str, check: Check) -> StreamingResponse:
        """``check`` raises ApiError when the player's session is over. Raises ApiError if there are
        too many streams."""
        if self._running is None or self._running.done():
            self._running = apart(self._feed.run())
        if self._full(player):
            raise ApiError.of(TOO_MANY.body)
        return StreamingResponse(
            self._events(player, self._feed.follow(player, currency), check),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    def _full(self, player: UUID) -> bool:
        return self._open[player] >= STREAMS_PER_PLAYER_MAX or self._open.total() >= STREAMS_MAX

    async def _events(
        self, player: UUID, following: AbstractContextManager[Follower], check: Check
    ) -> AsyncIterator[bytes]:
        if self._full(player):  # others have begun since
            yield _event("end", TOO_MANY.body)
            return
        self._open[player] += 1
        try:
            with following as follower:
                async for event in self._until_over(follower, check):
                    yield event
        finally:
            self._open[player] -= 1
            if not self._open[player]:
                del self._open[player]

    async def _until_over(self, follower: Follower, check: Check) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        beat_at = loop.time() + self._heartbeat_s
        yield BEAT  # the answer has begun, whenever the first balance comes
        while True:
            balance = await _within(follower, beat_at - loop.time())
            if balance is not None:
                yield _event("balance", _shown(balance, follower.currency))
                await asyncio.sleep(EVENT_S_MIN)
            if loop.time() < beat_at:
                continue
            beat_at = loop.time() + self._heartbeat_s
            if (over := await _over(check)) is not None:
                yield _event("end", over)
                return
            yield BEAT


async def _within(follower: Follower, seconds: float) -> Balance | None:
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            return await follower.next()
    except TimeoutError:
        return None


async def _over(check: Check) -> ErrorBody | None:
    try:
        await check()
    except ApiError as refused:
        return None if refused.body.code in PASSING else refused.body
    return None


def _shown(balance: Balance, currency: str) -> WalletResponse:
    return WalletResponse(balance.amount, balance.at_tables, balance.version, currency)


def _event(name: str, data: Any) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), msgspec.json.encode(data))
