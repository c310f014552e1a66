"""A grid of styled characters, and cards drawn on it. Four-colour deck: no suit is a guess."""

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from games.cards import RANKS

SUIT_SIGNS = "♣♦♥♠"
SUIT_COLOURS = ("#1b7f3b", "#1f5fbf", "#c2273d", "#15151a")
CARD_WIDTH, CARD_HEIGHT = 4, 3
PAPER = "#f4f1e8"
BACK = "#7a2e3a"


def chips(amount: int) -> str:
    """An amount as people write it."""
    return f"{amount:,}"


def card_text(card: int) -> tuple[str, str]:
    """A card in two characters, and its colour."""
    return RANKS[card // 4] + SUIT_SIGNS[card % 4], SUIT_COLOURS[card % 4]


class Canvas:
    """Cells beyond the edge are silently cut: a small terminal shows less, never breaks."""

    def __init__(self, width: int, height: int, background: str) -> None:
        self.width = width
        self.height = height
        self._background = background
        blank = (" ", Style(bgcolor=background))
        self._cells = [[blank] * width for _ in range(height)]

    def put(self, x: int, y: int, text: str, style: str = "") -> None:
        """Write ``text`` from (x, y) on; without a background in ``style`` the felt shows."""
        if not 0 <= y < self.height:
            return
        wanted = Style.parse(style) if style else Style()
        for offset, char in enumerate(text):
            if 0 <= x + offset < self.width:
                under = self._cells[y][x + offset][1]
                self._cells[y][x + offset] = (char, Style(bgcolor=under.bgcolor) + wanted)

    def centre(self, x: int, y: int, text: str, style: str = "") -> None:
        """Write ``text`` around ``x``."""
        self.put(x - len(text) // 2, y, text, style)

    def fill(self, x: int, y: int, width: int, height: int, colour: str) -> None:
        """A rectangle of one colour."""
        for row in range(y, y + height):
            self.put(x, row, " " * width, f"on {colour}")

    def card(self, x: int, y: int, card: int | None) -> None:
        """A card of 4 by 3 cells, face down for None."""
        if card is None:
            self.fill(x, y, CARD_WIDTH, CARD_HEIGHT, BACK)
            for row in range(CARD_HEIGHT):
                self.put(x, y + row, "╳╳╳╳", f"#a04a58 on {BACK}")
            return
        text, colour = card_text(card)
        self.fill(x, y, CARD_WIDTH, CARD_HEIGHT, PAPER)
        rank = "10" if text[0] == "T" else text[0]
        self.put(x, y, rank, f"bold {colour} on {PAPER}")
        self.put(x + 1, y + 1, f"{text[1]} ", f"bold {colour} on {PAPER}")
        self.put(x + CARD_WIDTH - len(rank), y + 2, rank, f"bold {colour} on {PAPER}")

    def cards(self, centre: int, y: int, cards: Sequence[int | None]) -> None:
        """A row of cards around ``centre``."""
        step = CARD_WIDTH + 1
        left = centre - (step * len(cards) - 1) // 2
        for number, card in enumerate(cards):
            self.card(left + number * step, y, card)

    def line(self, y: int) -> list[Segment]:
        """One row, neighbouring cells of one style joined."""
        segments: list[Segment] = []
        text, style = "", None
        for char, cell in self._cells[y]:
            if cell != style and text:
                segments.append(Segment(text, style))
                text = ""
            text, style = text + char, cell
        return [*segments, Segment(text, style)]

    def plain(self) -> str:
        """The characters alone."""
        return "\n".join("".join(char for char, _ in row) for row in self._cells)
