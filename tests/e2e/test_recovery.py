"""Processes die under a running server: every hand goes on, nobody loses a chip or his seat."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import asyncpg
import httpx
import msgspec
import psutil
import pytest

from client import Client, Table, TableClosed
from games.holdem import records as r
from tests.e2e.test_play import eventually
from tests.server import Server, admin_dsn, command
from wire.http import OperatorTable, OperatorTables

SIGKILL = signal.SIGKILL


class Desk:
    """The operators' endpoints."""

    def __init__(self, server: Server) -> None:
        token = Path(server.data_dir, "secrets", "operator.token").read_text("utf-8").strip()
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60)

    async def table(self, name: str) -> OperatorTable:
        answer = await self.http.get("/v1/operator/tables")
        tables = msgspec.json.decode(answer.content, type=OperatorTables).tables
        return next(table for table in tables if table.table == name)

    async def ask(self, path: str, **body: object) -> httpx.Response:
        return await self.http.post(f"/v1/operator/{path}", json={"by": {"name": "ann"}} | body)


@pytest.fixture
async def desk(server: Server) -> AsyncIterator[Desk]:
    opened = Desk(server)
    yield opened
    await opened.http.aclose()


async def until(so: Callable[[], Awaitable[bool]], what: str) -> None:
    """Ask until it is so."""
    for _ in range(600):
        if await so():
            return
        await asyncio.sleep(0.1)
    raise AssertionError(what)


async def come_home(client: Client) -> None:
    """Every stake is in the wallet again."""

    async def home() -> bool:
        return not (await client.wallet()).at_tables

    await until(home, "chips are still at tables")


def replicas(server: Server, deployment: str) -> list[int]:
    """The processes of a Serve deployment of this server."""
    found = []
    for child in psutil.Process(server.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it has ended since
            if f"ServeReplica:squaredeal:{deployment}" in " ".join(child.cmdline()):
                found.append(child.pid)
    return found


def has_ended(pid: int) -> bool:
    """Whether a process runs no more; its parent may not have noticed yet."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


async def my_turn(table: Table) -> None:
    await eventually(lambda: table.state.my_turn, table.changed)


async def test_a_killed_table_goes_on_with_the_same_hand(server: Server, desk: Desk) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.join("meridian")
        await table.sit(5_000, post_now=True)
        await my_turn(table)
        state = table.state
        epoch, hand, cards, pot = state.epoch, state.hand, state.cards, state.pot
        os.kill((await desk.table("meridian")).pid, SIGKILL)
        await eventually(lambda: table.connected and state.epoch > epoch, table.changed)
        assert (state.hand, state.cards, state.pot) == (hand, cards, pot)
        assert state.my_turn
        assert state.options is not None
        await table.act(r.Check() if state.options.can_check else r.Call())
        await table.stand()
        await come_home(client)
        assert len((await client.api.hands()).hands) >= 1


@pytest.mark.parametrize("deployment", ["wallet", "gateway", "floor", "auth"])
async def test_a_killed_deployment_stops_no_table(
    server: Server, deployment: str, desk: Desk
) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.join("harbour")
        epoch, hand = table.state.epoch, table.state.hand
        for pid in replicas(server, deployment):
            os.kill(pid, SIGKILL)
        await eventually(lambda: table.state.hand >= hand + 2, table.changed)
        assert table.state.epoch == epoch
        # And the part is back: chips go in and come home.
        await table.sit(2_000)
        await table.stand()
        await come_home(client)
        again = await client.join("harbour")
        assert again.state.epoch == epoch


async def test_a_moved_table_keeps_its_players(server: Server, desk: Desk) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.join("assembly")
        await table.sit(2_000)
        before = await desk.table("assembly")
        answer = await desk.ask("tables/assembly/move")
        assert answer.status_code == 204, answer.text
        after = await desk.table("assembly")
        assert after.actor != before.actor
        assert after.epoch == before.epoch + 1
        state = table.state
        await eventually(lambda: table.connected and state.epoch == after.epoch, table.changed)
        assert table.state.my_seat is not None
        hand = table.state.hand
        await eventually(lambda: table.state.hand > hand, table.changed)
        await table.stand()


async def test_a_drained_actor_is_empty_and_gone(server: Server, desk: Desk) -> None:
    before = await desk.table("lantern")
    answer = await desk.ask("drain", target=before.actor, reason="repair")
    assert answer.status_code == 204, answer.text
    after = await desk.table("lantern")
    assert after.open
    assert after.actor != before.actor
    assert has_ended(before.pid)
    admin = await asyncpg.connect(admin_dsn(server.data_dir))
    log = "SELECT outcome, reason FROM actors.operator_actions WHERE target = $1 ORDER BY action_id"
    rows = await admin.fetch(log, before.actor)
    await admin.close()
    assert [tuple(row) for row in rows] == [("asked", "repair"), ("done", "repair")]
    assert (await desk.ask("drain", target="nobody")).status_code == 404


async def test_operators_pause_void_and_resume(server: Server, desk: Desk) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.join("linden")
        await eventually(lambda: table.state.playing, table.changed)
        assert (await desk.ask("tables/linden/pause", reason="a look")).status_code == 204
        await eventually(lambda: table.state.paused == "operator", table.changed)
        now = await desk.table("linden")
        if now.playing:
            stale = await desk.ask("tables/linden/void", hand=now.hand + 1, reason="x")
            assert stale.json()["error"]["code"] == "stale_hand"
            void = await desk.ask("tables/linden/void", hand=now.hand, reason="wrong deck")
            assert void.status_code == 204, void.text
            await eventually(lambda: not table.state.playing, table.changed)
        assert (await desk.ask("tables/linden/resume")).status_code == 204
        await eventually(lambda: table.state.hand > now.hand, table.changed)
    alone = await desk.ask("tables/linden/void", by={"name": "a", "approver": "a"}, hand=1,
                           reason="x")  # fmt: skip
    assert alone.json()["error"]["code"] == "approval_needed"


async def test_a_closed_table_sends_everybody_home_and_opens_again(
    server: Server, desk: Desk
) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.join("assembly")
        await table.sit(2_000)
        assert (await desk.ask("tables/assembly/close")).status_code == 204
        assert (await client.wallet()).at_tables == 0
        assert (await desk.ask("tables/assembly/move")).status_code == 404
        assert (await desk.ask("tables/assembly/open")).status_code == 204
        # The line to a table that was closed ends for good, however soon it opens again.
        with pytest.raises(TableClosed, match="4204"):
            await eventually(lambda: False, table.changed)
        again = await client.join("assembly")
        assert await again.sit(2_000) >= 0
        await again.stand()


async def test_a_table_that_can_t_be_opened_keeps_nobody_from_the_others(
    server: Server, desk: Desk
) -> None:
    admin = await asyncpg.connect(admin_dsn(server.data_dir))
    now_at = "SELECT last_hand FROM actors.tables WHERE table_id = 'linden'"
    spoil = "UPDATE actors.tables SET last_hand = $1 WHERE table_id = 'linden'"
    assert (await desk.ask("tables/linden/pause")).status_code == 204
    before = await desk.table("linden")

    async def archived() -> bool:
        return before.playing or bool(await admin.fetchval(now_at) >= before.hand)

    async def health() -> dict[str, Any]:
        return cast(dict[str, Any], (await desk.http.get("/readyz")).json())

    async def degraded() -> bool:
        return bool((await health())["status"] == "degraded")

    async def opened() -> bool:
        return (await desk.table("linden")).open

    await until(archived, "the last hand is not archived")
    last = await admin.fetchval(now_at)
    await admin.execute(spoil, 2**63 - 1)
    os.kill(before.pid, SIGKILL)
    await until(degraded, "nobody says that a table can't be opened")
    assert (await health())["parts"]["floor"] == "degraded: linden"
    assert "out of range" in (await desk.table("linden")).failure
    async with await Client.guest(server.url) as client:
        other = await client.join("meridian")
        hand = other.state.hand
        await eventually(lambda: other.state.hand > hand, other.changed)
    await admin.execute(spoil, last)
    await admin.close()
    await until(opened, "the table stays closed")
    assert (await desk.ask("tables/linden/resume")).status_code == 204
    assert (await health())["status"] == "ok"


async def test_two_operators_at_one_table_take_turns(server: Server, desk: Desk) -> None:
    answers = await asyncio.gather(
        desk.ask("tables/lantern/close"),
        desk.ask("tables/lantern/move"),
        desk.ask("tables/lantern/close"),
    )
    assert {answer.status_code for answer in answers} <= {204, 404}
    assert 204 in {answer.status_code for answer in answers}
    assert (await desk.ask("tables/lantern/open")).status_code == 204


async def test_what_an_operator_says_has_no_control_characters(server: Server, desk: Desk) -> None:
    for words in ("a\0b", "two\nlines", "x" * 201):
        answer = await desk.ask("tables/linden/pause", reason=words)
        assert answer.json()["error"]["code"] == "bad_request"
        assert (await desk.ask("drain", target=words)).status_code == 400
    in_the_address = await desk.ask("tables/lin%00den/pause")
    assert in_the_address.json()["error"]["code"] == "bad_request"


async def test_only_operators_operate(server: Server) -> None:
    async with httpx.AsyncClient(base_url=server.url) as stranger:
        guest = (await stranger.post("/v1/guest")).json()["access"]
        for headers, status in (
            ({}, 401),
            ({"Authorization": "Bearer guess"}, 401),
            ({"Authorization": f"Bearer {guest}"}, 403),
        ):
            answer = await stranger.post("/v1/operator/drain", headers=headers)
            assert answer.status_code == status


def test_the_command_line_lists_tables_and_what_was_interrupted(server: Server) -> None:
    flags = ("--data-dir", str(server.data_dir))
    listed = command("tables", "--url", server.url, *flags)
    assert listed.returncode == 0, listed.stderr
    assert "meridian" in listed.stdout
    found = command("tables", "interrupted", *flags)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 hands interrupted" in found.stdout
    refused = command("void", "meridian", "--reason", "x", "--url", server.url, *flags)
    assert refused.returncode == 2
    assert "TABLE/NUMBER" in refused.stderr
    unknown = command("pause", "nowhere", "--url", server.url, *flags)
    assert "table_unknown" in unknown.stderr


def test_dead_stores_are_started_again_and_play_goes_on(server: Server) -> None:
    async def survive(name: str) -> None:
        async with await Client.guest(server.url) as client:
            table = await client.join("harbour")
            hand = table.state.hand
            root = psutil.Process(server.process.pid)
            victim = next(p for p in root.children() if name in p.name())
            os.kill(victim.pid, SIGKILL)
            await eventually(lambda: table.state.hand >= hand + 2, table.changed)

    asyncio.run(survive("valkey"))
    asyncio.run(survive("postgres"))
