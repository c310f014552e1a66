"""The table machine: commands in, events and effects out. Synchronous and deterministic.

It knows seats, stacks and clocks; the game behind ``Game`` knows the rules. No I/O, no clock of
its own, no chance: the same commands give the same events, always.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from actors import commands as c
from actors import refusals as no
from actors.commands import Outcome
from actors.dealer import Dealer
from actors.seats import CONNECTED, Seat, Seats
from actors.snapshot import Snapshot
from actors.spec import TableSpec
from games.cards import deck_from_seed
from games.clock import Clock, Phase
from games.fair.seal import SealedDeck
from games.protocol import NO_SEAT, RAIL, Game
from games.refusal import NO_HAND, Refusal
from wire import events as e
from wire.server_frames import ClockView, TableView


class TableMachine:
    """The state of one table, changed only by ``step``."""

    def __init__(self, spec: TableSpec, hand: int = 0) -> None:
        """``hand`` is the number of the last hand that was played here."""
        self.spec = spec
        self.game: Game = spec.game.new_game()
        self.seats = Seats(spec.game.seats)
        self.clock = Clock()
        self.hand = hand
        self.turn = 0
        self.closing = False
        self.paused = False
        self.chips = 0
        self.dealer = Dealer()
        self._events: list[Any] = []
        self._effects: list[c.Effect] = []

    @classmethod
    def load(cls, spec: TableSpec, saved: Snapshot) -> "TableMachine":
        """A machine as it was when ``save`` was called."""
        machine = cls(spec, saved.hand)
        machine.turn, machine.chips = saved.turn, saved.chips
        machine.closing, machine.paused = saved.closing, saved.paused
        machine.game.load(saved.game)
        machine.dealer = Dealer(saved.seed)
        for seat in saved.seats:
            machine.seats.take(msgspec.structs.replace(seat))
        machine._assert_conserved()
        return machine

    def save(self, now: int) -> Snapshot:
        """Everything that outlives a hand; only between hands."""
        assert not self.game.playing
        return Snapshot(
            self.spec,
            now,
            self.hand,
            self.turn,
            self.chips,
            self.closing,
            self.paused,
            tuple(msgspec.structs.replace(seat) for seat in self.seats.taken()),
            self.game.save(),
            self.dealer.seed,
        )

    def step(self, command: c.Command) -> Outcome | Refusal:
        """Apply one command; a Refusal has changed nothing."""
        self._events, self._effects = [], []
        result = self._dispatch(command)
        self._assert_conserved()
        if isinstance(result, Refusal):
            assert not self._events
            return result
        return Outcome(self._events, self._effects, result)

    def _dispatch(self, command: c.Command) -> int | Refusal:
        if isinstance(command, c.Act):
            return self._act(command)  # first, and on the shortest way: nearly all are
        match command:
            case c.ClockRanOut():
                return self._clock_ran_out(command)
            case c.Deal():
                return self._deal(command)
            case c.CommitSeed(seed=seed):
                self._events.append(self.dealer.commit(seed))
                return NO_SEAT
            case c.DealV1(seed=seed, deck=deck):
                return self._deal_deck(deck or deck_from_seed(seed), None, command)
            case c.Reserve():
                return self._reserve(command)
            case c.Release(seat=seat):
                self.seats.held.pop(seat)
                return seat
            case c.SitDown():
                return self._sit_down(command)
            case c.CloseTable():
                self.closing = True
                for chair in self.seats.taken():
                    if not self.dealt_in(chair):
                        self._vacate(chair)
                return NO_SEAT
            case c.Sweep(now=now):
                return self._sweep(now)
            case c.TakeOver(now=now):
                return self._taken_over(now)
            case c.Pause() | c.Resume() | c.VoidHand():
                return self._by_operator(command)
            case _:
                return self._by_player(command)

    def _by_player(self, command: c.ByPlayer) -> int | Refusal:
        seat = self.seats.of(command.player)
        if seat is None:
            return no.NOT_SEATED
        match command:
            case c.AskTopUp(amount=amount):
                return self._ask_top_up(seat, amount)
            case c.TopUp(now=now, amount=amount):
                self._top_up(seat, amount, now)
            case c.StandUp(now=now, after_hand=False):
                self._leave(seat, now)
            case c.StandUp(now=now):
                self._send_away(seat, now)
            case c.SetSitOut(now=now, on=on):
                return self._set_sit_out(seat, on, now)
            case c.SetStraddle(on=on):
                if on and not self.spec.game.blinds.straddle:
                    return no.STRADDLE_OFF
                seat.straddle = on
            case c.SetEntropy(digest=digest):
                seat.entropy = digest
            case c.SetConnected(now=now, on=on):
                self._set_connected(seat, on, now)
        return seat.number

    # Seats and chips

    def _reserve(self, command: c.Reserve) -> int | Refusal:
        free = self.seats.free()
        if self.closing:
            return no.TABLE_CLOSING
        if self.seats.of(command.player.id) or command.player.id in self.seats.held.values():
            return no.ALREADY_SEATED
        if command.amount < self.spec.buy_in_min:
            return no.BUY_IN_TOO_SMALL
        if command.amount > self.spec.buy_in_max:
            return no.BUY_IN_TOO_LARGE
        if command.seat is not None and command.seat >= self.spec.game.seats:
            return no.SEAT_UNKNOWN
        if not free:
            return no.TABLE_FULL
        if command.seat is not None and command.seat not in free:
            return no.SEAT_TAKEN
        seat = free[0] if command.seat is None else command.seat
        self.seats.held[seat] = command.player.id
        return seat

    def _sit_down(self, command: c.SitDown) -> int:
        # In a replay nobody holds the seat: reservations are not journalled.
        holder = self.seats.held.pop(command.seat, command.player.id)
        assert holder == command.player.id
        seat = Seat(
            number=command.seat,
            player=command.player,
            session=command.session,
            stack=command.amount,
            bank_ms=self.spec.clock.bank_ms,
            post_now=command.post_now,
        )
        self.seats.take(seat)
        self.chips += command.amount
        self.game.sit(command.seat)
        player = command.player
        self._events.append(e.SeatTaken(seat.number, player.name, player.kind, seat.stack))
        if self.closing:
            self._leave(seat, command.now)
        return seat.number

    def _ask_top_up(self, seat: Seat, amount: int) -> int | Refusal:
        if seat.going:
            return no.LEAVING
        if seat.stack + seat.added + amount > self.spec.buy_in_max:
            return no.BUY_IN_TOO_LARGE
        return seat.number

    def _top_up(self, seat: Seat, amount: int, now: int) -> None:
        broke = seat.stack + seat.added == 0
        seat.added += amount
        self.chips += amount
        self._bring_in(seat)
        if broke and seat.sitting_out and not seat.going:
            # Somebody who buys chips after losing his last wants to play on.
            self._set_sit_out(seat, False, now)

    def _bring_in(self, seat: Seat) -> None:
        """Added chips come into play between hands (table stakes)."""
        if seat.added and not self.dealt_in(seat):
            seat.stack += seat.added
            amount, seat.added = seat.added, 0
            self._events.append(e.ChipsAdded(seat.number, amount, seat.stack))

    def dealt_in(self, seat: Seat) -> bool:
        """Whether he has a part in the hand in play, folded or not."""
        return self.game.stack(seat.number) is not None

    def _leave(self, seat: Seat, now: int) -> None:
        """Stand up: at once outside a hand, else when it is over; his turn is a fold."""
        if not self.dealt_in(seat):
            self._vacate(seat)
            return
        seat.leaving = True
        if self.game.turn == seat.number:
            self._play(seat, self.game.quit_action(), now)

    def _send_away(self, seat: Seat, now: int) -> None:
        """He stands up at once outside a hand, else he plays it on, and is shown as sitting out."""
        if not seat.sent_away:
            seat.sitting_out = seat.sent_away = True
            seat.note_idle(now)
            self._events.append(e.SatOut(seat.number, sent_away=True))
        if not self.dealt_in(seat):
            self._vacate(seat)

    def _vacate(self, seat: Seat) -> None:
        chips = seat.stack + seat.added
        self.chips -= chips
        self.seats.vacate(seat.number)
        self.game.leave(seat.number)
        self._events.append(e.SeatVacated(seat.number, chips))
        key = f"out:{seat.session}"
        self._effects.append(c.CashOut(seat.player.id, seat.session, chips, key, seat.sent_away))

    def _set_sit_out(self, seat: Seat, on: bool, now: int) -> int | Refusal:
        if seat.going:
            return no.LEAVING
        seat.timeouts = 0
        if on != seat.sitting_out:
            seat.sitting_out = on
            self._events.append(e.SatOut(seat.number) if on else e.SatIn(seat.number))
        seat.note_idle(now)
        return seat.number

    def _set_connected(self, seat: Seat, on: bool, now: int) -> None:
        if seat.connected == on:
            return
        seat.connected = on
        seat.note_idle(now)
        self._events.append(e.CameBack(seat.number) if on else e.WentAway(seat.number))

    def _sweep(self, now: int) -> int:
        """The last seat that is stood up now, or after the hand, which nobody is told yet."""
        swept = NO_SEAT
        for seat in self.seats.taken():
            if self.seats.chairs[seat.number] is not seat:
                continue  # he went home when one before him left and the hand ended
            idle = seat.idle_since
            if idle != CONNECTED and now - idle >= self.spec.away_ms_max and not seat.going:
                swept = seat.number
                self._leave(seat, now)
        return swept

    # The hand

    def can_deal(self) -> bool:
        """Whether a hand may start now, given a seed."""
        stopped = self.game.playing or self.closing or self.paused
        return not stopped and len(self.seats.ready()) >= 2

    def _deal(self, command: c.Deal) -> int | Refusal:
        if not self.game.deals_cards:
            return self._deal_deck((), None, command)
        if not self.dealer.seed:
            return NO_HAND
        entropies = [(seat.number, seat.entropy) for seat in self.seats.taken()]
        sealed = self.dealer.seal(self.spec.table, self.hand + 1, entropies, command.deck)
        return self._deal_deck(sealed.deck, sealed, command)

    def _deal_deck(
        self, deck: Sequence[int], sealed: SealedDeck | None, command: c.Deal | c.DealV1
    ) -> int | Refusal:
        if not self.can_deal():
            return NO_HAND
        ready = self.seats.ready()
        occupied = [seat.number for seat in self.seats.taken()]
        dealt = self.game.deal(self.hand + 1, ready, occupied, deck)
        if not dealt:
            return NO_HAND
        self.hand += 1
        self._happened(self.dealer.begin(dealt, sealed, command.seed))
        for seat in self.seats.taken():
            if self.dealt_in(seat):
                seat.post_now = False
        self._move_on(command.now)
        return NO_SEAT

    def _happened(self, events: list[Any]) -> None:
        """What the game brought, its cards with their proofs."""
        self._events += self.dealer.prove(self.game, events)

    def _act(self, command: c.Act) -> int | Refusal:
        seat = self.seats.of(command.player)
        if seat is None:
            return no.NOT_SEATED
        if command.hand != self.hand:
            return no.STALE_HAND
        if not self.game.playing:
            return NO_HAND
        if self.paused:
            return no.TABLE_PAUSED
        if seat.number == self.game.turn and command.turn not in (None, self.turn):
            return no.STALE_TURN  # a double press, or one that a broken line held up
        refused = self.game.verify(seat.number, command.action)
        if refused:
            return refused
        seat.timeouts = 0
        self._play(seat, command.action, command.now)
        return seat.number

    def _play(self, seat: Seat, action: Any, now: int) -> None:
        assert seat.number == self.game.turn
        seat.bank_ms = self.clock.stop(now)
        self._happened(self.game.apply(seat.number, action))
        self._move_on(now)

    def _move_on(self, now: int) -> None:
        """To the next decision: those who have left fold, the clock starts, or the hand ends."""
        while self.game.playing:
            seat = self.seats.at(self.game.turn)
            if not seat.leaving:
                self._begin_turn(seat, now)
                return
            self._happened(self.game.apply(seat.number, self.game.quit_action()))
        self._finish(now)

    def _begin_turn(self, seat: Seat, now: int) -> None:
        self.turn += 1
        self.clock.begin(now, self.spec.clock, seat.bank_ms)
        options = self.game.options()
        assert options is not None
        self._events.append(
            e.TurnBegan(seat.number, options, self.spec.clock.turn_ms, seat.bank_ms, self.turn)
        )

    def _clock_ran_out(self, command: c.ClockRanOut) -> int:
        now = command.now
        stopped = self.paused or self.clock.phase is Phase.STOPPED
        if stopped or command.turn != self.turn or now < self.clock.deadline:
            return NO_SEAT  # the decision came first
        seat = self.seats.at(self.game.turn)
        if self.clock.use_bank(now):
            self._events.append(e.BankStarted(seat.number, self.clock.bank_ms))
            return seat.number
        self._events.append(e.TimedOut(seat.number))
        seat.timeouts += 1
        self._play(seat, self.game.default_action(), now)
        return seat.number

    def _finish(self, now: int) -> None:
        result = self.game.payouts()
        changes = []
        for number, change in result.changes:
            seat = self.seats.at(number)
            seat.stack += change
            assert seat.stack >= 0
            seat.refill(self.spec.clock)
            changes.append((seat.session, change))
        self.chips -= result.rake
        over = c.HandOver(self.hand, tuple(changes), result.rake, self.dealer.used_seed)
        self._effects.append(over)
        for seat in self.seats.taken():
            self._after_hand(seat, now)

    def _after_hand(self, seat: Seat, now: int) -> None:
        if seat.going or self.closing:
            self._vacate(seat)
            return
        self._bring_in(seat)
        missed = seat.timeouts >= (1 if not seat.connected else self.spec.timeouts_max)
        if not seat.sitting_out and (seat.stack == 0 or missed):
            seat.sitting_out = True
            seat.note_idle(now)
            self._events.append(e.SatOut(seat.number))

    # Interruptions

    def _taken_over(self, now: int) -> int:
        self.closing = False  # it was opened again because it is wanted
        for seat in self.seats.taken():
            seat.connected = False
            seat.note_idle(now)
        self._grant_minimum(now)
        return NO_SEAT

    def _grant_minimum(self, now: int) -> None:
        """Nobody is timed out by an interruption: the running turn has time for a decision."""
        self.clock.grant(now, min(self.spec.resume_ms, self.spec.clock.turn_ms))

    def _by_operator(self, command: c.Pause | c.Resume | c.VoidHand) -> int | Refusal:
        match command:
            case c.Pause():
                if not self.paused:
                    self.paused = True
                    self._events.append(e.TablePaused("operator"))
            case c.Resume(now=now):
                if self.paused:
                    self.paused = False
                    self._grant_minimum(now)
                    self._events.append(e.TableResumed(self.clock.remaining(now)))
            case c.VoidHand(now=now, hand=hand, reason=reason):
                return self._void(hand, reason, now)
        return NO_SEAT

    def _void(self, hand: int, reason: str, now: int) -> int | Refusal:
        """Every stake is as before the hand: its chips never left the stacks of the seats."""
        if not self.game.playing:
            return NO_HAND
        if hand != self.hand:
            return no.STALE_HAND
        self.seats.at(self.game.turn).bank_ms = self.clock.stop(now)
        self._events += self.game.void(reason)
        self._effects.append(c.HandVoid(hand, self.dealer.used_seed))
        for seat in self.seats.taken():
            self._after_hand(seat, now)
        return NO_SEAT

    def _assert_conserved(self) -> None:
        chips = 0
        for seat in self.seats.taken():
            chips += seat.stack + seat.added
        assert chips == self.chips

    # Views

    def seat_of(self, player: str) -> int:
        """The player's seat number, or NO_SEAT."""
        seat = self.seats.of(player)
        return seat.number if seat else NO_SEAT

    def view(self, viewer: int, now: int) -> TableView:
        """The whole table as ``viewer`` (a seat, or RAIL) may see it."""
        return TableView(
            self.spec.info(),
            tuple(s.view(self.game.stack(s.number)) for s in self.seats.taken()),
            self.game.view(),
            self.game.private(viewer) if viewer != RAIL else (),
            self._clock_view(now),
            "operator" if self.paused else "",
            self.dealer.view(self.game, viewer),
        )

    def _clock_view(self, now: int) -> ClockView | None:
        if self.clock.phase is Phase.STOPPED:
            return None
        seat = self.seats.at(self.game.turn)
        in_bank = self.clock.phase is Phase.BANK
        return ClockView(seat.number, self.clock.remaining(now), in_bank, seat.bank_ms, self.turn)
