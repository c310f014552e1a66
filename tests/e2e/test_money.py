"""Payments, limits and operators' acts over HTTP, the SDK and the command line."""

import uuid
from typing import Any

import httpx
import pytest

from client import Api
from client.errors import ApiError
from tests.e2e.test_http import bearer, error, guest
from tests.server import Server, command

GRANT = 100_000
Call = Any


@pytest.fixture
def player(http: httpx.Client) -> dict[str, Any]:
    return guest(http)


def operators(server: Server) -> dict[str, str]:
    token = (server.data_dir / "secrets" / "operator.token").read_text("utf-8").strip()
    return {"Authorization": f"Bearer {token}"}


def wallet(http: httpx.Client, player: dict[str, Any], currency: str = "PLAY") -> int:
    answer = http.get(f"/v1/wallet?currency={currency}", headers=bearer(player)).json()
    assert answer["currency"] == currency
    return int(answer["amount"])


def test_play_chips_come_and_go_at_once_and_euros_wait(
    http: httpx.Client, server: Server, player: dict[str, Any]
) -> None:
    headers = bearer(player)
    codes = {
        each["code"]: each["exponent"] for each in http.get("/v1/currencies").json()["currencies"]
    }
    assert codes == {"PLAY": 0, "EUR": 2}
    asked = {"ref": "a1", "amount": 500}
    for _ in range(2):
        paid = http.post("/v1/wallet/deposits", json=asked, headers=headers).json()
        assert (paid["state"], paid["kind"], paid["amount"]) == ("posted", "deposit", 500)
    assert wallet(http, player) == GRANT + 500
    taken = http.post("/v1/wallet/withdrawals", json=asked, headers=headers).json()
    assert taken["state"] == "posted"
    assert wallet(http, player) == GRANT
    euros = asked | {"currency": "EUR"}
    assert error(http.post("/v1/wallet/deposits", json=euros, headers=headers), 409) == "ref_used"
    euros["ref"] = "a2"
    waits = http.post("/v1/wallet/deposits", json=euros, headers=headers).json()
    assert waits["state"] == "pending"
    assert wallet(http, player, "EUR") == 0
    listed = command("payments", "--url", server.url, "--data-dir", str(server.data_dir))
    assert listed.returncode == 0, listed.stderr
    for state, status in (("post", 0), ("post", 0), ("void", 2)):
        decided = command(
            "payments", state, waits["key"], "--why", "seen on the account",
            "--url", server.url, "--data-dir", str(server.data_dir),
        )  # fmt: skip
        assert decided.returncode == status, decided.stderr
    assert wallet(http, player, "EUR") == 500
    mine = http.get("/v1/wallet/payments?limit=2", headers=headers).json()
    assert [each["state"] for each in mine["payments"]] == ["posted", "posted"]
    assert mine["next"] is not None


@pytest.mark.parametrize(
    ("asked", "code", "status"),
    [
        ({"ref": "x", "amount": 0}, "bad_request", 400),
        ({"ref": "x:y", "amount": 5}, "bad_request", 400),
        ({"ref": "x", "amount": 5, "currency": "euro"}, "bad_request", 400),
        ({"ref": "x", "amount": 5, "currency": "GBP"}, "currency_unknown", 404),
        ({"ref": "x", "amount": 5, "to": "somebody"}, "bad_request", 400),
    ],
)
def test_wrong_payments_are_refused(
    http: httpx.Client, player: dict[str, Any], asked: dict[str, Any], code: str, status: int
) -> None:
    for way in ("deposits", "withdrawals"):
        answer = http.post(f"/v1/wallet/{way}", json=asked, headers=bearer(player))
        assert error(answer, status) == code
    poor = {"ref": "poor", "amount": GRANT + 1}
    answer = http.post("/v1/wallet/withdrawals", json=poor, headers=bearer(player))
    assert error(answer, 409) == "wallet_too_small"


def test_a_player_limits_himself_and_is_told_which_limit(
    http: httpx.Client, player: dict[str, Any]
) -> None:
    headers = bearer(player)
    asked = {"kind": "deposit", "span": "day", "amount": 300}
    limits = http.put("/v1/wallet/limits", json=asked, headers=headers).json()
    assert limits["counts"] == "at_once"
    assert [(each["limit"], each["left"]) for each in limits["rooms"]] == [("deposit_day", 300)]
    loose = http.put("/v1/wallet/limits", json=asked | {"amount": None}, headers=headers).json()
    assert loose["counts"] == "later"
    assert loose["limits"][0]["amount"] == 300
    assert loose["limits"][0]["next_at"] is not None
    too_much = {"ref": "a", "amount": 301}
    refused = http.post("/v1/wallet/deposits", json=too_much, headers=headers)
    assert error(refused, 403) == "limit_reached"
    limit = refused.json()["error"]["limit"]
    assert (limit["limit"], limit["left"]) == ("deposit_day", 300)
    assert limit["until"].endswith("Z")
    for wrong in (
        asked | {"amount": -1}, asked | {"span": "year"}, asked | {"kind": "session"},
        {"kind": "session", "span": "session", "amount": 59},
    ):  # fmt: skip
        answer = http.put("/v1/wallet/limits", json=wrong, headers=headers)
        assert error(answer, 400) in ("bad_request", "limit_invalid")
    nowhere = http.put("/v1/wallet/limits", json=asked | {"currency": "GBP"}, headers=headers)
    assert error(nowhere, 404) == "currency_unknown"


def test_so_many_payments_may_wait_and_each_may_be_asked_again(
    http: httpx.Client, player: dict[str, Any]
) -> None:
    headers = bearer(player)
    asked = [{"ref": f"r{n}", "amount": 5, "currency": "EUR"} for n in range(17)]
    for each in asked[:16]:
        assert http.post("/v1/wallet/deposits", json=each, headers=headers).is_success
    refused = http.post("/v1/wallet/deposits", json=asked[16], headers=headers)
    assert error(refused, 429) == "too_many_pending"
    assert http.post("/v1/wallet/deposits", json=asked[3], headers=headers).is_success


def test_who_excludes_himself_takes_his_money_out_and_brings_none(
    http: httpx.Client, player: dict[str, Any]
) -> None:
    headers = bearer(player)
    for wrong in ({"kind": "cooling_off"}, {"kind": "self_exclusion", "days": 7}):
        answer = http.post("/v1/wallet/exclusion", json=wrong, headers=headers)
        assert error(answer, 400) == "exclusion_invalid"
    asked = {"kind": "self_exclusion"}
    limits = http.post("/v1/wallet/exclusion", json=asked, headers=headers).json()
    assert (limits["excluded"], limits["excluded_until"]) == ("self_exclusion", None)
    payment = {"ref": "a", "amount": 5}
    refused = http.post("/v1/wallet/deposits", json=payment, headers=headers)
    assert error(refused, 403) == "limit_reached"
    assert refused.json()["error"]["limit"] == {
        "limit": "self_exclusion", "left": 0, "until": None
    }  # fmt: skip
    taken = http.post("/v1/wallet/withdrawals", json=payment, headers=headers)
    assert taken.json()["state"] == "posted"


def test_two_operators_put_a_wallet_right_from_the_command_line(
    http: httpx.Client, server: Server, player: dict[str, Any]
) -> None:
    account = player["player"]["id"]
    at = ("--url", server.url, "--data-dir", str(server.data_dir))

    def run(*arguments: str, by: str) -> tuple[int, str]:
        done = command(*arguments, "--by", by, *at)
        return done.returncode, done.stdout + done.stderr

    status, said = run("adjust", account, "-700", "--reason", "paid twice", by="ann")
    assert status == 0, said
    number = said.split()[1].rstrip(":")
    assert wallet(http, player) == GRANT
    status, said = run("approve", number, by="Ann")
    assert (status, "approval_needed" in said) == (2, True)
    status, said = run("operations", by="ann")
    assert (status, number in said) == (0, True)
    assert run("approve", number, by="ben")[0] == 0
    assert wallet(http, player) == GRANT - 700
    status, said = run("reverse", f"adjustment:{number}", "--reason", "no", by="ann")
    assert status == 0, said
    assert run("reject", said.split()[1].rstrip(":"), by="ben")[0] == 0
    assert run("promote", account, "50", "--reason", "sorry", by="ann")[0] == 0
    assert wallet(http, player) == GRANT - 650
    limit = ("limit", account, "buy_in", "day", "1000", "--reason", "asked for it")
    assert run(*limit, by="ann") == (0, "counts at once\n")
    assert run(*limit, by="ann") == (0, "is so already\n")
    exclude = ("exclude", account, "cooling_off", "--days", "3", "--reason", "asked for it")
    assert "excluded until" in run(*exclude, by="ann")[1]
    shown = http.get(f"/v1/operator/players/{account}/limits", headers=operators(server)).json()
    assert shown["excluded"] == "cooling_off"
    assert [each["by"] for each in shown["limits"]] == ["operator"]


def test_acts_are_the_operators_alone_and_wrong_ones_are_refused(
    http: httpx.Client, server: Server, player: dict[str, Any]
) -> None:
    asked: dict[str, Any] = {
        "by": {"name": "ann"}, "ref": uuid.uuid4().hex, "player": player["player"]["id"],
        "amount": 5, "reason": "why",
    }  # fmt: skip
    path = "/v1/operator/adjustments"
    assert error(http.post(path, json=asked, headers=bearer(player)), 403) == "not_allowed"
    ours = operators(server)
    for change, code, status in (
        ({"player": "ann"}, "bad_request", 400),
        ({"player": str(uuid.uuid4())}, "player_unknown", 404),
        ({"amount": 0}, "amount_invalid", 400),
        ({"reason": ""}, "bad_request", 400),
    ):
        answer = http.post(path, json=asked | change, headers=ours)
        assert error(answer, status) == code
    decision = {"by": {"name": "ben"}}
    for number, code, status in (("x", "bad_request", 400), ("99999999", "operation_unknown", 404)):
        answer = http.post(f"/v1/operator/operations/{number}/approve", json=decision, headers=ours)
        assert error(answer, status) == code
    reversal = {"by": {"name": "ann"}, "ref": "r", "transfer": "hand:oak:1", "reason": "why"}
    answer = http.post("/v1/operator/reversals", json=reversal, headers=ours)
    assert error(answer, 404) == "transfer_unknown"
    payment = {"by": {"name": "ann"}, "key": "deposit:x", "post": True, "why": "why"}
    answer = http.post("/v1/operator/payments", json=payment, headers=ours)
    assert error(answer, 404) == "payment_unknown"
    assert error(http.get("/v1/wallet?currency=pl%20y", headers=bearer(player)), 400) == (
        "bad_request"
    )


async def test_the_sdk_pays_limits_and_excludes(server: Server) -> None:
    api = Api(server.url)
    await api.guest()
    try:
        assert (await api.deposit(70, "a")).state == "posted"
        assert (await api.withdraw(20, "a")).state == "posted"
        assert (await api.wallet()).amount == GRANT + 50
        assert (await api.wallet("EUR")).amount == 0
        assert len((await api.payments()).payments) == 2
        assert (await api.set_limit("deposit", "week", 100)).counts == "at_once"
        assert [room.left for room in (await api.limits()).rooms] == [30]
        with pytest.raises(ApiError) as refused:
            await api.deposit(31, "b")
        assert refused.value.limit is not None
        assert refused.value.limit.left == 30
        assert (await api.exclude("cooling_off", 1)).excluded == "cooling_off"
    finally:
        await api.close()
