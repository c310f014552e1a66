"""The public keys of a running server, and a rotation under it."""

import httpx
import jwt

from client import Client
from tests.e2e.test_http import bearer, guest
from tests.e2e.test_recovery import until
from tests.server import Server, command


async def test_keys_are_published_and_rotated_without_a_restart(
    server: Server, http: httpx.Client
) -> None:
    tokens = guest(http)
    answer = http.get("/.well-known/jwks.json")
    assert answer.headers["content-type"] == "application/jwk-set+json"
    before = answer.json()["keys"]
    assert all("d" not in key for key in before)
    signed_by = jwt.get_unverified_header(tokens["access"])["kid"]
    key = jwt.PyJWKSet.from_dict(answer.json())[signed_by]
    claims = jwt.decode(tokens["access"], key.key, ["ES256"], audience="api")
    assert claims["sub"] == tokens["player"]["id"]
    done = command("keys", "rotate", "--signing", "--data-dir", str(server.data_dir))
    assert done.returncode == 0, done.stderr
    kid = done.stdout.split()[0]

    async def is_published() -> bool:
        keys = http.get("/.well-known/jwks.json").json()["keys"]
        return kid in {key["kid"] for key in keys}

    await until(is_published, "the new key is not published")
    assert http.get("/v1/me", headers=bearer(tokens)).status_code == 200
    async with await Client.guest(server.url) as client:
        table = await client.join("meridian")
        assert table.state.epoch
