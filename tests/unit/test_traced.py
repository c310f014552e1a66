"""Ids of requests: made here, or taken from a proxy that is trusted, and from nobody else."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from serve.traced import ANSWERED, GIVEN, Traced
from telemetry import traces
from telemetry.carried import REQUEST
from tests.otlp import receiving


async def ask(address: str, **headers: str) -> tuple[str, str]:
    """Ask from an address: the id that the endpoint saw, and the one that was answered."""

    async def endpoint(request: Request) -> PlainTextResponse:
        return PlainTextResponse(REQUEST.get())

    app = Traced(Starlette(routes=[Route("/", endpoint)]), ["10.0.0.0/8"])
    line = httpx.ASGITransport(app, client=(address, 1))
    async with httpx.AsyncClient(transport=line, base_url="http://test") as client:
        answer = await client.get("/", headers=headers)
    return answer.text, answer.headers[ANSWERED.decode()]


async def test_everybody_is_told_the_id_of_his_request() -> None:
    seen, told = await ask("192.0.2.1")
    assert seen == told
    assert GIVEN.fullmatch(told)
    assert await ask("192.0.2.1") != (seen, told)
    assert REQUEST.get() == ""


async def test_a_trusted_proxy_may_choose_it() -> None:
    assert await ask("10.1.2.3", **{"x-request-id": "edge-12345678"}) == ("edge-12345678",) * 2


@pytest.mark.parametrize("given", ["short", "x" * 65, 'with "quotes" in it', "two\twords-long"])
async def test_not_anything_at_all(given: str) -> None:
    seen, _ = await ask("10.1.2.3", **{"x-request-id": given})
    assert seen != given
    assert GIVEN.fullmatch(seen)


async def test_what_is_in_an_address_is_in_no_log_and_no_span(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def endpoint(request: Request) -> PlainTextResponse:
        return PlainTextResponse("")

    app = Traced(Starlette(routes=[Route("/v1/hands/{hand}", endpoint)]), [])
    line = httpx.ASGITransport(app)
    asked = [("GET", "/v1/hands/planted"), ("GET", "/planted"), ("POST", "/v1/planted?x=planted"),
             ("PLANTED", "/v1/hands/planted")]  # fmt: skip
    with receiving() as receiver, caplog.at_level("DEBUG", "serve.traced"):
        traces.start(receiver.url, 1.0, "gateway", "gateway#1", "here")
        try:
            async with httpx.AsyncClient(transport=line, base_url="http://test") as client:
                for method, path in asked:
                    await client.request(method, path)
        finally:
            traces.stop()
    lines = [vars(each) for each in caplog.records if each.name == "serve.traced"]
    seen = ["GET /v1/hands/{hand}", "GET -", "POST -", "- /v1/hands/{hand}"]
    assert [f"{each['method']} {each['path']}" for each in lines] == seen
    assert [span.name for span in receiver.spans] == seen
    assert "planted" not in f"{lines}{receiver.text}".lower()


async def test_nobody_else_may() -> None:
    seen, told = await ask("192.0.2.1", **{"x-request-id": "edge-12345678"})
    assert seen == told != "edge-12345678"
