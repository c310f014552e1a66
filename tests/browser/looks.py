"""What a page looks like: pictures for the documents, overflow, accessibility."""

import base64
import os
import subprocess
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from serve.webclient import SOURCE, run_node

IMAGES = Path(__file__).parent.parent.parent / "docs" / "images"
WANTED = "SQUAREDEAL_PICTURES"
"""Set in the environment, tests write pictures into docs/images; else the tree stays clean."""
_SHRINK = """
import sharp from "sharp";
const shot = Buffer.from(await new Response(process.stdin).text(), "base64");
await sharp(shot).png({ palette: true, quality: 90, effort: 10 }).toFile(process.argv[1]);
"""


async def picture(page: Page, name: str, whole: bool = False) -> None:
    """``docs/images/NAME.png``, in 256 colours: what the window shows of it, or the whole page."""
    if WANTED not in os.environ:
        return
    await page.evaluate("scrollTo(0, 0)")
    shot = base64.b64encode(await page.screenshot(animations="disabled", full_page=whole)).decode()
    IMAGES.mkdir(exist_ok=True)
    file = str(IMAGES / f"{name}.png")
    done: subprocess.CompletedProcess[str] = run_node(
        "node", "--input-type=module", "-e", _SHRINK, file, input=shot
    )
    assert done.returncode == 0, done.stdout


PHONE = (360, 740)
_DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

_TOO_WIDE = """() => [...document.querySelectorAll("main *")]
  .filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map((each) => `${each.tagName} ${each.className} ${each.getBoundingClientRect().right}`)
  .slice(0, 5)"""

_OUT_OF_REACH = """() => {
  const beyond = (each) => each.getBoundingClientRect().right > innerWidth + 1;
  const rolls = (each) => each && (/auto|scroll/.test(getComputedStyle(each).overflowX)
    || rolls(each.parentElement));
  return [...document.querySelectorAll("main :is(button, a, input, select)")]
    .filter((each) => beyond(each) && !rolls(each)).map((each) => each.outerHTML.slice(0, 120));
}"""


async def assert_looks_right(page: Page) -> None:
    """As the window is and as wide as a small phone: nothing keeps people out, nothing sticks
    out."""
    wide = page.viewport_size
    assert wide is not None
    for width, height in ((wide["width"], wide["height"]), PHONE):
        await page.set_viewport_size({"width": width, "height": height})
        await page.evaluate(_DRAWN)
        assert await overflow_of(page) == 0, (page.url, width, await page.evaluate(_TOO_WIDE))
        assert await page.evaluate(_OUT_OF_REACH) == [], (page.url, width)
        found = await serious_findings(page)
        assert found == [], (page.url, width, found)
    await page.set_viewport_size(wide)
    await page.evaluate(_DRAWN)


async def overflow_of(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    found: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found


async def serious_findings(page: Page) -> list[str]:
    """What axe-core finds that keeps people out: rule and elements, serious or critical."""
    axe = (SOURCE / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
    await page.evaluate(axe)
    found: dict[str, Any] = await page.evaluate("axe.run()")
    return [
        f"{each['id']}: {' | '.join(node['html'][:160] for node in each['nodes'])}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
    ]
