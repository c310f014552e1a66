"""Sessions, bans and kicks at the running system, as players and operators come to them."""

import uuid
from typing import Any

import httpx
import pytest

from client import ApiError, Client, Table, TableClosed
from tests.e2e.test_http import bearer, error, guest
from tests.e2e.test_play import eventually
from tests.e2e.test_roles import player, roles
from tests.server import Server, command
from wire.codes import Close


def operators_tool(server: Server, *words: str) -> str:
    done = command(*words, "--url", server.url, "--data-dir", str(server.data_dir))
    assert done.returncode == 0, done.stderr
    return done.stdout


async def end_of(table: Table) -> int:
    """The code with which the server hangs up."""
    try:
        while True:
            await table.changed()
    except TableClosed as closed:
        return closed.code


def test_a_player_sees_where_he_is_signed_in_and_signs_out_there(http: httpx.Client) -> None:
    name = f"dev-{uuid.uuid4().hex[:12]}"
    account = {"name": name, "password": "correct horse battery"}
    first = http.post("/v1/register", json=account, headers={"User-Agent": "Phone/1"}).json()
    second = http.post("/v1/login", json=account, headers={"User-Agent": "Desk/2"}).json()
    listed = http.get("/v1/sessions", headers=bearer(second)).json()["sessions"]
    assert [(each["device"], each["current"]) for each in listed] == [
        ("Desk/2", True), ("Phone/1", False)
    ]  # fmt: skip
    there = f"/v1/sessions/{listed[1]['id']}/revoke"
    stranger = guest(http)
    assert error(http.post(there, headers=bearer(stranger)), 404) == "session_unknown"
    assert http.post(there, headers=bearer(second)).status_code == 204
    assert error(http.get("/v1/me", headers=bearer(first)), 401) == "session_ended"
    assert error(http.post("/v1/sessions/x/revoke", headers=bearer(second)), 404) == (
        "session_unknown"
    )
    assert http.post("/v1/logout-everywhere", headers=bearer(second)).status_code == 204
    assert error(http.get("/v1/me", headers=bearer(second)), 401) == "session_ended"


async def test_a_ban_ends_the_game_at_once(server: Server) -> None:
    async with await Client.guest(server.url) as client:
        who = client.api.player
        table = await client.quick_seat(big_blind=100)
        await eventually(lambda: table.state.my_seat is not None, table.changed)
        said = operators_tool(server, "ban", who.id, "--reason", "dumping chips", "--by", "ann")
        assert said == "before: no ban; now: banned for ever\n"
        assert await end_of(table) == Close.SESSION_ENDED
        assert "banned for ever" not in operators_tool(server, "players", "zzz")
        assert "for ever" in operators_tool(server, "players", who.name)
        # His chair waits for him; others need it.
        at = table.table
        operators_tool(server, "kick", at, who.id, "--reason", "banned", "--minutes", "1")
        undone = operators_tool(server, "unban", who.id, "--reason", "it was his brother")
        assert undone == "before: banned for ever; now: no ban\n"
    logged = operators_tool(server, "audit", "--act", f"{who.id}/ban")
    assert "dumping chips" in logged


async def test_one_is_sent_away_from_one_table_only(server: Server) -> None:
    async with await Client.guest(server.url) as client:
        who = client.api.player
        table = await client.join("harbour")
        operators_tool(
            server, "kick", "harbour", who.id, "--reason", "abuse", "--minutes", "5"
        )  # fmt: skip
        assert await end_of(table) == Close.SENT_AWAY
        with pytest.raises(ApiError) as refused:
            await client.api.ticket("harbour")
        assert refused.value.code == "sent_away"
        assert (await client.api.ticket("lantern")).table == "lantern"


def test_who_may_ban_and_whom(http: httpx.Client, server: Server) -> None:
    floor, officer, somebody = player(http), player(http), guest(http)["player"]["id"]
    for who, role in ((floor, "floor"), (officer, "compliance")):
        roles(server, "grant", who["player"]["name"], role)
    ban = f"/v1/operator/players/{somebody}/ban"

    def asked(who: dict[str, Any], **more: str) -> dict[str, Any]:
        body: dict[str, Any] = {"by": {"name": who["player"]["name"]}, "reason": "bot"}
        return body | more

    refused = http.put(ban, json=asked(floor), headers=bearer(floor))
    assert error(refused, 403) == "not_allowed"
    blank = http.put(ban, json=asked(officer) | {"reason": " "}, headers=bearer(officer))
    assert error(blank, 400) == "bad_request"
    for until in ("2020-01-01T00:00:00Z", "2030-01-01T00:00:00", "soon",
                  "9999-12-31T23:59:59-14:00"):  # fmt: skip
        wrong = http.put(ban, json=asked(officer, until=until), headers=bearer(officer))
        assert error(wrong, 400) == "bad_request"
    until = "2099-01-01T00:00:00Z"
    done = http.put(ban, json=asked(officer, until=until), headers=bearer(officer)).json()
    assert done == {"before": None, "after": {"until": until, "reason": "bot"}}
    again = http.put(ban, json=asked(officer), headers=bearer(officer)).json()
    assert again["before"] == {"until": until, "reason": "bot"}
    colleague = f"/v1/operator/players/{floor['player']['id']}/ban"
    held = http.put(colleague, json=asked(officer), headers=bearer(officer))
    assert error(held, 409) == "role_held"
    nobody = f"/v1/operator/players/{uuid.uuid4()}/ban"
    unknown = http.put(nobody, json=asked(officer), headers=bearer(officer))
    assert error(unknown, 404) == "account_unknown"
    sessions = f"/v1/operator/players/{floor['player']['id']}/sessions"
    assert len(http.get(sessions, headers=bearer(officer)).json()["sessions"]) == 1
    assert error(http.get(sessions, headers=bearer(guest(http))), 403) == "not_allowed"
