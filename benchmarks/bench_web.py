"""The web client as a guest has it: from a click in the lobby to a seat, and how smoothly it moves.

Server, bots and browser share the cores, and Chromium draws without a graphics card. So the frames
of a table that is played at are set beside those of a bare page with one square that moves, in the
same browser: both as the browser's own trace counts them (PipelineReporter), frames in which
something was being animated; dropped are those that came late or not at all.
"""

import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final, NamedTuple

from playwright.async_api import Browser, Page, async_playwright

from benchmarks.report import Figure, arguments, publish
from serve.process import free_port
from tests.browser.conftest import FLAGS
from tests.server import read_until, start, stop

GUESTS: Final = 10
WATCHED_S: Final = 30.0
TRACED: Final = ("cc", "benchmark", "disabled-by-default-devtools.timeline")
DROPPED: Final = "STATE_DROPPED"
BARE: Final = """<style>
@keyframes to-and-fro { to { transform: translateX(900px) } }
div { width: 60px; height: 60px; background: #c33; animation: to-and-fro 1s infinite alternate }
</style><div></div>"""


async def seated(browser: Browser, url: str) -> tuple[float, Page]:
    """Seconds from a new guest's click in a lobby that is at rest to his seat; and his page."""
    context = await browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
    page = await context.new_page()
    await page.goto("/", wait_until="networkidle")
    button = page.get_by_role("button", name="Play now as a guest")
    await button.wait_for()
    began = time.perf_counter()
    await button.click()
    await page.get_by_test_id("seat-menu").wait_for(timeout=60_000)
    return time.perf_counter() - began, page


async def traced(browser: Browser, page: Page, seconds: float) -> list[dict[str, Any]]:
    """What the browser notes while a table plays."""
    await browser.start_tracing(page=page, categories=list(TRACED))
    await asyncio.sleep(seconds)
    found: list[dict[str, Any]] = json.loads(await browser.stop_tracing())["traceEvents"]
    return found


class Frames(NamedTuple):
    """Those in which something was animated; ``by_page`` needed the page's own thread for it."""

    wanted: int
    dropped: int
    by_page: int


def frames_of(events: list[dict[str, Any]]) -> Frames:
    said = [
        each["args"]["frame_reporter"]
        for each in events
        if each.get("name") == "PipelineReporter" and "frame_reporter" in each.get("args", {})
    ]
    moved = [f for f in said if f["has_compositor_animation"] or f["has_main_animation"]]
    assert moved, "the trace has no frame with an animation"
    dropped = sum(frame["state"] == DROPPED for frame in moved)
    return Frames(len(moved), dropped, sum(frame["has_main_animation"] for frame in moved))


def longest_ms(events: list[dict[str, Any]]) -> float:
    """The longest task that any thread of the browser had."""
    return max(
        (each.get("dur", 0) / 1e3 for each in events if each.get("name") == "RunTask"), default=0.0
    )


async def main(url: str, guests: int, watched_s: float) -> dict[str, Figure]:
    chromium = shutil.which("chromium")
    assert chromium is not None, "there is no chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        times = []
        for number in range(guests):
            seconds, page = await seated(browser, url)
            times.append(seconds)
            if number + 1 < guests:
                await page.context.close()
        events = await traced(browser, page, watched_s)
        await page.context.close()
        bare = await (await browser.new_context()).new_page()
        await bare.set_content(BARE)
        floor = frames_of(await traced(browser, bare, watched_s / 3))
        await browser.close()
    table = frames_of(events)
    return {
        "click_to_seated_median_s": Figure(statistics.median(times), "s", at_most=1.0),
        "click_to_seated_max_s": Figure(max(times), "s"),
        "frames_animated": Figure(table.wanted, "frames"),
        "frames_animated_by_page": Figure(table.by_page, "frames"),
        "dropped_share": Figure(table.dropped / table.wanted, "of animated"),
        "dropped_share_bare_page": Figure(floor.dropped / floor.wanted, "of animated"),
        "longest_task_ms": Figure(longest_ms(events), "ms"),
    }


if __name__ == "__main__":
    options = arguments(__doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as folder:
        Path(folder).chmod(0o711)
        port = free_port()
        server = start("--data-dir", str(Path(folder, "data")), "--port", str(port))
        try:
            read_until(server, "Take a seat")
            guests, watched_s = (3, 10.0) if options.quick else (GUESTS, WATCHED_S)
            figures = asyncio.run(main(f"http://127.0.0.1:{port}", guests, watched_s))
        finally:
            stop(server)
    publish("web", options, figures, guests, watched_s=watched_s)
    sys.exit(0)
