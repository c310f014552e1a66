"""How pages are served: policies, caching, what is no page."""

import httpx

from serve.pages import inline_hashes
from serve.webclient import PAGES
from tests.browser.conftest import Visit


def test_the_policy_names_the_scripts_of_the_page(http: httpx.Client) -> None:
    answer = http.get("/")
    policy = answer.headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts.split() == ["script-src", "'self'", *inline_hashes(answer.text)]
    assert inline_hashes(answer.text)


async def test_a_page_runs_only_what_it_was_built_with(visit: Visit) -> None:
    visitor = await visit("/")
    await visitor.page.get_by_text("Squaredeal").first.wait_for()
    blocked = visitor.page.evaluate(
        """() => new Promise((done) => {
            document.addEventListener("securitypolicyviolation", (e) => done(e.violatedDirective));
            const script = document.createElement("script");
            script.textContent = "window.broken = true";
            document.body.append(script);
        })"""
    )
    assert await blocked == "script-src-elem"
    assert await visitor.page.evaluate("window.broken") is None
    visitor.expected.append("Content Security Policy")


def test_hashed_files_stay_and_pages_are_asked_for_again(http: httpx.Client) -> None:
    script = next((PAGES / "_next" / "static" / "chunks").glob("*.js"))
    got = http.get(f"/{script.relative_to(PAGES)}")
    assert got.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert got.headers["content-type"].startswith("text/javascript")
    assert got.content == script.read_bytes()
    page = http.get("/")
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["content-type"].startswith("text/html")
    again = http.get("/", headers={"if-none-match": page.headers["etag"]})
    assert again.status_code == 304
    # A browser takes the headers of a 304 for those of the page that it has.
    assert again.headers["content-security-policy"] == page.headers["content-security-policy"]
    head = http.head("/")
    assert head.status_code == 200
    assert not head.content


def test_a_browser_may_ask_for_an_icon_by_itself(http: httpx.Client) -> None:
    """Chromium does, of a page that it leaves before it has read which icon it has."""
    icon = http.get("/favicon.ico")
    assert icon.status_code == 200
    assert icon.content[:4] == b"\0\0\1\0"


def test_the_api_keeps_its_addresses(http: httpx.Client) -> None:
    assert http.get("/v1/nothing").json()["error"]["code"] == "route_unknown"
    assert http.get("/v1/register").json()["error"]["code"] == "method_not_allowed"
    assert http.post("/nothing").json()["error"]["code"] == "route_unknown"
    assert http.get("/v1/tables").headers["content-type"] == "application/json"
    assert http.get("/%2e%2e/package.json").status_code == 404
    assert http.get("/account/").status_code == 200
    assert http.get("/x/..%2Faccount/").status_code == 404


async def test_a_page_that_is_asked_for_again_still_runs(visit: Visit) -> None:
    visitor = await visit("/signin/")
    await visitor.page.goto("/")
    await visitor.page.goto("/signin/")
    await visitor.page.get_by_role("button", name="Show the password").click()
    await visitor.page.get_by_role("button", name="Hide the password").wait_for()


async def test_an_unknown_page_is_ours(visit: Visit) -> None:
    visitor = await visit("/no/such/page/")
    visitor.expected.append("404")
    await visitor.page.get_by_role("link", name="To the lobby", exact=True).click()
    await visitor.page.wait_for_url("**/")
