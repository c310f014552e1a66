"""The game of the workload behind ``games.protocol.Game``: six seats bet in turn, no cards.

Twenty-four actions are a hand; hand H begins with seat H % 6 and its pot goes there too.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from games.fair.seal import SealedDeck
from games.protocol import NO_SEAT, Entrant, Payouts
from games.refusal import Refusal

SEATS: Final = 6
ACTIONS: Final = 24
STACK: Final = 10_000
REFUSED: Final = Refusal("refused", "Not now, or not so much.")


class Bet(msgspec.Struct, frozen=True, tag="bet"):
    """The action: number ``seq`` of hand ``hand``."""

    hand: int
    seq: int
    amount: int


class Began(msgspec.Struct, frozen=True, tag="began"):
    """Event: a hand, and how the one before it ended."""

    hand: int
    turn: int
    winner: int
    pot: int


class Placed(msgspec.Struct, frozen=True, tag="placed"):
    """Event: a bet; ``turn`` is -1 after the last one of a hand."""

    hand: int
    seq: int
    actor: int
    amount: int
    pot: int
    turn: int


class SixSeatSpec(msgspec.Struct, frozen=True):
    """What a table's spec holds in the place of hold'em's."""

    seats: int = SEATS

    def new_game(self) -> "SixSeats":
        return SixSeats()


class SixSeats:
    """One table's game."""

    deals_cards: Final = False

    def __init__(self) -> None:
        self.seats = SEATS
        self.turn = NO_SEAT
        self.hand = self.seq = self.pot = 0
        self.paid: tuple[int, int] = (NO_SEAT, 0)
        self.stacks = [0] * SEATS
        self.changes = [0] * SEATS

    @property
    def playing(self) -> bool:
        return self.turn != NO_SEAT

    def sit(self, seat: int) -> None: ...

    def leave(self, seat: int) -> None: ...

    def deal(
        self, number: int, entrants: Sequence[Entrant], occupied: Sequence[int], deck: Sequence[int]
    ) -> list[Any]:
        if len(entrants) < SEATS:
            return []
        self.stacks = [entrant.stack for entrant in entrants]
        self.changes = [0] * SEATS
        self.hand, self.seq, self.pot = number, 0, 0
        self.turn = number % SEATS
        return [Began(number, self.turn, *self.paid)]

    def prove(self, events: Sequence[Any], sealed: SealedDeck) -> list[Any]:
        return list(events)

    def verify(self, seat: int, action: Bet) -> Refusal | None:
        good = seat == self.turn and action.hand == self.hand and action.seq == self.seq
        return None if good and 1 <= action.amount <= self.stacks[seat] else REFUSED

    def apply(self, seat: int, action: Bet) -> list[Any]:
        amount = action.amount
        self.stacks[seat] -= amount
        self.changes[seat] -= amount
        self.pot += amount
        self.seq += 1
        self.turn = NO_SEAT if self.seq == ACTIONS else (seat + 1) % SEATS
        if self.seq == ACTIONS:
            winner = self.hand % SEATS
            self.changes[winner] += self.pot
            self.paid = (winner, self.pot)
        return [Placed(self.hand, self.seq - 1, seat, amount, self.pot, self.turn)]

    def default_action(self) -> Bet:
        return Bet(self.hand, self.seq, 1)

    def quit_action(self) -> Bet:
        return self.default_action()

    def involved(self, seat: int) -> bool:
        return self.playing

    def options(self) -> int | None:
        return self.stacks[self.turn] if self.playing else None

    def stack(self, seat: int) -> int | None:
        return self.stacks[seat] if self.playing else None

    def payouts(self) -> Payouts:
        return Payouts(tuple(enumerate(self.changes)), 0)

    def void(self, reason: str) -> list[Any]:
        self.turn = NO_SEAT
        return []

    def save(self) -> bytes:
        return msgspec.json.encode(self.paid)

    def load(self, saved: bytes) -> None:
        self.paid = msgspec.json.decode(saved, type=tuple[int, int])

    def view(self) -> None:
        return None

    def private(self, seat: int) -> tuple[int, ...]:
        return ()

    def redact(self, event: Any, viewer: int) -> Any:
        return event
