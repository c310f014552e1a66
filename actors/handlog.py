"""The hand in play as it will be archived: its events, who sat where, and who decided."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from actors import commands as c
from actors.archive import FinishedHand, HandGame
from actors.commands import Player
from actors.machine import TableMachine
from actors.spec import TableSpec
from games.holdem.records import Acted, HandEnded, HandShown, HandStarted, HandVoided, bare
from wire.events import Event

TIME_OUT: Final = "time_out"
DISCONNECTED: Final = "disconnected"
"""His time ran out while his line was broken."""
NOBODY: Final[frozenset[int]] = frozenset()
LEFT: Final = "left"
"""He had stood up: the table folds for him."""

ENDINGS: Final = (HandEnded, HandVoided)


class Before(NamedTuple):
    """A table as it was before a step."""

    seated: Mapping[int, Player]
    away: frozenset[int]
    """Only where it is asked for: when a clock has run out."""
    spec: TableSpec

    @classmethod
    def of(cls, machine: TableMachine, command: c.Command) -> "Before":
        seats, away = machine.seats, NOBODY
        if isinstance(command, c.ClockRanOut):
            away = frozenset([seat.number for seat in seats.taken() if not seat.connected])
        return cls(seats.players, away, machine.spec)


class HandLog:
    """Gathers one hand after the other. Every card is in it: never shown as it is."""

    def __init__(self, table: str) -> None:
        self._table = table
        self.events: list[Event] = []
        self._times: list[int] = []
        self._platform: list[tuple[int, str]] = []
        self._players: tuple[tuple[int, Player], ...] = ()
        self._rules: HandGame | None = None
        self._began = 0
        self._ended = True

    def note(self, command: c.Command, events: Sequence[Event], before: Before) -> None:
        """Take in one step."""
        if events and isinstance(events[0], HandStarted):
            self.events, self._times, self._platform = [], [], []
            self._players = tuple((seat, before.seated[seat]) for seat in events[0].seats)
            game = msgspec.structs.asdict(before.spec.game)
            self._rules = HandGame(**game, currency=before.spec.currency)
            self._began = command.now
            self._ended = False
        if not self._ended:
            self._note_decisions(command, events, before.away)
            self.events += events
            self._times += [command.now - self._began] * len(events)
        for event in events:
            if isinstance(event, ENDINGS):
                self._ended = True

    def _note_decisions(
        self, command: c.Command, events: Sequence[Event], away: frozenset[int]
    ) -> None:
        """Of the actions of a step the first is what it was about; all others are folds of those
        who have left."""
        first = True
        for number, event in enumerate(events, len(self.events)):
            if not isinstance(event, Acted):
                continue
            why = LEFT
            if first and isinstance(command, c.Act):
                why = ""
            elif first and isinstance(command, c.ClockRanOut):
                why = DISCONNECTED if event.seat in away else TIME_OUT
            if why:
                self._platform.append((number, why))
            first = False

    @property
    def shown(self) -> bool:
        """Whether the last hand had a showdown."""
        return any(isinstance(event, HandShown) for event in self.events)

    def finished(self, hand: int, epoch: int, seed: bytes = b"") -> FinishedHand:
        """The record of the hand that has just ended. Its proofs can be made again of ``seed``."""
        return FinishedHand(
            self._table,
            hand,
            epoch,
            tuple([bare(event) for event in self.events]),
            self._players,
            next((e.reason for e in self.events if isinstance(e, HandVoided)), None),
            seed,
            self._rules,
            tuple(self._times),
            tuple(self._platform),
        )

    def broken_off(self, epoch: int, reason: str) -> FinishedHand | None:
        """The record of a hand that can't go on; None if none was in play."""
        if self._ended:
            return None
        started = self.events[0]
        assert isinstance(started, HandStarted)
        self.events.append(HandVoided(started.hand, started.seats, started.stacks, reason))
        self._times.append(self._times[-1])
        self._ended = True
        return self.finished(started.hand, epoch)
