"""The chairs of a table: who sits where, with what, and who has one held."""

from collections.abc import Mapping, Sequence

import msgspec

from actors.commands import Player
from games.clock import ClockSpec
from games.fair.deal import NO_ENTROPY
from games.protocol import Entrant
from wire.server_frames import SeatView

CONNECTED = -1


class Seat(msgspec.Struct, kw_only=True):
    """A taken seat. ``stack`` is as of the last finished hand; ``added`` waits for the next.
    ``entropy`` is the hash of what the player mixes into the deals. One who is ``leaving`` folds
    in his turn, one who is ``sent_away`` plays the hand on; both stand up after it."""

    number: int
    player: Player
    session: str
    stack: int
    bank_ms: int
    post_now: bool = False
    straddle: bool = False
    entropy: bytes = NO_ENTROPY
    added: int = 0
    sitting_out: bool = False
    leaving: bool = False
    sent_away: bool = False
    timeouts: int = 0
    idle_since: int = CONNECTED
    connected: bool = True

    @property
    def going(self) -> bool:
        """Whether he stands up after the hand."""
        return self.leaving or self.sent_away

    def refill(self, clock: ClockSpec) -> None:
        """A hand was played: the time bank grows a little."""
        self.bank_ms = min(clock.bank_ms_max, self.bank_ms + clock.refill_ms)

    def note_idle(self, now: int) -> None:
        """Start or stop counting the time away from play."""
        if self.connected and not self.sitting_out:
            self.idle_since = CONNECTED
        elif self.idle_since == CONNECTED:
            self.idle_since = now

    def view(self, behind: int | None) -> SeatView:
        """What everybody sees; ``behind`` is the stack during a hand, None outside one."""
        return SeatView(
            self.number,
            self.player.name,
            self.player.kind,
            self.stack if behind is None else behind,
            self.added,
            self.sitting_out,
            not self.connected,
            self.straddle,
        )


class Seats:
    """All chairs by number. A held chair is neither free nor playing.

    ``players`` is who sits where: another mapping after every change, so whoever keeps one keeps
    it as it was.
    """

    def __init__(self, count: int) -> None:
        self.chairs: list[Seat | None] = [None] * count
        self.held: dict[int, str] = {}
        self.players: Mapping[int, Player] = {}
        self._taken: list[Seat] = []
        self._by_player: dict[str, Seat] = {}

    def take(self, seat: Seat) -> None:
        """Somebody sits down on an empty chair."""
        assert self.chairs[seat.number] is None
        self.chairs[seat.number] = seat
        self._changed()

    def vacate(self, number: int) -> None:
        """The chair is empty again."""
        self.chairs[number] = None
        self._changed()

    def _changed(self) -> None:
        self._taken = [seat for seat in self.chairs if seat is not None]
        self._by_player = {seat.player.id: seat for seat in self._taken}
        self.players = {seat.number: seat.player for seat in self._taken}

    def taken(self) -> Sequence[Seat]:
        """The taken seats, by number: as they are now, whatever changes later."""
        return self._taken

    def of(self, player: str) -> Seat | None:
        """The player's seat, or None."""
        return self._by_player.get(player)

    def at(self, number: int) -> Seat:
        """The seat that must be taken."""
        seat = self.chairs[number]
        assert seat is not None, "an empty chair"
        return seat

    def free(self) -> list[int]:
        """Chairs that are neither taken nor held."""
        return [n for n, s in enumerate(self.chairs) if s is None and n not in self.held]

    def ready(self) -> list[Entrant]:
        """Those who want to be dealt in."""
        return [
            Entrant(s.number, s.stack, s.post_now, s.straddle)
            for s in self.taken()
            if s.stack > 0 and not s.sitting_out and not s.going
        ]
