"""What the rail is shown of one table: in order, without gaps, and so much later. Pure."""

from collections import deque
from typing import Final, NamedTuple

from wire.codec import CODECS, MSGPACK
from wire.limits import RailLimits
from wire.rail import HEADER, Kind, Told

NOWHERE: Final = (-1, -1)


class Shot:
    """One frame, encoded once for each codec that somebody speaks."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self._encoded = {MSGPACK: told.frame}

    def bytes_for(self, codec: str) -> bytes:
        data = self._encoded.get(codec)
        if data is None:
            frame = CODECS[MSGPACK].decode_server(self.told.frame)
            data = self._encoded[codec] = CODECS[codec].encode(frame)
        return data


class Shown(NamedTuple):
    """What is to be sent now. A snapshot that is no ``news`` is for newcomers only."""

    shot: Shot
    news: bool = True


class Track:
    """Takes what a table tells, gives what may be shown. Instants are seconds of any one clock."""

    def __init__(self, limits: RailLimits, now: float) -> None:
        self.wanting = True
        """Whether a snapshot is needed."""
        self.heard_at = now
        self.told_at = NOWHERE
        """(epoch, seq) that has been heard of without a gap."""
        self.shown_at = NOWHERE
        """(epoch, seq) that spectators are at."""
        self.delay_s = 0
        self._limits = limits
        self._keyframe: Shot | None = None
        self._tail: list[Shot] = []
        self._held: deque[tuple[float, Told]] = deque()
        self._held_bytes = 0

    def hear(self, told: Told, now: float) -> None:
        """One message, in whatever order, once or more often."""
        epoch, seq = self.told_at
        if told.epoch < epoch:
            return  # of a process that does not know yet that it was replaced
        self.heard_at = now
        if told.epoch > epoch:
            self.told_at = epoch, seq = (told.epoch, -1)
            self.wanting = True
        if told.seq < seq or (told.kind is Kind.UPDATE and told.seq == seq):
            return
        match told.kind:
            case Kind.UPDATE:
                if seq < 0 or told.seq != seq + 1:
                    self.wanting = True
                    return
            case Kind.SNAPSHOT:
                self.wanting = False
                self.delay_s = told.delay_s
            case Kind.STILL:
                self.wanting = self.wanting or told.seq != seq
                return
        self.told_at = (told.epoch, told.seq)
        self._hold(told, now)

    def _hold(self, told: Told, now: float) -> None:
        due = now + self.delay_s
        if self._held:
            due = max(due, self._held[-1][0])
        self._held.append((due, told))
        self._held_bytes += HEADER.size + len(told.frame)
        if self._held_bytes > self._limits.held_bytes_max:
            self._held.clear()
            self._held_bytes = 0
            self.told_at = (told.epoch, -1)
            self.wanting = True

    def missed(self, now: float) -> None:
        """The line was broken: who knows what was said. That is no silence of the table's."""
        self.wanting = True
        self.heard_at = now

    @property
    def due(self) -> float | None:
        """When there is something to show."""
        return self._held[0][0] if self._held else None

    @property
    def held(self) -> int:
        """Bytes that wait for the delay to pass."""
        return self._held_bytes

    @property
    def worn(self) -> bool:
        """Whether newcomers should get a fresher snapshot than the one there is, if any."""
        return self._keyframe is None or len(self._tail) >= self._limits.tail_frames_max

    @property
    def snapshot_held(self) -> bool:
        """Whether one waits for the delay to pass: no need to ask for another."""
        return any(told.kind is Kind.SNAPSHOT for _, told in self._held)

    def release(self, now: float) -> list[Shown]:
        """What may be shown by now, in order."""
        shown: list[Shown] = []
        while self._held and self._held[0][0] <= now:
            _, told = self._held.popleft()
            self._held_bytes -= HEADER.size + len(told.frame)
            news = (told.epoch, told.seq) != self.shown_at
            shot = Shot(told)
            if told.kind is Kind.UPDATE:
                epoch, seq = self.shown_at
                assert (told.epoch, told.seq) == (epoch, seq + 1)
                self._tail.append(shot)
                if len(self._tail) > 2 * self._limits.tail_frames_max:
                    self._keyframe = None
                    self._tail.clear()
            elif told.kind is Kind.SNAPSHOT:
                self._keyframe = shot
                self._tail.clear()
            self.shown_at = (told.epoch, told.seq)
            shown.append(Shown(shot, news))
        return shown

    def picture(self) -> list[Shot] | None:
        """A snapshot and the updates since, up to what is shown now; None if there is none yet."""
        return [self._keyframe, *self._tail] if self._keyframe is not None else None

    def since(self, epoch: int, seq: int) -> list[Shot] | None:
        """The updates after ``seq``; None if that takes a snapshot."""
        missing = self.shown_at[1] - seq
        if seq < 0 or epoch != self.shown_at[0] or not 0 <= missing <= len(self._tail):
            return None
        return self._tail[len(self._tail) - missing :]
