"""Clients of a simulated table: they play, leave, come back, repeat themselves and act out of turn.

A client knows what real ones know: the frames that reached him, through ``client.state``.
"""

import asyncio
import random
from collections import deque
from typing import Protocol, cast
from uuid import UUID

from actors.sockets import Connection
from actors.table import Table
from auth.tickets import TicketClaims
from client.errors import OutOfSequence
from client.state import TableState
from games.holdem import records as r
from wire import client_frames as f
from wire.codec import CODECS, Codec
from wire.codes import Close
from wire.server_frames import Accepted, Refused, ServerFrame, Update, Welcome

REPEATED_MAX = 3
"""Only so many of the last requests are repeated: fewer than a table remembers."""


class Town(Protocol):
    """The world, as a client sees it."""

    @property
    def chance(self) -> random.Random: ...

    def find(self, table: str) -> Table | None:
        """The process that is said to serve the table: it may have lost it already."""

    def saw(self, line: "Line", data: bytes) -> ServerFrame:
        """Note bytes that a table put on a line; the frame in them."""

    def opened(self, line: "Line") -> None:
        """Note a new line."""

    def complain(self, what: str) -> None:
        """Something that must not happen."""

    def count(self, deed: str) -> None:
        """A client did something unusual."""


class Line:
    """One connection, both ends: what ``actors.sockets.Connection`` is to a table."""

    def __init__(self, client: "Client", room: Table, asked: tuple[int, int], codec: Codec) -> None:
        self.client = client
        self.room = room
        self.asked = asked
        self.codec = codec
        self.frames: list[ServerFrame] = []
        self.gone = False
        self.deaf = False
        self.claims = claims(client, room)
        self._loop = asyncio.get_running_loop()
        self._inbox: deque[ServerFrame] = deque()
        self._coming = False

    @property
    def player_id(self) -> str:
        return str(self.client.player)

    def as_connection(self) -> Connection:
        """For the table, which sees no difference."""
        return cast(Connection, self)

    def send(self, frame: ServerFrame) -> None:
        self.send_bytes(self.codec.encode(frame))

    def send_bytes(self, data: bytes) -> None:
        if self.gone:
            return
        frame = self.client.town.saw(self, data)
        self.frames.append(frame)
        if not self.deaf:
            self._inbox.append(frame)
            self._fetch()

    def close(self, code: Close, reason: str) -> None:
        if self.gone:
            return
        self.gone = True
        self._loop.call_later(self.client.town.chance.uniform(0.01, 0.5), self.hang_up)

    def hang_up(self) -> None:
        """The table's end hears that the line is closed; so does the client."""
        self.room.front.leave(self.as_connection())
        self.client.lost(self)

    def _fetch(self) -> None:
        if not self._coming:
            self._coming = True
            self._loop.call_later(self.client.town.chance.uniform(0.001, 0.05), self._deliver)

    def _deliver(self) -> None:
        self._coming = False
        while self._inbox and not self.deaf:
            self.client.hear(self, self._inbox.popleft())

    @property
    def quiet(self) -> bool:
        """Whether everything that was sent has arrived."""
        return not (self.gone or self.deaf or self._inbox)

    def ask(self, frame: f.ClientFrame) -> None:
        """Send a request; it takes a moment, and is lost if the line breaks before."""

        def arrive() -> None:
            if not (self.gone or self.deaf):
                self.room.front.receive(self.as_connection(), frame)

        self._loop.call_later(self.client.town.chance.uniform(0.001, 0.05), arrive)

    def cut(self) -> None:
        """The client's end is gone at once; the table notices later."""
        self.deaf = True
        self._inbox.clear()

        def notice() -> None:
            if not self.gone:
                self.gone = True
                self.room.front.leave(self.as_connection())

        self._loop.call_later(self.client.town.chance.choice((0.0, 0.1, 8.0)), notice)


def claims(client: "Client", room: Table) -> TicketClaims:
    """What a redeemed ticket says."""
    return TicketClaims(
        sub=client.player,
        sid=client.player,
        name=client.name,
        kind="player",
        table=client.table,
        epoch=room.epoch,
        addr="memory",
        port=1,
        role="seat",
        jti="0123456789abcdef",
        exp=1,
    )


class Client:
    """One player, or a watcher."""

    def __init__(self, town: Town, table: str, player: UUID, watcher: bool = False) -> None:
        self.town = town
        self.table = table
        self.player = player
        self.name = f"p{player.int}"
        self.watcher = watcher
        self.state = TableState()
        self.line: Line | None = None
        self.sent: dict[str, f.ClientFrame] = {}
        self.leaving = False
        self.calm = False
        self._unanswered: dict[str, f.ClientFrame] = {}
        self._accepted: deque[str] = deque(maxlen=REPEATED_MAX)
        self._missing = 0
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._codec = CODECS[town.chance.choice(sorted(CODECS))]
        self._planned = -1
        self._refs = 0
        self._wake(town.chance.uniform(0.0, 1.0))

    # The line

    def enter(self) -> None:
        """Come (back) to whoever is said to serve the table."""
        room = self.town.find(self.table)
        if room is None or self.line is not None:
            return
        resume = self.state.epoch > 0 and self.town.chance.randrange(8) > 0
        asked = (self.state.epoch, self.state.seq) if resume else (-1, -1)
        self.line = Line(self, room, asked, self._codec)
        self.town.opened(self.line)
        room.front.enter(self.line.as_connection(), *asked)

    def lost(self, line: Line) -> None:
        """The line has ended."""
        if self.line is line:
            line.deaf = True
            self.line = None
            self._wake(self.town.chance.uniform(0.05, 1.5))

    def hear(self, line: Line, frame: ServerFrame) -> None:
        """A frame has arrived."""
        if line is not self.line:
            return
        now = self._loop.time()
        match frame:
            case Welcome():
                self.state.welcome(frame, now)
                self._missing = frame.missed
                self._welcomed()
            case Update():
                try:
                    self.state.update(frame, now)
                except OutOfSequence as wrong:
                    self.town.complain(f"{self.name}: {wrong}")
                if self._missing:
                    self._missing -= 1
                    self._welcomed()
            case Accepted(ref=ref, seat=seat):
                if isinstance(self._unanswered.pop(ref, None), f.Sit):
                    self.state.me = seat
                if ref in self.sent:  # or a fuzzer's, who speaks on his line
                    self._accepted.append(ref)
            case Refused(ref=str() as ref):
                self._unanswered.pop(ref, None)
        self._plan_turn()

    def _welcomed(self) -> None:
        if not self._missing and self.line is not None:
            for frame in list(self._unanswered.values()):
                self.line.ask(frame)

    # What to do next

    def _wake(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, self._think)

    def _plan_turn(self) -> None:
        """His turn: soon, or he sleeps through it."""
        if self.state.my_turn and self.state.turn_number != self._planned:
            chance = self.town.chance
            self._planned = self.state.turn_number
            slow = not self.leaving and chance.randrange(30) == 0
            pause = chance.uniform(1.0, 5.0) if slow else chance.uniform(0.01, 0.2)
            self._loop.call_later(pause, self._act)

    def _think(self) -> None:
        self._wake(self.town.chance.uniform(0.5, 2.5))
        if self.line is None:
            self.enter()
        elif self.watcher:
            self._watch()
        elif self.state.my_turn and self.town.chance.randrange(2):
            self._act()  # on a new line, or what was lost
        elif self.state.my_seat is None:
            self._sit()
        elif self.leaving:
            self._ask(f.Stand(self._ref()))
        else:
            self._do_something()

    def _watch(self) -> None:
        if not self.calm and self.town.chance.randrange(10) == 0:
            self._break()

    def _act(self) -> None:
        state, chance = self.state, self.town.chance
        if not state.my_turn:
            return
        frame = f.Act(self._ref(), state.hand, state.turn_number, self._choose())
        self._ask(frame)
        if chance.randrange(12) == 0 and self.line is not None:
            self.town.count("sent twice")
            self.line.ask(frame)
        if chance.randrange(25) == 0 and not self.calm:
            self._break()

    def _choose(self) -> r.Action:
        options, chance = self.state.options, self.town.chance
        if options is None:
            return r.Fold()
        number = chance.randrange(100)
        if number < 4:
            return r.Raise(chance.randrange(1, 30_000))
        if number < 22 and options.raise_max:
            high = options.raise_max if number < 8 else options.raise_min
            return r.Raise(chance.randint(options.raise_min, max(high, options.raise_min)))
        if options.can_check:
            return r.Check()
        return r.Call() if number < 70 else r.Fold()

    def _sit(self) -> None:
        if self.leaving or any(isinstance(frame, f.Sit) for frame in self._unanswered.values()):
            self._retry()
            return
        chance = self.town.chance
        seat = chance.choice((None, None, chance.randrange(6)))
        buy_in = chance.choice((1_000, 3_000, 10_000, 400))
        self._ask(f.Sit(self._ref(), buy_in, seat, chance.randrange(2) == 0))

    def _do_something(self) -> None:
        mine, chance = self.state.my_seat, self.town.chance
        assert mine is not None
        if mine.stack == 0 and not mine.playing:
            self._ask(f.TopUp(self._ref(), 2_000))
        elif mine.sitting_out and chance.randrange(3):
            self._ask(f.SitOut(self._ref(), False))
        else:
            self._anything(chance.randrange(100))

    def _anything(self, number: int) -> None:
        state, chance = self.state, self.town.chance
        if number < 8:
            self._ask(f.TopUp(self._ref(), chance.randrange(1, 3_000)))
        elif number < 11:
            self._ask(f.Stand(self._ref()))
        elif number < 13:
            self.town.count("top-up and stand")
            self._ask(f.TopUp(self._ref(), chance.randrange(1, 3_000)))
            self._ask(f.Stand(self._ref()))
        elif number < 15:
            self._ask(f.SitOut(self._ref(), True))
        elif number < 18:
            self._ask(f.Straddle(self._ref(), chance.randrange(4) > 0))
        elif number < 23:
            self.town.count("out of turn")
            self._ask(f.Act(self._ref(), state.hand, state.turn_number, r.Fold()))
        elif number < 26:
            self.town.count("late act")
            turn = max(0, state.turn_number - 1)
            self._ask(f.Act(self._ref(), state.hand, turn, r.Call()))
        elif number < 34:
            self._repeat()
        elif number < 40:
            self._break()
        else:
            self._retry()

    def _repeat(self) -> None:
        """A request that was accepted, once more: before or after a break."""
        if self._accepted and self.line is not None:
            self.town.count("repeated")
            self.line.ask(self.sent[self.town.chance.choice(list(self._accepted))])

    def _retry(self) -> None:
        if self._unanswered and self.line is not None:
            self.line.ask(self.town.chance.choice(list(self._unanswered.values())))

    def _break(self) -> None:
        line = self.line
        if line is not None:
            self.town.count("line broken")
            line.cut()
            self.lost(line)

    def _ref(self) -> str:
        self._refs += 1
        return f"{self.name}-{self._refs}"

    def _ask(self, frame: f.ClientFrame) -> None:
        self.sent[frame.ref] = frame
        self._unanswered[frame.ref] = frame
        if self.line is not None:
            self.line.ask(frame)
