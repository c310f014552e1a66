"""Private tables over HTTP: whose they are, who comes in. The tables themselves are at the floor of
the running system (``tests/e2e``); here its place is taken by a list of what it was asked."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from actors import commands as c
from actors.spec import TableSpec
from auth.private_tables import PRIVATE_TABLES_MAX
from serve.part import Part
from tests.integration.test_doors import Person, player
from tests.office import MACHINE, Desk, open_office

ASKED = {"title": "Friday", "seats": 6, "small_blind": 5, "big_blind": 10}
HOST = "/v1/host/tables"


class Floor(Part):
    """What the floor was asked to do; it opens nothing."""

    def __init__(self) -> None:
        self.opened: list[TableSpec] = []
        self.acts: list[tuple[str, str, Any]] = []

    async def open_table(self, spec: TableSpec) -> str:
        self.opened.append(spec)
        return "opened"

    async def act(self, by: Any, action: str, target: str, argument: Any, reason: str) -> None:
        self.acts.append((by.name, action, argument))

    async def where(self, table: str) -> None: ...

    async def wanted(self, table: str) -> bool:
        return True


@pytest.fixture
def floor() -> Floor:
    return Floor()


@pytest.fixture
async def desk(
    app_dsn: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, floor: Floor
) -> AsyncIterator[Desk]:
    async with open_office(app_dsn, redis_url, tmp_path, monkeypatch, floor=floor) as opened:
        yield opened


async def host(desk: Desk, pool: Any) -> Person:
    person = await player(desk)
    assert await pool.fetchval("SELECT auth.grant_role($1, 'host', 'root')", person.name)
    return person


async def enters(desk: Desk, who: Person, table: str, code: str = "", seat: bool = True) -> str:
    """The refusal; or "in", as far as the door goes."""
    assert desk.auth._auth is not None
    refused = await desk.auth.may_enter(uuid.UUID(who.id), table, seat, code)
    return "in" if refused is None else refused.code


async def test_a_host_rules_his_own_tables_and_no_others(
    desk: Desk, floor: Floor, pool: Any
) -> None:
    ann, bob, eve = await host(desk, pool), await player(desk), await host(desk, pool)
    assert await bob.ask("POST", HOST, ASKED) == "not_allowed"
    machine = {"Authorization": f"Bearer {MACHINE}"}
    refused = await desk.http.post(HOST, json=ASKED, headers=machine)
    assert refused.json()["error"]["code"] == "token_invalid"
    made = await ann.ask("POST", HOST, ASKED)
    table, code = made["table"], made["code"]
    (spec,) = floor.opened
    assert (spec.private, spec.game.rake.rate_bp, spec.currency) == (True, 0, "PLAY")
    assert (spec.buy_in_min, spec.buy_in_max) == (400, 1_000)

    for who in (bob, eve):
        for seat in (True, False):
            assert await enters(desk, who, table, seat=seat) == "invite_needed"
            assert await enters(desk, who, table, "wrong", seat) == "invite_needed"
    assert await enters(desk, bob, "private-unknown", code) == "invite_needed"
    assert await enters(desk, ann, table) == "in"
    assert await enters(desk, bob, table, code.upper()) == "in"
    assert await enters(desk, bob, table) == "in", "once is enough"
    new = (await ann.ask("POST", f"{HOST}/{table}/code"))["code"]
    assert await enters(desk, eve, table, code) == "invite_needed"
    assert await enters(desk, eve, table, new) == "in"

    kick = f"{HOST}/{table}/kick"
    for path in ("close", "code", "kick"):
        body = {"player": bob.id} if path == "kick" else None
        assert await eve.ask("POST", f"{HOST}/{table}/{path}", body) == "table_not_yours"
        assert await eve.ask("POST", f"{HOST}/lantern/{path}", body) == "table_not_yours"
    assert floor.acts == []
    assert await ann.ask("POST", kick, {"player": bob.id, "minutes": 5}) is None
    assert floor.acts == [(ann.name, "operate", c.StandUp(0, bob.id))]
    assert await enters(desk, bob, table, new) == "sent_away"
    await pool.execute("DELETE FROM auth.table_bans")  # as it is five minutes later
    assert await enters(desk, bob, table) == "invite_needed"

    assert await ann.ask("POST", f"{HOST}/{table}/close") is None
    assert floor.acts[-1][:2] == (ann.name, "close_table")
    assert await enters(desk, ann, table) == "invite_needed"
    assert await ann.ask("POST", f"{HOST}/{table}/close") == "table_not_yours"
    lines = await pool.fetch("SELECT who, act, answer FROM auth.audit WHERE act <> ''")
    assert [(row["who"], row["act"]) for row in lines] == [
        (ann.name, f"POST {HOST}"),
        (ann.name, f"POST {HOST}/{table}/code"),
        *[(eve.name, f"POST {HOST}/{at}/{what}")
          for what in ("close", "code", "kick") for at in (table, "lantern")],
        (ann.name, f"POST {kick}"),
        (ann.name, f"POST {HOST}/{table}/close"),
        (ann.name, f"POST {HOST}/{table}/close"),
    ]  # fmt: skip
    answers = await pool.fetch("SELECT answer FROM auth.audit")
    assert not any(secret in str(answers) for secret in (code, new))


WRONG: tuple[dict[str, object], ...] = (
    {"seats": 10}, {"seats": 1}, {"small_blind": 0}, {"big_blind": 10_001}, {"small_blind": 11},
    {"buy_in_max": 1_001}, {"buy_in_min": 101}, {"title": ""}, {"title": " "},
    {"title": "x" * 41}, {"title": "a\nb"}, {"rake": 1}, {"currency": "EUR"},
)  # fmt: skip


async def test_what_a_host_may_not_choose(desk: Desk, floor: Floor, pool: Any) -> None:
    ann = await host(desk, pool)
    codes = [await ann.ask("POST", HOST, cast(Any, ASKED | change)) for change in WRONG]
    assert codes == ["bad_request"] * len(WRONG)
    assert floor.opened == []


async def test_three_tables_are_enough(desk: Desk, pool: Any) -> None:
    ann = await host(desk, pool)
    made = [await ann.ask("POST", HOST, ASKED) for _ in range(PRIVATE_TABLES_MAX)]
    assert await ann.ask("POST", HOST, ASKED) == "too_many_tables"
    listed = (await ann.ask("GET", HOST))["tables"]
    assert [each["table"] for each in listed] == [each["table"] for each in made]
    assert all(each["code"] is None for each in listed)
    assert await ann.ask("POST", f"{HOST}/{made[0]['table']}/close") is None
    assert "code" in await ann.ask("POST", HOST, ASKED)
