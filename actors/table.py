"""A table at work: the one place that owns the order command → step → broadcast → ledger.

Runs on one event loop, which is its only lock: nothing here awaits between reading the machine
and changing it.
"""

import asyncio
import logging
import os
import time
from collections.abc import Coroutine
from typing import Any

from actors import commands as c
from actors import refusals as no
from actors.archive import Archive, FinishedHand
from actors.bank import Bank
from actors.broadcast import Broadcast
from actors.cashier import BooksDisagree, Cashier
from actors.commands import Outcome, Player
from actors.escrow import Escrow
from actors.machine import TableMachine
from actors.replies import Replies
from actors.sockets import Connection
from actors.spec import TableSpec
from actors.stats import Stats
from auth.keys import PublicKeys
from auth.tickets import TicketClaims, TicketGate
from games.clock import Phase
from games.holdem.records import HandShown, HandStarted
from games.protocol import NO_SEAT, RAIL
from games.refusal import Refusal
from wire import client_frames as f
from wire.codes import Close
from wire.limits import Limits
from wire.server_frames import Accepted, Pong, Refused, Welcome

log = logging.getLogger(__name__)

SEED_BYTES = 32
SWEEP_S = 5.0


class Table:
    """The room behind the sockets of one table."""

    def __init__(
        self,
        spec: TableSpec,
        *,
        epoch: int,
        last_hand: int,
        bank: Bank,
        archive: Archive,
        keys: PublicKeys,
        limits: Limits,
    ) -> None:
        self.spec = spec
        self.limits = limits
        self.epoch = epoch
        self.machine = TableMachine(spec, last_hand)
        self.stats = Stats()
        self.closed = asyncio.Event()
        self.halted = ""
        self.decks: list[tuple[int, ...]] = []
        self._gate = TicketGate(keys, spec.table, epoch)
        self._broadcast = Broadcast(epoch, limits.history_frames_max)
        self._cashier = Cashier(bank, archive, spec.table, epoch)
        self._escrow = Escrow(bank, spec.table, epoch)
        self._replies = Replies(limits.replies_per_player_max)
        self._connections: dict[str, Connection] = {}
        self._hand_events: list[Any] = []
        self._between_hands = asyncio.Event()
        self._between_hands.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn_timer: asyncio.TimerHandle | None = None
        self._deal_timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Begin to serve: the ledger's errands, the sweep of the absent, the first hand."""
        self._spawn(self._run_cashier())
        self._spawn(self._run_sweep())

    async def stop(self, grace_s: float) -> None:
        """No new hand; wait for the running one, send every stake home, close the sockets.

        After ``grace_s`` seconds a hand still running is left: its chips are as the ledger had
        them before it, and go home when the table is opened next.
        """
        self.submit(c.CloseTable(self.now()))
        try:
            async with asyncio.timeout(grace_s):
                await self._between_hands.wait()
                await self._cashier.idle.wait()
        except TimeoutError:
            log.warning("%s: closed during hand %d", self.spec.table, self.machine.hand)
        self._end(Close.RESTARTING, "The server is restarting.")

    def now(self) -> int:
        """Monotonic milliseconds."""
        return int(self._loop.time() * 1_000)

    # The room, as the sockets see it

    def redeem(self, ticket: str) -> TicketClaims:
        """Raises AuthError; see ``auth.tickets``."""
        return self._gate.redeem(ticket, time.time())

    def enter(self, connection: Connection, epoch: int, seq: int) -> None:
        """A client is at the socket: what it missed, or a snapshot."""
        player = connection.player_id
        before = self._connections.pop(player, None)
        if before is not None:
            before.close(Close.REPLACED, "You have joined from somewhere else.")
        seat = self.machine.seat_of(player)
        crowded = len(self._connections) >= self.limits.connections_per_table_max
        if crowded and seat == NO_SEAT and not self._make_room(connection):
            connection.close(Close.TABLE_CROWDED, "Too many people are watching.")
            return
        missed = self._broadcast.missed(epoch, seq, player)
        at = self._broadcast.seq
        if missed is None:
            view = self.machine.view(seat if seat != NO_SEAT else RAIL, self.now())
            connection.send(Welcome(self.spec.table, self.epoch, at, seat, 0, view))
        else:
            connection.send(Welcome(self.spec.table, self.epoch, at, seat, len(missed)))
            for update in missed:
                connection.send(update)
        self._connections[player] = connection
        if seat != NO_SEAT:
            self.submit(c.SetConnected(self.now(), player, True))

    def _make_room(self, newcomer: Connection) -> bool:
        """One who may sit down is worth the longest watcher's place."""
        assert newcomer.claims is not None
        if newcomer.claims.role == "rail":
            return False
        for player, other in self._connections.items():
            if other.claims is not None and other.claims.role == "rail":
                del self._connections[player]
                other.close(Close.TABLE_CROWDED, "Your place was needed for a player.")
                return True
        return False

    def leave(self, connection: Connection) -> None:
        """A line broke: the seat waits, the clock runs."""
        player = connection.player_id
        if self._connections.get(player) is not connection:
            return  # replaced by a newer line of the same player
        del self._connections[player]
        if self.machine.seat_of(player) != NO_SEAT:
            self.submit(c.SetConnected(self.now(), player, False))

    def receive(self, connection: Connection, frame: f.ClientFrame) -> None:
        """One request: answered once, however often it comes."""
        claims = connection.claims
        assert claims is not None
        if isinstance(frame, f.Ping):
            connection.send(Pong(frame.ref))
            return
        player = Player(str(claims.sub), claims.name, claims.kind)
        if claims.role == "rail":
            refusal = no.RAIL_CANNOT_PLAY
            connection.send(Refused(frame.ref, refusal.code, refusal.message))
            return
        new, answer = self._replies.begin(player.id, frame.ref)
        if not new:
            if answer is not None:
                connection.send(answer)
            return
        match frame:
            case f.Sit() | f.TopUp():
                self._spawn(self._with_money(player, frame))
            case _:
                self._reply(player.id, frame.ref, self.submit(self._command(player, frame)))

    def _command(self, player: Player, frame: f.Act | f.SitOut | f.Straddle | f.Stand) -> c.Command:
        match frame:
            case f.Act(hand=hand, turn=turn, action=action):
                return c.Act(self.now(), player.id, hand, action, turn)
            case f.SitOut(on=on):
                return c.SetSitOut(self.now(), player.id, on)
            case f.Straddle(on=on):
                return c.SetStraddle(self.now(), player.id, on)
            case f.Stand():
                return c.StandUp(self.now(), player.id)

    async def _with_money(self, player: Player, frame: f.Sit | f.TopUp) -> None:
        """Chips leave the wallet first; only then does the table know of them."""
        if isinstance(frame, f.Sit):
            result = await self._escrow.sit(self, player, frame)
        else:
            result = await self._escrow.top_up(self, player, frame)
        self._reply(player.id, frame.ref, result)
        if isinstance(frame, f.Sit) and player.id not in self._connections:
            self.submit(c.SetConnected(self.now(), player.id, False))

    def _reply(self, player: str, ref: str, result: Outcome | Refusal) -> None:
        reply: Accepted | Refused
        match result:
            case Refusal(code=code, message=message):
                reply = Refused(ref, code, message)
            case Outcome(seat=seat):
                reply = Accepted(ref, seat)
        self._replies.finish(player, reply)
        connection = self._connections.get(player)
        if connection is not None:
            connection.send(reply)

    # The order of things

    def submit(self, command: c.Command) -> Outcome | Refusal:
        """Step, show, settle, set the clocks: in this order, here and nowhere else."""
        seated = {s.number: s.player for s in self.machine.seats.taken()}
        try:
            result = self.machine.step(command)
        except AssertionError as fault:
            self._halt(f"{type(command).__name__}: {fault!r}")
            raise
        if isinstance(result, Refusal):
            return result
        if result.events:
            self._show(result.events, seated)
        for effect in result.effects:
            match effect:
                case c.HandOver():
                    self._between_hands.set()
                    self._cashier.settle(effect, self._finished(seated))
                case c.CashOut():
                    self._cashier.send_home(effect)
        self._set_timers()
        return result

    def _show(self, events: list[Any], seated: dict[int, Player]) -> None:
        if isinstance(events[0], HandStarted):
            self._hand_events = []
            self._between_hands.clear()
        if not self._between_hands.is_set():
            self._hand_events += events
        self.stats.note(events, time.time())
        players = {seat: player.id for seat, player in seated.items()}
        self._broadcast.publish(
            events, self.machine.game, players, list(self._connections.values())
        )

    def _finished(self, seated: dict[int, Player]) -> FinishedHand:
        started = self._hand_events[0]
        assert isinstance(started, HandStarted)
        players = tuple((seat, seated[seat]) for seat in started.seats)
        return FinishedHand(
            self.spec.table, self.machine.hand, self.epoch, tuple(self._hand_events), players
        )

    # Clocks

    def _set_timers(self) -> None:
        if self._turn_timer is not None:
            self._turn_timer.cancel()
            self._turn_timer = None
        clock = self.machine.clock
        if clock.phase is not Phase.STOPPED:
            turn = self.machine.turn
            self._turn_timer = self._loop.call_at(clock.deadline / 1_000, self._clock_ran_out, turn)
        elif self.machine.can_deal() and self._deal_timer is None and not self.halted:
            self._deal_timer = self._loop.call_later(self._pause_s(), self._deal_soon)

    def _clock_ran_out(self, turn: int) -> None:
        # Timers may fire a hair early by their own rounding: never before the deadline.
        self.submit(c.ClockRanOut(max(self.now(), self.machine.clock.deadline), turn))

    def _pause_s(self) -> float:
        shown = any(isinstance(event, HandShown) for event in self._hand_events)
        pause = self.spec.showdown_pause_ms if shown else self.spec.pause_ms
        return pause / 1_000 if self._hand_events else 0.0

    def _deal_soon(self) -> None:
        self._spawn(self._deal())

    async def _deal(self) -> None:
        """The next hand, once the ledger has the last one."""
        await self._cashier.idle.wait()
        self._deal_timer = None
        if self.halted or (self.spec.fixed_decks and not self.decks):
            return
        deck = self.decks.pop(0) if self.spec.fixed_decks and self.machine.can_deal() else None
        self.submit(c.Deal(self.now(), os.urandom(SEED_BYTES), deck))

    def put_deck(self, deck: tuple[int, ...]) -> None:
        """Deal this deck next: only at tables that were opened for fixed decks (tests)."""
        assert self.spec.fixed_decks
        self.decks.append(deck)
        self._set_timers()

    # Tasks

    async def _run_cashier(self) -> None:
        try:
            await self._cashier.run()
        except BooksDisagree as disagreement:
            self._halt(str(disagreement))
        except Exception as fault:
            # Without its cashier a table would wait for the ledger for ever.
            self._halt(f"the cashier failed: {fault!r}")

    def _halt(self, reason: str) -> None:
        """A fault: nobody plays on from a state that may be wrong. The floor opens the table
        anew and every stake goes home as the ledger has it."""
        log.critical("%s: halted: %s", self.spec.table, reason)
        self.halted = reason
        self._end(Close.MOVED, "The table is being opened anew; your chips are safe.")

    async def _run_sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            self.submit(c.Sweep(self.now()))

    def send_home(self, errand: c.CashOut) -> None:
        """A stake without a seat goes back to its wallet."""
        self._cashier.send_home(errand)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("%s: a task failed", self.spec.table, exc_info=task.exception())
            self._halt(f"a task failed: {task.exception()!r}")

    def _end(self, code: Close, reason: str) -> None:
        for connection in list(self._connections.values()):
            connection.close(code, reason)
        for timer in (self._turn_timer, self._deal_timer):
            if timer is not None:
                timer.cancel()
        current = asyncio.current_task()
        for task in self._tasks - {current}:
            task.cancel()
        self.closed.set()

    def seat_of(self, player: str) -> int:
        """The player's seat number, or NO_SEAT."""
        return self.machine.seat_of(player)

    def taken_over(self) -> None:
        """The ledger says that this epoch is over: stop at once."""
        self._halt("stale_epoch")

    def session_of(self, player: str) -> str | None:
        """The ledger session of the player's stake, None without a seat."""
        seat = self.machine.seats.of(player)
        return seat.session if seat else None

    @property
    def connections(self) -> int:
        """How many clients are at the socket."""
        return len(self._connections)
