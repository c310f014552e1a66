"""Keys at the table screen: a real table line underneath, the other end of it a script."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input, Static

from client import Client
from client.terminal.app import PlayApp
from client.terminal.help import HelpScreen
from client.terminal.room import TableScreen
from games.holdem.records import Call, Fold, Raise
from games.protocol import NO_SEAT
from tests.unit.test_client_line import Line, scripted
from tests.unit.test_client_state import HAND, OPTIONS, TURN, arrived
from wire.client_frames import Act, ClientFrame, Sit, SitOut, Stand
from wire.server_frames import Accepted, Refused

POT = 170
CALL = OPTIONS.call


class Dealer:
    """The table's end: shows one hand for ever, notes what is asked and answers it."""

    def __init__(self, seat: int = 0, refusal: str = "") -> None:
        self.asked: asyncio.Queue[ClientFrame] = asyncio.Queue()
        self.seat = seat
        self.refusal = refusal

    async def __call__(self, line: Line) -> None:
        await line.send(replace(arrived(HAND), seat=self.seat))
        while True:
            frame = await line.next()
            refused = Refused(frame.ref, "no", self.refusal) if self.refusal else None
            await line.send(refused or Accepted(frame.ref, 3))
            self.asked.put_nowait(frame)


@asynccontextmanager
async def playing(dealer: Dealer) -> AsyncIterator[tuple[Pilot[int], TableScreen]]:
    async with scripted(dealer) as (table, _):
        await table.ready()
        app = PlayApp("http://unused")
        async with app.run_test(size=(120, 34)) as pilot:
            room = TableScreen(Client(table._api), table)
            await app.push_screen(room)
            await pilot.pause()
            yield pilot, room


def amount(room: TableScreen) -> Input:
    return room.query_one("#amount", Input)


def message(room: TableScreen) -> str:
    return str(room.query_one("#message", Static).render())


async def until(pilot: Pilot[int], done: Callable[[], bool]) -> None:
    """The test's own timeout bounds it."""
    while not done():
        await pilot.pause()


async def test_letters_preset_the_amount_of_a_raise_within_its_limits() -> None:
    dealer = Dealer()
    async with playing(dealer) as (pilot, room):
        await pilot.press("r")
        assert amount(room).value == str(OPTIONS.raise_min)
        await pilot.press("h")
        assert amount(room).value == str(CALL + (POT + CALL) // 2)
        await pilot.press("p")
        assert amount(room).value == str(CALL + POT + CALL)
        await pilot.press("m")
        assert amount(room).value == str(OPTIONS.raise_max)
        await pilot.press("p", "enter")
        asked = await dealer.asked.get()
        assert asked == Act(asked.ref, HAND.hand, TURN, Raise(CALL + POT + CALL))
        assert not amount(room).display


async def test_a_typed_amount_replaces_the_suggestion_and_escape_takes_the_question_back() -> None:
    dealer = Dealer()
    async with playing(dealer) as (pilot, room):
        await pilot.press("r", "1", "2", "3", "enter")
        asked = await dealer.asked.get()
        assert asked == Act(asked.ref, HAND.hand, TURN, Raise(123))
        await pilot.press("r", "escape")
        assert not amount(room).display
        assert room.is_current
        assert dealer.asked.empty()


async def test_fold_and_call_are_one_key_each_and_mean_this_hand() -> None:
    dealer = Dealer()
    async with playing(dealer) as (pilot, _):
        await pilot.press("c")
        called = await dealer.asked.get()
        await pilot.press("f")
        folded = await dealer.asked.get()
        assert called == Act(called.ref, HAND.hand, TURN, Call())
        assert folded == Act(folded.ref, HAND.hand, TURN, Fold())


async def test_only_what_is_legal_is_offered_with_its_price() -> None:
    async with playing(Dealer()) as (_, room):
        prompt = str(room.query_one("#prompt", Static).render())
        assert "call 30" in prompt
        assert "raise 60–900" in prompt
        assert "bank 30 s" in prompt
        assert "check" not in prompt


async def test_a_refusal_is_shown_as_it_was_said_brackets_and_all() -> None:
    async with playing(Dealer(refusal="Between 60 and 900 [/b], please.")) as (pilot, room):
        await pilot.press("c")
        await until(pilot, lambda: "Between 60 and 900 [/b], please." in message(room))


async def test_sitting_down_asks_the_buy_in_and_standing_up_says_where_the_chips_go() -> None:
    dealer = Dealer(seat=NO_SEAT)
    async with playing(dealer) as (pilot, room):
        await pilot.press("s")
        assert amount(room).value == "500"
        await pilot.press("enter")
        sat = await dealer.asked.get()
        assert sat == Sit(sat.ref, 500, post_now=True)
        await until(pilot, lambda: room.table.state.me == 3)
        await pilot.press("s")
        stood = await dealer.asked.get()
        assert stood == Stand(stood.ref)
        await until(pilot, lambda: "wallet" in message(room))


async def test_sitting_out_is_one_key() -> None:
    dealer = Dealer()
    async with playing(dealer) as (pilot, _):
        await pilot.press("o")
        asked = await dealer.asked.get()
        assert asked == SitOut(asked.ref, True)


async def test_help_opens_over_the_table_and_any_key_closes_it_without_playing() -> None:
    dealer = Dealer()
    async with playing(dealer) as (pilot, room):
        await pilot.press("question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press("f")
        await until(pilot, lambda: room.is_current)
        assert dealer.asked.empty()


async def test_leaving_while_the_line_is_down_takes_a_second_escape() -> None:
    async with playing(Dealer()) as (pilot, room):
        room.table.connected = False
        await pilot.press("escape")
        await until(pilot, lambda: "escape again" in message(room))
        assert room.is_current
        await pilot.press("escape")
        await until(pilot, lambda: not room.is_current)
        assert room.table.closed
