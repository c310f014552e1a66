"""The public keys of a running server, and a rotation under it."""

import time

import httpx
import jwt

from tests.e2e.test_http import bearer, guest
from tests.server import Server, command

LOOKS_MAX = 300


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
