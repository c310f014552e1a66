"""Private tables over HTTP: whose they are, who comes in. The tables themselves are at the floor of
the running system (``tests/e2e``); here its place is taken by a list of what it was asked."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, cast

import pytest

from actors import commands as c
from actors.host import TableStatus
from actors.spec import TableSpec
from auth.private_tables import PRIVATE_TABLES_MAX
from serve.host_routes import BY_HOST
from serve.part import Part
from tests.integration.test_doors import Person, player
from tests.office import MACHINE, Desk, open_office
from wire.http import TableListing

ASKED = {"title": "Friday", "seats": 6, "small_blind": 5, "big_blind": 10}
HOST = "/v1/host/tables"


class Floor(Part):
    """What the floor was asked to do; it opens nothing."""

    def __init__(self) -> None:
        self.opened: list[TableSpec] = []
        self.acts: list[tuple[str, str, Any]] = []
        self.opens: str | None = "opened"
        self.fails: Exception | None = None
        self.forgotten: list[str] = []
        self.at: TableStatus | None = None
        self.seated: bool | None = False

    async def open_table(self, spec: TableSpec) -> str | None:
        self.opened.append(spec)
        if self.fails is not None:
            raise self.fails
        return self.opens

    async def forget(self, table: str) -> None:
        self.forgotten.append(table)

    async def act(self, by: Any, action: str, target: str, argument: Any, reason: str) -> None:
        self.acts.append((by.name, action, argument))

    async def where(self, table: str) -> TableStatus | None:
        return self.at

    async def holds_seat(self, table: str, player: str) -> bool | None:
        return self.seated

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
    assert await ann.ask("POST", kick, {"player": ann.id}) == "bad_request", "not himself"
    assert floor.acts == []
    assert await enters(desk, ann, table) == "in"
    assert await ann.ask("POST", kick, {"player": bob.id, "minutes": 5}) is None
    assert floor.acts == [(ann.name, "operate", c.StandUp(0, bob.id, after_hand=True))]
    assert await enters(desk, bob, table, new) == "sent_away"
    await pool.execute("DELETE FROM auth.table_bans")  # as it is five minutes later
    assert await enters(desk, bob, table) == "invite_needed"

    assert await ann.ask("POST", f"{HOST}/{table}/close") is None
    assert floor.acts[-1][:2] == (ann.name, "wind_up")
    # Who was in plays the last hand; a code lets nobody in any more.
    assert await enters(desk, eve, table) == "in"
    assert await enters(desk, bob, table, new) == "invite_needed"
    assert await ann.ask("POST", f"{HOST}/{table}/close") == "table_not_yours"
    lines = await pool.fetch("SELECT who, act, answer FROM auth.audit WHERE act <> ''")
    assert [(row["who"], row["act"]) for row in lines] == [
        (ann.name, f"POST {HOST}"),
        (ann.name, f"POST {HOST}/{table}/code"),
        *[(eve.name, f"POST {HOST}/{at}/{what}")
          for what in ("close", "code", "kick") for at in (table, "lantern")],
        (ann.name, f"POST {kick}"),
        (ann.name, f"POST {kick}"),
        (ann.name, f"POST {HOST}/{table}/close"),
        (ann.name, f"POST {HOST}/{table}/close"),
    ]  # fmt: skip
    answers = await pool.fetch("SELECT answer FROM auth.audit")
    assert not any(secret in str(answers) for secret in (code, new))


async def test_a_host_ends_no_ban_of_the_house_and_the_house_ends_his(
    desk: Desk, floor: Floor, pool: Any
) -> None:
    ann, bob, boss = await host(desk, pool), await player(desk), await player(desk)
    assert await pool.fetchval("SELECT auth.grant_role($1, 'floor', 'root')", boss.name)
    table = (await ann.ask("POST", HOST, ASKED))["table"]

    async def kicks(who: Person, minutes: int) -> tuple[int, str]:
        """How long he is kept away then, and why."""
        path, body = f"{HOST}/{table}/kick", {"player": bob.id, "minutes": minutes}
        if who is boss:
            path = f"/v1/operator/tables/{table}/kick"
            body |= {"by": {"name": boss.name}, "reason": "collusion"}
        assert await who.ask("POST", path, body) is None
        row = await pool.fetchrow(
            "SELECT round(extract(epoch FROM until - now()) / 60)::int AS minutes, reason"
            "  FROM auth.table_bans WHERE account = $1", uuid.UUID(bob.id)
        )  # fmt: skip
        return row["minutes"], row["reason"]

    assert await kicks(boss, 1_000) == (1_000, "collusion")
    assert await kicks(ann, 5) == (1_000, "collusion")
    assert await kicks(boss, 10) == (10, "collusion")
    assert await kicks(ann, 20) == (20, BY_HOST)
    assert await kicks(boss, 1) == (1, "collusion")


async def test_who_is_kicked_comes_back_to_his_seat_and_to_nothing_else(
    desk: Desk, floor: Floor, pool: Any
) -> None:
    """A line that breaks in the hand that he plays on must not fold him: his host plays too."""
    ann, bob = await host(desk, pool), await player(desk)
    made = await ann.ask("POST", HOST, ASKED)
    table, (spec,) = made["table"], floor.opened
    listing = TableListing(spec.info(), 0, 0, 0, 0, 0, 0)
    floor.at = TableStatus(1, "127.0.0.1", 9, listing, spec, 6, 1, True, False)
    path = f"/v1/tables/{table}/ticket"
    assert "url" in await bob.ask("POST", path, {"code": made["code"]})
    assert await ann.ask("POST", f"{HOST}/{table}/kick", {"player": bob.id}) is None

    async def answers(**asked: str) -> list[str]:
        """While he has his seat, while nobody can say, and when he has none any more."""
        given = []
        for floor.seated in (True, None, False):
            answer = await bob.ask("POST", path, asked)
            given.append("in" if "url" in answer else answer)
        return given

    out = "sent_away"
    assert await answers() == ["in", "table_not_open", out]
    assert await answers(code=made["code"]) == ["in", "table_not_open", out]
    assert await answers(role="rail") == [out, out, out]
    await pool.execute("DELETE FROM auth.table_bans")  # a hand may be longer
    assert await answers() == ["in", "table_not_open", "invite_needed"]


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


async def test_one_that_does_not_open_is_no_table(desk: Desk, floor: Floor, pool: Any) -> None:
    ann = await host(desk, pool)
    floor.opens = None
    for _ in range(PRIVATE_TABLES_MAX):
        assert await ann.ask("POST", HOST, ASKED) == "table_not_open"
    floor.fails = RuntimeError("the floor is away")
    assert await ann.ask("POST", HOST, ASKED) in ("unavailable", "internal")
    assert floor.forgotten == [spec.table for spec in floor.opened]
    assert (await ann.ask("GET", HOST))["tables"] == []
    floor.opens, floor.fails = "opened", None
    assert "code" in await ann.ask("POST", HOST, ASKED)
