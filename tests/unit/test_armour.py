"""What every answer carries, and what is refused before anything of it is read."""

from typing import cast

import httpx
import pytest

from serve.armour import HEADER_BYTES_MAX, HEADERS_MAX, STRICT, TARGET_BYTES_MAX
from serve.gateway import app_of, endpoints_of
from serve.monitor import RESPONSES
from serve.office import Office
from tests.unit.test_gate import Register

PROXY = "10.9.8.7"


@pytest.fixture
def http() -> httpx.AsyncClient:
    app = app_of(cast(Office, Register()), endpoints_of(fixed_decks=False), [PROXY])
    transport = httpx.ASGITransport(app=app, client=(PROXY, 1))
    return httpx.AsyncClient(transport=transport, base_url="http://here")


def code(answer: httpx.Response) -> str:
    found: str = answer.json()["error"]["code"]
    return found


@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz", 200), ("/v1/me", 401), ("/nothing", 404), ("/v1/openapi.json", 200),
     ("/" + "x" * TARGET_BYTES_MAX, 414)],
)  # fmt: skip
async def test_every_answer_is_strict(http: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await http.get(path)
    assert answer.status_code == status
    for name, value in STRICT.items():
        assert answer.headers[name.decode()] == value.decode()
    assert "strict-transport-security" not in answer.headers


async def test_a_fault_of_ours_is_an_answer_like_any_other(
    http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_down(*_: object) -> None:
        raise RuntimeError("a fault")

    def counted() -> float:
        value: float = RESPONSES.labels("500")._value.get()
        return value

    before = counted()
    monkeypatch.setattr("serve.gateway.admit", break_down)
    answer = await http.get("/v1/me")
    assert (answer.status_code, code(answer)) == (500, "internal")
    assert counted() == before + 1
    assert answer.headers["squaredeal-request-id"]
    assert answer.headers["x-frame-options"] == "DENY"


async def test_over_tls_browsers_come_back_over_tls_only(http: httpx.AsyncClient) -> None:
    answer = await http.get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert "max-age=" in answer.headers["strict-transport-security"]


async def test_what_is_too_long_is_refused(http: httpx.AsyncClient) -> None:
    fits = await http.get("/healthz?" + "x" * (TARGET_BYTES_MAX - 9))
    assert fits.status_code == 200
    too_long = await http.get("/healthz?" + "x" * TARGET_BYTES_MAX)
    assert (too_long.status_code, code(too_long)) == (414, "address_too_long")
    many = await http.get("/healthz", headers=[(f"h{i}", "x") for i in range(HEADERS_MAX)])
    assert (many.status_code, code(many)) == (431, "headers_too_large")
    large = await http.get("/healthz", headers={"h": "x" * HEADER_BYTES_MAX})
    assert (large.status_code, code(large)) == (431, "headers_too_large")


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate, gzip", "GZIP", "x"])
async def test_nothing_is_unpacked(http: httpx.AsyncClient, coding: str) -> None:
    answer = await http.post("/v1/guest", headers={"Content-Encoding": coding}, content=b"x")
    assert (answer.status_code, code(answer)) == (415, "encoding_unknown")


async def test_cookies_and_forms_are_nobody(http: httpx.AsyncClient) -> None:
    """What a browser sends by itself signs nobody in: there is nothing to forge across sites."""
    cookies = {"Cookie": "access=admin; session=admin; Authorization=Bearer admin"}
    for method, path in (("GET", "/v1/me"), ("POST", "/v1/wallet/withdrawals")):
        answer = await http.request(method, path, headers=cookies)
        assert code(answer) == "not_signed_in"
    assert "set-cookie" not in (await http.get("/healthz")).headers
