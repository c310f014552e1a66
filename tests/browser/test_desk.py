"""The operator's desk in a browser: it lives, acts take effect at once, and all are in the audit
log."""

import json
import os
import re
import signal
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.looks import assert_looks_right, picture
from tests.browser.people import account, ask, give_roles, name_of, visit_as
from tests.e2e.test_recovery import has_ended
from tests.running import GRAFANA, RAY_DASHBOARD
from tests.server import Server, admin_dsn

REASON = "asked for by a test"
TRIES = 20
LEASE_MS_MAX = 60_000.0
"""A dead table's lease has run out, and the page has asked again."""
Who = dict[str, Any]


async def act(page: Page, name: str, done: str, within: Any = None, **fields: str) -> None:
    """Press an act, give the reason, and see what came of it."""
    await (within or page).get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog")
    for label, value in fields.items():
        field = dialog.get_by_label(label.replace("_", " "))
        if await field.evaluate("each => each.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)
    await dialog.get_by_label("Reason").fill(REASON)
    await dialog.get_by_role("button", name=name, exact=True).click()
    await expect(dialog.get_by_text(done)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()


def row_of(page: Page, table: str) -> Locator:
    """A table's line in the plan of the floor."""
    link = page.get_by_role("link", name=table, exact=True)
    return page.get_by_test_id("floor").get_by_role("row").filter(has=link)


def table_of(http: httpx.Client, who: Who, table: str) -> dict[str, Any]:
    """A table, as the API tells it."""
    tables = ask(http, who, "/v1/operator/tables")["tables"]
    return next(each for each in tables if each["table"] == table)


async def paused_in_a_hand(
    page: Page, where: Locator, http: httpx.Client, who: Who, table: str
) -> int:
    """Pause the table while it plays, so that nothing of the hand moves on; its number. Where the
    hand has ended meanwhile the table goes on, to the next one."""
    for _ in range(TRIES):
        await act(page, "Pause", "The table is paused.", where)
        now = table_of(http, who, table)
        assert now["paused"]
        if now["playing"]:
            return int(now["hand"])
        await act(page, "Resume", "The table goes on.", where)
    raise AssertionError(f"{table} never plays")


async def a_question_stays_as_it_was_asked(page: Page, facts: Locator) -> None:
    """Whoever thinks about a void does not void the next hand instead."""
    await expect(facts).to_contain_text("playing")
    await facts.get_by_role("button", name="Void hand").click()
    dialog = page.get_by_role("dialog")
    title = await dialog.get_by_role("heading").inner_text()
    hand = title.removeprefix("Void hand ")
    await expect(facts).not_to_contain_text(hand)
    await dialog.get_by_label("Reason").fill(REASON)
    await dialog.get_by_role("button", name="Void hand").click()
    await expect(dialog.get_by_role("alert")).to_contain_text(re.compile("stale_hand|no_hand"))
    assert await dialog.get_by_role("heading").inner_text() == title
    await page.keyboard.press("Escape")


async def audited(page: Page, who: Who, part: str) -> Locator:
    """The newest line of his about this, in the audit log: when, and why."""
    await page.goto(f"/desk/audit/?who={name_of(who)}&act={part}")
    line = page.get_by_test_id("audit").get_by_role("listitem").first
    await expect(line).to_contain_text(name_of(who))
    await expect(line).to_contain_text(part.rsplit("/", 1)[-1])
    await expect(line).to_contain_text(REASON)
    await expect(line).to_contain_text("done")
    at = datetime.fromisoformat(await line.locator("time").get_attribute("datetime") or "")
    assert abs((datetime.now(UTC) - at).total_seconds()) < 600
    return line


async def test_a_floor_lives_and_two_operators_void_a_hand(
    server: Server, http: httpx.Client, visit: Visit
) -> None:
    ann, bob, table = account(http, "ann"), account(http, "bob"), "harbour"
    give_roles(http, server, ann, "floor", "compliance")
    give_roles(http, server, bob, "floor")
    visitor = await visit_as(visit, ann, "/", width=1440, height=900)
    visitor.expected.append("409")
    page = visitor.page
    await page.get_by_test_id("account").click()
    await page.get_by_role("link", name="Operator’s desk").click()
    await it_goes_on_by_itself(page, table)
    second = (await visit_as(visit, bob, "/desk/", width=1440, height=900)).page
    await expect(row_of(second, table)).to_contain_text("playing")
    number = await paused_with_nobodys_cards_told(page, http, ann, table)
    await expect(row_of(second, table)).to_contain_text("paused")

    await act(page, "Void by two", "Asked.")
    asked = second.get_by_test_id("proposals").get_by_role("row").filter(has_text=f"#{number}")
    await expect(asked).to_contain_text(f"{table} #{number}")
    await expect(asked).to_contain_text(name_of(ann))
    await expect(asked.get_by_role("button", name="Agree")).to_be_visible()
    proposal = await who_asked_cannot_agree(page, http, ann, number)
    await picture(page, "desk", whole=True)
    await row_of(page, table).get_by_role("link").click()
    live = page.get_by_test_id("live-table")
    await expect(live.locator(".hole .card-back").first).to_be_visible()
    await act(second, "Agree", "The hand is void.", asked)
    await expect(asked).to_contain_text("approved")
    await expect(live.get_by_text("chips back").first).to_be_visible()
    await act(page, "Resume", "The table goes on.")
    await expect(row_of(second, table).get_by_role("cell").nth(4)).not_to_have_text(f"#{number}")

    for who, part, changed in (
        (bob, f"{proposal}/approve", "state: open → approved"),
        (ann, f"{table}/resume", "paused: true → false"),
        (ann, f"{table}/pause", "paused: false → true"),
    ):
        line = await audited(page, who, part)
        await expect(line).to_contain_text(changed)
    await line.locator("summary").click()
    for name, told in (("Before", '"paused":false'), ("After", '"paused":true')):
        await expect(line.locator(f"dt:text-is('{name}') + dd")).to_contain_text(told)
    await assert_looks_right(page)
    await filters_narrow(page, http, ann, f"{table}/pause")


async def it_goes_on_by_itself(page: Page, table: str) -> None:
    """Hands, revenue and concurrency, and only new samples are asked for."""
    hand = row_of(page, table).get_by_role("cell").nth(4)
    before = await hand.inner_text()
    assert before.startswith("#")
    await expect(hand).not_to_have_text(before)
    earned = page.get_by_test_id("revenue-PLAY").locator("span").first
    before = await earned.inner_text()
    async with page.expect_request("**/v1/operator/concurrency?since=*"):
        await expect(earned).not_to_have_text(before, timeout=LEASE_MS_MAX)
    plot = page.get_by_role("img", name="Players and bots at tables")
    figures = re.compile(r"Players: now \d+, between .*Bots: now [1-9]\d*, between")
    await expect(plot).to_have_accessible_name(figures)


async def paused_with_nobodys_cards_told(
    page: Page, http: httpx.Client, ann: Who, table: str
) -> int:
    """Watch a table live and pause it; the number of its hand."""
    async with page.expect_websocket() as opened:
        await row_of(page, table).get_by_role("link").click()
    socket, frames = await opened.value, []
    socket.on("framereceived", lambda data: frames.append(json.loads(data)))
    facts = page.locator("section[aria-label=Table]")
    await socket.wait_for_event("framereceived", lambda data: "hole_dealt" in data)
    await a_question_stays_as_it_was_asked(page, facts)
    number = await paused_in_a_hand(page, facts, http, ann, table)
    live = page.get_by_test_id("live-table")
    await expect(live).to_have_attribute("data-live", "true")
    assert await live.locator(".hole .card-back").count() >= 4
    await expect(live.locator(".hole .card-face")).to_have_count(0)
    events = (each for frame in frames for each in frame.get("events", ()))
    dealt = [each for each in events if each["type"] == "hole_dealt"]
    assert dealt
    assert not any(each["cards"] for each in dealt)
    await assert_looks_right(page)
    return number


async def who_asked_cannot_agree(page: Page, http: httpx.Client, ann: Who, number: int) -> str:
    """He can only take it back, here and at the server; the proposal."""
    await page.goto("/desk/")
    own = page.get_by_test_id("proposals").get_by_role("row").filter(has_text=f"#{number}")
    await expect(own.get_by_role("button", name="Reject")).to_be_visible()
    await expect(own.get_by_role("button", name="Agree")).to_have_count(0)
    proposal: str = ask(http, ann, "/v1/operator/void-proposals")["proposals"][0]["id"]
    path = f"/v1/operator/void-proposals/{proposal}/approve"
    body = {"by": {"name": name_of(ann)}, "remark": REASON}
    assert ask(http, ann, path, "POST", body) == "approval_needed"
    await assert_looks_right(page)
    return proposal


async def filters_narrow(page: Page, http: httpx.Client, who: Who, act: str) -> None:
    """The audit log, asked for what somebody did; it can leave nothing."""
    lines = page.get_by_test_id("audit").get_by_role("listitem")
    his = ask(http, who, f"/v1/operator/audit?who={name_of(who)}&limit=50")["lines"]
    found = [each for each in his if act in each["act"]]
    assert 0 < len(found) < len(his)
    await expect(lines).to_have_count(len(found))
    await page.get_by_label("Act contains").fill("")
    await expect(lines).to_have_count(len(his))
    await page.get_by_label("From").fill("2100-01-01")
    await expect(page.get_by_text("Nobody did anything like that")).to_be_visible()


async def test_a_hand_is_interrupted_and_void_and_actors_and_tables_come_and_go(
    server: Server, http: httpx.Client, visit: Visit
) -> None:
    ann, table = account(http, "ann"), "meridian"
    give_roles(http, server, ann, "floor", "compliance")
    page = (await visit_as(visit, ann, "/desk/", width=1440, height=900)).page
    row = row_of(page, table)
    number = await paused_in_a_hand(page, row, http, ann, table)
    # The table's process dies, and for a while the database keeps another from taking it over.
    admin = await asyncpg.connect(admin_dsn(server.data_dir))
    found = "SELECT last_hand FROM actors.tables WHERE table_id = $1"
    spoil = "UPDATE actors.tables SET last_hand = $2 WHERE table_id = $1"
    last = await admin.fetchval(found, table)
    await admin.execute(spoil, table, 2**63 - 1)
    os.kill(table_of(http, ann, table)["pid"], signal.SIGKILL)
    try:
        await expect(row).to_contain_text("out of range")
        hands = page.get_by_role("region", name="Interrupted hands").first
        await expect(hands).to_contain_text(f"{table} #{number}", timeout=LEASE_MS_MAX)
        funds = page.get_by_role("region", name="Funds in play").first
        await expect(funds.get_by_role("row").filter(has_text=table)).to_contain_text("nobody")
        await expect(funds.get_by_role("row").filter(has_text="linden")).to_contain_text("yes")
        await assert_looks_right(page)
        await page.goto("/desk/health/")
        floor = page.get_by_test_id("health").get_by_role("region", name="Floor")
        await expect(floor).to_contain_text(f"degraded: {table}")
    finally:
        await admin.execute(spoil, table, last)
        await admin.close()
    await page.goto(f"/desk/table/?t={table}")
    facts = page.locator("section[aria-label=Table]")
    await expect(facts).to_contain_text("paused", timeout=LEASE_MS_MAX)
    await expect(facts).to_contain_text(f"#{number}")
    await act(page, "Void hand", "The hand is void.")
    await act(page, "Resume", "The table goes on.")
    await page.goto("/desk/")
    await expect(row).to_contain_text("playing")
    await expect(row).not_to_contain_text(f"#{number}")
    hands = page.get_by_role("region", name="Interrupted hands").first
    await expect(hands).to_contain_text("None.")

    before = table_of(http, ann, table)
    await act(page, "Drain", "It is empty and has ended.", What=before["actor"])
    await expect(row).not_to_contain_text(before["actor"])
    assert has_ended(before["pid"])
    await act(page, "Close table", "The table is closed.", row)
    await expect(row).to_have_count(0)
    assert ask(http, ann, f"/v1/tables/{table}/ticket", "POST", {}) == "table_unknown"
    await act(page, "Open a table", "The table is open.", Table=table)
    await expect(row).to_contain_text("playing", timeout=LEASE_MS_MAX)
    for part in ("/open", "/close", "/drain", f"{table}/void"):
        await audited(page, ann, part)


async def test_a_limit_a_kick_and_a_ban_take_effect_on_an_open_table(
    server: Server, http: httpx.Client, visit: Visit
) -> None:
    officer, victim, table = account(http, "officer"), account(http, "victim"), "assembly"
    give_roles(http, server, officer, "floor", "compliance")
    playing = await visit_as(visit, victim, f"/table/?t={table}")
    playing.expected += ["401", "403"]
    at_table = playing.page.get_by_test_id(f"table-{table}")
    await at_table.get_by_test_id("quick-seat").click()
    await playing.page.get_by_test_id("buy-in-go").click()
    await expect(at_table.locator(".seat[data-mine=true]")).to_be_visible()

    page = (await visit_as(visit, officer, "/desk/players/", width=1440, height=900)).page
    await page.get_by_label("Name begins with").fill("victim-")
    found = page.get_by_test_id("players").get_by_role("link", name=name_of(victim))
    await expect(found).to_be_visible()
    await page.get_by_label("Name begins with").fill("nobody-of-this-name")
    await expect(page.get_by_text("Nobody is called like that")).to_be_visible()
    await expect(found).to_have_count(0)
    # Typed as people type: a letter at a time, and none is lost.
    await page.get_by_label("Name begins with").fill("")
    await page.get_by_label("Name begins with").press_sequentially(name_of(victim))
    await expect(page.get_by_label("Name begins with")).to_have_value(name_of(victim))
    await found.click()
    await expect(page.get_by_test_id("sessions").locator("tbody tr")).to_have_count(1)
    await act(page, "Limit", "The limit counts now.", Limit="deposit/day", At_most="300")
    limits = page.get_by_role("region", name="Limits").first
    await expect(limits.get_by_role("row").filter(has_text="deposit")).to_contain_text("300 PLAY")
    paid = {"ref": "a", "amount": 301}
    assert ask(http, victim, "/v1/wallet/deposits", "POST", paid) == "limit_reached"
    await assert_looks_right(page)

    seat = page.get_by_role("region", name="At tables").first.get_by_role("row")
    await act(page, "Kick", "He is sent away.", seat.filter(has_text=table))
    # The open page hears of it by itself.
    await expect(playing.page.get_by_test_id("ended")).to_contain_text("You have been sent away")
    assert ask(http, victim, f"/v1/tables/{table}/ticket", "POST", {}) == "sent_away"
    await expect(page.get_by_text("He sits nowhere.")).to_be_visible()

    await playing.page.goto("/table/?t=lantern&rail=1")
    await expect(playing.page.get_by_test_id("table-lantern")).to_have_attribute("data-line", "up")
    await playing.page.goto("/table/?t=lantern")
    await expect(playing.page.get_by_test_id("table-lantern")).to_have_attribute("data-line", "up")
    await act(page, "Ban", "He is banned, everywhere and at once.")
    await expect(page.get_by_text("banned for ever")).to_be_visible()
    await expect(playing.page.get_by_test_id("table-lantern")).not_to_have_attribute(
        "data-line", "up"
    )
    assert ask(http, victim, "/v1/me") == "session_ended"
    await expect(page.get_by_text("He is signed in nowhere.")).to_be_visible()
    await act(page, "Lift the ban", "The ban is lifted.")
    line = await audited(page, officer, f"{victim['player']['id']}/ban")
    await expect(line).to_contain_text("ban: none → ")
    for part in (f"{table}/kick", f"{victim['player']['id']}/limits"):
        await audited(page, officer, part)


async def test_two_cashiers_put_a_wallet_right_and_one_gives_chips_and_posts_a_payment(
    server: Server, http: httpx.Client, visit: Visit
) -> None:
    first, second, customer = (account(http, name) for name in ("cash-a", "cash-b", "customer"))
    give_roles(http, server, first, "cashier")
    give_roles(http, server, second, "cashier", "compliance")
    one = (await visit_as(visit, first, f"/desk/player/?id={customer['player']['id']}")).page
    await act(one, "Promote", "The chips are in his wallet.", Amount="500")
    purses = one.get_by_test_id("purses")
    await expect(purses).to_contain_text("100,500")
    await act(one, "Promote", "The chips are in his wallet.", Amount="200")
    await expect(purses).to_contain_text("100,700")
    await act(one, "Adjust", "Proposed.", Amount="-1234")
    await one.goto("/desk/money/")
    page = (await visit_as(visit, second, "/desk/money/", width=1440, height=900)).page
    row = page.get_by_test_id("operations").get_by_role("row").filter(has_text=name_of(first))
    # What waits is one; among all acts are the promotions too.
    await expect(row).to_have_count(1)
    await expect(row).to_contain_text("−1,234")
    await page.get_by_label("all", exact=True).check()
    await expect(row).to_have_count(3)
    await page.get_by_label("all", exact=True).uncheck()
    await expect(row).to_have_count(1)
    # His own he can only take back, the other one books it.
    own = one.get_by_test_id("operations").get_by_role("row").filter(has_text="−1,234")
    await expect(row.get_by_role("button", name="Approve")).to_be_visible()
    await expect(own.get_by_role("button", name="Reject")).to_be_visible()
    await expect(own.get_by_role("button", name="Approve")).to_have_count(0)
    assert ask(http, customer, "/v1/wallet")["amount"] == 100_700
    await act(page, "Approve", "Approved and booked.", row)
    await expect(row).to_have_count(0)
    assert ask(http, customer, "/v1/wallet")["amount"] == 100_700 - 1_234

    paid = {"ref": "euros", "amount": 700, "currency": "EUR"}
    assert ask(http, customer, "/v1/wallet/deposits", "POST", paid)["state"] == "pending"
    payments = page.get_by_role("region", name="Payments that wait").first.get_by_role("row")
    payment = payments.filter(has_text=customer["player"]["id"][:8])
    await expect(payment).to_contain_text("7.00 EUR")
    await assert_looks_right(page)
    await act(page, "Post", "Posted.", payment)
    await expect(payment).to_have_count(0)
    assert ask(http, customer, "/v1/wallet?currency=EUR")["amount"] == 700
    for who, part, changed in (
        (second, "/approve", "state: proposed → applied"),
        (second, "/payments", "state: pending → posted"),
        (first, "/adjustments", ""),
        (first, "/promotions", ""),
    ):
        await expect(await audited(page, who, part)).to_contain_text(changed)
    # What a cashier has no right to says so, and the server refuses it as well.
    await one.goto("/desk/audit/")
    await expect(one.get_by_text("Not with your roles")).to_be_visible()
    assert ask(http, first, "/v1/operator/audit") == "not_allowed"


async def test_the_desk_is_closed_to_players_and_shows_operators_how_the_system_is(
    server: Server, http: httpx.Client, visit: Visit
) -> None:
    player, officer = account(http, "player"), account(http, "support")
    give_roles(http, server, officer, "support")
    outside = (await visit_as(visit, player, "/desk/")).page
    await expect(outside.get_by_text("This desk is for operators")).to_be_visible()
    await outside.get_by_test_id("account").click()
    await expect(outside.get_by_role("link", name="Account", exact=True)).to_be_visible()
    await expect(outside.get_by_role("link", name="Operator’s desk")).to_have_count(0)
    for path in ("tables", "players", "audit", "health", "revenue"):
        assert ask(http, player, f"/v1/operator/{path}") == "not_allowed"
    page = (await visit_as(visit, officer, "/desk/health/")).page
    health = page.get_by_test_id("health")
    for part in ("Postgres", "Redis", "Ray", "Accounts", "Wallet", "Floor"):
        await expect(health.get_by_role("region", name=part)).to_contain_text("ok")
    for name, url in (("Ray dashboard", RAY_DASHBOARD), ("Grafana", GRAFANA)):
        await expect(page.get_by_role("link", name=name)).to_have_attribute("href", url)
    await assert_looks_right(page)
    # Support looks: it has no acts, until it is given them.
    await page.goto("/desk/")
    await expect(row_of(page, "lantern")).to_be_visible()
    await expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    give_roles(http, server, officer, "floor")
    await page.reload()
    await expect(page.get_by_role("button", name="Pause").first).to_be_visible()
