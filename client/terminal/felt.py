"""The table as a picture: seats around the felt, board, pots, cards, clock. Pure drawing."""

from client.state import SeatState, TableState
from client.terminal.canvas import PAPER, Canvas, card_text, chips
from games.protocol import NO_SEAT

FELT = "#14532d"
RAIL = "#5b3a1d"
RIM = "#0b1220"
BOX = "#0f172a"
BOX_TURN = "#78350f"
BOX_WON = "#365314"
BOX_WIDTH, BOX_HEIGHT = 16, 3
SMALL_WIDTH = 92

# Places around the table by number of seats, clockwise from the viewer's own at the bottom.
PLACES = {
    2: ("BC", "TC"),
    3: ("BC", "UL", "UR"),
    4: ("BC", "LL", "TC", "LR"),
    5: ("BC", "LL", "TL", "TR", "LR"),
    6: ("BC", "LL", "UL", "TC", "UR", "LR"),
    7: ("BC", "LL", "UL", "TL", "TR", "UR", "LR"),
    8: ("BC", "BL", "LL", "UL", "TC", "UR", "LR", "BR"),
    9: ("BC", "BL", "LL", "UL", "TL", "TR", "UR", "LR", "BR"),
    10: ("BC", "BL", "LL", "UL", "TL", "TC", "TR", "UR", "LR", "BR"),
}


def draw(state: TableState, width: int, height: int, now: float) -> Canvas:
    """The whole table for a viewer; ``now`` is on the clock of the state's deadlines."""
    canvas = Canvas(width, height, RIM)
    _oval(canvas)
    if state.info is None:
        canvas.centre(width // 2, height // 2, "connecting …", "bold white")
        return canvas
    _middle(canvas, state)
    first = state.me if state.me != NO_SEAT else 0
    places = PLACES[state.info.seats]
    for offset, place in enumerate(places):
        seat = (first + offset) % state.info.seats
        x, y = _corner(place, width, height)
        _seat(canvas, state, seat, x, y, now)
    return canvas


def _oval(canvas: Canvas) -> None:
    """The felt with its wooden rail: a flattened ellipse, so that there is room in the corners."""
    across, down = canvas.width / 2, canvas.height / 2
    for row in range(canvas.height):
        height = abs(row + 0.5 - down) / down
        for reach, colour in ((across, RAIL), (across - 2, FELT)):
            half = int(reach * (1 - height**3) ** (1 / 3))
            edge = row in (0, canvas.height - 1)
            if half > 0 and not (edge and colour == FELT):
                canvas.fill(int(across) - half, row, 2 * half, 1, colour)


def _corner(place: str, width: int, height: int) -> tuple[int, int]:
    """The upper left corner of a seat's box."""
    row, column = place[0], place[1]
    gap = 1 if width < SMALL_WIDTH else max(2, (width - 5 * BOX_WIDTH) // 6)
    centre = (width - BOX_WIDTH) // 2
    side = row in "UL" and column in "LR"
    if side:
        x = 0 if column == "L" else width - BOX_WIDTH
    else:
        x = centre + {"L": -1, "C": 0, "R": 1}[column] * (BOX_WIDTH + gap)
    last = height - BOX_HEIGHT
    y = {"T": 0, "U": last // 3 - 1, "L": 2 * last // 3 + 1, "B": last}[row]
    return x, max(0, y)


def _middle(canvas: Canvas, state: TableState) -> None:
    centre = canvas.width // 2
    top = canvas.height // 2 - 3 if canvas.height >= 17 else canvas.height // 2 - 4
    pots = _pots(state)
    canvas.centre(centre, top, pots, "bold #fde68a")
    for number in range(5):
        x = centre - 12 + 5 * number
        if number < len(state.board):
            canvas.card(x, top + 1, state.board[number])
        elif state.playing:
            canvas.put(x, top + 2, "╶──╴", "#1f6b3d")
    if state.results:
        canvas.centre(centre, top + 4, result_line(state)[: canvas.width - 36], "bold #bbf7d0")
    elif not state.playing:
        canvas.centre(centre, top + 2, "waiting for the next hand", "italic #86efac")
    if state.me != NO_SEAT and len(state.cards) == 2 and state.playing:
        canvas.cards(centre, canvas.height - BOX_HEIGHT - 4, list(state.cards))


def _pots(state: TableState) -> str:
    if len(state.pots) > 1:
        return "  ".join(
            f"{'main' if not number else f'side {number}'} {chips(pot)}"
            for number, pot in enumerate(state.pots)
        )
    return f"pot {chips(state.pot)}" if state.pot else ""


def result_line(state: TableState) -> str:
    """Who won what, with which hand."""
    parts = []
    for at in state.seats.values():
        if at.won:
            parts.append(f"{at.name} wins {chips(at.won)}" + (f" · {at.made}" if at.made else ""))
    return "   ".join(parts)


def _seat(canvas: Canvas, state: TableState, seat: int, x: int, y: int, now: float) -> None:
    at = state.seats.get(seat)
    if at is None:
        canvas.put(x, y + 1, f"{f'seat {seat + 1}':^{BOX_WIDTH}}", "#3f7a56")
        return
    acting = state.turn == seat
    colour = BOX_TURN if acting else BOX_WON if at.won else BOX
    canvas.fill(x, y, BOX_WIDTH, BOX_HEIGHT, colour)
    faded = at.folded or at.sitting_out
    ink = "#64748b" if faded else "#e2e8f0"
    has_button = state.button == seat and state.hand > 0
    name = f"{at.name}{' (away)' if at.away else ''}"[: BOX_WIDTH - (5 if has_button else 2)]
    canvas.put(x + 1, y, name, f"bold {'#facc15' if seat == state.me else ink}")
    if has_button:
        canvas.put(x + BOX_WIDTH - 4, y, " D ", f"bold #15151a on {PAPER}")
    canvas.put(x + 1, y + 1, chips(at.stack), f"{ink}")
    _hole_cards(canvas, state, at, x, y + 1)
    if acting and state.clock is not None:
        _clock(canvas, state, x, y + 2, now)
    else:
        canvas.put(x + 1, y + 2, _status(at)[: BOX_WIDTH - 2], _status_colour(at))


def _hole_cards(canvas: Canvas, state: TableState, at: SeatState, x: int, y: int) -> None:
    """Small, at the right of the box: shown ones, one's own, or backs."""
    cards = at.cards or (state.cards if at.seat == state.me and not at.folded else ())
    right = x + BOX_WIDTH - 6
    if cards:
        for number, card in enumerate(cards):
            text, colour = card_text(card)
            canvas.put(right + 3 * number, y, text, f"bold {colour} on {PAPER}")
    elif at.playing and not at.folded and state.playing:
        canvas.put(right, y, "▒▒ ▒▒", "#b4535f")


def _status(at: SeatState) -> str:
    if at.won:
        return f"+{chips(at.won)}"
    if at.sitting_out:
        return "sitting out"
    if at.bet:
        return f"{at.last} ● {chips(at.bet)}".strip()
    if at.last:
        return at.last
    return at.made or ("bot" if at.kind == "bot" else "")


def _status_colour(at: SeatState) -> str:
    if at.won:
        return "bold #bef264"
    return "#fbbf24" if at.bet else "#94a3b8"


def _clock(canvas: Canvas, state: TableState, x: int, y: int, now: float) -> None:
    """Time left as a bar: green, then amber, then red; the bank is blue."""
    clock = state.clock
    assert clock is not None
    assert state.info is not None
    left = max(0.0, clock.deadline - now)
    whole = (clock.bank_ms if clock.in_bank else state.info.turn_ms) / 1_000
    share = min(1.0, left / whole) if whole else 0.0
    colour = "#60a5fa" if clock.in_bank else _heat(share)
    room = BOX_WIDTH - 6
    canvas.put(x + 1, y, "━" * max(1, round(share * room)), f"bold {colour}")
    canvas.put(x + BOX_WIDTH - 5, y, f"{left:3.0f}s", f"bold {colour}")


def _heat(share: float) -> str:
    return "#4ade80" if share > 0.5 else "#fbbf24" if share > 0.2 else "#f87171"
