"""The answers of the ledger: one closed enum, in the order in which they are decided."""

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


class Result(msgspec.Struct, frozen=True):
    """``amount`` is what moved, in minor units; 0 if nothing did."""

    code: LedgerResult
    amount: int = 0

    @classmethod
    def of(cls, code: str, amount: int) -> "Result":
        """The answer of a function of the database; ``amount`` counts if it is done."""
        result = cls(LedgerResult(code), amount)
        return result if result.done else cls(result.code)

    @property
    def done(self) -> bool:
        """Applied now or before."""
        return self.code in (LedgerResult.APPLIED, LedgerResult.DUPLICATE)
