"""An auditor who knows nothing of tables: he has the frames that every client was shown, the
requests they sent, and what the stores hold at the end. He returns what does not hold."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from actors.archive import FinishedHand
from games.fair.records import DeckSealed
from games.fair.seal import root_of
from games.holdem import records as r
from games.holdem.view import PublicHand
from wallet.ledger import Balance
from wire import client_frames as f
from wire import events as e
from wire.server_frames import Accepted, Refused, ServerFrame, TableView, Update, Welcome

CORE = (
    r.HandStarted | r.Posted | r.HoleDealt | r.Acted | r.BoardDealt | r.BetReturned | r.HandShown
    | r.HandMucked | r.PotAwarded | r.HandEnded | r.HandVoided | e.TurnBegan | e.TimedOut
    | DeckSealed
)  # fmt: skip
"""The events that make a hand; who sat down meanwhile is another matter."""


class Shown(NamedTuple):
    """One line of a client: whose, to which table, from where he wanted to go on, what came."""

    player: str
    table: str
    asked: tuple[int, int]
    frames: Sequence[ServerFrame]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the auditor is given. ``voidable`` are hands that were damaged or voided by an
    operator; ``commits`` are (table, epoch, seq) in the order of the journal."""

    lines: Sequence[Shown]
    sent: dict[str, dict[str, f.ClientFrame]]
    archive: dict[tuple[str, int], FinishedHand]
    settlements: Counter[tuple[str, int]]
    balances: dict[str, Balance]
    granted: int
    problems: Sequence[str]
    open_stakes: int
    voidable: frozenset[tuple[str, int]]
    damaged: frozenset[str]
    commits: Sequence[tuple[str, int, int]]


class Record:
    """An archived hand, read by the auditor: its core events, and where each turn begins."""

    def __init__(self, hand: FinishedHand) -> None:
        self.hand = hand
        self.events = [event for event in hand.events if isinstance(event, CORE)]
        self.root = next((x.root for x in self.events if isinstance(x, DeckSealed)), b"")
        self.players = {seat: player.id for seat, player in hand.players}
        self.turns = {
            event.turn: at for at, event in enumerate(self.events) if isinstance(event, e.TurnBegan)
        }
        self.holes = {
            event.seat: event.cards for event in self.events if isinstance(event, r.HoleDealt)
        }

    @property
    def counts(self) -> bool:
        return self.hand.voided is None

    def decision(self, turn: int) -> tuple[bool, r.Acted | None]:
        """Whether the time ran out in a turn, and what was done."""
        late = False
        for event in self.events[self.turns[turn] + 1 :]:
            match event:
                case e.TimedOut():
                    late = True
                case r.Acted():
                    return late, event
                case _:
                    break
        return late, None


class Stand(NamedTuple):
    """A hand at one instant, by the auditor's own reckoning."""

    board: tuple[int, ...]
    stacks: dict[int, int]
    bets: dict[int, int]
    folded: set[int]
    shown: dict[int, tuple[int, ...]]


def reckon(events: Sequence[object]) -> Stand:
    """Add up the events of a hand."""
    now = Stand((), {}, defaultdict(int), set(), {})
    for event in events:
        match event:
            case r.HandStarted(seats=seats, stacks=stacks):
                now.stacks.update(zip(seats, stacks, strict=True))
            case r.Posted(seat=seat, kind=kind, amount=amount):
                now.stacks[seat] -= amount
                if kind not in (r.PostKind.ANTE, r.PostKind.DEAD):
                    now.bets[seat] += amount
            case r.Acted(seat=seat, action=action, paid=paid):
                now.stacks[seat] -= paid
                now.bets[seat] += paid
                if action == "fold":
                    now.folded.add(seat)
            case r.BoardDealt(cards=cards):
                now = now._replace(board=now.board + cards)
                now.bets.clear()
            case r.HandShown(seat=seat, cards=cards):
                now.shown[seat] = cards
            case _:
                pass
    return now


def audit(evidence: Evidence) -> list[str]:
    """Everything that does not hold; empty is good."""
    return list(Auditor(evidence).findings())


class Auditor:
    """One audit."""

    def __init__(self, evidence: Evidence) -> None:
        self.has = evidence
        self.records = {place: Record(hand) for place, hand in evidence.archive.items()}
        self.by_turn = {
            (table, turn): record
            for (table, _), record in self.records.items()
            if table not in evidence.damaged  # there, numbers of turns come again
            for turn in record.turns
        }

    def findings(self) -> Iterator[str]:
        """In the order in which they explain one another."""
        yield from self._journal()
        yield from self._sequences()
        yield from self._told()
        yield from self._secrets()
        yield from self._acknowledged()
        yield from self._unasked()
        yield from self._answers()
        yield from self._voided()
        yield from self._settled()
        yield from self._money()

    # (e) numbering

    def _journal(self) -> Iterator[str]:
        """Rows without a gap; nothing of an epoch after the next one began."""
        last: dict[str, tuple[int, int]] = {}
        known: set[tuple[str, int, int]] = set()
        for table, epoch, seq in self.has.commits:
            before, at = last.get(table, (0, 0))
            if (table, epoch, seq) in known and epoch == before:
                continue  # a late repeat of a row that had been pruned
            known.add((table, epoch, seq))
            if epoch < before:
                yield f"{table}: row {seq} of epoch {epoch} after epoch {before} began"
            if seq and seq != at + 1:
                yield f"{table}: row {seq} after row {at}"
            last[table] = (epoch, seq or at)

    def _sequences(self) -> Iterator[str]:
        """Each line: a welcome, then every update once."""
        for line in self.has.lines:
            at: tuple[int, int] | None = None
            for frame in line.frames:
                match frame:
                    case Welcome(view=TableView()):
                        at = (frame.epoch, frame.seq)
                    case Welcome():
                        at = line.asked
                        if at != (frame.epoch, frame.seq - frame.missed):
                            yield f"{line.player}: asked from {at}, got {frame}"
                    case Update():
                        if at is None or (frame.epoch, frame.seq) != (at[0], at[1] + 1):
                            yield f"{line.player}: {frame.epoch}:{frame.seq} after {at}"
                        at = (frame.epoch, frame.seq)

    # (f) what was shown

    def _told(self) -> Iterator[str]:
        """Everybody was told the same, and the archive has it so."""
        told: dict[tuple[str, int], dict[int, tuple[e.Event, ...]]] = defaultdict(dict)
        seen: dict[tuple[str, int], dict[int, list[PublicHand]]] = defaultdict(dict)
        for line in self.has.lines:
            for frame in line.frames:
                if isinstance(frame, Update):
                    public = tuple(map(_public, frame.events))
                    stream = told[line.table, frame.epoch]
                    if stream.setdefault(frame.seq, public) != public:
                        yield f"{line.table} {frame.epoch}:{frame.seq} was told in two ways"
                elif isinstance(frame, Welcome) and frame.view is not None:
                    hand = frame.view.hand
                    if hand is not None and frame.view.clock is not None:
                        yield from self._view(line.table, frame.view.clock.turn, hand)
                        views = seen[line.table, frame.epoch]
                        views.setdefault(frame.seq, []).append(hand)
        for (table, epoch), stream in told.items():
            yield from self._stream(table, epoch, stream)

    def _view(self, table: str, turn: int, hand: PublicHand) -> Iterator[str]:
        """A snapshot is what the record adds up to at that turn."""
        record = self.records.get((table, hand.hand))
        if record is None or turn not in record.turns:
            if table not in self.has.damaged:
                yield f"{table} hand {hand.hand}: turn {turn} was shown and is not in the archive"
            return
        now = reckon(record.events[: record.turns[turn] + 1])
        shown = {seat: cards for seat, cards in zip(hand.seats, hand.shown, strict=True) if cards}
        folded = {seat for seat, gone in zip(hand.seats, hand.folded, strict=True) if gone}
        bets = {seat: bet for seat, bet in zip(hand.seats, hand.bets, strict=True) if bet}
        stacks = dict(zip(hand.seats, hand.stacks, strict=True))
        mine = (now.board, now.stacks, {s: b for s, b in now.bets.items() if b}, now.folded)
        if (hand.board, stacks, bets, folded) != mine or shown != now.shown:
            yield f"{table} hand {hand.hand} turn {turn}: shown {hand}, reckoned {now}"

    def _stream(
        self, table: str, epoch: int, stream: dict[int, tuple[e.Event, ...]]
    ) -> Iterator[str]:
        """The updates of one epoch, one after the other, against the archive."""
        record: Record | None = None
        at = before = 0
        for seq in sorted(stream):
            if seq != before + 1:
                record = None  # nobody looked: find the place again at the next turn
            before = seq
            for event in stream[seq]:
                if not isinstance(event, CORE):
                    continue
                if isinstance(event, r.HandStarted):
                    record, at = self.records.get((table, event.hand)), 0
                    if record is None and table not in self.has.damaged:
                        yield f"{table} hand {event.hand} was shown and is not in the archive"
                elif record is None and isinstance(event, e.TurnBegan):
                    record = self.by_turn.get((table, event.turn))
                    at = record.turns[event.turn] if record is not None else 0
                if record is None:
                    continue
                if isinstance(event, r.HoleDealt | r.BoardDealt | r.HandShown):
                    yield from _unproved(event, record.root)
                if at >= len(record.events) or _public(record.events[at]) != r.bare(event):
                    if table not in self.has.damaged or record.counts:
                        hand = record.hand.hand
                        yield f"{table} hand {hand} epoch {epoch}: {event} was taken back"
                    record = None
                    continue
                at += 1

    # (b) secrets

    def _secrets(self) -> Iterator[str]:
        """Nobody was shown another's cards before they were turned up."""
        for line in self.has.lines:
            hand = 0
            for frame in line.frames:
                if isinstance(frame, Welcome) and frame.view is not None:
                    view = frame.view
                    hand = view.hand.hand if view.hand is not None else 0
                    if view.cards and view.cards not in self._own(line, hand):
                        yield f"{line.player} was shown {view.cards} in hand {hand} of {line.table}"
                elif isinstance(frame, Update):
                    for event in frame.events:
                        if isinstance(event, r.HandStarted):
                            hand = event.hand
                        if isinstance(event, r.HoleDealt) and event.cards:
                            yield from self._own_only(line, hand, event)

    def _own(self, line: Shown, hand: int) -> list[tuple[int, ...]]:
        record = self.records.get((line.table, hand))
        if record is None:
            return []
        return [record.holes[seat] for seat, own in record.players.items() if own == line.player]

    def _own_only(self, line: Shown, hand: int, event: r.HoleDealt) -> Iterator[str]:
        record = self.records.get((line.table, hand))
        if record is None:
            return  # reported as not in the archive
        if record.players.get(event.seat) != line.player:
            yield f"{line.player} was shown the cards of seat {event.seat} in hand {hand}"
        if record.holes.get(event.seat) != event.cards:
            yield f"{line.player} had {event.cards} in hand {hand}, the archive says otherwise"

    # (a), (g) requests

    def _acknowledged(self) -> Iterator[str]:
        """Every accepted action is in the record of its hand, once, as it was asked."""
        for player, table, frame in self._accepted():
            if not isinstance(frame, f.Act):
                continue
            record = self.records.get((table, frame.hand))
            if record is None or not record.counts:
                if (table, frame.hand) not in self.has.voidable:
                    yield f"{player}: {frame} was accepted, its hand does not count"
                continue
            if frame.turn not in record.turns:
                yield f"{player}: {frame} was accepted, and is not in the archive"
                continue
            late, acted = record.decision(frame.turn)
            if late or acted is None or not _is(acted, frame.action):
                yield f"{player}: {frame} was accepted, the archive has {acted}"
            elif record.players[acted.seat] != player:
                yield f"{player}: {frame} was accepted, another player did it"

    def _accepted(self) -> Iterator[tuple[str, str, f.ClientFrame]]:
        for line in self.has.lines:
            for frame in line.frames:
                if isinstance(frame, Accepted):
                    yield line.player, line.table, self.has.sent[line.player][frame.ref]

    def _unasked(self) -> Iterator[str]:
        """Nobody did what he did not ask for, but for checks and folds in his absence."""
        asked: set[tuple[str, int, int, str]] = set()
        for player, requests in self.has.sent.items():
            for frame in requests.values():
                if isinstance(frame, f.Act):
                    asked.add((player, frame.hand, frame.turn, _name(frame.action)))
        for (table, number), record in self.records.items():
            for turn in record.turns:
                late, acted = record.decision(turn)
                if acted is None:
                    continue
                player = record.players[acted.seat]
                action = "raise" if acted.action == "bet" else acted.action
                absent = late and action in ("check", "fold")
                left = action == "fold"  # stood up, or was away for too long
                if not (absent or left or (player, number, turn, action) in asked):
                    yield f"{table} hand {number}: {player} never asked for {acted}"

    def _answers(self) -> Iterator[str]:
        """One reference, one answer; what was accepted is never refused afterwards."""
        first: dict[tuple[str, str], Accepted] = {}
        for line in self.has.lines:
            for frame in line.frames:
                if not isinstance(frame, Accepted):
                    continue
                if first.setdefault((line.player, frame.ref), frame) != frame:
                    yield f"{line.player}: {frame.ref} was answered in two ways"
        for player, ref in self._refused_after():
            yield f"{player}: {ref} was accepted, and refused when it was repeated"

    def _refused_after(self) -> Iterator[tuple[str, str]]:
        passing = {"table_moved", "table_busy", "too_fast"}
        done: set[tuple[str, str]] = set()
        for line in self.has.lines:
            for frame in line.frames:
                match frame:
                    case Accepted(ref=ref):
                        done.add((line.player, ref))
                    case Refused(ref=str() as ref, code=code) if code not in passing:
                        # Damaged rows took what they accepted with them.
                        if (line.player, ref) in done and line.table not in self.has.damaged:
                            yield line.player, ref

    # (c), (d) hands and money

    def _voided(self) -> Iterator[str]:
        for place, record in self.records.items():
            if not record.counts and place not in self.has.voidable:
                yield f"{place} is void without a reason: {record.hand.voided}"

    def _settled(self) -> Iterator[str]:
        for place, record in self.records.items():
            times = self.has.settlements[place]
            if times != record.counts:
                yield f"{place} was settled {times} times, counts: {record.counts}"
        for place in self.has.settlements:
            if place not in self.records:
                yield f"{place} was settled and is not in the archive"

    def _money(self) -> Iterator[str]:
        """Every wallet is its grant and the results of its player's hands."""
        yield from self.has.problems
        if self.has.open_stakes:
            yield f"{self.has.open_stakes} stakes are still open"
        results: Counter[str] = Counter()
        raked = 0
        for place, record in self.records.items():
            if not record.counts:
                continue
            begun, ended = record.events[0], _ended(record)
            if not isinstance(begun, r.HandStarted) or ended is None:
                yield f"{place} has no beginning or no end"
                continue
            for seat, had, has in zip(begun.seats, begun.stacks, ended.stacks, strict=True):
                results[record.players[seat]] += has - had
            if sum(begun.stacks) - sum(ended.stacks) != ended.rake:
                yield f"{place}: chips came or went"
            raked += ended.rake
        for player, balance in self.has.balances.items():
            has = balance.amount + balance.at_tables
            if has != self.has.granted + results[player]:
                expected = self.has.granted + results[player]
                yield f"{player} has {has}, should have {expected}"
        total = sum(b.amount + b.at_tables for b in self.has.balances.values())
        if total + raked != self.has.granted * len(self.has.balances):
            yield f"all have {total} and the house {raked}: not what was granted"


def _ended(record: Record) -> r.HandEnded | None:
    return next((event for event in record.events if isinstance(event, r.HandEnded)), None)


def _unproved(event: r.HoleDealt | r.BoardDealt | r.HandShown, root: bytes) -> Iterator[str]:
    """Every card that is shown leads to the root that was told before it, also after a crash."""
    if len(event.cards) != len(event.proofs):
        yield f"{event} has cards without proofs"
    for card, opening in zip(event.cards, event.proofs, strict=False):
        if root_of(opening, card) != root:
            yield f"{event} is not what was sealed"


def _public(event: e.Event) -> e.Event:
    """As the rail sees it."""
    return r.HoleDealt(event.seat, ()) if isinstance(event, r.HoleDealt) else event


def _name(action: r.Action) -> str:
    return type(action).__name__.lower()


def _is(acted: r.Acted, action: r.Action) -> bool:
    """Whether this is what was asked for; a first raise is a bet."""
    if isinstance(action, r.Raise):
        return acted.action in ("bet", "raise") and acted.bet == action.to
    return acted.action == _name(action)
