"""Ways in that are no password: passkeys, with Chromium's own authenticator, and another site."""

import re
import time
import uuid

import asyncpg
import httpx
import pyotp
from playwright.async_api import Page, expect

from auth.second_factor import STEP_S
from tests.browser.conftest import Visit
from tests.browser.looks import serious_findings
from tests.browser.test_doors import KEY, PASSWORD, session_of
from tests.provider import Provider
from tests.server import Server, admin_dsn


async def a_while_later(server: Server, page: Page) -> None:
    """As when he proved himself an hour ago."""
    player = (await session_of(page))["player"]["id"]
    conn = await asyncpg.connect(admin_dsn(server.data_dir))
    try:
        changed = await conn.execute(
            "UPDATE auth.sessions SET proved_at = now() - interval '1 hour' WHERE account = $1",
            uuid.UUID(player),
        )
        assert changed != "UPDATE 0"
    finally:
        await conn.close()


async def test_a_passkey_signs_in_and_shows_that_it_is_still_me(
    visit: Visit, server: Server
) -> None:
    # A passkey belongs to a name, and a number is none.
    by_name = server.url.replace("127.0.0.1", "localhost")
    visitor = await visit(f"{by_name}/signin/?new&to=/account/")
    visitor.expected.append("401")
    page = visitor.page
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }})  # fmt: skip
    name = f"web-{uuid.uuid4().hex[:10]}"
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make the account").click()
    await page.get_by_role("button", name="Add a passkey").click()
    remove = page.get_by_role("button", name=re.compile("Remove the passkey"))
    await remove.wait_for()
    assert await serious_findings(page) == []

    await page.get_by_test_id("account").click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.goto(f"{by_name}/signin/?to=/account/")
    await page.get_by_role("button", name="Use a passkey").click()
    await page.get_by_role("heading", name=name).wait_for()

    await a_while_later(server, page)
    await remove.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Password").wait_for()
    assert await serious_findings(page) == []
    await dialog.get_by_role("button", name="Use a passkey").click()
    await dialog.wait_for(state="detached")
    await remove.wait_for(state="detached")


async def arrives(visit: Visit, provider: Provider) -> tuple[Page, str]:
    """Somebody whom nobody knows, from the other site: at his account, and the name he chose."""
    provider.user = f"{uuid.uuid4()}"
    visitor = await visit("/signin/?to=/account/")
    visitor.expected.append("40[0-9]")
    page = visitor.page
    name = f"web-{uuid.uuid4().hex[:10]}"
    await page.get_by_role("button", name="Go on with There").click()
    await page.get_by_role("heading", name="Nice to meet you").wait_for()
    assert await serious_findings(page) == []
    assert "code=" not in page.url
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Make the account").click()
    await page.get_by_role("heading", name=name).wait_for()
    return page, name


async def test_another_site_makes_an_account_and_shows_that_it_is_still_me(
    visit: Visit, server: Server, provider: Provider
) -> None:
    page, name = await arrives(visit, provider)

    # The trip to the site leads back here; then what was asked for is asked again.
    await a_while_later(server, page)
    remove = page.get_by_role("button", name="Remove There")
    await remove.click()
    await page.get_by_role("button", name="Show it at There").click()
    await page.wait_for_url("**/oidc/there")
    await page.wait_for_url("**/account/")
    await remove.click()
    # It is the only way in.
    await page.get_by_text("last_way_in").wait_for()

    await page.get_by_test_id("account").click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.goto("/signin/?new&to=/account/")
    await page.get_by_role("button", name="Go on with There").click()
    await page.get_by_role("heading", name=name).wait_for()


async def test_a_second_factor_is_asked_for_when_one_is_back_and_kept_nowhere(
    visit: Visit, server: Server, provider: Provider
) -> None:
    page, name = await arrives(visit, provider)
    access = (await session_of(page))["access"]
    signed_in = {"Authorization": f"Bearer {access}"}
    async with httpx.AsyncClient(base_url=server.url, headers=signed_in) as http:
        made = (await http.post("/v1/second-factor", json={"password": ""})).json()
        totp = pyotp.TOTP(made["secret"])
        confirmed = {"code": totp.at(int(time.time()) - STEP_S)}
        answer = await http.post("/v1/second-factor/confirm", json=confirmed)
    assert answer.is_success, answer.text

    await page.get_by_test_id("account").click()
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.goto("/signin/?to=/account/")
    await page.get_by_role("button", name="Go on with There").click()
    await page.get_by_role("heading", name="Your code").wait_for()
    assert await serious_findings(page) == []
    assert "code=" not in page.url
    assert await page.evaluate("sessionStorage.getItem('squaredeal.trip')") is None
    await page.get_by_label("Code").fill("wrong")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_text("code_wrong").wait_for()
    # Another one is taken: no second trip is made.
    await page.get_by_label("Code").fill(totp.at(int(time.time())))
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_role("heading", name=name).wait_for()


async def test_who_is_sent_back_with_the_code_of_another_is_not_signed_in(visit: Visit) -> None:
    visitor = await visit("/oidc/there?code=of-an-attacker&state=his")
    await visitor.page.get_by_text("flow_invalid").wait_for()
    await expect(visitor.page).to_have_url(re.compile("/oidc/there/?$"))
    assert await visitor.page.evaluate(f"localStorage.getItem('{KEY}')") is None
