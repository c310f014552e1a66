"""What a table needs of a game: the one interface behind which the rules live.

A game owns its positions and its current round (hand). Chips enter with ``deal`` and come back
as ``payouts``; between rounds they belong to the table. Seats, clocks, money and sockets know
nothing of cards, and a game knows nothing of players, time or I/O.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from games.fair.seal import SealedDeck
from games.refusal import Refusal

NO_SEAT = -1
RAIL = -1  # the viewer without a seat


class Entrant(msgspec.Struct, frozen=True):
    """A seat that wants to be dealt in. ``post_now`` pays to skip the wait for the big blind."""

    seat: int
    stack: int
    post_now: bool = False
    straddle: bool = False


class Payouts(msgspec.Struct, frozen=True):
    """What a finished round did: (seat, change of its stack) and the rake, in minor units.

    The changes and the rake sum to zero.
    """

    changes: tuple[tuple[int, int], ...]
    rake: int


class Game(Protocol):
    """Rules of one game at one table. Actions, events and views are the game's own types."""

    @property
    def deals_cards(self) -> bool:
        """Whether a deck is sealed for each round; without one there is nothing to prove."""

    @property
    def seats(self) -> int:
        """How many seats the table has."""

    @property
    def turn(self) -> int:
        """The seat to act, or NO_SEAT."""

    @property
    def playing(self) -> bool:
        """Whether a round is under way."""

    def sit(self, seat: int) -> None:
        """A player takes a seat."""

    def leave(self, seat: int) -> None:
        """The seat is empty again; never during a round in which it plays."""

    def deal(
        self,
        number: int,
        entrants: Sequence[Entrant],
        occupied: Sequence[int],
        deck: Sequence[int],
    ) -> list[Any]:
        """Start round ``number``; what happened, or an empty list if too few can play."""

    def prove(self, events: Sequence[Any], sealed: SealedDeck) -> list[Any]:
        """The events of the running round, each card in them with its proof."""

    def verify(self, seat: int, action: Any) -> Refusal | None:
        """Why the seat may not do this now, or None."""

    def apply(self, seat: int, action: Any) -> list[Any]:
        """Play a verified action; what happened, up to the next decision."""

    def default_action(self) -> Any:
        """What is done for the seat to act when its time is up."""

    def quit_action(self) -> Any:
        """What is done for the seat to act when its player has left."""

    def involved(self, seat: int) -> bool:
        """Whether the seat still plays in the running round."""

    def options(self) -> Any:
        """The choices of the seat to act, or None."""

    def stack(self, seat: int) -> int | None:
        """The seat's chips behind during a round, None if it was not dealt in."""

    def payouts(self) -> Payouts:
        """The result of the round that has just ended."""

    def void(self, reason: str) -> list[Any]:
        """Take the running round back: every stack is as before it; what happened."""

    def save(self) -> bytes:
        """What outlives a round, such as positions; only between rounds."""

    def load(self, saved: bytes) -> None:
        """Go on from what ``save`` gave."""

    def view(self) -> Any:
        """The round as the rail sees it, or None before the first."""

    def private(self, seat: int) -> tuple[int, ...]:
        """The cards that only this seat sees."""

    def redact(self, event: Any, viewer: int) -> Any:
        """The event as ``viewer`` (a seat or RAIL) may see it; itself if nothing is hidden."""
