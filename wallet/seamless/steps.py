"""One step of a transaction after the other, each safe to take twice.

Before each step its state is in Postgres; after it the next one is. A crash repeats a step, and a
step that is repeated finds what it did: the operator by ``transaction_uuid``, the ledger by key.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Protocol
from uuid import UUID, uuid4

from wallet.results import LedgerResult, Result
from wallet.seamless.cash import Cash
from wallet.seamless.client import OperatorClient
from wallet.seamless.errors import BooksDisagree, OutcomeUnknown
from wallet.seamless.limits import SeamlessLimits
from wallet.seamless.protocol import (
    FINAL_REFUSALS,
    Code,
    Credit,
    Debit,
    Movement,
    Rollback,
    transaction_uuid,
)
from wallet.seamless.states import Kind, Person, State, Transaction
from wallet.seamless.store import Store

log = logging.getLogger(__name__)

LEDGER_RESULTS: Final = {
    Code.UNKNOWN_PLAYER: LedgerResult.UNKNOWN_ACCOUNT,
    Code.WRONG_CURRENCY: LedgerResult.UNKNOWN_ACCOUNT,
    Code.PAYLOAD_MISMATCH: LedgerResult.PAYLOAD_MISMATCH,
    Code.PLAYER_BLOCKED: LedgerResult.LIMIT_REACHED,
    Code.LIMIT_REACHED: LedgerResult.LIMIT_REACHED,
}
"""How a refused debit looks to a table; every other reason means that it can't be paid."""


class EscrowBank(Protocol):
    """The ledger's play-time half, in the shapes that tables call it by."""

    async def buy_in(
        self, player: UUID, table: str, session: UUID, amount: int, key: str, epoch: int
    ) -> Result: ...

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result: ...

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result: ...


class Steps:
    """Takes a transaction from state to state."""

    def __init__(
        self,
        store: Store,
        operator: OperatorClient,
        inner: EscrowBank,
        cash: Cash,
        limits: SeamlessLimits,
        site: str,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._store = store
        self._operator = operator
        self._inner = inner
        self._cash = cash
        self._limits = limits
        self._site = site
        self._sleep = sleep
        self._places = asyncio.Semaphore(limits.in_flight_max)

    async def step(self, row: Transaction) -> Transaction | None:
        """The row after one more step; None if it has to wait.

        Raises HeldElsewhere if another process has it, and whatever the database raises.
        """
        match row.state:
            case State.STARTED if row.kind is Kind.DEBIT:
                return await self._debit(row)
            case State.STARTED:
                return await self._send_home(row)
            case State.DEBITED:
                return await self._into_stake(row)
            case State.REVERSING:
                return await self._withdraw(row, "back", State.ROLLING_BACK)
            case State.WITHDRAWING:
                return await self._withdraw(row, "out", State.CREDITING)
            case State.ROLLING_BACK:
                return await self._until_acknowledged(row, self._rollback_of, State.ROLLED_BACK)
            case State.CREDITING:
                return await self._until_acknowledged(row, self._credit_of, State.DONE)
        raise AssertionError(f"{row.key}: nothing to do in {row.state}")

    async def abandon(self, row: Transaction) -> Transaction:
        """A debit that nobody waits for any more: it must not be."""
        assert (row.kind, row.state) == (Kind.DEBIT, State.STARTED)
        # Attempts are counted before they are made: none means that nothing ever left.
        state = State.ROLLING_BACK if row.attempts else State.REFUSED
        return await self._store.advance(row, state, "nobody asked", LedgerResult.INSUFFICIENT)

    # Debit: operator → wallet → stake

    async def _debit(self, row: Transaction) -> Transaction | None:
        attempt, code, answer = await self._ask(row, self._debit_of)
        if code is Code.OK:
            return await self._store.advance(row, State.DEBITED, answer)
        if code in FINAL_REFUSALS:
            assert code is not None
            result = LEDGER_RESULTS.get(code, LedgerResult.INSUFFICIENT)
            # An earlier attempt may still be on its way: only a tombstone stops it.
            state = State.REFUSED if attempt == 1 else State.ROLLING_BACK
            return await self._store.advance(row, state, answer, result)
        if attempt >= self._limits.debit_attempts_max:
            log.warning("%s: %s after %s attempts, rolling back", row.key, answer, attempt)
            return await self._store.advance(
                row, State.ROLLING_BACK, answer, LedgerResult.INSUFFICIENT
            )
        await self._sleep(self._pause(attempt, self._limits.debit_retry_s_max))
        return row

    async def _into_stake(self, row: Transaction) -> Transaction | None:
        paid = await self._cash.deposit(row.player, row.sum, f"seamless:in:{row.key}")
        if not paid.done:
            await self._stuck(row, f"deposit: {paid.code}")
            return None
        moved = await self._inner.buy_in(
            row.player, row.table_id, row.session, row.sum, row.key, row.epoch
        )
        if moved.done:
            return await self._store.advance(row, State.DONE, "ok", LedgerResult.APPLIED)
        return await self._store.advance(row, State.REVERSING, f"ledger: {moved.code}", moved.code)

    # Credit: stake → wallet → operator

    async def _send_home(self, row: Transaction) -> Transaction:
        home = await self._inner.cash_out(row.player, row.table_id, row.session, row.key)
        answer = f"ledger: {home.code}"
        if not home.done:
            return await self._store.advance(row, State.REFUSED, answer, home.code)
        state = State.WITHDRAWING if home.amount else State.DONE
        return await self._store.advance(row, state, answer, LedgerResult.APPLIED, home.amount)

    async def _withdraw(self, row: Transaction, way: str, after: State) -> Transaction | None:
        """Out of the ledger first, to the operator then: the money is never in both."""
        left = await self._cash.withdraw(row.player, row.sum, f"seamless:{way}:{row.key}")
        if not left.done:
            await self._stuck(row, f"withdrawal: {left.code}")
            return None
        return await self._store.advance(row, after, row.answer)

    async def _until_acknowledged(
        self, row: Transaction, message: Callable[[Transaction, Person], Movement], after: State
    ) -> Transaction | None:
        attempt, code, answer = await self._ask(row, message)
        if code is Code.OK:
            return await self._store.advance(row, after, answer)
        # Whatever an operator says to a credit or a rollback, he is asked again.
        log.warning("%s is %s: %s after %s attempts", row.key, row.state, answer, attempt)
        await self._store.delay(row, answer, self._pause(attempt, self._limits.retry_s_max))
        return None

    # The operator

    async def _ask(
        self, row: Transaction, message: Callable[[Transaction, Person], Movement]
    ) -> tuple[int, Code | None, str]:
        """Which attempt it was, what was decided if anything, and that in words."""
        person = await self._store.person(row.player)
        assert person is not None
        async with self._places:
            attempt = await self._store.attempt(row)
            try:
                answer = await self._operator.ask(message(row, person))
            except OutcomeUnknown as unknown:
                return attempt, None, str(unknown)
        return attempt, answer.code, f"{answer.code} {answer.message}".strip()

    def _debit_of(self, row: Transaction, person: Person) -> Debit:
        return Debit(
            request_uuid=uuid4(),
            transaction_uuid=row.transaction_uuid,
            player=row.operator_player,
            currency=row.currency,
            token=person.token,
            amount=row.sum,
            table=row.table_id,
        )

    def _credit_of(self, row: Transaction, person: Person) -> Credit:
        return Credit(
            request_uuid=uuid4(),
            transaction_uuid=row.transaction_uuid,
            player=row.operator_player,
            currency=row.currency,
            token=person.token,
            amount=row.sum,
            table=row.table_id,
        )

    def _rollback_of(self, row: Transaction, person: Person) -> Rollback:
        return Rollback(
            request_uuid=uuid4(),
            transaction_uuid=transaction_uuid(self._site, "rollback", row.key),
            reference_transaction_uuid=row.transaction_uuid,
            player=row.operator_player,
            currency=row.currency,
            token=person.token,
            amount=row.sum,
        )

    def _pause(self, attempt: int, longest: float) -> float:
        # The exponent is bounded: credits are tried for weeks if need be.
        return min(self._limits.retry_s_first * 2.0 ** min(attempt - 1, 32), longest)

    async def _stuck(self, row: Transaction, why: str) -> None:
        log.error("%s: %s", row.key, BooksDisagree(f"{BooksDisagree.__doc__} {why}"))
        await self._store.delay(row, why, self._limits.retry_s_max)
