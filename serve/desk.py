"""Money beside the tables, behind the wallet deployment: payments, limits, operators' acts.

Answers are the bodies of ``wire.money``, or an ErrorBody.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

import asyncpg
import msgspec

from auth.errors import MoneyLocked
from auth.money_lock import refuse_if_locked
from wallet.cashier import Cashier, payment_key
from wallet.currencies import PLAY, currencies
from wallet.errors import WalletError
from wallet.ledger import Ledger, Result
from wallet.operations import Operation, OperationCode, Operations, Told
from wallet.payments import DevelopmentProvider, ManualProvider, Payment, PaymentKind, PaymentState
from wallet.protection import By, Exclusion, Kind, Protection, Protections, Span, When
from wallet.results import LedgerResult
from wallet.sittings import Sittings
from wire import desk as d
from wire import money as m
from wire.codes import LimitName
from wire.http import ErrorBody
from wire.server_frames import LimitReached

PENDING_PER_PLAYER_MAX: Final = 16
"""So many of a player's deposits may be pending before another one is refused, and so many of his
withdrawals."""
LAST_SHOWN: Final = 20
"""Operations and payments on a player's page."""
REFUSALS: Final = {
    LedgerResult.INSUFFICIENT: ErrorBody(
        "wallet_too_small", "The wallet does not hold that much. Use another ref to try again."
    ),
    LedgerResult.PAYLOAD_MISMATCH: ErrorBody("ref_used", "This ref was used for something else."),
    LedgerResult.UNKNOWN_ACCOUNT: ErrorBody("currency_unknown", "There is no such currency here."),
}
NO_OPERATION: Final = {
    OperationCode.PAYLOAD_MISMATCH: ErrorBody("ref_used", "This ref was used for something else."),
    OperationCode.UNKNOWN_OPERATION: ErrorBody("operation_unknown", "There is no such operation."),
    OperationCode.ALREADY_DECIDED: ErrorBody("already_decided", "This has been decided already."),
    OperationCode.OWN_PROPOSAL: ErrorBody("approval_needed", "Another operator must approve it."),
    OperationCode.UNKNOWN_TRANSFER: ErrorBody("transfer_unknown", "There is no such transfer."),
    OperationCode.NOT_REVERSIBLE: ErrorBody(
        "not_reversible", "Only a grant, a deposit or an adjustment can be reversed."
    ),
    OperationCode.ALREADY_REVERSED: ErrorBody("already_reversed", "It has been reversed already."),
    OperationCode.UNKNOWN_ACCOUNT: ErrorBody(
        "player_unknown", "There is no such player, or he has no wallet in this currency."
    ),
    OperationCode.INSUFFICIENT: ErrorBody(
        "wallet_too_small", "The wallet does not hold that much."
    ),
}


class Desk:
    """``provider`` is manual or development: who moves money outside. ``moved`` hears whenever
    a wallet may have changed."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        provider: str,
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        self._pool = pool
        self._moved = moved
        self._ledger = Ledger(pool)
        self._protections = Protections(pool)
        self._operations = Operations(pool)
        self._sittings = Sittings(pool)
        which = DevelopmentProvider if provider == "development" else ManualProvider
        self.cashier = Cashier(pool, which())

    async def currencies(self) -> m.CurrenciesResponse:
        found = await currencies(self._pool)
        return m.CurrenciesResponse(tuple(m.CurrencyInfo(c.code, c.exponent) for c in found))

    # Payments

    async def deposit(self, player: UUID, asked: m.PaymentRequest) -> m.PaymentInfo | ErrorBody:
        refused = await self._refused(PaymentKind.DEPOSIT, player, asked)
        if refused is not None:
            return refused
        await self._ledger.open_wallet(player, asked.currency)
        told = await self.cashier.deposit(player, asked.currency, asked.amount, asked.ref)
        self._moved()
        return _answer(*told)

    async def withdraw(self, player: UUID, asked: m.PaymentRequest) -> m.PaymentInfo | ErrorBody:
        refused = await self._refused(PaymentKind.WITHDRAWAL, player, asked)
        if refused is not None:
            return refused
        result, payment = await self.cashier.withdraw(
            player, asked.currency, asked.amount, asked.ref
        )
        if result.code is LedgerResult.UNKNOWN_ACCOUNT:
            return REFUSALS[LedgerResult.INSUFFICIENT]  # he never had any of this currency
        self._moved()
        return _answer(result, payment)

    async def _refused(
        self, kind: PaymentKind, player: UUID, asked: m.PaymentRequest
    ) -> ErrorBody | None:
        if not await self._known(asked.currency):
            return REFUSALS[LedgerResult.UNKNOWN_ACCOUNT]
        if await self.cashier.payment(payment_key(kind, player, asked.ref)) is not None:
            return None  # asked again
        # By kind: deposits that wait must not keep his money in.
        if await self.cashier.waiting(player, kind) >= PENDING_PER_PLAYER_MAX:
            return ErrorBody("too_many_pending", f"Too many {kind}s of yours are pending.")
        return None

    async def _known(self, currency: str) -> bool:
        return currency in {each.code for each in await currencies(self._pool)}

    async def payments(self, player: UUID, limit: int, before: int | None) -> m.PaymentsResponse:
        return _payments(await self.cashier.payments(player, limit, before), limit)

    async def pending(self, limit: int, before: int | None) -> m.PaymentsResponse:
        return _payments(await self.cashier.pending(limit, before), limit)

    async def decide_payment(self, asked: m.PaymentDecisionRequest) -> m.PaymentInfo | ErrorBody:
        """A withdrawal that was begun before its account was given back waits until the lock ends:
        it may be whoever took the account that asked for it. To void it is always right."""
        payment = await self.cashier.payment(asked.key)
        if payment is None:
            return ErrorBody("payment_unknown", "There is no such payment.")
        state = PaymentState.POSTED if asked.post else PaymentState.VOIDED
        leaves = asked.post and payment.kind is PaymentKind.WITHDRAWAL
        may = partial(refuse_if_locked, account=payment.player, now=datetime.now(UTC))
        try:
            result = await self.cashier.decide(
                asked.key, state, asked.by.name, asked.why, may=may if leaves else None
            )
        except MoneyLocked as locked:
            return ErrorBody(locked.code, locked.message, locked.retry_after_s)
        self._moved()
        payment = await self.cashier.payment(asked.key)
        assert payment is not None
        if not result.done:
            return ErrorBody("already_decided", f"This payment is {payment.state} already.")
        return _payment(payment)

    # Limits

    async def limits(self, player: UUID, currency: str) -> m.LimitsResponse:
        return _limits(await self._protections.of(player, currency))

    async def set_limit(self, player: UUID, asked: m.LimitRequest) -> m.LimitsResponse | ErrorBody:
        """By the operator, if the request says who."""
        if not await self._known(asked.currency):
            return REFUSALS[LedgerResult.UNKNOWN_ACCOUNT]
        operator = asked if isinstance(asked, m.OperatorLimitRequest) else None
        try:
            when = await self._protections.set_limit(
                player,
                Kind(asked.kind),
                Span(asked.span),
                asked.amount,
                currency=asked.currency,
                by=By.OPERATOR if operator else By.PLAYER,
                who=operator.by.name if operator else str(player),
                reason=operator.reason if operator else "",
            )
        except WalletError as wrong:
            return _wrong(wrong)
        return _limits(await self._protections.of(player, asked.currency), when)

    async def exclude(
        self, player: UUID, asked: m.ExclusionRequest
    ) -> m.LimitsResponse | ErrorBody:
        """By the operator, if the request says who."""
        operator = asked if isinstance(asked, m.OperatorExclusionRequest) else None
        try:
            await self._protections.exclude(
                player,
                Exclusion(asked.kind),
                None if asked.days is None else timedelta(days=asked.days),
                by=By.OPERATOR if operator else By.PLAYER,
                who=operator.by.name if operator else str(player),
                reason=operator.reason if operator else "",
            )
        except WalletError as wrong:
            return _wrong(wrong)
        return await self.limits(player, PLAY)

    # Operators

    async def promote(self, player: UUID, asked: m.PromotionRequest) -> object:
        told = await self._operations.promote(
            asked.ref, player, asked.amount, asked.reason, asked.by.name, asked.currency
        )
        self._moved()
        return _told(told)

    async def adjust(self, player: UUID, asked: m.AdjustmentRequest) -> object:
        try:
            told = await self._operations.adjust(
                asked.ref, player, asked.amount, asked.reason, asked.by.name, asked.currency
            )
        except WalletError as wrong:
            return _wrong(wrong)
        return _told(told)

    async def reverse(self, asked: m.ReversalRequest) -> object:
        return _told(
            await self._operations.reverse(asked.ref, asked.transfer, asked.reason, asked.by.name)
        )

    async def decide(self, number: int, approve: bool, asked: m.DecisionRequest) -> object:
        told = await self._operations.decide(number, approve, asked.by.name, asked.remark)
        self._moved()
        return _told(told)

    async def operations(
        self, open_only: bool, limit: int, before: int | None
    ) -> m.OperationsResponse:
        found = await self._operations.list(open_only, limit, before)
        shown = tuple(_operation(each) for each in found)
        return m.OperationsResponse(shown, found[-1].id if len(found) == limit else None)

    async def operation(self, number: int) -> m.OperationInfo | None:
        """One operation; None if there is none."""
        found = await self._operations.list(False, 1, number + 1)
        return _operation(found[0]) if found and found[0].id == number else None

    async def payment(self, key: str) -> m.PaymentInfo | None:
        """One payment; None if there is none."""
        found = await self.cashier.payment(key)
        return _payment(found) if found is not None else None

    async def money(self, player: UUID) -> d.PlayerMoney:
        """Where a player's chips are, and what operators did to them last."""
        return d.PlayerMoney(
            tuple(
                d.PurseInfo(each.currency, each.amount, each.table)
                for each in await self._sittings.purses(player)
            ),
            tuple(
                _operation(each)
                for each in await self._operations.list(False, LAST_SHOWN, None, player)
            ),
            tuple(_payment(each) for each in await self.cashier.payments(player, LAST_SHOWN, None)),
        )


def _operation(each: Operation) -> m.OperationInfo:
    return m.OperationInfo(**(msgspec.structs.asdict(each) | {"player": str(each.player)}))


def _answer(result: Result, payment: Payment | None) -> m.PaymentInfo | ErrorBody:
    if payment is not None:
        return _payment(payment)
    if result.code is not LedgerResult.LIMIT_REACHED:
        return REFUSALS[result.code]
    reached = result.reached
    limit = None
    if reached is not None:
        limit = LimitReached(LimitName(reached.limit), reached.left, reached.until)
    return ErrorBody("limit_reached", "A limit of your play forbids it.", limit=limit)


def _wrong(error: WalletError) -> ErrorBody:
    return ErrorBody(error.code, f"{str(error).rstrip('.')}.")


def _told(told: Told) -> m.OperationAnswer | ErrorBody:
    refused = NO_OPERATION.get(told.code)
    if refused is not None:
        return refused
    assert told.id is not None
    return m.OperationAnswer(told.id, told.code)


def _payment(payment: Payment) -> m.PaymentInfo:
    return m.PaymentInfo(
        payment.id,
        payment.key,
        payment.kind.value,
        str(payment.player),
        payment.currency,
        payment.amount,
        payment.provider,
        payment.state.value,
        payment.why,
        payment.begun_at,
        payment.expires_at,
        payment.decided_at,
    )


def _payments(found: Sequence[Payment], limit: int) -> m.PaymentsResponse:
    shown = tuple(_payment(each) for each in found)
    return m.PaymentsResponse(shown, shown[-1].id if len(shown) == limit else None)


def _limits(protection: Protection, when: When | None = None) -> m.LimitsResponse:
    return m.LimitsResponse(
        tuple(
            m.LimitInfo(
                each.kind, each.span, each.currency, each.by, each.amount, each.next_amount,
                each.next_at,
            )
            for each in protection.limits
        ),
        tuple(
            m.RoomInfo(LimitName(each.limit), each.left, each.until) for each in protection.rooms
        ),
        protection.excluded.value if protection.excluded else None,
        protection.excluded_until,
        protection.play_until,
        when.value if when else None,
    )  # fmt: skip
