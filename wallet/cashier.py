"""Deposits and withdrawals in two phases: written down as pending, then posted or voided.

A withdrawal takes the money out of the wallet when it begins (to the currency's pending account),
a deposit brings it in when it is posted. Every step is known by the payment's key: whoever dies
between two, the player's next request or the sweep takes it up.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import aiosql
import asyncpg

from wallet.batch import digest
from wallet.ledger import LAST_ID, must_be_amount, told
from wallet.payments import Answer, Payment, PaymentKind, PaymentState, Provider
from wallet.results import LedgerResult, Result

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

    Connection = PoolConnectionProxy[asyncpg.Record]

log = logging.getLogger(__name__)
QUERIES: Any = aiosql.from_path(str(files("wallet") / "cashier.sql"), "asyncpg")
EXPIRES_S: Final = 86_400.0
PROVIDER_S_MAX: Final = 10.0
"""Longest answer of a provider; later is no answer."""
SWEEP_PAYMENTS_MAX: Final = 100


def payment_key(kind: PaymentKind, player: UUID, ref: str) -> str:
    """``ref`` has no colon: what is made of the key can't be another payment's."""
    return f"{kind}:{player}:{ref}"


class Cashier:
    """Payments in Postgres, with one provider behind them."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        provider: Provider,
        expires_s: float = EXPIRES_S,
    ) -> None:
        """A payment that nobody has decided after ``expires_s`` seconds is stopped."""
        self._pool = pool
        self._provider = provider
        self._expires_s = expires_s
        self._swept = 0

    async def deposit(
        self, player: UUID, currency: str, amount: int, ref: str
    ) -> tuple[Result, Payment | None]:
        """Money in. ``ref`` is the player's own name for it: again with the same one is the same
        deposit. Refused by his limits; without a payment if it was refused."""
        return await self._begin(PaymentKind.DEPOSIT, player, currency, amount, ref)

    async def withdraw(
        self, player: UUID, currency: str, amount: int, ref: str
    ) -> tuple[Result, Payment | None]:
        """Money out; no limit and no exclusion refuses it."""
        return await self._begin(PaymentKind.WITHDRAWAL, player, currency, amount, ref)

    async def decide(
        self,
        key: str,
        state: PaymentState,
        by: str,
        why: str = "",
        reference: str = "",
        may: "Callable[[Connection], Awaitable[None]] | None" = None,
    ) -> Result:
        """Post or void what is pending: once, and the same again is a DUPLICATE. The other way
        it is a PAYLOAD_MISMATCH; UNKNOWN_ACCOUNT for no such payment. ``may`` is asked first, in
        the same transaction; what it raises is raised, and nothing is done."""
        assert state is not PaymentState.PENDING
        async with self._pool.acquire() as conn, conn.transaction():
            if may is not None:
                await may(conn)
            code = await QUERIES.decide(
                conn, key=key, state=state.value, by=by, why=why, reference=reference
            )
        return Result(LedgerResult(code))

    async def payment(self, key: str) -> Payment | None:
        async with self._pool.acquire() as conn:
            row = await QUERIES.payment(conn, key=key)
        return None if row is None else _payment(row)

    async def payments(
        self, player: UUID, limit: int = 50, before: int | None = None
    ) -> list[Payment]:
        """The player's, newest first, with ids below ``before``."""
        async with self._pool.acquire() as conn:
            found = QUERIES.payments(conn, player=player, before=before or LAST_ID, count=limit)
            return [_payment(row) async for row in found]

    async def pending(self, limit: int = 50, before: int | None = None) -> list[Payment]:
        """Everybody's that wait for a decision, newest first."""
        async with self._pool.acquire() as conn:
            found = QUERIES.pending(conn, before=before or LAST_ID, count=limit)
            return [_payment(row) async for row in found]

    async def waiting(self, player: UUID, kind: PaymentKind) -> int:
        """How many of the player's deposits, or withdrawals, are pending."""
        async with self._pool.acquire() as conn:
            return int(await QUERIES.waiting(conn, player=player, kind=kind.value))

    async def sweep(self) -> int:
        """Stop what has expired of our provider's; how many were decided. What has no answer is
        swept later, what another provider began is an operator's."""
        async with self._pool.acquire() as conn:
            found = QUERIES.due(
                conn, provider=self._provider.name, after=self._swept, count=SWEEP_PAYMENTS_MAX
            )
            due = [_payment(row) async for row in found]
        # Those without an answer must not keep the others waiting: the next round goes on here.
        self._swept = due[-1].id if len(due) == SWEEP_PAYMENTS_MAX else 0
        decided = 0
        for payment in due:
            answer = await self._ask(self._provider.end, payment)
            decided += await self._follow(payment, answer)
        return decided

    async def _begin(
        self, kind: PaymentKind, player: UUID, currency: str, amount: int, ref: str
    ) -> tuple[Result, Payment | None]:
        must_be_amount(amount)
        key = payment_key(kind, player, ref)
        async with self._pool.acquire() as conn:
            code = await QUERIES.begin(
                conn,
                key=key,
                payload=digest(kind.value, player, currency, amount),
                kind=kind.value,
                owner=player,
                currency=currency,
                amount=amount,
                provider=self._provider.name,
                expires_s=self._expires_s,
            )
            result = await told(conn, key, code, amount)
        if not result.done:
            return result, None
        payment = await self.payment(key)
        assert payment is not None
        if payment.state is PaymentState.PENDING:
            answer = await self._ask(self._provider.begin, payment)
            await self._follow(payment, answer)
            payment = await self.payment(key)
        return result, payment

    async def _ask(self, ask: Any, payment: Payment) -> Answer:
        if payment.provider != self._provider.name:
            # Begun with another provider, whom nobody can ask any more: an operator knows.
            return Answer(PaymentState.PENDING)
        try:
            async with asyncio.timeout(PROVIDER_S_MAX):
                answer: Answer = await ask(payment)
        except Exception as failure:
            log.warning("%s: no answer from %s: %s", payment.key, payment.provider, failure)
            return Answer(PaymentState.PENDING)
        return answer

    async def _follow(self, payment: Payment, answer: Answer) -> bool:
        if answer.state is PaymentState.PENDING:
            return False
        result = await self.decide(
            payment.key, answer.state, payment.provider, answer.why, answer.reference
        )
        if result.code is LedgerResult.PAYLOAD_MISMATCH:
            # Somebody was told otherwise: money and books differ until a person looks at it.
            log.critical("%s: %s says %s", payment.key, payment.provider, answer.state)
        return result.code is LedgerResult.APPLIED


def _payment(row: Any) -> Payment:
    return Payment(
        row["payment_id"],
        row["key"],
        PaymentKind(row["kind"]),
        row["player"],
        row["currency"],
        row["amount"],
        row["provider"],
        PaymentState(row["state"]),
        row["reference"],
        row["why"],
        row["decided_by"],
        row["begun_at"],
        row["expires_at"],
        row["decided_at"],
    )
