"""The ways in and out, and the lobby behind them."""

import json
import re
import uuid
from typing import Any

import httpx

from tests.browser.conftest import Visit
from tests.browser.looks import overflow_of, picture, serious_findings

PASSWORD = "a lantern over the harbour"
KEY = "squaredeal.session"


async def session_of(page: Any) -> dict[str, Any]:
    """What the browser keeps."""
    found: dict[str, Any] = json.loads(await page.evaluate(f"localStorage.getItem('{KEY}')"))
    return found


async def test_a_guest_goes_from_a_click_to_a_table_and_keeps_his_chips(visit: Visit) -> None:
    visitor = await visit("/")
    page = visitor.page
    tables = page.get_by_test_id("tables")
    await tables.get_by_role("heading", name="Harbour").wait_for()
    assert await serious_findings(page) == []
    await picture(page, "lobby")
    await page.get_by_role("button", name="Play now as a guest").click()
    await page.wait_for_url(re.compile(r"/table/\?t=\w+"))
    assert "token" not in page.url
    await page.get_by_test_id("seat-menu").wait_for()

    await page.goto("/account/")
    before = await page.get_by_test_id("wallet").inner_text()
    assert re.search(r"\d", before)
    name = f"web-{uuid.uuid4().hex[:10]}"
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make it my account").click()
    await page.get_by_role("heading", name=name).wait_for()
    await page.get_by_role("heading", name="Passkeys").wait_for()
    assert (await session_of(page))["player"]["kind"] == "player"
    assert await serious_findings(page) == []


async def test_an_account_signs_in_and_is_told_what_is_wrong(visit: Visit) -> None:
    visitor = await visit("/signin/?new", width=360, height=740)
    visitor.expected.append("401")
    page = visitor.page
    name = f"web-{uuid.uuid4().hex[:10]}"
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make the account").click()
    await page.get_by_role("heading", name="Take a seat").wait_for()
    await page.get_by_test_id("tables").get_by_role("heading", name="Harbour").wait_for()
    assert await overflow_of(page) <= 0
    await picture(page, "lobby-phone")
    await page.get_by_role("button", name="Today’s chips").click()
    await page.get_by_text("You have had today’s chips").wait_for()

    await page.get_by_test_id("account").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password", exact=True).fill("something else entirely")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_text("wrong_credentials").wait_for()
    assert await serious_findings(page) == []
    assert await overflow_of(page) <= 0
    await picture(page, "signin-phone")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_test_id("wallet").wait_for()


async def test_two_tabs_trade_one_refresh_token_once(visit: Visit, http: httpx.Client) -> None:
    visitor = await visit("/signin/")
    first = visitor.page
    await first.get_by_role("button", name="Play as a guest").click()
    await first.get_by_test_id("wallet").wait_for()
    second = await first.context.new_page()
    await second.goto("/account/")
    await second.get_by_text("this one").wait_for()
    before = await session_of(first)
    refreshes: list[int] = []
    first.context.on(
        "response",
        lambda answer: (
            refreshes.append(answer.status) if answer.url.endswith("/v1/refresh") else None
        ),
    )
    # Both find the access token run out, at the same time.
    await first.evaluate(
        f"""() => {{
            const kept = JSON.parse(localStorage.getItem("{KEY}"));
            localStorage.setItem("{KEY}", JSON.stringify({{ ...kept, expiresAt: 0 }}));
        }}"""
    )
    await first.goto("/account/")
    await second.reload()
    for page in (first, second):
        await page.get_by_text("this one").wait_for()
    after = await session_of(second)
    assert refreshes == [200]
    assert after["refresh"] != before["refresh"]
    assert after["player"] == before["player"]


async def test_a_session_that_is_revoked_elsewhere_ends_here(visit: Visit) -> None:
    name = f"web-{uuid.uuid4().hex[:10]}"
    here = await visit("/signin/?new&to=/account/")
    await here.page.get_by_label("Name").fill(name)
    await here.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await here.page.get_by_role("button", name="Make the account").click()
    await here.page.get_by_text("this one").wait_for()
    there = await visit("/signin/")
    there.expected.append("401")
    await there.page.get_by_label("Name").fill(name)
    await there.page.get_by_label("Password", exact=True).fill(PASSWORD)
    await there.page.get_by_role("button", name="Sign in", exact=True).click()
    await there.page.get_by_test_id("wallet").wait_for()

    await here.page.reload()
    await here.page.get_by_role("button", name=re.compile("End the session of")).click()
    await here.page.get_by_role("button", name=re.compile("End the session of")).wait_for(
        state="detached"
    )
    await there.page.goto("/account/")
    await there.page.get_by_text("You are not signed in").wait_for()
    assert await there.page.evaluate(f"localStorage.getItem('{KEY}')") is None


async def test_a_link_that_is_spent_says_so_and_leaves_the_address(visit: Visit) -> None:
    visitor = await visit("/verify/#token=" + "x" * 43)
    visitor.expected.append("401")
    await visitor.page.get_by_role("heading", name="This link works no more").wait_for()
    assert "token" not in visitor.page.url
    assert await serious_findings(visitor.page) == []
