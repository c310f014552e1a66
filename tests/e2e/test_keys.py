"""The public keys of a running server; a rotation, and a key that is stolen, under it."""

import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx
import jwt
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from auth.keys import SigningKeys
from auth.tickets import mint_ticket
from auth.tokens import Identity, mint_access
from tests.e2e.test_http import bearer, guest
from tests.server import Server, command
from wire.codec import JSON
from wire.codes import Close

LOOKS_MAX = 300
TABLE = "harbour"


def published(http: httpx.Client) -> jwt.PyJWKSet:
    answer = http.get("/.well-known/jwks.json")
    assert answer.headers["content-type"] == "application/jwk-set+json"
    assert all("d" not in key for key in answer.json()["keys"])
    return jwt.PyJWKSet.from_dict(answer.json())


def test_keys_are_published_and_rotated_without_a_restart(
    server: Server, http: httpx.Client
) -> None:
    tokens = guest(http)
    signed_by = jwt.get_unverified_header(tokens["access"])["kid"]
    key = published(http)[signed_by]
    claims = jwt.decode(tokens["access"], key.key, ["ES256"], audience="api")
    assert claims["sub"] == tokens["player"]["id"]
    done = command("keys", "rotate", "--signing", "--data-dir", str(server.data_dir))
    assert done.returncode == 0, done.stderr
    kid = done.stdout.split()[0]
    for _ in range(LOOKS_MAX):
        if kid in {each.key_id for each in published(http).keys}:
            break
        time.sleep(0.1)
    assert {kid, signed_by} <= {each.key_id for each in published(http).keys}
    assert http.get("/v1/me", headers=bearer(tokens)).status_code == 200
    assert http.get("/v1/me", headers=bearer(guest(http))).status_code == 200


def test_what_a_stolen_key_signs_is_refused_once_it_is_revoked(
    server: Server, http: httpx.Client
) -> None:
    """By the gateway and by a table's own listener, while what other keys sign goes on."""
    folder = server.data_dir / "keys"
    tokens = guest(http)
    claims = jwt.decode(tokens["access"], options={"verify_signature": False})
    honest = Identity(UUID(claims["sub"]), claims["name"], "guest", UUID(claims["sid"]))
    done = command("keys", "rotate", "--signing", "--data-dir", str(server.data_dir))
    stolen = SigningKeys.load(folder)
    assert done.stdout.startswith(stolen.kid)

    def status(keys: SigningKeys) -> int:
        access = mint_access(keys, honest, time.time())
        return http.get("/v1/me", headers={"Authorization": f"Bearer {access}"}).status_code

    def close(keys: SigningKeys) -> int:
        """What the table answers to a ticket; 0 if it lets him in."""
        url = http.post(f"/v1/tables/{TABLE}/ticket", json={}, headers=bearer(tokens)).json()["url"]
        (ticket,) = parse_qs(urlsplit(url).query)["ticket"]
        said = jwt.decode(ticket, options={"verify_signature": False})
        forged = mint_ticket(
            keys, honest, table=TABLE, epoch=said["epoch"], addr=said["addr"], port=said["port"],
            role="seat", now=time.time(),
        )  # fmt: skip
        with connect(url.replace(ticket, forged), subprotocols=[Subprotocol(JSON)]) as line:
            try:
                line.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code if closed.rcvd else -1
        return 0

    _becomes(status, stolen, 200)
    _becomes(close, stolen, 0)
    done = command("keys", "revoke", stolen.kid, "--data-dir", str(server.data_dir))
    assert done.returncode == 0, done.stderr
    fresh = SigningKeys.load(folder)
    assert fresh.kid in done.stdout
    _becomes(status, stolen, 401)
    _becomes(close, stolen, Close.TICKET_INVALID)
    _becomes(status, fresh, 200)
    _becomes(close, fresh, 0)
    kids = {each.key_id for each in published(http).keys}
    assert fresh.kid in kids
    assert stolen.kid not in kids
    assert http.get("/v1/me", headers=bearer(tokens)).status_code == 200
    again = command("keys", "revoke", stolen.kid, "--data-dir", str(server.data_dir))
    assert again.returncode != 0
    assert fresh.kid in again.stderr


def _becomes(ask: Callable[[SigningKeys], int], keys: SigningKeys, answer: int) -> None:
    for _ in range(LOOKS_MAX):
        if (last := ask(keys)) == answer:
            return
        time.sleep(0.1)
    raise AssertionError(f"still {last}, not {answer}")
