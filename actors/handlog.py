"""The hand in play as it will be archived: its events and who sat where."""

from collections.abc import Mapping, Sequence

from actors.archive import FinishedHand
from actors.commands import Player
from games.holdem.records import (
    HandEnded,
    HandShown,
    HandStarted,
    HandVoided,
    bare,
)
from wire.events import Event


class HandLog:
    """Gathers one hand after the other. Every card is in it: never shown as it is."""

    def __init__(self, table: str) -> None:
        self._table = table
        self.events: list[Event] = []
        self._players: tuple[tuple[int, Player], ...] = ()
        self._ended = True

    def note(self, events: Sequence[Event], seated: Mapping[int, Player]) -> None:
        """Take in one step; ``seated`` is as it was before the step."""
        if events and isinstance(events[0], HandStarted):
            self.events = []
            self._players = tuple((seat, seated[seat]) for seat in events[0].seats)
            self._ended = False
        if not self._ended:
            self.events += events
        if any(isinstance(event, HandEnded | HandVoided) for event in events):
            self._ended = True

    @property
    def shown(self) -> bool:
        """Whether the last hand had a showdown."""
        return any(isinstance(event, HandShown) for event in self.events)

    def finished(self, hand: int, epoch: int, seed: bytes = b"") -> FinishedHand:
        """The record of the hand that has just ended. Its proofs can be made again of ``seed``."""
        voided = next((e.reason for e in self.events if isinstance(e, HandVoided)), None)
        events = tuple([bare(event) for event in self.events])
        return FinishedHand(self._table, hand, epoch, events, self._players, voided, seed)

    def broken_off(self, epoch: int, reason: str) -> FinishedHand | None:
        """The record of a hand that can't go on; None if none was in play."""
        if self._ended:
            return None
        started = self.events[0]
        assert isinstance(started, HandStarted)
        self.events.append(HandVoided(started.hand, started.seats, started.stacks, reason))
        self._ended = True
        return self.finished(started.hand, epoch)
