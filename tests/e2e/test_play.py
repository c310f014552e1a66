"""Real players on the running system: recorded hands, bots, the terminal, money to the chip."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from textual.widgets import DataTable, Input

from client import Client, example_bot
from client.replay import replay_live
from client.terminal.app import PlayApp
from client.terminal.feltview import FeltView
from client.terminal.lobby import LobbyScreen
from client.terminal.room import TableScreen
from games.holdem.records import Check, Fold
from games.phh import load
from tests.server import Server, command
from tests.shared_data import hand_file
from wire.codec import CODECS, JSON

HANDS = 200
PATIENCE = 600


class Watch:
    """Reads every frame that players are sent, as a spy would, and notes what it shows."""

    def __init__(self) -> None:
        self.frames = 0
        self.own = 0
        self.leaks: list[str] = []
        self._read = msgspec.json.Decoder().decode

    def see(self, data: bytes) -> None:
        """A dealt hole card may be visible in one frame only: that of its owner."""
        self.frames += 1
        CODECS[JSON].decode_server(data)
        frame: Any = self._read(data)
        if frame["type"] == "welcome" and frame["view"]:
            hand = frame["view"]["hand"]
            if hand and any(hand["shown"]) and hand["street"] != "river":
                self.leaks.append(data.decode())
        for event in frame.get("events", ()):
            if event["type"] == "hole_dealt" and event["cards"]:
                self.own += 1
        dealt = [e for e in frame.get("events", ()) if e["type"] == "hole_dealt"]
        if dealt and sum(bool(event["cards"]) for event in dealt) != 1:
            self.leaks.append(data.decode())
        if any(e["type"] == "hole_dealt" for e in frame.get("events", ())):
            cards = {c for event in dealt for c in event["cards"]}
            if len(cards) != 2:
                self.leaks.append(data.decode())


async def home(client: Client) -> int:
    """What he has when no chip of his is at a table any more."""
    for _ in range(PATIENCE):
        wallet = await client.wallet()
        if wallet.at_tables == 0:
            break
        await asyncio.sleep(0.1)
    assert wallet.at_tables == 0
    return wallet.amount


async def test_recorded_hands_end_live_as_they_ended_then_and_nobody_sees_too_much(
    server: Server,
) -> None:
    text = hand_file("pluribus.phhs").read_text("utf-8")
    hands = [(hand.name, hand) for hand in islice(load(text), HANDS)]
    watch = Watch()
    report = await replay_live(server.url, hands, on_frame=watch.see)
    assert report.wrong == []
    assert report.hands == HANDS
    assert watch.own == 6 * HANDS
    assert watch.leaks == []
    books = command("ledger", "check", "--data-dir", str(server.data_dir))
    assert books.returncode == 0, books.stdout


async def test_a_guest_plays_with_the_bots_and_takes_his_chips_home(server: Server) -> None:
    async with await Client.guest(server.url) as client:
        before = (await client.wallet()).amount
        table = await client.quick_seat(big_blind=100)
        seated = await client.wallet()
        assert seated.amount + seated.at_tables == before
        played = 0
        last = -1
        while played < 3:
            state = table.state
            if state.my_turn and state.options is not None:
                await table.act(Check() if state.options.can_check else Fold())
                played += state.hand != last
                last = state.hand
            else:
                await table.changed()
        await table.stand()
        amount = await home(client)
        lines = (await client.api.statement(limit=200)).lines
        assert sum(line.amount for line in lines if line.account == "wallet") == amount
        assert sum(line.amount for line in lines if line.account == "stake") == 0
        hands = (await client.api.hands()).hands
        assert len(hands) >= 1
        for hand in hands:
            events: list[dict[str, Any]] = msgspec.json.decode(hand.events)
            dealt = [e for e in events if e["type"] == "hole_dealt"]
            assert [e["seat"] for e in dealt if e["cards"]] == [hand.seat]


async def test_a_line_that_breaks_comes_back_by_itself_to_the_same_seat(server: Server) -> None:
    async with await Client.guest(server.url) as client:
        table = await client.quick_seat(big_blind=20)
        me, epoch = table.state.me, table.state.epoch
        for _ in range(3):
            assert table._socket is not None
            table._socket.transport.abort()
            await eventually(lambda: not table.connected, table.changed)
            await eventually(lambda: table.connected, table.changed)
            assert (table.state.me, table.state.epoch) == (me, epoch)
        await table.stand()


async def eventually(done: Callable[[], bool], *changed: Callable[[], Awaitable[None]]) -> None:
    """Wait for change after change, at any of those, until it is so; the test's own timeout bounds
    it."""
    while not done():
        changes = [asyncio.ensure_future(each()) for each in changed]
        try:
            await asyncio.sleep(0)  # now they all listen: what comes from here on is not missed
            if not done():
                first, _ = await asyncio.wait(changes, return_when=asyncio.FIRST_COMPLETED)
                for each in first:
                    each.result()
        finally:
            for each in changes:
                each.cancel()
            await asyncio.gather(*changes, return_exceptions=True)


async def test_a_newcomer_plays_in_the_terminal(server: Server) -> None:
    app = PlayApp(server.url, guest=True)
    async with app.run_test(size=(100, 30)) as pilot:

        async def until(done: Any) -> None:
            for _ in range(PATIENCE):
                if done():
                    return
                await pilot.pause(0.1)
            raise AssertionError(f"not reached: {app.screen}")

        await until(lambda: isinstance(app.screen, LobbyScreen))
        await until(lambda: app.screen.query_one("#tables", DataTable).row_count >= 4)
        await pilot.press("down", "down", "enter")
        await until(lambda: isinstance(app.screen, TableScreen))
        room = app.screen
        assert isinstance(room, TableScreen)
        await pilot.press("s")
        await until(lambda: room.query_one("#amount", Input).display)
        await pilot.press("enter")
        await until(lambda: room.table.state.my_seat is not None)
        acted = 0

        def broke() -> bool:
            """Who calls everything may lose everything, and then has no turn any more."""
            mine = room.table.state.my_seat
            return acted > 0 and mine is not None and mine.sitting_out and mine.stack == 0

        while acted < 4:
            await until(lambda: room.table.state.my_turn or broke())
            if broke():
                break
            turn = room.table.state.turn_number
            felt = room.query_one("#felt", FeltView)
            room._draw()
            assert "pot" in felt.text
            assert "Your turn" in room._prompt()
            await pilot.press("c")
            acted += 1
            # The big blind who checks may be the first to act on the flop: his turn again, at once.
            await until(lambda turn=turn: room.table.state.turn_number != turn or broke())
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, LobbyScreen))
        assert app.client is not None
        for _ in range(PATIENCE):
            wallet = await app.client.wallet()
            if wallet.at_tables == 0:
                break
            await pilot.pause(0.1)
        assert wallet.at_tables == 0
        assert wallet.amount > 0


def test_the_example_bot_of_the_readme_runs(server: Server) -> None:
    source = Path(example_bot.__file__).read_text("utf-8")
    code = source.partition('"""\n\n')[2]
    assert code in (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "client.example_bot", server.url],
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "chips in the wallet" in run.stdout
