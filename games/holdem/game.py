"""Hold'em behind the ``Game`` protocol: positions from hand to hand and the hand in play."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from games.fair.proof import board_positions, hole_positions
from games.fair.seal import SealedDeck
from games.holdem import hand as rules
from games.holdem import positions as seating
from games.holdem import records as r
from games.holdem import view as views
from games.holdem.hand import Hand, Legal
from games.holdem.positions import Blinds, Positions
from games.protocol import NO_SEAT, Entrant, Payouts
from games.rake import RakeSpec
from games.refusal import Refusal


class HoldemSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A hold'em table: 2 to 10 seats, its forced bets and its rake."""

    seats: int
    blinds: Blinds
    rake: RakeSpec = RakeSpec()

    def __post_init__(self) -> None:
        if not 2 <= self.seats <= 10:
            raise ValueError("hold'em has 2 to 10 seats")

    def new_game(self) -> "Holdem":
        """The game of a table with this spec, before its first hand."""
        return Holdem(self)


class Holdem:
    """One table's hold'em."""

    deals_cards: Final = True

    def __init__(self, spec: HoldemSpec) -> None:
        self.spec = spec
        self.positions = seating.fresh(spec.seats)
        self.hand: Hand | None = None
        self.started: tuple[int, ...] = ()

    @property
    def seats(self) -> int:
        return self.spec.seats

    @property
    def playing(self) -> bool:
        return self.hand is not None and not self.hand.over

    @property
    def turn(self) -> int:
        return self.hand.turn if self.hand is not None else NO_SEAT

    def sit(self, seat: int) -> None:
        seating.take_seat(self.positions, seat)

    def leave(self, seat: int) -> None:
        assert not self.involved(seat)
        seating.leave_seat(self.positions, seat)

    def deal(
        self,
        number: int,
        entrants: Sequence[Entrant],
        occupied: Sequence[int],
        deck: Sequence[int],
    ) -> list[r.Event]:
        assert not self.playing
        lineup = seating.next_lineup(self.positions, entrants, occupied, self.spec.blinds)
        if lineup is None:
            return []
        stacks = [0] * self.spec.seats
        for entrant in entrants:
            stacks[entrant.seat] = entrant.stack
        self.started = tuple(stacks)
        self.hand, events = rules.start(
            number=number,
            button=lineup.button,
            order=lineup.order,
            stacks=stacks,
            posts=lineup.posts,
            deck=deck,
            big_blind=self.spec.blinds.big,
            rake_spec=self.spec.rake,
        )
        return events

    def prove(self, events: Sequence[Any], sealed: SealedDeck) -> list[Any]:
        return [self._proven(event, sealed) for event in events]

    def _proven(self, event: Any, sealed: SealedDeck) -> Any:
        order = self._hand.order
        match event:
            case r.HoleDealt(seat=seat) | r.HandShown(seat=seat):
                places = hole_positions(order, seat)
            case r.BoardDealt(street=street, cards=cards):
                dealt = rules.BOARD_BY_STREET[r.STREETS.index(street)]
                places = board_positions(order, len(cards), dealt - len(cards))
            case _:
                return event
        return msgspec.structs.replace(event, proofs=sealed.open(places))

    def verify(self, seat: int, action: r.Action) -> Refusal | None:
        return rules.verify(self._hand, seat, action)

    def apply(self, seat: int, action: r.Action) -> list[r.Event]:
        return rules.apply(self._hand, seat, action)

    def default_action(self) -> r.Action:
        """Check if that is free, else fold."""
        options = rules.legal(self._hand)
        assert options is not None
        return r.Check() if options.can_check else r.Fold()

    def quit_action(self) -> r.Action:
        return r.Fold()

    def involved(self, seat: int) -> bool:
        return self.hand is not None and not self.hand.over and self.hand.live[seat]

    def options(self) -> Legal | None:
        return rules.legal(self.hand) if self.hand is not None else None

    def stack(self, seat: int) -> int | None:
        if self.hand is None or self.hand.over or seat not in self.hand.order:
            return None
        return self.hand.stacks[seat]

    def payouts(self) -> Payouts:
        hand = self._hand
        assert hand.over
        changes = tuple((s, hand.stacks[s] - self.started[s]) for s in hand.order)
        assert sum(change for _, change in changes) == -hand.rake
        return Payouts(changes, hand.rake)

    def void(self, reason: str) -> list[r.Event]:
        """The button stays where the voided hand had moved it: nobody pays a blind twice for it,
        because nobody paid one."""
        hand = self._hand
        assert not hand.over
        self.hand = None
        stacks = tuple(self.started[seat] for seat in hand.order)
        return [r.HandVoided(hand.number, hand.order, stacks, reason)]

    def save(self) -> bytes:
        assert not self.playing
        return msgspec.msgpack.encode(self.positions)

    def load(self, saved: bytes) -> None:
        self.positions = msgspec.msgpack.decode(saved, type=Positions)

    def view(self) -> views.PublicHand | None:
        return views.public_view(self.hand) if self.hand is not None else None

    def private(self, seat: int) -> tuple[int, ...]:
        # Only while the hand runs: afterwards somebody else may sit there.
        return views.own_cards(self._hand, seat) if self.playing else ()

    def redact(self, event: Any, viewer: int) -> Any:
        return views.redact(event, viewer)

    @property
    def _hand(self) -> Hand:
        assert self.hand is not None, "no hand has been dealt"
        return self.hand
