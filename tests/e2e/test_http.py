"""The HTTP API of the running system: every endpoint, and every way to be refused."""

import time
import uuid
from typing import Any
from uuid import UUID

import httpx
import pytest

from auth.keys import SigningKeys
from auth.tokens import Identity, mint_access
from tests.server import Server

PASSWORD = "correct horse battery"


def error(response: httpx.Response, status: int) -> str:
    """The code of a refusal, whose shape and status must be right."""
    assert response.status_code == status, response.text
    body = response.json()
    assert set(body) == {"error"}
    assert body["error"]["message"].endswith(".")
    return str(body["error"]["code"])


def new_name() -> str:
    return f"t{uuid.uuid4().hex[:12]}"


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access']}"}


def guest(http: httpx.Client) -> dict[str, Any]:
    response = http.post("/v1/guest")
    assert response.status_code == 200
    tokens: dict[str, Any] = response.json()
    return tokens


def test_a_player_registers_signs_in_and_has_his_daily_chips(http: httpx.Client) -> None:
    account = {"name": new_name(), "password": PASSWORD}
    registered = http.post("/v1/register", json=account)
    assert registered.status_code == 200
    tokens = http.post("/v1/login", json=account).json()
    me = http.get("/v1/me", headers=bearer(tokens)).json()
    assert me["name"] == account["name"]
    assert me["kind"] == "player"
    wallet = http.get("/v1/wallet", headers=bearer(tokens)).json()
    assert wallet["amount"] == 100_000
    daily = http.post("/v1/wallet/daily", headers=bearer(tokens)).json()
    assert daily["granted"] == 0
    lines = http.get("/v1/wallet/statement", headers=bearer(tokens)).json()["lines"]
    assert [(line["kind"], line["amount"]) for line in lines] == [("grant", 100_000)]
    assert http.get("/v1/hands", headers=bearer(tokens)).json() == {"hands": [], "next": None}


def test_names_and_passwords_that_will_not_do_are_refused(http: httpx.Client) -> None:
    name = new_name()
    for wrong, code, status in (
        ({"name": "a", "password": PASSWORD}, "name_invalid", 400),
        ({"name": "Bot-Ada", "password": PASSWORD}, "name_invalid", 400),
        ({"name": name, "password": "short"}, "password_too_short", 400),
        ({"name": name, "password": "x" * 300}, "password_too_long", 400),
        ({"name": name}, "bad_request", 400),
        ({"name": name, "password": 5}, "bad_request", 400),
        ({"name": name, "password": PASSWORD, "admin": True}, "bad_request", 400),
    ):
        assert error(http.post("/v1/register", json=wrong), status) == code
    account = {"name": name, "password": PASSWORD}
    http.post("/v1/register", json=account)
    taken = http.post("/v1/register", json=account | {"name": name.upper()})
    assert error(taken, 409) == "name_taken"


def test_a_wrong_password_many_times_is_throttled(http: httpx.Client) -> None:
    account = {"name": new_name(), "password": PASSWORD}
    http.post("/v1/register", json=account)
    wrong = account | {"password": "not the password"}
    codes = [http.post("/v1/login", json=wrong).json()["error"]["code"] for _ in range(12)]
    assert codes[0] == "wrong_credentials"
    assert codes[-1] == "too_many_attempts"
    locked = http.post("/v1/login", json=account)
    assert error(locked, 429) == "too_many_attempts"
    assert int(locked.headers["Retry-After"]) > 0


def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(http: httpx.Client) -> None:
    first = guest(http)
    second = http.post("/v1/refresh", json={"refresh": first["refresh"]}).json()
    assert http.get("/v1/me", headers=bearer(second)).status_code == 200
    # An answer may get lost: until the new token is used, the old one may ask once more.
    third = http.post("/v1/refresh", json={"refresh": first["refresh"]}).json()
    fourth = http.post("/v1/refresh", json={"refresh": third["refresh"]}).json()
    reused = http.post("/v1/refresh", json={"refresh": first["refresh"]})
    assert error(reused, 401) == "refresh_reused"
    assert error(http.get("/v1/me", headers=bearer(fourth)), 401) == "session_ended"
    dead = http.post("/v1/refresh", json={"refresh": fourth["refresh"]})
    assert error(dead, 401) in ("refresh_invalid", "refresh_reused")
    assert error(http.post("/v1/refresh", json={"refresh": "zzz"}), 401) == "refresh_invalid"


def test_signing_out_ends_the_session(http: httpx.Client) -> None:
    tokens = guest(http)
    assert http.post("/v1/logout", headers=bearer(tokens)).status_code == 204
    assert error(http.get("/v1/me", headers=bearer(tokens)), 401) == "session_ended"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "not_signed_in"),
        ("Basic abc", "not_signed_in"),
        ("Bearer", "not_signed_in"),
        ("Bearer a.b.c", "token_invalid"),
    ],
)
def test_without_a_good_token_nothing_is_told(
    http: httpx.Client, header: str | None, code: str
) -> None:
    headers = {"Authorization": header} if header else {}
    for method, path in (("GET", "/v1/wallet"), ("POST", "/v1/tables/harbour/ticket")):
        assert error(http.request(method, path, headers=headers), 401) == code


def test_an_expired_or_forged_token_is_refused(http: httpx.Client, server: Server) -> None:
    player = guest(http)["player"]
    identity = Identity(account=UUID(player["id"]), name="x", kind="guest", sid=uuid.uuid4())
    keys = SigningKeys.load(server.data_dir / "keys")
    old = mint_access(keys, identity, time.time() - 3_600)
    assert error(http.get("/v1/me", headers={"Authorization": f"Bearer {old}"}), 401) == (
        "token_expired"
    )
    forged = mint_access(SigningKeys.in_memory(), identity, time.time())
    assert error(http.get("/v1/me", headers={"Authorization": f"Bearer {forged}"}), 401) == (
        "token_invalid"
    )


def test_the_lobby_lists_tables_of_several_kinds_with_labelled_bots(http: httpx.Client) -> None:
    lobby = http.get("/v1/tables").json()
    seats = {table["info"]["seats"] for table in lobby["tables"]}
    stakes = {table["info"]["big_blind"] for table in lobby["tables"]}
    assert {2, 6, 9} <= seats
    assert len(stakes) >= 4
    assert sum(table["bots"] for table in lobby["tables"]) > 0


def test_a_ticket_leads_to_a_table_and_an_unknown_table_is_refused(http: httpx.Client) -> None:
    headers = bearer(guest(http))
    ticket = http.post("/v1/tables/harbour/ticket", json={}, headers=headers).json()
    assert ticket["url"].startswith("ws://127.0.0.1:")
    assert ticket["table"] == "harbour"
    unknown = http.post("/v1/tables/nowhere/ticket", json={}, headers=headers)
    assert error(unknown, 404) == "table_unknown"
    role = http.post("/v1/tables/harbour/ticket", json={"role": "dealer"}, headers=headers)
    assert error(role, 400) == "bad_request"
    quick = http.post("/v1/quick-seat", json={"big_blind": 100}, headers=headers).json()
    assert quick["info"]["big_blind"] == 100
    none = http.post("/v1/quick-seat", json={"big_blind": 7}, headers=headers)
    assert error(none, 409) == "no_seat_free"


def test_what_is_not_there_or_not_allowed_has_the_same_shape(http: httpx.Client) -> None:
    assert error(http.get("/v1/nothing"), 404) == "route_unknown"
    assert error(http.get("/v1/login"), 405) == "method_not_allowed"
    assert error(http.post("/v1/login", content=b"{" * 10), 400) == "bad_request"
    assert error(http.post("/v1/login", content=b"x" * 1_100_000), 413) == "body_too_large"
    headers = bearer(guest(http))
    for page in ("limit=0", "limit=201", "limit=x", "before=-1"):
        assert error(http.get(f"/v1/hands?{page}", headers=headers), 400) == "bad_request"


def test_health_readiness_and_the_api_document_are_served(http: httpx.Client) -> None:
    assert http.get("/healthz").json()["status"] == "ok"
    ready = http.get("/readyz").json()
    assert ready == {"status": "ok", "parts": {"floor": "ok", "wallet": "ok", "auth": "ok"}}
    document = http.get("/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path in ("/v1/login", "/v1/tables/{table}/ticket", "/v1/wallet/statement"):
        assert path in document["paths"]
    login = document["paths"]["/v1/login"]["post"]
    reference = login["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    assert reference.rpartition("/")[2] in document["components"]["schemas"]
