"""The table's own time: milliseconds that go on where they were after an interruption."""

from collections.abc import Callable


class TableClock:
    """``tell`` is a monotonic clock in seconds. Frozen, it stands still; for several reasons it
    goes on when the last of them is gone."""

    def __init__(self, tell: Callable[[], float], now: int) -> None:
        self._tell = tell
        self._offset = now - int(tell() * 1_000)
        self._at = now
        self._reasons: set[str] = set()

    def now(self) -> int:
        """Milliseconds; never backwards."""
        return self._at if self._reasons else int(self._tell() * 1_000) + self._offset

    @property
    def frozen(self) -> bool:
        return bool(self._reasons)

    def freeze(self, reason: str) -> None:
        """Stand still."""
        self._at = self.now()
        self._reasons.add(reason)

    def thaw(self, reason: str) -> None:
        """Go on from the same instant."""
        if self._reasons == {reason}:
            self._offset = self._at - int(self._tell() * 1_000)
        self._reasons.discard(reason)

    def seconds_until(self, instant: int) -> float:
        """For a timer."""
        return max(0.0, (instant - self.now()) / 1_000)
