"""The endpoints of money: payments, limits, operators' acts."""

from typing import Any
from uuid import UUID

from auth.rights import Right
from serve.errors import ApiError
from serve.routes import Call, Endpoint
from wallet.currencies import PLAY
from wire import money as m


def player_of(text: str) -> UUID:
    """The account that an operator names. Raises ApiError."""
    try:
        return UUID(text)
    except ValueError:
        raise ApiError("bad_request", "A player is named by the id of his account.") from None


async def currencies(call: Call) -> Any:
    return await call.office.desk("currencies")


async def deposit(call: Call) -> Any:
    if call.office.runtime.operator is not None:
        raise ApiError("no_cashier")
    return await call.office.desk("deposit", call.identity.account, call.body)


async def withdraw(call: Call) -> Any:
    if call.office.runtime.operator is not None:
        raise ApiError("no_cashier")
    return await call.office.desk("withdraw", call.identity.account, call.body)


async def payments(call: Call) -> Any:
    return await call.office.desk("payments", call.identity.account, *call.page())


async def limits(call: Call) -> Any:
    return await call.office.desk("limits", call.identity.account, call.currency())


async def set_limit(call: Call) -> Any:
    return await call.office.desk("set_limit", call.identity.account, call.body)


async def exclude(call: Call) -> Any:
    return await call.office.desk("exclude", call.identity.account, call.body)


async def operator_limits(call: Call) -> Any:
    return await call.office.desk("limits", player_of(call.path["player"]), call.currency())


async def operator_set_limit(call: Call) -> Any:
    return await call.office.desk("set_limit", player_of(call.path["player"]), call.body)


async def operator_exclude(call: Call) -> Any:
    return await call.office.desk("exclude", player_of(call.path["player"]), call.body)


async def operations(call: Call) -> Any:
    return await call.office.desk("operations", call.query.get("all") != "1", *call.page())


async def promote(call: Call) -> Any:
    return await call.office.desk("promote", player_of(call.body.player), call.body)


async def adjust(call: Call) -> Any:
    return await call.office.desk("adjust", player_of(call.body.player), call.body)


async def reverse(call: Call) -> Any:
    return await call.office.desk("reverse", call.body)


async def approve(call: Call) -> Any:
    return await call.office.desk("decide", _number(call), True, call.body)


async def reject(call: Call) -> Any:
    return await call.office.desk("decide", _number(call), False, call.body)


async def pending(call: Call) -> Any:
    return await call.office.desk("pending", *call.page())


async def decide_payment(call: Call) -> Any:
    return await call.office.desk("decide_payment", call.body)


async def limits_state(call: Call) -> Any:
    """A player's limits, for the audit log."""
    currency = getattr(call.body, "currency", PLAY)
    return await call.office.desk("limits", player_of(call.path["player"]), currency)


async def wallet_state(call: Call) -> Any:
    """What a player has, for the audit log."""
    return await call.office.balance(player_of(call.body.player), call.body.currency)


async def operation_state(call: Call) -> Any:
    """A proposal, for the audit log."""
    return await call.office.desk("operation", _number(call))


async def payment_state(call: Call) -> Any:
    """A payment, for the audit log."""
    return await call.office.desk("payment", call.body.key)


def _number(call: Call) -> int:
    text = call.path["operation"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ApiError("bad_request", "An operation is named by its number.")
    return int(text)


PAGE = ("limit", "before")
MONEY_ENDPOINTS = (
    Endpoint("GET", "/v1/currencies", "Currencies and their minor units", currencies,
             m.CurrenciesResponse, right=None),
    Endpoint("POST", "/v1/wallet/deposits", "Bring money in", deposit, m.PaymentInfo,
             m.PaymentRequest, fresh=True),
    Endpoint("POST", "/v1/wallet/withdrawals", "Take money out", withdraw, m.PaymentInfo,
             m.PaymentRequest, fresh=True),
    Endpoint("GET", "/v1/wallet/payments", "My deposits and withdrawals, newest first", payments,
             m.PaymentsResponse, query=PAGE),
    Endpoint("GET", "/v1/wallet/limits", "My limits, what they leave, and exclusions", limits,
             m.LimitsResponse, words=("currency",)),
    Endpoint("PUT", "/v1/wallet/limits", "Set a limit: tighter at once, looser after 24 hours",
             set_limit, m.LimitsResponse, m.LimitRequest),
    Endpoint("POST", "/v1/wallet/exclusion", "No deposits and no play for a time, or for ever",
             exclude, m.LimitsResponse, m.ExclusionRequest),
)  # fmt: skip

_PLAYER = "/v1/operator/players/{player}"
_OPERATION = "/v1/operator/operations/{operation}"
OPERATOR_MONEY_ENDPOINTS = (
    Endpoint("GET", f"{_PLAYER}/limits", "A player's limits", operator_limits,
             m.LimitsResponse, right=Right.SEE_LIMITS, words=("currency",)),
    Endpoint("PUT", f"{_PLAYER}/limits", "Limit a player", operator_set_limit,
             m.LimitsResponse, m.OperatorLimitRequest, right=Right.PROTECT_PLAYERS,
             state=limits_state),
    Endpoint("POST", f"{_PLAYER}/exclusion", "Exclude a player", operator_exclude,
             m.LimitsResponse, m.OperatorExclusionRequest, right=Right.PROTECT_PLAYERS,
             state=limits_state),
    Endpoint("GET", "/v1/operator/operations", "Proposals that wait, or with all=1 every act",
             operations, m.OperationsResponse, right=Right.SEE_MONEY, query=(*PAGE, "all")),
    Endpoint("POST", "/v1/operator/promotions", "Give promotional chips", promote,
             m.OperationAnswer, m.PromotionRequest, right=Right.PROMOTE, two=True,
             state=wallet_state),
    Endpoint("POST", "/v1/operator/adjustments", "Propose to put a wallet right", adjust,
             m.OperationAnswer, m.AdjustmentRequest, right=Right.CORRECT_BOOKS,
             state=wallet_state),
    Endpoint("POST", "/v1/operator/reversals", "Propose to take a transfer back", reverse,
             m.OperationAnswer, m.ReversalRequest, right=Right.CORRECT_BOOKS),
    Endpoint("POST", f"{_OPERATION}/approve", "A second operator's yes", approve,
             m.OperationAnswer, m.DecisionRequest, right=Right.CORRECT_BOOKS,
             state=operation_state),
    Endpoint("POST", f"{_OPERATION}/reject", "A no", reject, m.OperationAnswer,
             m.DecisionRequest, right=Right.CORRECT_BOOKS, state=operation_state),
    Endpoint("GET", "/v1/operator/payments", "Payments that wait for a decision", pending,
             m.PaymentsResponse, right=Right.SEE_MONEY, query=PAGE),
    Endpoint("POST", "/v1/operator/payments", "Post or void one", decide_payment,
             m.PaymentInfo, m.PaymentDecisionRequest, right=Right.DECIDE_PAYMENTS,
             state=payment_state, two=True),
)  # fmt: skip
