"""Recorded hands (PHH) through a running test server: real sockets, real chips, given cards.

The server must run with ``fixed_decks``. Every hand is played by guests who sit down with the
recorded stacks and stand up after it, so each hand is also buy-ins, a settlement and cash-outs.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec

from client.errors import ApiError, RefusedError, TableClosed
from client.sdk import Client
from client.table import Table
from games.holdem.records import Call, Check, Fold, HandEnded, Raise
from games.phh import Recorded, deck_of, moves_of
from wire.codec import JSON

HAND_S_MAX = 30.0


class LiveReport(msgspec.Struct):
    """How many hands were played, and what was wrong, a line each."""

    hands: int
    wrong: list[str]


class Difference(Exception):
    """The server and the record disagree."""


class Player:
    """A guest at the table; a fresh one takes over when his wallet is too small."""

    def __init__(self, url: str, table: str, on_frame: Callable[[bytes], None] | None) -> None:
        self._url = url
        self._at = table
        self._on_frame = on_frame
        self._client: Client | None = None
        self._free = 0
        self.table: Table | None = None

    async def ready_for(self, chips: int) -> None:
        """Be at the socket with at least this much in the wallet."""
        if self._client is not None and self._free < chips:
            self._free = (await self._client.wallet()).amount
        if self._client is None or self._free < chips:
            await self.close()
            self._client = await Client.guest(self._url)
            self._free = (await self._client.wallet()).amount
            self.table = await self._client.join(self._at, codec=JSON, on_frame=self._on_frame)
        if self._free < chips:
            raise Difference(f"a guest has {self._free} chips, the record needs {chips}")

    async def sit(self, seat: int, chips: int) -> Table:
        assert self.table is not None
        # The chips of the hand before may still be on their way home.
        await self.table.sit(chips, seat)
        self._free -= chips
        return self.table

    async def close(self) -> None:
        if self._client is not None:
            await self._client.close()


class LiveTable:
    """One fixed-deck table, for the hands with these players and forced bets."""

    def __init__(
        self, url: str, name: str, sample: Recorded, on_frame: Callable[[bytes], None] | None
    ) -> None:
        self.count = len(sample.starting_stacks)
        self._url = url
        self._name = name
        self._spec = _spec(name, sample)
        self._players = [Player(url, name, on_frame) for _ in range(self.count)]

    async def open(self, api: Client) -> None:
        await api.api.post("/v1/test/tables", {"spec": self._spec})

    async def play(self, api: Client, hand: Recorded) -> None:
        """One hand; raises Difference."""
        # Everybody stood up after the hand before, so the table starts like a new one: the lowest
        # seat has the button, and p1 sits left of it.
        seats = [(number + 1) % self.count for number in range(self.count)]
        await asyncio.gather(
            *(p.ready_for(s) for p, s in zip(self._players, hand.starting_stacks, strict=True))
        )
        tables = await asyncio.gather(
            *(
                player.sit(seat, chips)
                for player, seat, chips in zip(
                    self._players, seats, hand.starting_stacks, strict=True
                )
            )
        )
        ended = asyncio.create_task(_ending(tables[0]))
        await asyncio.sleep(0)  # listen before the deck is dealt
        deck = list(deck_of(hand))
        await api.api.post(f"/v1/test/tables/{self._name}/decks", {"decks": [deck]})
        try:
            async with asyncio.timeout(HAND_S_MAX):
                await self._moves(hand, tables, seats)
                end = await ended
        except TimeoutError:
            ended.cancel()
            raise Difference("the hand did not end") from None
        if end.stacks != hand.finishing_stacks:
            raise Difference(f"stacks {end.stacks}, recorded {hand.finishing_stacks}")
        await asyncio.gather(*(table.stand() for table in tables))

    async def _moves(self, hand: Recorded, tables: Sequence[Table], seats: Sequence[int]) -> None:
        for player, code, amount in moves_of(hand):
            table = tables[player]
            while not table.state.my_turn:
                turn = table.state.turn
                if turn >= 0 and table.state.hand and turn != seats[player]:
                    await _settled(table, seats[player], f"p{player + 1} {code}")
                    continue
                await table.changed()
            options = table.state.options
            assert options is not None
            match code:
                case "f":
                    await table.act(Fold())
                case "cc":
                    await table.act(Check() if options.can_check else Call())
                case _:
                    await table.act(Raise(amount))

    async def close(self) -> None:
        for player in self._players:
            await player.close()


async def _settled(table: Table, seat: int, what: str) -> None:
    """The actor before may be ahead of this line: wait for its news."""
    try:
        async with asyncio.timeout(HAND_S_MAX / 3):
            while table.state.turn != seat:
                await table.changed()
    except TimeoutError:
        raise Difference(f"{what} is out of turn") from None


async def _ending(table: Table) -> HandEnded:
    async for event in table.events():
        if isinstance(event, HandEnded):
            return event
    raise Difference("the line ended")


def _spec(name: str, sample: Recorded) -> dict[str, object]:
    blinds = sorted({blind for blind in sample.blinds if blind})
    ante = max(sample.antes)
    if len(blinds) != 2 or len(set(sample.antes)) != 1:
        raise Difference("only two blinds and one ante for all can be played live")
    return {
        "table": name,
        "name": f"Replay {name}",
        "game": {
            "seats": len(sample.starting_stacks),
            "blinds": {"small": blinds[0], "big": blinds[1], "ante": ante},
        },
        "clock": {"turn_ms": 600_000, "bank_ms": 0},
        "buy_in_min": blinds[1],
        "buy_in_max": 2**50,
        "pause_ms": 0,
        "showdown_pause_ms": 0,
    }


async def replay_live(
    url: str,
    hands: Sequence[tuple[str, Recorded]],
    on_frame: Callable[[bytes], None] | None = None,
) -> LiveReport:
    """Play the hands through the server at ``url``; ``on_frame`` sees all that players are sent."""
    report = LiveReport(0, [])
    tables: dict[tuple[object, ...], LiveTable] = {}
    async with await Client.guest(url) as operator:
        try:
            for name, hand in hands:
                report.hands += 1
                try:
                    live = await _table_for(operator, url, tables, hand, report.hands, on_frame)
                    await live.play(operator, hand)
                except (Difference, RefusedError, TableClosed, ApiError) as difference:
                    report.wrong.append(f"{name}: {difference}")
                    for broken in tables.values():
                        await broken.close()
                    tables.clear()
        finally:
            for live in tables.values():
                await live.close()
    return report


async def _table_for(
    operator: Client,
    url: str,
    tables: dict[tuple[object, ...], LiveTable],
    hand: Recorded,
    number: int,
    on_frame: Callable[[bytes], None] | None,
) -> LiveTable:
    kind = (len(hand.starting_stacks), hand.blinds, hand.antes)
    if kind not in tables:
        name = f"replay-{operator.player.id[:8]}-{number}"
        table = LiveTable(url, name, hand, on_frame)
        await table.open(operator)
        tables[kind] = table
    return tables[kind]
