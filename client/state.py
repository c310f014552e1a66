"""What a client knows of a table: a snapshot, then every update applied in order. Pure."""

import msgspec

from client.errors import OutOfSequence
from client.gathered import Gathered
from games.fair import records as fair
from games.holdem import records as r
from games.holdem.hand import Legal
from games.holdem.view import PublicHand
from games.protocol import NO_SEAT
from wire import events as e
from wire.server_frames import SeatView, TableInfo, TableView, Update, Welcome


class SeatState(msgspec.Struct, kw_only=True):
    """One seat: the player and, in a hand, his part in it. Chips in minor units."""

    seat: int
    name: str
    kind: str
    stack: int
    added: int = 0
    sitting_out: bool = False
    sent_away: bool = False
    away: bool = False
    straddle: bool = False
    playing: bool = False
    folded: bool = False
    bet: int = 0
    cards: tuple[int, ...] = ()
    made: str = ""
    last: str = ""
    won: int = 0


class ClockState(msgspec.Struct):
    """The running turn; ``deadline`` is an instant of the caller's clock, in seconds."""

    seat: int
    deadline: float
    in_bank: bool
    bank_ms: int


class TableState(msgspec.Struct, kw_only=True):
    """The table as this client sees it. ``me`` is his seat; ``options`` those of ``turn``."""

    epoch: int = 0
    seq: int = 0
    me: int = NO_SEAT
    info: TableInfo | None = None
    seats: dict[int, SeatState] = {}
    hand: int = 0
    playing: bool = False
    button: int = NO_SEAT
    street: r.Street = r.Street.PREFLOP
    board: tuple[int, ...] = ()
    pot: int = 0
    pots: tuple[int, ...] = ()
    turn: int = NO_SEAT
    turn_number: int = 0
    options: Legal | None = None
    clock: ClockState | None = None
    cards: tuple[int, ...] = ()
    results: tuple[r.PotAwarded, ...] = ()
    paused: str = ""
    gathered: Gathered = msgspec.field(default_factory=Gathered)

    @property
    def my_turn(self) -> bool:
        """Whether this client is to act now."""
        return self.turn != NO_SEAT and self.turn == self.me and not self.paused

    @property
    def my_seat(self) -> SeatState | None:
        return self.seats.get(self.me)

    def welcome(self, frame: Welcome, now: float) -> None:
        """Start afresh from a snapshot, or go on towards the updates that follow."""
        self.me = frame.seat
        if frame.view is None:
            return
        self.epoch, self.seq = frame.epoch, frame.seq
        self._snapshot(frame.view, now)

    def update(self, frame: Update, now: float) -> None:
        """Apply the next update; raises OutOfSequence if it is not the next one."""
        if frame.epoch != self.epoch or frame.seq != self.seq + 1:
            raise OutOfSequence(f"{frame.epoch}:{frame.seq} after {self.epoch}:{self.seq}")
        self.seq = frame.seq
        for event in frame.events:
            self.apply(event, now)
        if self.playing:
            inside = [at.seat for at in self.seats.values() if at.playing and not at.folded]
            self.pots = self.gathered.pots(inside, [s for s in inside if not self.seats[s].stack])

    def _snapshot(self, view: TableView, now: float) -> None:
        self.info, self.paused = view.info, view.paused
        self.seats = {seat.seat: _seat(seat) for seat in view.seats}
        self.cards = view.cards
        self.results = ()
        hand = view.hand
        # Without a hand (none yet, or it was voided) nothing of an earlier one may remain.
        self.playing = hand is not None and hand.turn != NO_SEAT
        self.street, self.board, self.pot, self.pots = r.Street.PREFLOP, (), 0, ()
        self.turn, self.options = NO_SEAT, None
        if hand is not None:
            self.hand, self.button = hand.hand, hand.button
        if hand is not None and self.playing:
            self._snapshot_hand(hand)
        clock = view.clock
        self.clock = None
        if clock is not None:
            deadline = now + clock.remaining_ms / 1_000
            self.clock = ClockState(clock.seat, deadline, clock.in_bank, clock.bank_ms)
            self.turn_number = clock.turn

    def _snapshot_hand(self, hand: PublicHand) -> None:
        self.street, self.board, self.pots = hand.street, hand.board, hand.pots
        self.turn, self.options = hand.turn, hand.options
        self.pot = sum(hand.pots) + sum(hand.bets)
        self.gathered = Gathered(told=hand.pots)
        for seat, stack, bet, folded, shown in zip(
            hand.seats, hand.stacks, hand.bets, hand.folded, hand.shown, strict=True
        ):
            at = self.seats.get(seat)
            if at is not None:
                at.playing, at.folded, at.bet, at.stack = True, folded, bet, stack
                at.cards = shown

    def apply(self, event: e.Event, now: float) -> None:
        """Apply one event."""
        match event:
            case r.Acted():
                self._acted(event)
            case e.TurnBegan(seat=seat, options=options, clock_ms=ms, bank_ms=bank, turn=number):
                self.turn, self.options, self.turn_number = seat, options, number
                self.clock = ClockState(seat, now + ms / 1_000, False, bank)
            case e.BankStarted(seat=seat, bank_ms=bank):
                self.clock = ClockState(seat, now + bank / 1_000, True, bank)
            case e.TableResumed(remaining_ms=ms):
                self.paused = ""
                if self.clock is not None:
                    self.clock.deadline = now + ms / 1_000
            case r.HandStarted():
                self._hand_started(event)
            case r.Posted(seat=seat, kind=kind, amount=amount):
                self._posted(seat, kind, amount)
            case r.HoleDealt(seat=seat, cards=cards):
                if cards:
                    self.cards = cards
            case r.BoardDealt():
                self._board_dealt(event)
            case r.HandShown(seat=seat, cards=cards, made=made):
                self.seats[seat].cards, self.seats[seat].made = cards, made
            case r.HandMucked(seat=seat):
                self.seats[seat].last = "muck"
            case r.BetReturned(seat=seat, amount=amount):
                at = self.seats[seat]
                at.stack, at.bet, self.pot = at.stack + amount, at.bet - amount, self.pot - amount
            case r.PotAwarded():
                self._pot_awarded(event)
            case r.HandEnded():
                self.playing = False
                self._no_turn()
            case r.HandVoided():
                self._hand_voided(event)
            case fair.SeedCommitted() | fair.DeckSealed():
                pass  # see client/fair.py
            case _:
                self._seat_event(event)

    def _seat_event(self, event: e.TableEvent | r.Event) -> None:
        match event:
            case e.SeatTaken(seat=seat, name=name, kind=kind, stack=stack):
                self.seats[seat] = SeatState(seat=seat, name=name, kind=kind, stack=stack)
            case e.SeatVacated(seat=seat):
                self.seats.pop(seat, None)
                if seat == self.me:
                    self.me, self.cards = NO_SEAT, ()
            case e.ChipsAdded(seat=seat, stack=stack):
                self.seats[seat].stack, self.seats[seat].added = stack, 0
            case e.SatOut(seat=seat, sent_away=sent_away):
                self.seats[seat].sitting_out, self.seats[seat].sent_away = True, sent_away
            case e.SatIn(seat=seat):
                self.seats[seat].sitting_out = False
            case e.WentAway(seat=seat):
                self.seats[seat].away = True
            case e.CameBack(seat=seat):
                self.seats[seat].away = False
            case e.TimedOut(seat=seat):
                self.seats[seat].last = "time"
            case e.TablePaused(reason=reason):
                self.paused = reason

    def _hand_voided(self, event: r.HandVoided) -> None:
        self.playing = False
        self.pot, self.pots, self.board, self.cards = 0, (), (), ()
        self._no_turn()
        for seat, stack in zip(event.seats, event.stacks, strict=True):
            at = self.seats.get(seat)
            if at is not None:
                at.stack, at.bet, at.playing, at.cards, at.last = stack, 0, False, (), "void"

    def _no_turn(self) -> None:
        self.turn, self.options, self.clock = NO_SEAT, None, None

    def _posted(self, seat: int, kind: r.PostKind, amount: int) -> None:
        self._pay(seat, amount, live=kind not in (r.PostKind.ANTE, r.PostKind.DEAD))
        self.seats[seat].last = kind.value.replace("_", " ")
        if kind is r.PostKind.ANTE:
            self.gathered.add(seat, amount)
        elif kind is r.PostKind.DEAD:
            self.gathered.dead += amount

    def _pay(self, seat: int, amount: int, live: bool) -> None:
        at = self.seats[seat]
        at.stack -= amount
        self.pot += amount
        if live:
            at.bet += amount

    def _hand_started(self, event: r.HandStarted) -> None:
        self.hand, self.button, self.playing = event.hand, event.button, True
        self.street, self.board, self.cards = r.Street.PREFLOP, (), ()
        self.pot, self.pots, self.results, self.gathered = 0, (), (), Gathered()
        self._no_turn()
        for at in self.seats.values():
            at.playing = at.folded = False
            at.bet, at.won, at.cards, at.made, at.last = 0, 0, (), "", ""
        for seat, stack in zip(event.seats, event.stacks, strict=True):
            self.seats[seat].playing, self.seats[seat].stack = True, stack

    def _acted(self, event: r.Acted) -> None:
        self._pay(event.seat, event.paid, live=True)
        at = self.seats[event.seat]
        assert at.bet == event.bet, "the server's count of the bet"
        at.folded = event.action == "fold"
        at.last = "all-in" if event.all_in else event.action
        self._no_turn()

    def _board_dealt(self, event: r.BoardDealt) -> None:
        self.street = event.street
        self.board += event.cards
        for at in self.seats.values():
            self.gathered.add(at.seat, at.bet)
            at.bet = 0
            if at.playing and not at.folded and at.last != "all-in":
                at.last = ""

    def _pot_awarded(self, event: r.PotAwarded) -> None:
        self.results, self.pots = (*self.results, event), ()
        self.pot -= event.amount
        for seat, chips in event.shares:
            self.seats[seat].stack += chips
            self.seats[seat].won += chips
        for at in self.seats.values():
            at.bet = 0


def _seat(view: SeatView) -> SeatState:
    return SeatState(
        seat=view.seat,
        name=view.name,
        kind=view.kind,
        stack=view.stack,
        added=view.added,
        sitting_out=view.sitting_out,
        away=view.away,
        straddle=view.straddle,
    )
