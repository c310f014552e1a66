"""The balance as it changes, through the gateway, as a browser or the SDK would see it."""

import asyncio
import time
from typing import Any

import httpx

from client import Client
from serve.streams import STREAMS_PER_PLAYER_MAX
from tests.e2e.test_http import bearer, error, guest
from tests.server import Server
from wire import http as h

PATIENCE_S = 60.0


async def until(stream: Any, so: Any) -> list[h.WalletResponse]:
    """What the stream says up to this."""
    told: list[h.WalletResponse] = []
    async with asyncio.timeout(PATIENCE_S):
        async for wallet in stream:
            told.append(wallet)
            if so(wallet):
                return told
    raise AssertionError("the stream ended")


async def test_a_player_sees_his_chips_go_to_the_table_and_come_home(server: Server) -> None:
    async with await Client.guest(server.url) as ann:
        stream = ann.api.wallet_stream()
        before = (await until(stream, lambda w: w.amount))[-1]
        assert before == await ann.wallet()
        table = await ann.quick_seat()
        told = await until(stream, lambda w: w.at_tables)
        assert told[-1].amount + told[-1].at_tables == before.amount
        await table.stand()
        told += await until(stream, lambda w: not w.at_tables)
        assert told[-1] == await ann.wallet()
        versions = [wallet.version for wallet in told]
        assert versions == sorted(versions)
        await stream.aclose()


def test_a_stream_needs_a_session_and_ends_with_it(http: httpx.Client) -> None:
    assert error(http.get("/v1/wallet/stream"), 401) == "not_signed_in"
    tokens = guest(http)
    with http.stream("GET", "/v1/wallet/stream", headers=bearer(tokens)) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.iter_lines()
        assert "event: balance" in lines, "it comes while the stream is open: nothing buffers it"
        assert next(lines).startswith('data: {"amount":100000,"at_tables":0,')
        assert http.post("/v1/logout", headers=bearer(tokens)).status_code == 204
        assert "event: end" in lines
        assert '"session_ended"' in next(lines)
        assert [line for line in lines if line] == []


def test_a_player_has_so_many_streams_and_gets_one_back_for_one_he_closes(
    http: httpx.Client,
) -> None:
    tokens = guest(http)

    def opened() -> Any:
        request = http.build_request("GET", "/v1/wallet/stream", headers=bearer(tokens))
        return http.send(request, stream=True)

    running = [opened() for _ in range(STREAMS_PER_PLAYER_MAX)]
    lines = [each.iter_lines() for each in running]  # kept: a line that nobody reads is closed
    assert all("event: balance" in each for each in lines)
    refused = opened()
    assert refused.status_code == 429
    refused.read()
    assert error(refused, 429) == "too_many_streams"
    running.pop().close()
    deadline = time.monotonic() + PATIENCE_S
    while (again := opened()).status_code != 200:
        again.close()
        assert time.monotonic() < deadline, "the closed stream still counts"
    for each in (*running, again):
        each.close()


def test_the_document_says_that_it_is_a_stream(http: httpx.Client) -> None:
    paths = http.get("/v1/openapi.json").json()["paths"]
    content = paths["/v1/wallet/stream"]["get"]["responses"]["200"]["content"]
    assert list(content) == ["text/event-stream"]
