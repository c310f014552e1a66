"""A table at work: the one place that owns the order command → step → journal → show → ledger.

Runs on one event loop, which is its only lock: nothing here awaits between reading the machine
and changing it. The machine may be ahead of the disk; what players are shown never is.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Container, Coroutine, Mapping
from functools import partial
from typing import Any, Final
from uuid import UUID

import msgspec

from actors import commands as c
from actors import refusals as no
from actors.archive import Archive
from actors.bank import Bank
from actors.broadcast import Broadcast
from actors.cashier import BooksDisagree, Cashier, Errand, TakenOver
from actors.commands import Outcome, Player, leaves_trace
from actors.escrow import Escrow
from actors.front import Front
from actors.handlog import Before
from actors.journal import Pen, Row, Saved
from actors.load import LagMeter
from actors.machine import TableMachine
from actors.recovery import FAULT_REASON, Recovered, must_void
from actors.replay import errand_of
from actors.scribe import Scribe
from actors.stats import Stats
from actors.table_clock import TableClock
from auth.keys import PublicKeys
from auth.tickets import TicketGate
from games.clock import Phase
from games.fair.deal import SEED_BYTES
from games.protocol import NO_SEAT
from games.refusal import Refusal
from telemetry.stages import Stages
from wire import events as e
from wire.codes import Close
from wire.limits import Limits

log = logging.getLogger(__name__)

SETTLE_S_MIN: Final = 30.0
"""A table that is closed for good waits at least so long for the ledger, whatever the grace."""
ENDED: Final = "ended"
STALE: Final = "stale_epoch"
ROWS_BETWEEN_SNAPSHOTS_MAX: Final = 64
"""A table without hands writes a snapshot too: a replay stays short."""


class Table:
    """The room behind the sockets of one table."""

    def __init__(
        self,
        recovered: Recovered,
        *,
        pen: Pen,
        bank: Bank,
        archive: Archive,
        scribe: Scribe,
        keys: PublicKeys,
        ended: Container[UUID] = frozenset(),
        limits: Limits,
        lease_until: float,
        chance: Callable[[int], bytes],
        lag: LagMeter,
    ) -> None:
        """``lease_until`` is an instant of the loop's clock, in seconds; ``chance`` gives so many
        random bytes."""
        self._loop = asyncio.get_running_loop()
        self.machine: TableMachine = recovered.machine
        self.spec = self.machine.spec
        self.limits = limits
        self.epoch = pen.epoch
        self.stats = Stats()
        self.halted = ""
        self.lease_until = lease_until
        self.decks: list[tuple[int, ...]] = []
        self.clock = TableClock(self._loop.time, recovered.state.now)
        self._pen = pen
        self._scribe = scribe
        self.broadcast = Broadcast(self.epoch, limits.history_frames_max)
        self._cashier = Cashier(bank, archive, self.spec.table, self.epoch)
        self._chance = chance
        self.lag = lag
        escrow = Escrow(
            bank, self.spec.table, self.epoch, recovered.known_keys, chance, self.spec.currency
        )
        gate = TicketGate(keys, self.spec.table, self.epoch, ended=ended)
        self.front = Front(self, gate, escrow)
        self._log = recovered.state.log
        self._pending: deque[tuple[int, Callable[[], None]]] = deque()
        self._flushed = asyncio.Event()
        self._flushed.set()
        self._quiet = asyncio.Event()
        self._ended = asyncio.Event()
        self._dealt_at = self._loop.time()
        self._leaving = False
        self._snapshot_seq = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._turn_timer: asyncio.TimerHandle | None = None
        self._deal_timer: asyncio.TimerHandle | None = None
        for player, reply in recovered.state.replies:
            self.front.replies.restore(player, reply)

    def start(self, recovered: Recovered, fault: str = "") -> None:
        """Begin to serve where the journal ends; ``fault`` is why the one before gave up."""
        if not self.machine.game.playing:
            self._write_snapshot()
        void = must_void(recovered.state, fault)
        self.submit(c.TakeOver(self.clock.now(), fault))
        for player, amount in recovered.top_ups:
            self.submit(c.TopUp(self.clock.now(), player, amount))
        for stake in recovered.orphans:
            # Nobody sits on it: its player was never seated, or has been stood up. A row of ours
            # on disk is the proof that nobody else has seated him since.
            key = f"out:{stake.session}:epoch:{self.epoch}"
            self.send_home(c.CashOut(str(stake.player), str(stake.session), stake.amount, key))
        if void:
            self.submit(c.VoidHand(self.clock.now(), self.machine.hand, FAULT_REASON, "policy"))
        if not self.machine.dealer.seed:
            self.submit(c.CommitSeed(self.clock.now(), self._chance(SEED_BYTES)))
        if self.machine.paused:
            self.clock.freeze("operator")
        self._set_timers()

    def now(self) -> int:
        """The table's own time, in milliseconds."""
        return self.clock.now()

    # Endings

    def wind_up(self) -> bool:
        """Deal no more hands: whether one is in play, or may be. Who is not in it goes home now."""
        if not self.machine.closing:
            self.submit(c.CloseTable(self.now()))
        return self.machine.game.playing or not self.serving

    async def stop(self, grace_s: float, void: bool = False) -> bool:
        """Close for good: the hand ends, every stake goes home, the sockets close.

        After ``grace_s`` seconds a hand still running is left as it is and goes on when the
        table is opened next; with ``void`` it does not count. False if something is still owed:
        opening and closing the table again pays it.
        """
        self.submit(c.CloseTable(self.now()))
        done = await self._settle_down(grace_s)
        if void and self.machine.game.playing:
            now, hand = self.now(), self.machine.hand
            self.submit(c.VoidHand(now, hand, "the table was closed", "policy"))
        if void and not done:
            done = await self._settle_down(max(grace_s, SETTLE_S_MIN))
        closed = void and done and not self.fault
        if closed:
            self._end(Close.TABLE_CLOSED, "The table was closed.")
        else:
            self._end(Close.RESTARTING, "The server is restarting.")
        return done and not self.fault

    async def leave_to_another(self, grace_s: float) -> None:
        """Give the table up for another process: the hand ends, everybody keeps his seat."""
        self._leaving = True
        await self._settle_down(grace_s)
        self._end(Close.MOVED, "The table moves; your seat is kept.")

    async def _settle_down(self, grace_s: float) -> bool:
        """Wait until no hand is in play, nothing is owed and nobody is buying in; a table that has
        halted comes to no rest any more."""
        ends = [self._loop.create_task(each) for each in (self._rest(), self._ended.wait())]
        try:
            await asyncio.wait(ends, timeout=grace_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in ends:
                each.cancel()
        if not self._at_rest():
            log.warning("%s: left during hand %d", self.spec.table, self.machine.hand)
        return self._at_rest()

    async def _rest(self) -> None:
        while not self._at_rest():
            await self._quiet.wait()
            await self._cashier.idle.wait()
            await self.front.idle.wait()
            await self._flushed.wait()

    def _at_rest(self) -> bool:
        busy = (self._quiet, self._cashier.idle, self.front.idle, self._flushed)
        return all(event.is_set() for event in busy)

    # The order of things

    def submit(
        self, command: c.Command, ref: str = "", stages: Stages | None = None
    ) -> Outcome | Refusal:
        """Step, journal, show, settle, set the clocks: in this order, here and nowhere else.

        Returns as soon as the step is done; its effects are seen when its row is durable.
        """
        if self.halted:
            return no.TABLE_MOVED
        before = Before.of(self.machine, command)
        try:
            result = self.machine.step(command)
        except Exception as fault:
            # Whatever it was, it may have left the step half done.
            self._halt(f"{type(command).__name__}: {fault!r}")
            raise
        if isinstance(result, Refusal) or not leaves_trace(command, result):
            return result
        if stages is not None:
            stages.mark("step")
        self._log.note(command, result.events, before)
        errands = [errand_of(effect, self._log, self.epoch) for effect in result.effects]
        for errand in errands:
            if isinstance(errand, c.CashOut) and errand.sent_away:
                self.front.turn_out(errand.player)  # now: his chair is free before that is on disk
        self._cashier.expect(len(errands))
        row = self._pen.command(command, ref, self.machine.hand, result.events)
        if ref or isinstance(command, c.SetConnected):
            self.front.count(command)
        self._write(row, lambda: self._show(result, before.seated, errands, stages))
        self._set_timers()
        return result

    def _write(self, row: Row, then: Callable[[], None]) -> None:
        self._pending.append((row.seq, then))
        self._flushed.clear()
        self._scribe.write(self, row)

    def _show(
        self,
        result: Outcome,
        seated: Mapping[int, Player],
        errands: list[Errand],
        stages: Stages | None,
    ) -> None:
        """What is durable may be seen."""
        if stages is not None:
            stages.mark("journal")
        if result.events:
            self.stats.note(result.events)
            self.broadcast.publish(result.events, self.machine.game, seated, self.front.presence)
        if stages is not None:
            stages.mark("broadcast")
        for errand in errands:
            self._run_errand(errand, stages.parent if stages is not None else "")
            if isinstance(errand, c.CashOut) and errand.sent_away:
                # After the answer to what he did last, which waits behind this.
                self.when_durable(partial(self.front.hang_up, errand.player))

    def _run_errand(self, errand: Errand, seen: str = "") -> None:
        if not self.halted and self._cashier.take(errand, seen):
            self.spawn(self._run_cashier())

    def when_durable(self, act: Callable[[], None]) -> None:
        """Do it after everything that has been stepped is on disk and shown."""
        if self._pending:
            self._pending.append((self._pen.seq, act))
        else:
            act()

    @property
    def waiting(self) -> int:
        """How much waits for the disk."""
        return len(self._pending)

    def durable(self, seq: int) -> None:
        """The journal has every row up to ``seq``."""
        try:
            while self._pending and self._pending[0][0] <= seq and not self.halted:
                self._pending.popleft()[1]()
        except Exception as fault:
            # Some have seen it and some have not: they all get a fresh snapshot.
            self._halt(f"showing: {fault!r}")
            raise
        if not self._pending:
            self._flushed.set()

    def not_written(self, why: str) -> None:
        """The journal will never take our rows."""
        self._halt(f"journal: {why}")

    def _write_snapshot(self) -> None:
        """Between hands and with nothing owed: whoever replays begins here."""
        limits = self.limits
        kept = self.front.replies.newest(limits.replies_saved_max, limits.reply_players_saved_max)
        row = self._pen.snapshot(Saved(self.machine.save(self.now()), kept))
        self._snapshot_seq = row.seq
        self.front.start_count()
        self._write(row, lambda: None)

    # Clocks

    def _set_timers(self) -> None:
        (self._quiet.clear if self.machine.game.playing else self._quiet.set)()
        if self.clock.frozen or not self.serving:
            return
        if self.machine.clock.phase is not Phase.STOPPED:
            self._watch_turn()
        elif self.machine.can_deal() and self._deal_timer is None and not self._leaving:
            self._deal_timer = self._loop.call_later(self._pause_s(), self._deal_soon)

    def _watch_turn(self) -> None:
        """One timer runs through many turns: it is set anew when it fires, or is wanted sooner."""
        due = self._loop.time() + self.clock.seconds_until(self.machine.clock.deadline)
        if self._turn_timer is not None:
            if self._turn_timer.when() <= due:
                return
            self._turn_timer.cancel()
        self._turn_timer = self._loop.call_at(due, self._look_at_clock)

    def _look_at_clock(self) -> None:
        self._turn_timer = None
        if self.clock.frozen or not self.serving or self.machine.clock.phase is Phase.STOPPED:
            return  # whatever ends that looks at the clock itself
        if self.now() < self.machine.clock.deadline:
            self._watch_turn()
        else:
            self.submit(c.ClockRanOut(self.now(), self.machine.turn))

    def _pause_s(self) -> float:
        pause = self.spec.showdown_pause_ms if self._log.shown else self.spec.pause_ms
        return pause / 1_000 if self._log.events else 0.0

    def _deal_soon(self) -> None:
        self.spawn(self._deal())

    async def _deal(self) -> None:
        """The next hand, once the ledger has the last one."""
        await self._cashier.idle.wait()
        self._deal_timer = None
        if self.clock.frozen or self._leaving or not (self.serving and self.machine.can_deal()):
            return
        if self.spec.fixed_decks and not self.decks:
            return
        deck = self.decks.pop(0) if self.spec.fixed_decks else None
        self._write_snapshot()
        self._dealt_at = self._loop.time()
        self.submit(c.Deal(self.now(), self._chance(SEED_BYTES), deck))

    def put_deck(self, deck: tuple[int, ...]) -> None:
        """Deal this deck next: only at tables that were opened for fixed decks (tests)."""
        assert self.spec.fixed_decks
        self.decks.append(deck)
        self._set_timers()

    # Interruptions

    @property
    def serving(self) -> bool:
        """Whether this process may still speak for the table."""
        return not self.halted and self._loop.time() < self.lease_until

    def freeze(self, reason: str) -> None:
        """Stop the clocks; they go on from where they were."""
        self.clock.freeze(reason)
        self._set_timers()

    def thaw(self, reason: str) -> None:
        """Undo ``freeze`` of the same reason."""
        self.clock.thaw(reason)
        self._set_timers()

    def stalled(self, on: bool) -> None:
        """Storage does not answer: nobody's clock runs while nobody's move can count."""
        if on:
            self.freeze("storage")
            self._tell(e.TablePaused("storage"))
        else:
            self.thaw("storage")
            if not self.machine.paused:
                self._tell(e.TableResumed(self.machine.clock.remaining(self.now())))

    def _tell(self, event: e.Event) -> None:
        """Something about the table that is no part of its history."""
        self.broadcast.publish([event], self.machine.game, {}, self.front.presence)

    async def operate(self, command: c.OperatorCommand) -> Refusal | None:
        """An operator's command: returns when it is durable."""
        if isinstance(command, c.Resume):
            self.thaw("operator")
        if isinstance(command, c.StandUp):
            seated = self.machine.seat_of(command.player) != NO_SEAT
            if not (seated and command.after_hand):
                self.front.turn_out(command.player)
                self.front.hang_up(command.player)
            if not seated:
                return None  # he only watched
        result = self.submit(msgspec.structs.replace(command, now=self.now()))
        if self.machine.paused:
            self.freeze("operator")
        await self._flushed.wait()
        if self.halted:
            return no.TABLE_MOVED
        return result if isinstance(result, Refusal) else None

    def bar(self, players: frozenset[str]) -> None:
        """These are not dealt into another hand and can't come back into play; the hand that they
        are in goes on. See ``actors.warden``."""
        self.front.barred = players
        for seat in self.machine.seats.taken():
            if seat.player.id in players and not (seat.sitting_out or seat.leaving):
                self.submit(c.SetSitOut(self.now(), seat.player.id, True))

    def lease_renewed(self, until: float) -> None:
        """Ours for longer."""
        lapsed = not self.serving
        self.lease_until = until
        if lapsed:
            self.thaw("lease")
            for seat in self.machine.seats.taken():
                if seat.connected and seat.player.id not in self.front.presence:
                    self.submit(c.SetConnected(self.now(), seat.player.id, False))

    def lease_lapsed(self) -> None:
        """Not ours for certain any more: say nothing to anybody until it is renewed."""
        self.freeze("lease")
        self.front.send_away(Close.RESTARTING, "The table can't reach its storage.")

    def taken_over(self) -> None:
        """Somebody else serves the table: stop at once."""
        self._halt(STALE)

    @property
    def fault(self) -> str:
        """Why the table halted, if by a fault of ours."""
        return "" if self.halted in ("", ENDED, STALE) else self.halted

    def abandon(self) -> None:
        """Stop in the middle of everything, as a crash would."""
        self._end(Close.RESTARTING, "The server is restarting.")

    def _halt(self, reason: str) -> None:
        """Nobody plays on from a state that may be wrong, or that is not ours. The floor opens
        the table anew, from its journal."""
        if self.halted:
            return
        log.critical("%s: halted: %s", self.spec.table, reason)
        self.halted = reason
        if self.fault:
            self._scribe.give_up(self.spec.table, self.epoch, self.fault)
        self._end(Close.MOVED, "The table is being opened anew; your seat is kept.")

    # Tasks

    async def _run_cashier(self) -> None:
        try:
            await self._cashier.run()
        except TakenOver:
            self.taken_over()
        except BooksDisagree as disagreement:
            self._halt(str(disagreement))

    def sweep(self) -> None:
        """Now and then: who has been away for too long is stood up, a long journal is cut."""
        if self.clock.frozen or not self.serving:
            return
        self.submit(c.Sweep(self.now()))
        rows = self._pen.seq - self._snapshot_seq
        quiet = self._cashier.idle.is_set() and not self.machine.game.playing
        if rows > ROWS_BETWEEN_SNAPSHOTS_MAX and quiet:
            self._write_snapshot()

    def send_home(self, errand: c.CashOut) -> None:
        """A stake without a seat goes back to its wallet, once it is on disk that nobody sits on
        it and its last hand is with the cashier."""
        self._cashier.expect(1)
        self.when_durable(lambda: self._run_errand(errand))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("%s: a task failed", self.spec.table, exc_info=task.exception())
            self._halt(f"a task failed: {task.exception()!r}")

    def _end(self, code: Close, reason: str) -> None:
        self.halted = self.halted or ENDED
        self._ended.set()
        self.front.send_away(code, reason)
        self._flushed.set()
        for timer in (self._turn_timer, self._deal_timer):
            if timer is not None:
                timer.cancel()
        current = asyncio.current_task()
        for task in self._tasks - {current}:
            task.cancel()

    def is_turned_out(self, player: str) -> bool:
        """Whether he must not take a seat: see ``Front.turn_out``."""
        return self.front.is_turned_out(player)

    def seat_of(self, player: str) -> int:
        """The player's seat number, or NO_SEAT."""
        return self.machine.seat_of(player)

    def holds_seat(self, player: str) -> bool:
        """Whether he is in a hand that he is not on his way out of. One whom the host sends away
        has his seat until that hand is over."""
        seat = self.machine.seats.of(player)
        return seat is not None and not seat.leaving and self.machine.dealt_in(seat)

    @property
    def in_play_s(self) -> float:
        """How long the hand in play has been so, pauses too; 0 without one."""
        if not self.machine.game.playing:
            return 0.0
        return self._loop.time() - self._dealt_at

    def session_of(self, player: str) -> str | None:
        """The ledger session of the player's stake, None without a seat."""
        seat = self.machine.seats.of(player)
        return seat.session if seat else None
