"""The edge: HAProxy itself, tables' own listeners behind it, and whoever tries to get past it."""

import asyncio
import contextlib
import json
import socket
import ssl
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import httpx
import jwt
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from auth.errors import TicketInvalid
from auth.keys import SigningKeys
from auth.rotation import publish, revoke, rotate
from auth.seals import Seals
from auth.tickets import TICKET_TTL_S, sealed_route
from auth.tokens import mint_access
from serve.edge.config import read_edge
from serve.settings import SettingWrong
from tests.dashes import put_dashed_key
from tests.edge import ANN, PORTS, Edge, Listener, ping
from wire.codes import Close

MANY = 1_000
LOOKS_MAX = 600
PLENTY = {
    "connections_per_address": 3 * MANY,
    "connections_per_10s": 10 * MANY,
    "requests_per_10s": 10 * MANY,
    "refused_tickets_per_min": MANY,
    "operator_networks": ["10.9.8.0/24"],
}


@pytest.fixture(scope="module")
def edge() -> Iterator[Edge]:
    with tempfile.TemporaryDirectory(prefix="squaredeal-edge-test-") as folder:
        running = Edge(Path(folder), **PLENTY)
        with running.running():
            yield running


@pytest.fixture
async def table(edge: Edge) -> AsyncIterator[Listener]:
    listener = Listener(edge.keys_dir)
    await listener.open()
    yield listener
    listener.close()


@pytest.fixture
def http(edge: Edge) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=edge.url, verify=edge.trust, timeout=60) as client:
        yield client


async def test_a_ticket_leads_to_its_table_once(edge: Edge, table: Listener) -> None:
    ticket = edge.ticket(table.port)
    said = jwt.decode(ticket, options={"verify_signature": False})
    assert not {"addr", "port"} & said.keys()
    assert str(table.port) not in json.dumps(said)
    async with edge.connect(ticket) as line:
        await ping(line, "a")
        await ping(line, "b")
    async with edge.connect(ticket) as again:
        with pytest.raises(ConnectionClosed):
            await again.recv()
        assert again.close_code == Close.TICKET_USED
    assert table.entered == 1


REFUSED: dict[str, tuple[str, Callable[[Edge, int], str]]] = {
    "none": ("ticket_invalid", lambda edge, port: ""),
    "no token": ("ticket_invalid", lambda edge, port: "a.b.c"),
    "signed by somebody else": (
        "ticket_invalid", lambda edge, port: edge.ticket(port, keys=SigningKeys.in_memory())),
    "changed": ("ticket_invalid", lambda edge, port: _changed(edge.ticket(port))),
    "unsigned": ("ticket_invalid", lambda edge, port: _unsigned(edge.ticket(port))),
    "an access token": (
        "ticket_invalid",
        lambda edge, port: mint_access(SigningKeys.load(edge.keys_dir), ANN, time.time())),
    "expired": (
        "ticket_expired",
        lambda edge, port: edge.ticket(port, now=time.time() - TICKET_TTL_S - 1)),
    "to another table": ("ticket_elsewhere", lambda edge, port: edge.ticket(port, table="ash")),
    "to another port": (
        "ticket_route", lambda edge, port: edge.ticket(route=edge.route(PORTS[1] + 1))),
    "to another address": (
        "ticket_route", lambda edge, port: edge.ticket(route=edge.route(port, "127.0.0.9"))),
    "sealed by somebody else": (
        "ticket_route",
        lambda edge, port: edge.ticket(route=sealed_route(Seals.in_memory(), "127.0.0.1", port))),
    "not sealed at all": ("ticket_route", lambda edge, port: edge.ticket(route="127.0.0.1")),
}  # fmt: skip


def _changed(ticket: str) -> str:
    head, body, signature = ticket.split(".")
    claims = json.loads(jwt.utils.base64url_decode(body)) | {"name": "eve"}
    return f"{head}.{jwt.utils.base64url_encode(json.dumps(claims).encode()).decode()}.{signature}"


def _unsigned(ticket: str) -> str:
    body = jwt.decode(ticket, options={"verify_signature": False})
    kid = jwt.get_unverified_header(ticket)["kid"]
    return jwt.encode(body, "", "none", {"kid": kid, "typ": "ticket+jwt"})


@pytest.mark.parametrize("name", REFUSED)
async def test_a_ticket_that_is_not_good_reaches_no_table(
    edge: Edge, table: Listener, name: str
) -> None:
    code, forge = REFUSED[name]
    with pytest.raises(InvalidStatus) as refused:
        async with edge.connect(forge(edge, table.port)):
            pass
    assert refused.value.response.status_code == 401
    assert json.loads(refused.value.response.body or b"")["error"]["code"] == code
    assert table.entered == 0


async def test_a_table_that_is_gone_is_said_so(edge: Edge) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with edge.connect(edge.ticket(PORTS[1])):
            pass
    assert refused.value.response.status_code == 503


async def test_keys_and_certificates_change_under_open_sockets(edge: Edge, table: Listener) -> None:
    """Nobody who plays meanwhile loses his line or a message; what a revoked key signs is refused
    by the edge and by the table, without a restart."""
    old = SigningKeys.load(edge.keys_dir)
    logged = len(edge.log.read_bytes())
    over = asyncio.Event()

    async def play(ticket: str) -> int:
        asked = 0
        async with edge.connect(ticket) as line:
            while not over.is_set():
                await ping(line, str(asked))
                asked += 1
                await asyncio.sleep(0.05)
        return asked

    async with asyncio.TaskGroup() as tasks:
        players = [tasks.create_task(play(edge.ticket(table.port))) for _ in range(20)]
        await _until(lambda: table.entered == len(players))
        before = _certificate(edge)
        kid = rotate(edge.keys_dir)
        Seals.rotate(edge.keys_dir / "edge")
        edge.new_certificate()
        await _until(lambda: _certificate(edge) != before)
        new = SigningKeys.load(edge.keys_dir)
        assert new.kid == kid != old.kid
        for keys in (new, old):
            await _enter(edge, table, keys)
        assert revoke(edge.keys_dir, old.kid) == new.kid
        await _is_refused(edge, table, old)
        await _until(lambda: _refuses(table, edge.ticket(table.port, keys=old)))
        await _enter(edge, table, new)
        over.set()
    assert all(player.result() > 0 for player in players)
    assert b"goes on as it was" not in edge.log.read_bytes()[logged:]


async def _enter(edge: Edge, table: Listener, keys: SigningKeys) -> None:
    """Edge and table hear of a key a moment later each: it signs a minute later for that."""
    for _ in range(LOOKS_MAX):
        try:
            async with edge.connect(edge.ticket(table.port, keys=keys)) as line:
                return await ping(line, "known")
        except (InvalidStatus, ConnectionClosed):
            await asyncio.sleep(0.1)
    raise AssertionError("the new keys never came into force")


def _refuses(table: Listener, ticket: str) -> bool:
    try:
        table.redeem(ticket)
    except TicketInvalid:
        return True
    return False


async def _is_refused(edge: Edge, table: Listener, keys: SigningKeys) -> None:
    """By the edge itself: it answers 401, while a table says it by a code of the socket."""
    for _ in range(LOOKS_MAX):
        if await _status(edge, edge.ticket(table.port, keys=keys)) == 401:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the revoked key is still trusted")


async def _status(edge: Edge, ticket: str) -> int:
    try:
        async with edge.connect(ticket):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def test_a_broken_key_file_leaves_the_edge_as_it_was(edge: Edge, table: Listener) -> None:
    file = edge.keys_dir / "public.jwks"
    good, logged = file.read_bytes(), len(edge.log.read_bytes())
    file.write_text("{", "utf-8")
    await _until(lambda: b"goes on as it was" in edge.log.read_bytes()[logged:])
    ticket = edge.ticket(table.port)
    file.write_bytes(good)
    async with edge.connect(ticket) as line:
        await ping(line, "a")


async def test_a_key_whose_id_begins_with_a_dash_is_a_key_like_any_other(tmp_path: Path) -> None:
    """One in 64 does, of those that others have made."""
    edge = Edge(tmp_path)
    put_dashed_key(edge.keys_dir / "0001.pem")
    publish(edge.keys_dir)
    keys = SigningKeys.load(edge.keys_dir)
    table = Listener(edge.keys_dir)
    await table.open()
    try:
        with edge.running():
            async with edge.connect(edge.ticket(table.port, keys=keys)) as line:
                await ping(line, "a")
    finally:
        table.close()


def test_what_haproxy_refuses_is_shown_in_its_own_words(tmp_path: Path) -> None:
    edge = Edge(tmp_path)
    (tmp_path / "certificate.pem").write_text("none", "utf-8")
    refused = r"HAProxy refuses it: .*unable to load certificate"
    with pytest.raises(AssertionError, match=refused), edge.running():
        pass


async def _until(so: Callable[[], bool]) -> None:
    for _ in range(LOOKS_MAX):
        if await asyncio.to_thread(so):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("it never was so")


def _line(edge: Edge, trust: ssl.SSLContext) -> ssl.SSLSocket:
    plain = socket.create_connection(("127.0.0.1", edge.port), 60)
    try:
        return trust.wrap_socket(plain, server_hostname="127.0.0.1")
    except BaseException:
        plain.close()
        raise


def _certificate(edge: Edge) -> bytes:
    with _line(edge, edge.trust) as line:
        found = line.getpeercert(binary_form=True)
        assert found is not None
        return found


async def test_a_thousand_sockets(edge: Edge, table: Listener) -> None:
    keys, route = SigningKeys.load(edge.keys_dir), edge.route(table.port)
    async with contextlib.AsyncExitStack() as stack:
        lines = []
        for begin in range(0, MANY, 50):
            tickets = [edge.ticket(keys=keys, route=route) for _ in range(begin, begin + 50)]
            lines += await asyncio.gather(
                *(stack.enter_async_context(edge.connect(ticket)) for ticket in tickets)
            )
        assert table.entered == MANY
        await asyncio.gather(*(ping(line, str(at)) for at, line in enumerate(lines)))


def test_only_tls_13_is_spoken(edge: Edge) -> None:
    older = ssl.create_default_context()
    edge.ca.configure_trust(older)
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        _line(edge, older)


def test_the_gateway_hears_who_asks_from_the_edge_alone(http: httpx.Client) -> None:
    lies = {"X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6", "X-Real-IP": "6.6.6.6",
            "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}  # fmt: skip
    answer = http.get("/v1/tables", headers=lies)
    heard = [(name.lower(), value) for name, value in answer.json()["headers"]]
    assert [value for name, value in heard if name == "x-forwarded-for"] == ["127.0.0.1"]
    assert [value for name, value in heard if name == "x-forwarded-proto"] == ["https"]
    assert not {"forwarded", "x-real-ip", "x-forwarded-host"} & {name for name, _ in heard}
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["/metrics", "/readyz", "/v1/test/tables", "/v1/operator/tables", "/v1/OPERATOR/tables",
     "/%6detrics", "/v1/%74est/tables", "/v1/%6Fperator/tables", "/v1%2Foperator/tables",
     "/pages-of-nobody"],
)  # fmt: skip
def test_what_is_inside_stays_inside(http: httpx.Client, path: str) -> None:
    answer = http.get(path)
    assert answer.status_code == 404
    assert answer.headers["x-frame-options"] == "DENY"


def test_an_operator_may_send_his_players(http: httpx.Client) -> None:
    assert http.post("/v1/operator/launch", content=b"{}").is_success


def test_what_is_too_large_is_refused(http: httpx.Client) -> None:
    long = http.get("/v1/tables?" + "a" * 4_096)
    assert (long.status_code, long.json()["error"]["code"]) == (414, "address_too_long")
    large = http.post("/v1/guest", content=b"a" * 1_048_577)
    assert (large.status_code, large.json()["error"]["code"]) == (413, "body_too_large")
    many = http.get("/v1/tables", headers={f"x-{n}": "a" for n in range(101)})
    assert many.status_code == 400
    heavy = http.get("/v1/tables", headers={"x-a": "a" * 16_384})
    assert heavy.status_code == 400


def test_tickets_are_in_no_log_and_metrics_are_at_a_port_of_their_own(edge: Edge) -> None:
    assert "ticket=" not in edge.log.read_text("utf-8")
    page = httpx.get(f"http://127.0.0.1:{edge.metrics_port}/metrics").text
    assert 'haproxy_frontend_http_requests_total{proxy="players"}' in page
    lines = [line for line in edge.log.read_text("utf-8").splitlines() if line.startswith("{")]
    assert {json.loads(line)["event"] for line in lines} == {"edge"}


_LONG = b"POST /v1/guest HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"


def _trickled(line: ssl.SSLSocket) -> bytes:
    """The answer to whoever sends a byte and a byte, always soon enough to be alive."""
    line.settimeout(0.1)
    for _ in range(LOOKS_MAX):
        line.sendall(b"a")
        with contextlib.suppress(TimeoutError):
            return line.recv(100)
    raise AssertionError("nothing cut it")


async def test_who_asks_too_much_waits(tmp_path: Path) -> None:
    limits = {"requests_per_10s": 20, "refused_tickets_per_min": 3, "request_s": 1}
    with Edge(tmp_path, **limits).running() as edge:
        with _line(edge, edge.trust) as line:
            line.sendall(b"GET /v1/tables HTTP/1.1\r\nHost: a\r\n")  # and never the end
            assert line.recv(100).startswith(b"HTTP/1.1 408")
        for head in (b"GET /v1/tables HTTP/1.1\r\nHost: ", _LONG % 1_000, _LONG % 100_000):
            with _line(edge, edge.trust) as line:
                line.sendall(head)
                assert _trickled(line).startswith(b"HTTP/1.1 408")
        for _ in range(4):
            with pytest.raises(InvalidStatus) as refused:
                async with edge.connect("a.b.c"):
                    pass
            assert refused.value.response.status_code == 401
        with pytest.raises(InvalidStatus) as refused:
            async with edge.connect(edge.ticket()):
                pass
        assert refused.value.response.status_code == 429
        assert refused.value.response.headers["retry-after"] == "10"


def test_a_file_that_says_something_unknown_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "edge.toml"
    whole = 'api = "a:1"\npublic_keys_file = "a"\nroute_keys_dir = "a"\ncertificate_file = "a"\n'
    for wrong, why in (
        ('table_networks = ["10.0.0.0/8"]\nsecret = 1', "secret"),
        ('table_networks = ["10.0.0.300/8"]', "10.0.0.300"),
        ("table_networks = []", "table_networks"),
        ('table_networks = ["10.0.0.0/8"]\ntable_ports = "30000-20000"', "table_ports"),
    ):
        file.write_text(whole + wrong, "utf-8")
        with pytest.raises(SettingWrong, match=why):
            read_edge(file)
