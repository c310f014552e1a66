"""Operators with accounts of their own at the running system."""

import uuid
from typing import Any

import httpx

from serve.gate import APPROVER
from tests.e2e.test_http import bearer, error, guest
from tests.server import Server, command


def player(http: httpx.Client) -> dict[str, Any]:
    asked = {"name": f"op-{uuid.uuid4().hex[:12]}", "password": "correct horse battery"}
    answer = http.post("/v1/register", json=asked)
    assert answer.status_code == 200, answer.text
    signed_in: dict[str, Any] = answer.json()
    return signed_in


def roles(server: Server, *words: str) -> str:
    done = command("roles", *words, "--url", server.url, "--data-dir", str(server.data_dir))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_two_cashiers_put_a_wallet_right_under_their_own_names(
    http: httpx.Client, server: Server
) -> None:
    first, second, customer = player(http), player(http), guest(http)
    names = [each["player"]["name"] for each in (first, second)]
    proposal = {
        "by": {"name": names[0]}, "ref": uuid.uuid4().hex, "player": customer["player"]["id"],
        "amount": 70, "reason": "a lost hand",
    }  # fmt: skip
    path = "/v1/operator/adjustments"
    assert error(http.post(path, json=proposal, headers=bearer(first)), 403) == "not_allowed"
    for name in names:
        roles(server, "grant", name, "cashier")
    assert all(name in roles(server) for name in names)
    assert error(http.post(path, json=proposal, headers=bearer(second)), 403) == "not_yourself"
    number = http.post(path, json=proposal, headers=bearer(first)).json()["id"]
    approve = f"/v1/operator/operations/{number}/approve"
    for who, name, code in (
        (first, names[0], "approval_needed"),
        (first, names[1], "not_yourself"),
    ):
        asked = http.post(approve, json={"by": {"name": name}}, headers=bearer(who))
        assert error(asked, 403) == code
    done = http.post(approve, json={"by": {"name": names[1]}}, headers=bearer(second))
    assert done.status_code == 200, done.text
    assert http.get("/v1/wallet", headers=bearer(customer)).json()["amount"] == 100_070
    roles(server, "revoke", names[1], "cashier")
    asked = http.get("/v1/operator/payments", headers=bearer(second))
    assert error(asked, 403) == "not_allowed"


def test_a_second_who_agrees_shows_his_own_token(http: httpx.Client, server: Server) -> None:
    first, second = player(http), player(http)
    names = [each["player"]["name"] for each in (first, second)]
    roles(server, "grant", names[0], "floor")
    # A hand long gone: whoever passes the gate hears that it is stale, and nothing is void.
    body = {"by": {"name": names[0], "approver": names[1]}, "hand": 1, "reason": "misdeal"}
    path = "/v1/operator/tables/lantern/void"
    assert error(http.post(path, json=body, headers=bearer(first)), 403) == "approval_needed"
    agreed = bearer(first) | {APPROVER: bearer(second)["Authorization"]}
    assert error(http.post(path, json=body, headers=agreed), 403) == "not_allowed"
    roles(server, "grant", names[1], "floor")
    assert error(http.post(path, json=body, headers=agreed), 409) in ("stale_hand", "no_hand")


def test_a_role_for_nobody_is_refused(server: Server) -> None:
    done = command(
        "roles", "grant", "nobody-here", "admin",
        "--url", server.url, "--data-dir", str(server.data_dir),
    )  # fmt: skip
    assert done.returncode == 2
    assert "player_unknown" in done.stderr


def test_what_operators_do_is_written_down(http: httpx.Client, server: Server) -> None:
    officer = player(http)
    name = officer["player"]["name"]
    at = ("--url", server.url, "--data-dir", str(server.data_dir))
    roles(server, "grant", name, "compliance", "--by", "root-ann", "--reason", "new here")
    limits = http.put(
        f"/v1/operator/players/{officer['player']['id']}/limits",
        json={
            "by": {"name": name},
            "kind": "loss",
            "span": "day",
            "amount": 900,
            "reason": "asked",
        },
        headers=bearer(officer),
    )
    assert limits.status_code == 200, limits.text
    answer = http.get("/v1/operator/audit", params={"who": name}, headers=bearer(officer))
    (line,) = answer.json()["lines"]
    assert (line["outcome"], line["who"]) == ("done", name)
    assert line["act"].startswith("PUT /v1/operator/players/")
    assert '"reason":"asked"' in line["asked"]
    assert '"amount":900' in line["answer"]
    listed = command("audit", "--who", "machine:root-ann", "--act", "/roles/", *at)
    assert listed.returncode == 0, listed.stderr
    assert name in listed.stdout
    assert "new here" in listed.stdout
    verified = command("ledger", "verify", *at[2:])
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "lines of the audit log" in verified.stdout
