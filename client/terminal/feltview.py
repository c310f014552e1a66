"""The widget that shows the felt, drawn anew ten times a second for the clock."""

import time

from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from client.state import TableState
from client.terminal.canvas import Canvas
from client.terminal.felt import draw


class FeltView(Widget):
    """Draws ``state``; the drawing itself is in ``felt``."""

    def __init__(self, state: TableState, id: str) -> None:
        super().__init__(id=id)
        self._state = state
        self._canvas: Canvas | None = None

    def redraw(self) -> None:
        """Draw again at the present size and time."""
        size: Size = self.size
        if size.width and size.height:
            self._canvas = draw(self._state, size.width, size.height, time.monotonic())
            self.refresh()

    def on_resize(self) -> None:
        self.redraw()

    def render_line(self, y: int) -> Strip:
        """One row of the picture."""
        if self._canvas is None or y >= self._canvas.height:
            return Strip.blank(self.size.width)
        return Strip(self._canvas.line(y))

    @property
    def text(self) -> str:
        """The picture's characters, for tests."""
        return self._canvas.plain() if self._canvas is not None else ""
