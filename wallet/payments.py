"""Money from and to the outside: the shapes, and what a payment provider has to be."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec

from wallet.currencies import PLAY


class PaymentKind(StrEnum):
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"


class PaymentState(StrEnum):
    """``pending`` becomes one of the others once, and stays it."""

    PENDING = "pending"
    POSTED = "posted"
    VOIDED = "voided"


class Payment(msgspec.Struct, frozen=True):
    """``amount`` is in minor units. ``reference`` is the provider's own, ``why`` says what came
    of it."""

    id: int
    key: str
    kind: PaymentKind
    player: UUID
    currency: str
    amount: int
    provider: str
    state: PaymentState
    reference: str
    why: str
    decided_by: str
    begun_at: datetime
    expires_at: datetime
    decided_at: datetime | None


class Answer(msgspec.Struct, frozen=True):
    """What a provider says of a payment; ``pending`` is that he will say later."""

    state: PaymentState
    why: str = ""
    reference: str = ""


class Provider(Protocol):
    """Who moves money outside: one for all currencies.

    He knows a payment by its ``key`` and moves its money at most once, however often he is asked.
    An exception is no answer: he is asked again.
    """

    name: str

    async def begin(self, payment: Payment) -> Answer:
        """Start to move the money, or say how far it is."""
        ...

    async def end(self, payment: Payment) -> Answer:
        """It has expired: stop it. ``posted`` if its money has moved after all, ``pending`` only
        while he does not know; once he has said ``voided`` it must never move."""
        ...


class ManualProvider:
    """No provider: every payment waits for an operator (``squaredeal payments``), and is voided
    if he has said nothing until it expires."""

    name = "manual"

    async def begin(self, payment: Payment) -> Answer:
        return Answer(PaymentState.PENDING)

    async def end(self, payment: Payment) -> Answer:
        return Answer(PaymentState.VOIDED, "expired")


class DevelopmentProvider(ManualProvider):
    """For development: play chips come and go at once, and no money moves anywhere. Other
    currencies wait for an operator as they do without a provider."""

    name = "development"

    async def begin(self, payment: Payment) -> Answer:
        if payment.currency != PLAY:
            return await super().begin(payment)
        return Answer(PaymentState.POSTED, "play chips: no money moved")
