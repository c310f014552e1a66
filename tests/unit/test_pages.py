"""The policies of the web client's pages."""

import base64
import hashlib
from pathlib import Path

import httpx
from starlette.applications import Starlette

from serve.pages import inline_hashes, pages_in, policy_of, sockets_of


def test_only_inline_scripts_are_hashed() -> None:
    script = "self.x=1</p>"
    page = f'<script src="/a.js" async></script><script id="x">{script}</script><script>y</script>'
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in inline_hashes(page)
    assert len(inline_hashes(page)) == 2
    assert inline_hashes('<script src="/a.js"></script>') == []


def test_a_policy_lets_no_script_in_that_the_page_was_not_built_with() -> None:
    directives = dict(
        part.split(" ", 1) for part in policy_of("<script>a</script>", ("wss://x",)).split("; ")
    )
    assert directives["default-src"] == "'none'"
    assert "unsafe" not in directives["script-src"]
    assert directives["connect-src"] == "'self' wss://x"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"


def test_sockets_are_open_where_tickets_lead() -> None:
    assert sockets_of("wss://play.example", "10.0.0.1") == ("wss://play.example",)
    assert sockets_of("", "10.0.0.1") == ("ws://10.0.0.1:*", "wss://10.0.0.1:*")
    assert "ws://localhost:*" in sockets_of("", "127.0.0.1")
    assert sockets_of("", "") == ("ws://*:*", "wss://*:*")


async def test_pages_may_come_later_than_the_server(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    pages = pages_in(str(folder), ())
    assert pages is not None
    app = Starlette()
    app.mount("/", pages)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="http://here"
    ) as http:
        assert (await http.get("/")).status_code == 404
        folder.mkdir()
        (folder / "index.html").write_text("<p>here</p>", "utf-8")
        answer = await http.get("/")
    assert (answer.status_code, answer.text) == (200, "<p>here</p>")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_a_page_has_one_address_and_none_that_reads_as_another_site(tmp_path: Path) -> None:
    (tmp_path / "account").mkdir()
    for page in (tmp_path / "index.html", tmp_path / "account" / "index.html"):
        page.write_text("<p>here</p>", "utf-8")
    app = Starlette()
    pages = pages_in(str(tmp_path), ())
    assert pages is not None
    app.mount("/", pages)
    crooked = (
        b"//evil.example/..%2Faccount/", b"//account/", b"/%2Faccount/", b"/x/..%2faccount/",
        b"/x/%2e%2E/account/", b"/%2e/account/", b"/account/%2E%2e",
        b"/x%5c../account/", b"/\\evil.example/..%2Faccount/",
    )  # fmt: skip
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as http:

        async def status(raw_path: bytes) -> int:
            url = httpx.URL(scheme="http", host="here", raw_path=raw_path)
            assert url.raw_path == raw_path
            return (await http.get(url)).status_code

        assert await status(b"/account/") == 200
        assert {path: await status(path) for path in crooked} == dict.fromkeys(crooked, 404)
