"""Somebody at a table in a browser: what he sees, and what he clicks."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Final

from playwright.async_api import Locator, WebSocket

from tests.browser.conftest import Visit, Visitor

BROKEN: Final = ("WebSocket connection", "ERR_INTERNET_DISCONNECTED", "Failed to load resource")
"""What Chromium itself says of a line that a test has cut."""
_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...of) { super(...of); window.sockets.push(this); }
};
window.shifts = [];
const place = (box) => [box.x, box.y, box.width, box.height].map(Math.round).join(" ");
const moved = ({ node, previousRect, currentRect }) =>
  `${node?.className || node?.nodeName}: ${place(previousRect)} -> ${place(currentRect)}`;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput)
      for (const source of entry.sources)
        window.shifts.push({ at: entry.startTime, what: moved(source) });
}).observe({ type: "layout-shift", buffered: true });
"""
_STILL = """async () => {
  const endless = (each) => each.effect.getComputedTiming().endTime === Infinity;
  const ends = document.getAnimations().filter((each) => !endless(each));
  await Promise.all(ends.map((each) => each.finished.catch(() => null)));
}"""
_GUEST = """async () => {
  const answer = await fetch("/v1/guest", { method: "POST" });
  const { access, refresh, expires_in_s, player } = await answer.json();
  const expiresAt = Date.now() + expires_in_s * 1000;
  const session = { access, refresh, expiresAt, player };
  localStorage.setItem("squaredeal.session", JSON.stringify(session));
  return [access, player.name];
}"""


class Seat:
    """A guest in a browser at one table. ``sent`` and ``came`` are the frames on his lines."""

    def __init__(self, visitor: Visitor, table: str, token: str, name: str) -> None:
        self.visitor, self.page = visitor, visitor.page
        self.table, self.token, self.name = table, token, name
        self.sent: list[dict[str, Any]] = []
        self.came: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self.page.on("websocket", self._line)

    def _line(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda data: self.sent.append(json.loads(data)))
        socket.on("framereceived", self._came)

    def _came(self, data: str | bytes) -> None:
        self.came.append(json.loads(data))
        self._news.set()

    async def until(self, said: Callable[[], bool]) -> None:
        """Wait until a frame has come by which it holds."""
        while not said():
            self._news.clear()
            await self._news.wait()

    def told(self, *types: str) -> list[dict[str, Any]]:
        """Events of these types, as they came."""
        events = (each for frame in self.came for each in frame.get("events", ()))
        return [each for each in events if each["type"] in types]

    @property
    def section(self) -> Locator:
        return self.page.get_by_test_id(f"table-{self.table}")

    @property
    def turn(self) -> Locator:
        return self.section.get_by_test_id("my-turn")

    def button(self, name: str) -> Locator:
        """One of the turn's buttons, by the word on it."""
        return self.turn.get_by_role("button", name=name)

    async def act(self, name: str) -> None:
        """Click it, and wait until this turn is over: the next one may be ours again."""
        turn = await self.turn.get_attribute("data-turn")
        await self.button(name).click()
        await self.turn.and_(self.page.locator(f"[data-turn='{turn}']")).wait_for(state="detached")

    async def up(self) -> None:
        """The line is up."""
        await self.section.and_(self.page.locator("[data-line=up]")).wait_for()

    async def sit(self, buy_in: int, seat: int | None = None) -> None:
        """Click a free seat, or any, and pay."""
        await self.section.get_by_test_id("quick-seat" if seat is None else f"sit-{seat}").click()
        dialog = self.page.get_by_test_id("buy-in")
        await dialog.get_by_test_id("buy-in-amount").fill(str(buy_in))
        await dialog.get_by_test_id("buy-in-go").click()
        await self.section.locator(".seat[data-mine=true]").wait_for()

    async def cut(self) -> None:
        """No network, and the line is gone."""
        self.visitor.expected.extend(BROKEN)
        await self.page.context.set_offline(True)
        await self.page.evaluate("window.sockets.forEach((socket) => socket.close())")

    async def mend(self) -> None:
        await self.page.context.set_offline(False)

    async def still(self) -> None:
        """Whatever moves has arrived."""
        await self.page.evaluate(_STILL)

    async def place(self) -> tuple[int, int, int]:
        """Epoch, sequence number and hand of what is shown."""
        at = self.section
        epoch, seq, hand = [
            int(await at.get_attribute(name) or 0)
            for name in ("data-epoch", "data-seq", "data-hand")
        ]
        return epoch, seq, hand

    async def cards(self) -> list[str]:
        """My hole cards, as they are read out."""
        faces = self.section.locator(".seat[data-mine=true] .hole svg[role=img]")
        return [await face.get_attribute("aria-label") or "" for face in await faces.all()]

    def acts(self) -> list[dict[str, Any]]:
        """The actions that were sent, each reference once."""
        return list({frame["ref"]: frame for frame in self.sent if frame["type"] == "act"}.values())


async def come(visit: Visit, table: str, role: str = "", **how: Any) -> Seat:
    """A new guest at a table, watching until he sits down."""
    visitor = await visit("/no/such/page/", **how)
    visitor.expected.append("404")
    await visitor.page.add_init_script(_SOCKETS)
    token, name = await visitor.page.evaluate(_GUEST)
    seat = Seat(visitor, table, token, name)
    await visitor.page.goto(f"/table/?t={table}{role}")
    await seat.up()
    return seat
