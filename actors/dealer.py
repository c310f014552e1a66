"""The fair deal at one table: the seed committed to, the sealed deck, the cards opened so far."""

from collections.abc import Sequence
from typing import Any, Final

from games.fair.deal import Entropies, commitment_of
from games.fair.records import SeedCommitted
from games.fair.seal import SealedDeck
from games.holdem.records import BoardDealt, HandShown, HandStarted, HoleDealt
from games.protocol import RAIL, Game
from wire.server_frames import FairView

OPENED: Final = (HandStarted, HoleDealt, BoardDealt, HandShown)
"""What one needs of a hand to check its cards."""


class Dealer:
    """``seed`` is the secret of the next deal, ``sealed`` the deck of the last one: None if that
    was dealt without a seal, as journals of version 1 have it."""

    def __init__(self, seed: bytes = b"") -> None:
        self.seed = seed
        self.sealed: SealedDeck | None = None
        self._opened: list[Any] = []

    def commit(self, seed: bytes) -> SeedCommitted:
        """The next hand will be dealt from this seed."""
        self.seed = seed
        return SeedCommitted(commitment_of(seed))

    def seal(
        self, table: str, hand: int, entropies: Entropies, fixed: Sequence[int] | None
    ) -> SealedDeck:
        """The deck of the coming hand; nobody's entropy counts for it any more."""
        return SealedDeck(self.seed, table, hand, entropies, fixed)

    def begin(self, dealt: list[Any], sealed: SealedDeck | None, next_seed: bytes) -> list[Any]:
        """That hand is dealt: what happened, the seal before the first card."""
        self.sealed = sealed
        self._opened = []
        if sealed is None:
            return dealt
        return [dealt[0], sealed.sealed, self.commit(next_seed), *dealt[1:]]

    def prove(self, game: Game, events: list[Any]) -> list[Any]:
        """The events of a step, each card with its proof."""
        if self.sealed is None:
            return events
        proven = game.prove(events, self.sealed)
        self._opened += [event for event in proven if isinstance(event, OPENED)]
        return proven

    @property
    def used_seed(self) -> bytes:
        """The seed of the last hand, if it had one."""
        return self.sealed.seed if self.sealed is not None else b""

    def view(self, game: Game, viewer: int) -> FairView | None:
        """What a newcomer missed; of the last hand, when it is over, only what everybody saw: by
        then somebody else may sit there."""
        if not self.seed:
            return None
        commitment = commitment_of(self.seed)
        if self.sealed is None:
            return FairView(commitment)
        seen = [game.redact(event, viewer if game.playing else RAIL) for event in self._opened]
        opened = tuple([event for event in seen if getattr(event, "proofs", True)])
        return FairView(commitment, self.sealed.sealed, opened)
