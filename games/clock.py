"""The turn clock: a base time for every decision, then the player's own time bank.

Pure: instants (milliseconds on one monotonic scale) come in, deadlines go out. The caller owns
the timer and says when it fired.
"""

from enum import Enum

import msgspec


class ClockSpec(msgspec.Struct, frozen=True, kw_only=True):
    """Times in milliseconds; a bank refills by ``refill_ms`` a hand, up to ``bank_ms_max``."""

    turn_ms: int = 15_000
    bank_ms: int = 30_000
    bank_ms_max: int = 60_000
    refill_ms: int = 1_000

    def __post_init__(self) -> None:
        if self.turn_ms <= 0:
            raise ValueError("turn_ms is positive")
        if not 0 <= self.bank_ms <= self.bank_ms_max:
            raise ValueError("bank_ms lies between 0 and bank_ms_max")
        if self.refill_ms < 0:
            raise ValueError("refill_ms is not negative")


class Phase(Enum):
    """What is running: nothing, the base time of the turn, or the player's bank."""

    STOPPED = "stopped"
    TURN = "turn"
    BANK = "bank"


class Clock(msgspec.Struct):
    """One running decision. ``bank_ms`` is what the player had when the turn began."""

    phase: Phase = Phase.STOPPED
    deadline: int = 0
    bank_ms: int = 0

    def begin(self, now: int, spec: ClockSpec, bank_ms: int) -> None:
        """A new turn at instant ``now`` for a player with this much bank."""
        self.phase = Phase.TURN
        self.deadline = now + spec.turn_ms
        self.bank_ms = bank_ms

    def use_bank(self, now: int) -> bool:
        """The base time is over: go on with the bank; False if there is none (time is up)."""
        if self.phase is not Phase.TURN or self.bank_ms <= 0:
            return False
        self.phase = Phase.BANK
        self.deadline = now + self.bank_ms
        return True

    def stop(self, now: int) -> int:
        """The decision was made: stop and return the bank that is left, in milliseconds."""
        left = self.bank_ms
        if self.phase is Phase.BANK:
            left = max(0, min(self.bank_ms, self.deadline - now))
        self.phase = Phase.STOPPED
        return left

    def grant(self, now: int, at_least_ms: int) -> None:
        """After an interruption: at least this much of the running phase is left."""
        if self.phase is not Phase.STOPPED:
            self.deadline = max(self.deadline, now + at_least_ms)

    def remaining(self, now: int) -> int:
        """Milliseconds until the deadline of the running phase; 0 when stopped."""
        return 0 if self.phase is Phase.STOPPED else max(0, self.deadline - now)
