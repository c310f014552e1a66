"""Every limit of the seamless wallet, with its unit in its name."""

from typing import Final

import msgspec

AMOUNT_MAX: Final = 2**53 - 1
"""Minor units in one transaction: what every JSON parser reads exactly."""
TOKEN_CHARS_MAX: Final = 1_024
"""Characters of an operator's player token."""
NAME_CHARS_MAX: Final = 128
"""Characters of an operator's name for a player, of a currency, of a table."""
BODY_BYTES_MAX: Final = 8_192
"""Bytes of a message or an answer: some five times the largest honest one."""

BALANCES_AT_ONCE_MAX: Final = 16
"""Balances that one process asks for at a time."""


class SeamlessLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How long and how often an operator is asked."""

    call_timeout_s: float = 3.0
    """One HTTP call, from the first byte sent to the last one read."""
    freshness_s_max: int = 30
    """How far the timestamp of a message may be from the receiver's clock, either way."""
    debit_attempts_max: int = 3
    """Calls for one debit before it is given up and rolled back."""
    retry_s_first: float = 0.1
    """Pause before a second attempt; each further one doubles it."""
    debit_retry_s_max: float = 1.0
    """Longest pause between attempts of a debit: a player is waiting for it."""
    retry_s_max: float = 300.0
    """Longest pause between attempts of a credit or a rollback: they are repeated for ever."""
    claim_s: float = 10.0
    """How long a process has a transaction for itself; renewed at each attempt."""
    orphan_s: float = 20.0
    """A debit that nobody has asked for so long after its claim ran out belongs to nobody."""
    sweep_s: float = 1.0
    """Pause between two sweeps."""
    sweep_rows_max: int = 100
    """Transactions resumed by one sweep."""
    in_flight_max: int = 64
    """Transactions that one process works on at a time."""

    def __post_init__(self) -> None:
        assert self.debit_attempts_max >= 1
        # A claim must not run out in the middle of an attempt that is on its way.
        assert self.call_timeout_s + self.debit_retry_s_max < self.claim_s
        # Whoever still waits for his debit comes back before it is taken for an orphan.
        assert self.claim_s < self.orphan_s
        assert self.retry_s_first <= self.debit_retry_s_max <= self.retry_s_max
        assert self.call_timeout_s < self.freshness_s_max
