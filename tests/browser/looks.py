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


async def picture(page: Page, name: str) -> None:
    """``docs/images/NAME.png``, in 256 colours."""
    if WANTED not in os.environ:
        return
    shot = base64.b64encode(await page.screenshot(animations="disabled")).decode()
    IMAGES.mkdir(exist_ok=True)
    file = str(IMAGES / f"{name}.png")
    done: subprocess.CompletedProcess[str] = run_node(
        "node", "--input-type=module", "-e", _SHRINK, file, input=shot
    )
    assert done.returncode == 0, done.stdout


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
