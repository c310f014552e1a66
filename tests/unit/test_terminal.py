"""What the terminal draws: every table size fits, cards are where they belong, nothing breaks."""

import pytest

from client.state import ClockState, SeatState, TableState
from client.terminal.canvas import Canvas, card_text
from client.terminal.felt import draw
from client.terminal.lobby import _row
from client.terminal.messages import describe
from games.cards import format_cards, parse_cards
from games.holdem import records as r
from games.holdem.hand import Legal
from tests.integration.table_bench import table_spec
from wire import events as e
from wire.http import TableListing
from wire.server_frames import TableInfo


def table(seats: int, me: int = 0) -> TableState:
    info = TableInfo(
        table="t", name="T", game="nlhe", seats=seats, small_blind=5, big_blind=10, ante=0,
        straddle=False, buy_in_min=100, buy_in_max=1_000, turn_ms=15_000, rake_bp=0,
    )  # fmt: skip
    people = {
        n: SeatState(seat=n, name=f"player{n}", kind="player", stack=1_000 + n, playing=True)
        for n in range(seats)
    }
    return TableState(
        info=info, me=me, seats=people, hand=1, playing=True, pot=150, turn=me,
        board=parse_cards("Th2hJd"), cards=parse_cards("KdAs"),
        options=Legal(me, False, 10, 20, 1_000), clock=ClockState(me, 107.0, False, 30_000),
    )  # fmt: skip


@pytest.mark.parametrize("seats", range(2, 11))
@pytest.mark.parametrize("size", [(80, 20), (100, 26), (140, 40)])
def test_every_seat_of_every_table_is_visible(seats: int, size: tuple[int, int]) -> None:
    text = draw(table(seats), *size, now=100.0).plain()
    for number in range(seats):
        assert f"player{number}" in text
        assert f"{1_000 + number:,}" in text
    assert "pot 150" in text
    assert "7s" in text
    for card in parse_cards("KdAs"):
        assert card_text(card)[0] in text


def test_shown_cards_and_winners_are_drawn_and_others_stay_hidden() -> None:
    state = table(3)
    state.seats[1].cards = parse_cards("QcQs")
    state.seats[1].won, state.seats[1].made = 150, "a pair"
    state.results = (r.PotAwarded(0, 150, 0, ((1, 150),)),)
    text = draw(state, 80, 20, now=100.0).plain()
    assert "Q♣" in text
    assert "player1 wins 150 · a pair" in text
    assert text.count("▒▒ ▒▒") == 1


@pytest.mark.parametrize("size", [(1, 1), (10, 3), (30, 8)])
def test_a_tiny_terminal_shows_less_and_never_breaks(size: tuple[int, int]) -> None:
    canvas = draw(table(9), *size, now=100.0)
    assert len(canvas.plain().splitlines()) == size[1]
    assert draw(TableState(), *size, now=0.0).width == size[0]


def test_a_line_of_the_canvas_is_as_wide_as_the_canvas() -> None:
    canvas = Canvas(20, 2, "#000000")
    canvas.put(15, 0, "0123456789", "bold red")
    assert sum(len(segment.text) for segment in canvas.line(0)) == 20


def test_the_lobby_says_when_a_table_takes_nobody() -> None:
    info = table_spec().info()
    seats = [_row(TableListing(info, 1, 0, 0, 0, 0, 0, busy))[1].plain for busy in (False, True)]
    assert seats == ["1/3", "full for now"]


def test_the_log_tells_what_happened_in_words() -> None:
    state = table(3)
    said: dict[e.Event, str] = {
        r.Acted(1, "raise", 90, 100, False): "player1 raises to 100",
        r.Acted(2, "call", 90, 100, True): "player2 calls 90 all-in",
        r.BoardDealt(r.Street.FLOP, parse_cards("Th2hJd")): "[b]flop[/b] T♥ 2♥ J♦",
        r.HandShown(1, parse_cards("QcQs"), "a pair"): "player1 shows Q♣ Q♠, a pair",
        r.PotAwarded(0, 150, 0, ((1, 150),)): "[b]the pot: player1 150[/b]",
        e.TimedOut(2): "player2 runs out of time",
    }
    for event, line in said.items():
        assert describe(event, state) == line
    assert describe(r.HoleDealt(1, ()), state) is None
    assert format_cards(state.cards) == "KdAs"
