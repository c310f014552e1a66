"""What a desk and a history look at, on the running system."""

import asyncio
import uuid
from typing import Any

import httpx
import msgspec

from client import Client
from tests.e2e.test_http import bearer, error, guest
from tests.e2e.test_records import played, recorded
from tests.e2e.test_roles import player, roles
from tests.server import Server
from wire.http import HandRecord, TokensResponse

PATIENCE = 60


def get(http: httpx.Client, who: dict[str, Any], path: str, **words: str) -> Any:
    answer = http.get(path, headers=bearer(who), params=words)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def one_hand(url: str, who: dict[str, Any]) -> HandRecord:
    """Played to its end by somebody who is signed in."""
    tokens = msgspec.convert(who, TokensResponse)
    async with Client.from_tokens(url, tokens) as client:
        table = await client.quick_seat(big_blind=20)
        (number,) = await played(table, 1)
        await table.stand()
        return await recorded(client, table.table, number)


def test_a_player_finds_his_hands_shares_one_and_sees_his_sitting(
    server: Server, http: httpx.Client
) -> None:
    me = player(http)
    record, me = asyncio.run(one_hand(server.url, me)), bearer(me)
    result = "won" if record.net and record.net > 0 else "lost" if record.net else "even"
    wanted = {"table": record.table, "result": result}
    (listed,) = http.get("/v1/hands", headers=me, params=wanted).json()["hands"]
    assert (listed["hand"], listed["net"], listed["pot"]) == (record.hand, record.net, record.pot)
    more = http.get("/v1/hands", headers=me, params={"pot_min": record.pot + 1}).json()
    assert more["hands"] == []
    bad = http.get("/v1/hands", headers=me, params={"result": "x"})
    assert error(bad, 400) == "bad_request"
    path = f"/v1/hands/{record.table}/{record.hand}"
    made = http.post(f"{path}/share", json={"days": 2}, headers=me).json()
    # Signed out: as he saw it, and no card more.
    token = {"token": made["token"]}
    shared = http.post("/v1/shared", json=token).json()["record"]
    own = http.get(path, headers=me).json()
    assert {**shared, "proof": None} == {**own, "proof": None}
    assert shared["proof"]["holes"] == own["proof"]["holes"]
    stranger, end = bearer(guest(http)), f"/v1/shares/{made['share']['id']}/end"
    for wrong, code in (
        (http.post(f"{path}/share", json={}, headers=stranger), "hand_unknown"),
        (http.post("/v1/shared", json={"token": made["token"][:-1]}), "share_unknown"),
        (http.post(end, headers=stranger), "share_unknown"),
        (http.get(f"/v1/sittings/{uuid.uuid4()}", headers=me), "sitting_unknown"),
    ):
        assert error(wrong, 404) == code
    assert http.get("/v1/shares", headers=me).json()["shares"] == [made["share"]]
    assert http.post(end, headers=me).status_code == 204
    assert error(http.post("/v1/shared", json=token), 404) == "share_unknown"
    (sitting,) = http.get("/v1/sittings", headers=me).json()["sittings"]
    whole = http.get(f"/v1/sittings/{sitting['session']}", headers=me).json()
    assert whole["points"][0]["balance"] == sitting["brought"]
    assert whole["hands"] >= 1
    (again,) = http.get("/v1/sittings", headers=me, params={"table": record.table}).json()[
        "sittings"
    ]
    assert again["session"] == sitting["session"]


def test_an_operator_looks_at_floor_money_and_health(server: Server, http: httpx.Client) -> None:
    officer = player(http)
    for right in ("compliance", "floor"):
        roles(server, "grant", officer["player"]["name"], right)
    mine = get(http, officer, "/v1/rights")
    assert {"see_audit", "run_tables", "play"} <= set(mine["rights"])
    assert "promote" not in mine["rights"]
    assert get(http, guest(http), "/v1/rights")["rights"] == ["play"]
    tables = get(http, officer, "/v1/operator/tables")["tables"]
    assert all(each["seats"] and each["lag_ms"] >= 0 for each in tables if each["open"])
    samples = get(http, officer, "/v1/operator/concurrency")["samples"]
    assert samples[-1]["tables"] == sum(each["open"] for each in tables)
    assert get(http, officer, "/v1/operator/concurrency", since=samples[-1]["at"]) is not None
    revenue = get(http, officer, "/v1/operator/revenue")["samples"]
    assert {each["currency"] for each in revenue} >= {"PLAY"}
    funds = get(http, officer, "/v1/operator/interrupted")["funds"]
    assert sum(each["chips"] for each in funds) > 0
    parts = {each["name"]: each for each in get(http, officer, "/v1/operator/health")["parts"]}
    assert {"Postgres", "Redis", "Ray", "auth", "wallet", "floor"} == set(parts)
    assert [each["name"] for each in parts.values() if each["state"] == "down"] == []
    sheet = get(http, officer, f"/v1/operator/players/{officer['player']['id']}")
    assert sheet["roles"] == ["compliance", "floor"]
    customer = guest(http)["player"]["id"]
    money = get(http, officer, f"/v1/operator/players/{customer}/money")
    assert money["purses"] == [{"currency": "PLAY", "amount": 100_000, "table": None}]


def test_a_void_is_asked_for_in_one_session_and_agreed_to_in_another(
    server: Server, http: httpx.Client
) -> None:
    first, second = player(http), player(http)
    names = [each["player"]["name"] for each in (first, second)]
    for name in names:
        roles(server, "grant", name, "floor")
    by = [{"name": name} for name in names]
    for _ in range(PATIENCE):  # a hand may end between being seen and being voided
        table = next(
            each
            for each in get(http, first, "/v1/operator/tables")["tables"]
            if each["playing"] and not each["paused"]
        )
        asked = {"by": by[0], "hand": table["hand"], "reason": "misdeal"}
        path = f"/v1/operator/tables/{table['table']}/void-proposals"
        number = http.post(path, json=asked, headers=bearer(first)).json()["id"]
        at = f"/v1/operator/void-proposals/{number}"
        own = http.post(f"{at}/approve", json={"by": by[0]}, headers=bearer(first))
        assert error(own, 403) == "approval_needed"
        agreed = http.post(f"{at}/approve", json={"by": by[1]}, headers=bearer(second))
        if agreed.status_code == 200:
            break
        assert agreed.json()["error"]["code"] in ("stale_hand", "no_hand")
    assert agreed.json()["outcome"] == "done"
    assert agreed.json()["decided_by"] == names[1]
    again = http.post(f"{at}/reject", json={"by": by[0]}, headers=bearer(first))
    assert error(again, 409) == "proposal_over"
    roles(server, "grant", names[1], "compliance")
    lines = get(http, second, "/v1/operator/audit", act=f"{at}/approve")["lines"]
    acts = [(each["who"], each["outcome"]) for each in lines]  # the newest first
    assert acts == [(names[1], "done"), (names[0], "approval_needed")]
    assert '"state":"open"' in lines[0]["before"]
    assert '"outcome":"done"' in lines[0]["after"]
