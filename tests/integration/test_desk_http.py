"""What a desk and a history ask over HTTP, at the real deployments: all but what needs tables."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from actors.archive import Archive
from actors.commands import Player
from serve import gateway
from tests.integration.test_shares import finished
from tests.office import MACHINE, Desk, open_office

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def desk(
    app_dsn: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    links = {"grafana_url": "https://grafana.example/d/floor"}
    async with open_office(app_dsn, redis_url, tmp_path, monkeypatch, **links) as opened:
        yield opened


async def account(http: httpx.AsyncClient, name: str, *roles: str) -> dict[str, Any]:
    answer = await http.post("/v1/register", json={"name": name, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    machine = {"Authorization": f"Bearer {MACHINE}"}
    for role in roles:
        asked = {"by": {"name": "root"}, "player": name, "role": role}
        given = await http.post("/v1/operator/roles/grant", json=asked, headers=machine)
        assert given.status_code == 204, given.text
    tokens: dict[str, Any] = answer.json()
    return tokens


def bearer(who: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {who['access']}"}


def code(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["code"])


async def hand_of(pool: "asyncpg.Pool[asyncpg.Record]", who: dict[str, Any]) -> None:
    """oak/1: he won five of somebody."""
    await pool.execute("SELECT actors.take_over('oak', 'me', 'here', 1000, '{}')")
    hand = finished(1, 5)
    (seat, _), other = hand.players
    me = Player(who["player"]["id"], who["player"]["name"], "player")
    await Archive(pool).save(type(hand)(hand.table, hand.hand, 1, hand.events, ((seat, me), other)))


async def test_a_player_finds_and_shares_his_hand_over_http(
    desk: Desk, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    http = desk.http
    ann, bob = await account(http, "ann"), await account(http, "bob")
    await hand_of(pool, ann)
    won = await http.get("/v1/hands", params={"result": "won"}, headers=bearer(ann))
    (found,) = won.json()["hands"]
    assert (found["hand"], found["net"], found["pot"]) == (1, 5, 10)
    none = await http.get("/v1/hands", params={"pot_min": 11}, headers=bearer(ann))
    assert none.json() == {"hands": [], "next": None}
    for words in ({"result": "x"}, {"pot_min": "0"}, {"since": "yesterday"}):
        bad = await http.get("/v1/hands", params=words, headers=bearer(ann))
        assert (bad.status_code, code(bad)) == (400, "bad_request")
    path = "/v1/hands/oak/1/share"
    assert code(await http.post(path, json={}, headers=bearer(bob))) == "hand_unknown"
    assert code(await http.post(path, json={"days": 0}, headers=bearer(ann))) == "bad_request"
    made = (await http.post(path, json={"days": 2}, headers=bearer(ann))).json()
    shown = (await http.post("/v1/shared", json={"token": made["token"]})).json()
    own = (await http.get("/v1/hands/oak/1", headers=bearer(ann))).json()
    assert shown["record"] == own
    end = f"/v1/shares/{made['share']['id']}/end"
    assert code(await http.post(end, headers=bearer(bob))) == "share_unknown"
    assert (await http.post(end, headers=bearer(ann))).status_code == 204
    gone = await http.post("/v1/shared", json={"token": made["token"]})
    assert (gone.status_code, code(gone)) == (404, "share_unknown")
    assert (await http.get("/v1/shares", headers=bearer(ann))).json() == {"shares": []}
    for session in (UUID(int=7), "nonsense"):
        missing = await http.get(f"/v1/sittings/{session}", headers=bearer(ann))
        assert (missing.status_code, code(missing)) == (404, "sitting_unknown")
    assert (await http.get("/v1/sittings", headers=bearer(ann))).json()["sittings"] == []


async def test_an_operator_sees_what_his_roles_allow(desk: Desk) -> None:
    http = desk.http
    ann = await account(http, "ann", "compliance", "floor")
    player = await account(http, "victim")
    rights = (await http.get("/v1/rights", headers=bearer(ann))).json()
    assert rights["roles"] == ["compliance", "floor", "player"]
    assert {"see_audit", "run_tables", "play"} <= set(rights["rights"])
    assert "promote" not in rights["rights"]
    assert (await http.get("/v1/rights", headers=bearer(player))).json()["rights"] == ["play"]
    at = f"/v1/operator/players/{player['player']['id']}"
    sheet = (await http.get(at, headers=bearer(ann))).json()
    assert (sheet["player"]["name"], sheet["roles"], sheet["seats"]) == ("victim", [], [])
    money = (await http.get(f"{at}/money", headers=bearer(ann))).json()
    assert money["purses"] == [{"currency": "PLAY", "amount": 100_000, "table": None}]
    unknown = await http.get(f"/v1/operator/players/{UUID(int=1)}", headers=bearer(ann))
    assert (unknown.status_code, code(unknown)) == (404, "account_unknown")
    left = (await http.get("/v1/operator/interrupted", headers=bearer(ann))).json()
    assert (left["hands"], left["funds"]) == ([], [])
    health = (await http.get("/v1/operator/health", headers=bearer(ann))).json()
    states = {part["name"]: part["state"] for part in health["parts"]}
    # There is no Ray here and no floor: what is away is said to be down, the others are shown.
    assert states == {
        "Postgres": "ok", "Redis": "ok", "Ray": "down", "auth": "ok", "wallet": "ok",
        "floor": "down",
    }  # fmt: skip
    assert health["links"] == [{"name": "Grafana", "url": "https://grafana.example/d/floor"}]


async def test_a_ban_is_in_the_audit_log_with_what_was_before_and_after(desk: Desk) -> None:
    http = desk.http
    ann, victim = await account(http, "ann", "compliance"), await account(http, "victim")
    at = f"/v1/operator/players/{victim['player']['id']}"
    asked = {"by": {"name": "ann"}, "reason": "collusion"}
    assert (await http.put(f"{at}/ban", json=asked, headers=bearer(ann))).status_code == 200
    assert code(await http.get("/v1/me", headers=bearer(victim))) == "session_ended"
    log = await http.get("/v1/operator/audit", params={"act": "/ban"}, headers=bearer(ann))
    (line,) = log.json()["lines"]
    assert (line["who"], line["outcome"]) == ("ann", "done")
    assert '"ban":null' in line["before"]
    assert '"ban":{"until":null,"reason":"collusion"}' in line["after"]


async def test_a_proposal_to_void_needs_another_account_and_is_decided_once(desk: Desk) -> None:
    http = desk.http
    ann, bob = await account(http, "ann", "floor"), await account(http, "bob", "floor")
    machine = {"Authorization": f"Bearer {MACHINE}"}
    asked = {"by": {"name": "ann"}, "hand": 7, "reason": "misdeal"}
    path = "/v1/operator/tables/oak/void-proposals"
    assert code(await http.post(path, json=asked, headers=machine)) == "approval_needed"
    made = (await http.post(path, json=asked, headers=bearer(ann))).json()
    at = f"/v1/operator/void-proposals/{made['id']}"
    own = await http.post(f"{at}/approve", json={"by": {"name": "ann"}}, headers=bearer(ann))
    assert (own.status_code, code(own)) == (403, "approval_needed")
    # Agreed; that no floor is here to do it is noted, and it is not done a second time.
    agreed = await http.post(f"{at}/approve", json={"by": {"name": "bob"}}, headers=bearer(bob))
    assert code(agreed) == "unavailable"
    again = await http.post(f"{at}/approve", json={"by": {"name": "bob"}}, headers=bearer(bob))
    assert (again.status_code, code(again)) == (409, "proposal_over")
    listed = await http.get("/v1/operator/void-proposals", headers=bearer(bob))
    (shown,) = listed.json()["proposals"]
    assert (shown["state"], shown["decided_by"]) == ("approved", "bob")
    assert shown["outcome"] == "unavailable"
    assert datetime.fromisoformat(shown["expires"]) > datetime.now(UTC)
    unknown = await http.post(
        "/v1/operator/void-proposals/999/reject", json={"by": {"name": "bob"}}, headers=bearer(bob)
    )
    assert (unknown.status_code, code(unknown)) == (404, "proposal_unknown")


async def test_who_has_lost_the_right_voids_nothing_by_a_yes_of_others(desk: Desk) -> None:
    http = desk.http
    ann, bob = await account(http, "ann", "floor"), await account(http, "bob", "floor")
    asked = {"by": {"name": "ann"}, "hand": 7, "reason": "misdeal"}
    path = "/v1/operator/tables/oak/void-proposals"
    made = (await http.post(path, json=asked, headers=bearer(ann))).json()
    machine = {"Authorization": f"Bearer {MACHINE}"}
    taken = {"by": {"name": "root"}, "player": "ann", "role": "floor"}
    await http.post("/v1/operator/roles/revoke", json=taken, headers=machine)
    at = f"/v1/operator/void-proposals/{made['id']}/approve"
    refused = await http.post(at, json={"by": {"name": "bob"}}, headers=bearer(bob))
    assert (refused.status_code, code(refused)) == (403, "not_allowed")


async def test_a_body_that_trickles_is_not_waited_for(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "BODY_S_MAX", 0.1)
    for_ever = asyncio.Event()

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await for_ever.wait()

    answer = await desk.http.post("/v1/login", content=trickle())
    assert (answer.status_code, code(answer)) == (408, "body_too_slow")
    # The next request is answered as if nothing had been.
    assert (await desk.http.post("/v1/guest")).is_success
