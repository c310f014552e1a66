"""Other doors than a password, at the running system."""

import asyncio
import uuid
from urllib.parse import urlsplit

import httpx

from tests.authenticator import Authenticator
from tests.e2e.test_account import silence
from tests.e2e.test_http import bearer, error
from tests.server import Server

PASSWORD = "correct horse battery"


def test_a_passkey_from_enrolment_to_removal(http: httpx.Client, server: Server) -> None:
    account = {"name": f"pk-{uuid.uuid4().hex[:12]}", "password": PASSWORD}
    ann = bearer(http.post("/v1/register", json=account).json())
    device = Authenticator(f"http://localhost:{urlsplit(server.url).port}")
    made = device.create(http.post("/v1/passkeys/options", headers=ann).json())
    asked = {"name": "phone", "credential": made}
    key = http.post("/v1/passkeys", json=asked, headers=ann).json()["id"]
    assert error(http.post("/v1/passkeys", json=asked, headers=ann), 401) == "passkey_invalid"
    wrong = {"name": "phone", "credential": {"id": 1}}
    assert error(http.post("/v1/passkeys", json=wrong, headers=ann), 400) == "bad_request"

    shown = {"credential": device.get(http.post("/v1/login/passkey/options").json())}
    signed_in = http.post("/v1/login/passkey", json=shown).json()
    assert signed_in["player"]["name"] == account["name"]
    again = http.post("/v1/login/passkey", json=shown)
    assert error(again, 401) == "passkey_invalid"

    here = bearer(signed_in)
    sessions = http.get("/v1/sessions", headers=here).json()["sessions"]
    current = next(each["id"] for each in sessions if each["current"])
    asyncio.run(silence(server, current))
    payment = {"amount": 100, "ref": uuid.uuid4().hex}
    refused = http.post("/v1/wallet/deposits", json=payment, headers=here)
    assert error(refused, 401) == "proof_needed"
    assert error(http.post("/v1/passkeys/options", headers=here), 401) == "proof_needed"
    proof = {"credential": device.get(http.post("/v1/prove/passkey/options", headers=here).json())}
    assert http.post("/v1/prove/passkey", json=proof, headers=here).status_code == 204
    assert http.post("/v1/wallet/deposits", json=payment, headers=here).is_success

    path = f"/v1/passkeys/{key}"
    assert http.put(path, json={"name": "old phone"}, headers=here).status_code == 204
    (listed,) = http.get("/v1/passkeys", headers=here).json()["passkeys"]
    assert (listed["name"], listed["used"] is None) == ("old phone", False)
    assert http.post(f"{path}/remove", headers=here).status_code == 204
    assert error(http.post(f"{path}/remove", headers=here), 404) == "passkey_unknown"
