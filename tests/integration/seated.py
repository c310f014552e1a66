"""Players in their seats at a bench, and what they look for there."""

from contextlib import AsyncExitStack
from typing import Any

from games.holdem import records as r
from tests.integration.table_bench import Bench, Player
from wire import events as e
from wire.server_frames import Accepted, Refused, TableView, Welcome


async def seated(bench: Bench, stack: AsyncExitStack, count: int = 2) -> list[Player]:
    """Players with 1,000 each at seats 0, 1, …; the first hand is dealt."""
    players = [await stack.enter_async_context(bench.player()) for _ in range(count)]
    for seat, player in enumerate(players):
        assert isinstance(await player.ask(type="sit", buy_in=1_000, seat=seat), Accepted)
    for player in players:
        await begun(player)
    return players


async def saw(player: Player, kind: type) -> Any:
    """The last event of this type that the player has seen; he reads on until there is one."""
    while True:
        found = [event for event in player.events if isinstance(event, kind)]
        if found:
            return found[-1]
        await player.read()


async def begun(player: Player) -> e.TurnBegan:
    """The turn that the player saw begin last."""
    turn = await saw(player, e.TurnBegan)
    assert isinstance(turn, e.TurnBegan)
    return turn


async def next_hand(player: Player, after: int) -> None:
    """The player is at a hand after this one: in his welcome, or in what follows."""
    shown = view_of(player).hand
    while shown is None or shown.hand <= after:
        started = await saw(player, r.HandStarted)
        if started.hand > after:
            return
        await player.read()


async def back(bench: Bench, stack: AsyncExitStack, player: Player, extra: str = "") -> Player:
    """The player's new line, with its welcome."""
    line = await stack.enter_async_context(bench.line(player.id, bench.ticket(player.id), extra))
    frame = await line.read()
    assert isinstance(frame, Welcome), frame
    line.welcome = frame
    return line


def view_of(player: Player) -> TableView:
    assert player.welcome is not None
    assert player.welcome.view is not None
    return player.welcome.view


async def act(bench: Bench, player: Player, **action: Any) -> Accepted | Refused:
    return await player.ask(type="act", hand=bench.room.machine.hand, action=action)
