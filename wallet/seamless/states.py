"""One business action at the operator, as it is written down, and where it stands.

```
debit    started → debited → done                     the operator has paid, the stake has it
                 ↘ refused        ↘ reversing ↘       the operator said no | the ledger said no
                 ↘ rolling_back ←──────────────       nobody knows, or it must not be
                          ↘ rolled_back
credit   started → withdrawing → crediting → done     stake → wallet → out of the ledger → paid
                 ↘ refused | done (nothing was left)
```
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from wallet.results import LedgerResult


class Kind(StrEnum):
    """Which way the money goes."""

    DEBIT = "debit"
    CREDIT = "credit"


class State(StrEnum):
    """See above; ``wallet.seamless_advance`` allows no other way."""

    STARTED = "started"
    DEBITED = "debited"
    REVERSING = "reversing"
    ROLLING_BACK = "rolling_back"
    ROLLED_BACK = "rolled_back"
    WITHDRAWING = "withdrawing"
    CREDITING = "crediting"
    DONE = "done"
    REFUSED = "refused"

    @property
    def final(self) -> bool:
        """Nothing is left to do."""
        return self in (State.DONE, State.REFUSED, State.ROLLED_BACK)


class Begun(StrEnum):
    """What writing a transaction down has shown."""

    NEW = "new"
    CLAIMED = "claimed"
    DECIDED = "decided"
    HELD = "held"
    PAYLOAD_MISMATCH = "payload_mismatch"
    UNKNOWN_ACCOUNT = "unknown_account"
    FOREIGN = "foreign"


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """A row. ``result`` is what the table is told, None as long as that is open."""

    key: str
    transaction_uuid: UUID
    kind: Kind
    player: UUID
    operator_player: str
    currency: str
    table_id: str
    session: UUID
    epoch: int
    amount: int | None
    state: State
    result: LedgerResult | None
    attempts: int
    answer: str
    due_at: datetime | None

    @property
    def sum(self) -> int:
        """The amount, known in every state in which money moves."""
        assert self.amount is not None
        return self.amount


class Stray(msgspec.Struct, frozen=True):
    """A stake that went home past the adapter."""

    key: str
    player: UUID
    table: str
    session: UUID


class Outstanding(msgspec.Struct, frozen=True):
    """What is under way, for a metric and for the operator's desk."""

    kind: Kind
    state: State
    transactions: int
    amount: int
    oldest: datetime


class Person(msgspec.Struct, frozen=True):
    """A player as the operator knows him."""

    name: str
    currency: str
    token: str
