"""The side of a table that its clients see: who is there, what they ask, what they are answered."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from actors import commands as c
from actors import refusals as no
from actors.commands import Outcome, Player
from actors.escrow import Escrow
from actors.monitor import ACT_TO_BROADCAST, RECONNECTS, REFUSALS
from actors.presence import Presence
from actors.replay import asker
from actors.replies import Replies
from actors.sockets import Connection
from auth.tickets import TICKET_TTL_S_MAX, TicketClaims, TicketGate
from games.fair.deal import entropy_hash
from games.protocol import NO_SEAT, RAIL
from games.refusal import Refusal
from telemetry import traces
from telemetry.stages import Stages
from wire import client_frames as f
from wire.codes import Close
from wire.server_frames import Accepted, Pong, Refused, Welcome

if TYPE_CHECKING:
    from actors.table import Table


class Front:
    """The ``Room`` of the sockets. The order of things is the table's."""

    def __init__(self, table: "Table", gate: TicketGate, escrow: Escrow) -> None:
        self.limits = table.limits
        self.replies = Replies(table.limits.replies_per_player_max)
        self.presence = Presence(table.limits.connections_per_table_max)
        self._table = table
        self._gate = gate
        self._escrow = escrow
        self.idle = asyncio.Event()
        """Set while nobody is buying in."""
        self.idle.set()
        self.barred: frozenset[str] = frozenset()
        """Players who must not come back into play."""
        self._buying: Counter[str] = Counter()
        self._written: Counter[str] = Counter()
        self._count_until = 0.0
        self._entering: dict[Connection, None] = {}
        self._turned_out: dict[str, float] = {}
        """Players who were sent away, until the last ticket of theirs has expired and no buy-in of
        theirs is under way; by then no more tickets are made for them."""

    def count(self, command: c.Command) -> None:
        """Something a player did has become a row of the journal."""
        self._written[asker(command)] += 1

    def _wrote_much(self, player: str) -> bool:
        now = asyncio.get_running_loop().time()
        if not self._table.machine.game.playing and now >= self._count_until:
            self.start_count()  # there may never be another hand: nobody's seat is his prison
        return self._written[player] >= self.limits.rows_per_player_max

    def start_count(self) -> None:
        """A new hand, or a while without one: everybody may ask again."""
        self._count_until = asyncio.get_running_loop().time() + self.limits.rows_pause_s
        self._written.clear()

    def redeem(self, ticket: str) -> TicketClaims:
        """Raises AuthError; see ``auth.tickets``."""
        return self._gate.redeem(ticket, time.time())

    def enter(self, connection: Connection, epoch: int, seq: int) -> None:
        """A client is at the socket. What he sees is on disk: he waits for it if need be."""
        table = self._table
        if not table.serving:
            connection.close(Close.RESTARTING, "The table is being opened anew.")
            return
        if self.is_turned_out(connection.player_id):
            connection.close(Close.SENT_AWAY, no.SENT_AWAY.message)
            return
        if self._wrote_much(connection.player_id):
            connection.close(Close.TOO_OFTEN, "You come and go too often.")
            return
        seat = table.machine.seat_of(connection.player_id)
        if seat == NO_SEAT and table.lag.busy and connection.player_id not in self.presence:
            connection.close(Close.TABLE_CROWDED, no.ACTOR_BUSY.message)
            return
        view = table.machine.view(seat if seat != NO_SEAT else RAIL, table.now())

        claims = connection.claims
        hello = traces.begin("hello", parent=claims.trace) if traces.on() and claims else None
        connection.seen = traces.parent_of(hello)

        def welcome() -> None:
            traces.end(hello)
            self._entering.pop(connection, None)
            if connection.gone or not self.presence.admit(connection, seat != NO_SEAT):
                return
            if epoch > 0:
                RECONNECTS.inc()
            missed = table.broadcast.missed(epoch, seq, connection.player_id)
            name, at = table.spec.table, table.broadcast.seq
            if missed is None:
                connection.send(Welcome(name, table.epoch, at, seat, 0, view))
            else:
                connection.send(Welcome(name, table.epoch, at, seat, len(missed)))
                for update in missed:
                    connection.send(update)
            if seat != NO_SEAT:
                table.submit(c.SetConnected(table.now(), connection.player_id, True))

        self._entering[connection] = None
        table.when_durable(welcome)

    @property
    def lines(self) -> Iterator[Connection]:
        """Every one, also those whose welcome still waits for the disk."""
        return chain(self.presence, tuple(self._entering))

    def send_away(self, code: Close, reason: str) -> None:
        """Close every line, also those whose welcome still waits for the disk."""
        self.presence.close_all(code, reason)
        for connection in self._entering:
            connection.close(code, reason)
        self._entering.clear()

    def turn_out(self, player: str) -> None:
        """He takes no seat any more, whatever he has asked for, and tickets that he still holds
        lead nowhere."""
        for other in list(self._turned_out):  # as many as were sent away in those two minutes
            self.is_turned_out(other)
        self._turned_out[player] = asyncio.get_running_loop().time() + TICKET_TTL_S_MAX

    def hang_up(self, player: str) -> None:
        """Close the line of one who is turned out."""
        for line in list(self.lines):
            if line.player_id == player:
                line.close(Close.SENT_AWAY, no.SENT_AWAY.message)

    def is_turned_out(self, player: str) -> bool:
        """Whether he was sent away a moment ago, or since he asked for a seat. Else he is
        forgotten."""
        until = self._turned_out.get(player)
        if until is None:
            return False
        if until > asyncio.get_running_loop().time() or self._buying[player]:
            return True
        del self._turned_out[player]
        return False

    def leave(self, connection: Connection) -> None:
        """A line broke: the seat waits, the clock runs."""
        player = connection.player_id
        if self.presence.drop(connection):
            self._table.submit(c.SetConnected(self._table.now(), player, False))

    def receive(self, connection: Connection, frame: f.ClientFrame) -> None:
        """One request: answered once, however often it comes."""
        claims = connection.claims
        assert claims is not None
        if isinstance(frame, f.Ping):
            connection.send(Pong(frame.ref))
            return
        if not self._table.serving:
            self._refuse(connection, frame.ref, no.TABLE_MOVED)
            return
        player = Player(connection.player_id, claims.name, claims.kind)
        new, answer = self.replies.begin(player.id, frame.ref)
        if not new:
            if answer is not None:
                self._table.when_durable(lambda: connection.send(answer))
            return
        too_much = self._too_much(player.id, frame)
        if too_much is not None:
            self.replies.forget(player.id, frame.ref)  # nothing was done: it may come again
            self._refuse(connection, frame.ref, too_much)
            return
        match frame:
            case f.Sit() | f.TopUp():
                self._buying[player.id] += 1
                self.idle.clear()
                self._table.spawn(self._with_money(player, frame, connection.seen))
            case _:
                began = time.perf_counter() if isinstance(frame, f.Act) else 0.0
                stages = _stages(frame, connection.seen) if traces.on() else None
                try:
                    result = self._table.submit(self._command(player, frame), frame.ref, stages)
                except Exception as fault:
                    if stages is not None:
                        stages.end(repr(fault))
                    raise
                self._reply(player.id, frame.ref, result, began, stages)

    def _refuse(self, connection: Connection, ref: str, refusal: Refusal) -> None:
        REFUSALS.labels(refusal.code).inc()
        connection.send(Refused(ref, refusal.code, refusal.message))

    def _too_much(self, player: str, frame: f.ClientFrame) -> Refusal | None:
        """A hand has only so many actions; of anything else a client could write without end."""
        if player in self.barred and isinstance(frame, f.SitOut) and not frame.on:
            return no.BARRED
        if self._table.lag.busy and isinstance(frame, f.Sit):
            return no.ACTOR_BUSY
        if self._wrote_much(player) and not isinstance(frame, f.Act):
            return no.TOO_FAST
        if self._buying[player] >= self.limits.buy_ins_under_way_max:
            return no.TOO_FAST
        return no.TABLE_BUSY if self._table.waiting >= self.limits.pending_max else None

    def _command(
        self, player: Player, frame: f.Act | f.SitOut | f.Straddle | f.Stand | f.Entropy
    ) -> c.Command:
        match frame:
            case f.Act(hand=hand, turn=turn, action=action):
                return c.Act(self._table.now(), player.id, hand, action, turn)
            case f.SitOut(on=on):
                return c.SetSitOut(self._table.now(), player.id, on)
            case f.Straddle(on=on):
                return c.SetStraddle(self._table.now(), player.id, on)
            case f.Stand():
                return c.StandUp(self._table.now(), player.id)
            case f.Entropy(value=value):
                return c.SetEntropy(self._table.now(), player.id, entropy_hash(value))

    async def _with_money(self, player: Player, frame: f.Sit | f.TopUp, seen: str) -> None:
        """Chips leave the wallet first; only then does the table know of them."""
        try:
            with traces.span(type(frame).__name__.lower(), links=(seen,)):
                if isinstance(frame, f.Sit):
                    result = await self._escrow.sit(self._table, player, frame)
                else:
                    result = await self._escrow.top_up(self._table, player, frame)
        finally:
            self._bought(player.id)
        self._reply(player.id, frame.ref, result)
        if isinstance(frame, f.Sit) and player.id not in self.presence:
            self._table.submit(c.SetConnected(self._table.now(), player.id, False))

    def _bought(self, player: str) -> None:
        self._buying[player] -= 1
        self._buying += Counter()  # drops those at zero
        if not self._buying:
            self.idle.set()

    def _reply(
        self,
        player: str,
        ref: str,
        result: Outcome | Refusal,
        acted_at: float = 0.0,
        stages: Stages | None = None,
    ) -> None:
        reply: Accepted | Refused
        match result:
            case Refusal(code=code, message=message):
                REFUSALS.labels(code).inc()
                acted_at = 0.0
                limit = result.limit if isinstance(result, no.Limited) else None
                reply = Refused(ref, code, message, limit)
            case Outcome(seat=seat):
                reply = Accepted(ref, seat)
        self.replies.finish(player, reply)

        def send() -> None:
            if acted_at:  # what it did was sent just before its answer
                ACT_TO_BROADCAST.observe(time.perf_counter() - acted_at)
            if stages is not None:
                stages.end(**({"refused": reply.code} if isinstance(reply, Refused) else {}))
            connection = self.presence.of(player)
            if connection is not None:
                connection.send(reply)

        self._table.when_durable(send)


def _stages(frame: f.ClientFrame, seen: str) -> Stages | None:
    """A trace of its own for each request, linked to his coming: a line may last for hours."""
    return traces.stages(type(frame).__name__.lower(), links=(seen,))
