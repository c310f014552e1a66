"""The answers of the ledger: one closed enum, in the order in which they are decided."""

from datetime import datetime
from enum import StrEnum

import msgspec


class LedgerResult(StrEnum):
    """Precedence is the order of the members: a repeated key is answered before anything else."""

    APPLIED = "applied"
    """Done now."""
    DUPLICATE = "duplicate"
    """Done before, by the same key and payload: as good as applied."""
    PAYLOAD_MISMATCH = "payload_mismatch"
    """The key was used for something else. Never retry: somebody is wrong."""
    STALE_EPOCH = "stale_epoch"
    """The table was taken over. Never retry: stop."""
    UNKNOWN_ACCOUNT = "unknown_account"
    """A wallet was never opened, or a stake has gone home."""
    INSUFFICIENT = "insufficient"
    """A balance would go below its floor. Final: later chips help another key, not this one."""
    LIMIT_REACHED = "limit_reached"
    """A limit of the player's, or his exclusion, forbids it. Final."""


class LimitName(StrEnum):
    """What a player may run into. Days, weeks (from Monday) and months are those of UTC."""

    SELF_EXCLUSION = "self_exclusion"
    COOLING_OFF = "cooling_off"
    SESSION = "session"
    DEPOSIT_DAY = "deposit_day"
    DEPOSIT_WEEK = "deposit_week"
    DEPOSIT_MONTH = "deposit_month"
    BUY_IN_DAY = "buy_in_day"
    BUY_IN_WEEK = "buy_in_week"
    BUY_IN_MONTH = "buy_in_month"
    LOSS_DAY = "loss_day"
    LOSS_WEEK = "loss_week"
    LOSS_MONTH = "loss_month"


class Reached(msgspec.Struct, frozen=True):
    """Which limit, what it leaves in minor units, and when it ends: None is never."""

    limit: LimitName
    left: int = 0
    until: datetime | None = None


class Result(msgspec.Struct, frozen=True):
    """``amount`` is what moved, in minor units; 0 if nothing did. ``reached`` says more of
    LIMIT_REACHED."""

    code: LedgerResult
    amount: int = 0
    reached: Reached | None = None

    @classmethod
    def of(cls, code: str, amount: int) -> "Result":
        """The answer of a function of the database; ``amount`` counts if it is done."""
        result = cls(LedgerResult(code), amount)
        return result if result.done else cls(result.code)

    @property
    def done(self) -> bool:
        """Applied now or before."""
        return self.code in (LedgerResult.APPLIED, LedgerResult.DUPLICATE)
