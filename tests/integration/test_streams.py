"""The stream of a player's balance: a real ledger, a real Redis, and the events that come out."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest

from serve import streams
from serve.errors import ApiError
from serve.streams import STREAMS_PER_PLAYER_MAX, Streams
from tests.fanout import PATIENCE_S, reader, table, wallet
from tests.integration.test_ledger import player
from wallet.ledger import Ledger


async def at_peace() -> None:
    """The session lives."""


async def events(stream: AsyncIterator[Any]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """(name, data), without the signs of life."""
    async for chunk in stream:
        name, _, data = bytes(chunk).decode().partition("\ndata: ")
        if name != ":\n\n":
            yield name.removeprefix("event: "), msgspec.json.decode(data)


async def until_amount(stream: AsyncIterator[tuple[str, dict[str, Any]]], amount: int) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        async for name, data in stream:
            assert name == "balance"
            if data["amount"] == amount:
                return data
    raise AssertionError("the stream ended")


async def test_a_stream_begins_with_what_is_there_and_goes_on_with_what_changes(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, redis_url: str
) -> None:
    async with wallet(pool, app_dsn, redis_url) as (ledger, _), reader(pool, redis_url) as feed:
        who, session = await player(ledger, 500), uuid4()
        response = Streams(feed).response(who, "PLAY", at_peace)
        assert response.headers["content-type"].startswith("text/event-stream")
        stream = events(aiter(response.body_iterator))
        first = await until_amount(stream, 500)
        assert first == {"amount": 500, "at_tables": 0, "version": 1, "currency": "PLAY"}
        await ledger.buy_in(who, "oak", session, 200, "k", 0)
        assert (await until_amount(stream, 300))["at_tables"] == 200


async def test_signs_of_life_go_out_and_an_ended_session_ends_the_stream(
    pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str
) -> None:
    looks = 0

    async def check() -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise ApiError("unavailable")
        if looks == 4:
            raise ApiError("session_ended")

    async with reader(pool, redis_url) as feed:
        opened = Streams(feed, heartbeat_s=0.02)
        who = await player(Ledger(pool))
        chunks = [
            bytes(chunk)  # type: ignore[arg-type]
            async for chunk in opened.response(who, "PLAY", check).body_iterator
        ]
        assert chunks[0] == streams.BEAT
        assert chunks.count(streams.BEAT) == 4, "the first, and one a look that said nothing else"
        assert chunks[-1].startswith(b'event: end\ndata: {"code":"session_ended"')
        assert looks == 4
        assert not feed.followed


async def test_a_player_and_a_gateway_have_so_many_streams(
    pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with reader(pool, redis_url) as feed:
        opened = Streams(feed)
        (who, _), (other, _) = await table(Ledger(pool), "oak")

        async def begun(player: UUID) -> Any:
            stream = opened.response(player, "PLAY", at_peace).body_iterator
            assert await anext(aiter(stream)) == streams.BEAT
            return stream

        late = opened.response(who, "PLAY", at_peace).body_iterator
        running = [await begun(who) for _ in range(STREAMS_PER_PLAYER_MAX)]
        with pytest.raises(ApiError) as refused:
            opened.response(who, "PLAY", at_peace)
        assert (refused.value.body.code, refused.value.status) == ("too_many_streams", 429)
        # Let in before the others had begun: it ends at once.
        assert [name async for name, _ in events(aiter(late))] == ["end"]
        monkeypatch.setattr(streams, "STREAMS_MAX", STREAMS_PER_PLAYER_MAX)
        with pytest.raises(ApiError):
            opened.response(other, "PLAY", at_peace)
        await running.pop().aclose()
        running.append(await begun(other))
        for each in running:
            await each.aclose()
        assert not feed.followed
