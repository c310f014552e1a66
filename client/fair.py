"""Checks every deal as the table shows it, and keeps what proves the last hand to anybody else."""

from collections.abc import Callable
from typing import Final

import msgspec

from games.fair.deal import entropy_hash
from games.fair.proof import Fault, HandProof, Hole, verify
from games.fair.records import DeckSealed, SeedCommitted
from games.holdem import records as r
from games.protocol import RAIL
from wire.events import Event
from wire.server_frames import FairView

FAULTS_KEPT: Final = 16


class FairDeal:
    """``proof`` is of the hand in play or the last one; ``faults`` are (hand, what was wrong), the
    last few: a single one means that the server, or somebody between, cheats or is broken."""

    def __init__(self, table: str) -> None:
        self.proof: HandProof | None = None
        self.faults: list[tuple[int, Fault]] = []
        self.checked = 0
        self.announced: bytes | None = None
        self._table = table
        self._order: tuple[int, ...] = ()
        self._values: list[str] = []
        self._accepted = False

    # What we mix in

    def sent(self, value: str) -> None:
        """A new value is on its way to the table."""
        self._values.append(value)

    def accepted(self, value: str) -> None:
        """The table has it: from now on no older one may be dealt with."""
        if value in self._values:
            self._values = self._values[self._values.index(value) :]
            self._accepted = True

    def seated(self) -> None:
        """A new sitting begins without entropy."""
        self._values, self._accepted = [""], True

    def _own(self, sealed: DeckSealed, me: int) -> str | None:
        """Which of our values is in the deal; None if we can't know."""
        digest = dict(sealed.entropies).get(me)
        if digest is None:
            return None
        for value in self._values:
            if entropy_hash(value) == digest:
                return value
        return self._values[0] if self._accepted else None

    # What we are told

    def welcome(self, view: FairView | None, me: int) -> None:
        """A snapshot: of a hand that we know, the first root stays the one that counts."""
        # A table that was brought back from a damaged journal may know an older value of ours.
        self._accepted = False
        if view is None:
            return
        if view.sealed is not None:
            self._catch_up(view, view.sealed, me)
        self.announced = view.commitment

    def _catch_up(self, view: FairView, sealed: DeckSealed, me: int) -> None:
        known = self.proof is not None and self.proof.hand == sealed.hand
        for event in view.opened:
            if isinstance(event, r.HandStarted):
                if known:
                    continue
                self._order = event.seats
                # Which seed was announced for this hand, we have not heard.
                self.announced = None
                self._begin(sealed, me)
            elif not self._has(event):
                self.apply(event, me)

    def _has(self, event: r.HoleDealt | r.BoardDealt | r.HandShown) -> bool:
        proof = self.proof
        if proof is None or not isinstance(event, r.BoardDealt):
            return False
        return set(event.cards) <= set(proof.board)

    def apply(self, event: Event, me: int) -> None:
        """One event of the table; ``me`` is our seat, or RAIL."""
        match event:
            case r.HandStarted(seats=seats):
                self._order, self.proof = seats, None
            case DeckSealed():
                self._begin(event, me)
            case SeedCommitted(commitment=commitment):
                self.announced = commitment
            case r.HoleDealt(seat=seat, cards=cards) | r.HandShown(seat=seat, cards=cards):
                if cards:
                    hole = Hole(seat, cards, event.proofs)
                    self._change(
                        lambda p: {"holes": (*(h for h in p.holes if h.seat != seat), hole)}
                    )
            case r.BoardDealt(cards=cards, proofs=proofs):
                self._change(
                    lambda p: {
                        "board": p.board + cards,
                        "board_openings": p.board_openings + proofs,
                    }
                )
            case r.HandEnded() | r.HandVoided():
                self._check()

    def _begin(self, sealed: DeckSealed, me: int) -> None:
        self.proof = HandProof(
            table=self._table,
            hand=sealed.hand,
            seat=me if me in dict(sealed.entropies) else RAIL,
            order=self._order,
            commitment=sealed.commitment,
            entropies=sealed.entropies,
            root=sealed.root,
            entropy=self._own(sealed, me),
            announced=self.announced,
        )

    def _change(self, fields: Callable[[HandProof], dict[str, object]]) -> None:
        if self.proof is not None:
            self.proof = msgspec.structs.replace(self.proof, **fields(self.proof))

    def _check(self) -> None:
        if self.proof is None:
            return  # dealt before there were seals, or we came in the middle
        self.checked += 1
        found = [(self.proof.hand, fault) for fault in verify(self.proof).faults]
        self.faults = (self.faults + found)[-FAULTS_KEPT:]

    def record(self) -> bytes:
        """The last hand's proof as a file for ``squaredeal verify``."""
        assert self.proof is not None, "no hand was sealed"
        return msgspec.json.format(msgspec.json.encode({"proof": self.proof}), indent=1)
