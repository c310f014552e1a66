"""Other doors than a password, at the running system."""

import asyncio
import uuid
from urllib.parse import urlsplit

import httpx

from tests.authenticator import Authenticator
from tests.e2e.test_account import silence
from tests.e2e.test_http import bearer, error
from tests.provider import Provider
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


def test_another_site_makes_an_account_signs_in_and_proves(
    http: httpx.Client, server: Server, provider: Provider
) -> None:
    assert http.get("/v1/oidc").json()["providers"] == [{"id": "there", "name": "There"}]
    name = f"oi-{uuid.uuid4().hex[:12]}"

    def back(trip: httpx.Response) -> dict[str, str]:
        assert trip.is_success, trip.text
        code, state = provider.arrive(trip.json()["url"])
        return {"flow": trip.json()["flow"], "state": state, "code": code}

    unknown = back(http.post("/v1/oidc/there/begin", json={}))
    assert error(http.post("/v1/login/oidc", json=unknown), 404) == "identity_unknown"
    asked = back(http.post("/v1/oidc/there/begin", json={"name": name}))
    tokens = http.post("/v1/login/oidc", json=asked).json()
    assert (tokens["player"]["name"], tokens["player"]["kind"]) == (name, "player")
    assert error(http.post("/v1/login/oidc", json=asked), 401) == "flow_invalid"
    ann = bearer(tokens)
    assert http.get("/v1/wallet", headers=ann).json()["amount"] == 100_000
    (listed,) = http.get("/v1/identities", headers=ann).json()["identities"]
    path = f"/v1/identities/{listed['id']}/remove"
    assert error(http.post(path, headers=ann), 409) == "last_way_in"

    (session,) = http.get("/v1/sessions", headers=ann).json()["sessions"]
    asyncio.run(silence(server, session["id"]))
    payment = {"amount": 100, "ref": uuid.uuid4().hex}
    refused = http.post("/v1/wallet/deposits", json=payment, headers=ann)
    assert error(refused, 401) == "proof_needed"
    proof = back(http.post("/v1/prove/oidc/there/begin", headers=ann))
    assert http.post("/v1/prove/oidc", json=proof, headers=ann).status_code == 204
    assert http.post("/v1/wallet/deposits", json=payment, headers=ann).is_success

    account = {"name": f"li-{uuid.uuid4().hex[:12]}", "password": PASSWORD}
    bob = bearer(http.post("/v1/register", json=account).json())
    link = back(http.post("/v1/identities/there/begin", headers=bob))
    assert error(http.post("/v1/identities", json=link, headers=bob), 409) == "identity_taken"
    provider.user = name
    link = back(http.post("/v1/identities/there/begin", headers=bob))
    assert http.post("/v1/identities", json=link, headers=bob).status_code == 204
