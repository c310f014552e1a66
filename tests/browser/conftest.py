"""A real browser, Debian's Chromium without a window, at the server that ``make up`` starts."""

import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect
from pytest_asyncio import is_async_test

from serve.webclient import PAGES
from tests.server import Server

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
WAIT_MS = 20_000.0
"""For what is to be seen: a machine may be busy."""
Visit = Callable[..., Awaitable["Visitor"]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives in one event loop, for all tests of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


class Visitor:
    """Somebody at a browser of his own. What the console complains of fails his test, unless it
    matches one of ``expected``."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.expected: list[str] = []
        self._said: list[str] = []
        page.context.on("console", self._on_console)
        page.context.on("weberror", lambda error: self._said.append(str(error.error)))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._said.append(f"{message.text} ({message.location.get('url', '')})")

    def complaints(self) -> list[str]:
        """What was said and not expected."""
        return [
            said for said in self._said if not any(re.search(each, said) for each in self.expected)
        ]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One process for all tests; each visitor has a profile of his own."""
    chromium = shutil.which("chromium")
    if chromium is None or not (PAGES / "index.html").is_file():
        missing = "chromium" if chromium is None else "a built web client (make test builds it)"
        assert "CI" not in os.environ, f"there is no {missing}"
        pytest.skip(f"there is no {missing}: nothing was tested in a browser")
    expect.set_options(timeout=WAIT_MS)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, server: Server) -> AsyncIterator[Visit]:
    """``await visit("/path/", width=360)``: a new visitor at that page."""
    visitors: list[Visitor] = []

    async def visit(path: str = "/", width: int = 1280, height: int = 800, **how: Any) -> Visitor:
        context = await browser.new_context(
            base_url=server.url, viewport={"width": width, "height": height}, **how
        )
        context.set_default_timeout(WAIT_MS)
        visitor = Visitor(await context.new_page())
        visitors.append(visitor)
        await visitor.page.goto(path)
        return visitor

    yield visit
    for visitor in visitors:
        await visitor.page.context.close()
    assert [visitor.complaints() for visitor in visitors] == [[] for _ in visitors]
