"""How an operator should decide: the reference, in memory.

The simulator serves it; an operator may read it as the protocol in sixty lines.
"""

from collections.abc import Callable
from uuid import UUID

import msgspec

from wallet.seamless.protocol import (
    FINAL_REFUSALS,
    Answer,
    BalanceOf,
    Code,
    Credit,
    Debit,
    Movement,
    Request,
    Rollback,
    type_of,
)


class Customer(msgspec.Struct):
    """A player at the operator. ``amount_max`` is his limit for one debit."""

    currency: str
    balance: int
    tokens: set[str]
    blocked: bool = False
    amount_max: int | None = None


class OperatorBook:
    """``moves`` is every change of a balance in order: (transaction_uuid, type, player, change)."""

    def __init__(self, customers: dict[str, Customer]) -> None:
        self.customers = customers
        self.moves: list[tuple[UUID, str, str, int]] = []
        self._payloads: dict[UUID, tuple[object, ...]] = {}
        self._codes: dict[UUID, Code] = {}
        self._rolled_back: set[UUID] = set()

    def decide(self, message: Request) -> Answer:
        """The answer to one message that is well signed, fresh and readable."""
        code = self._code(message)
        customer = self.customers.get(message.player)
        balance = customer.balance if customer and code is Code.OK else None
        return Answer(request_uuid=message.request_uuid, code=code, balance=balance)

    def _code(self, message: Request) -> Code:
        if isinstance(message, BalanceOf):
            return self._forbids(message, [self._token]) or Code.OK
        known = self._known(message)
        if known is not None:
            return known
        match message:
            case Debit():
                code = self._debit(message)
            case Credit():
                code = self._credit(message)
            case Rollback():
                code = self._rollback(message)
        # A refused debit stays refused. A refused credit comes again, and may be done then.
        if code is Code.OK or (isinstance(message, Debit) and code in FINAL_REFUSALS):
            self._payloads[message.transaction_uuid] = _payload(message)
            self._codes[message.transaction_uuid] = code
        return code

    def _known(self, message: Movement) -> Code | None:
        """The first answer to a transaction that has been here. The token is no part of it."""
        before = self._payloads.get(message.transaction_uuid)
        if before is not None and before != _payload(message):
            return Code.PAYLOAD_MISMATCH
        if message.transaction_uuid in self._rolled_back:
            return Code.ROLLED_BACK
        return self._codes.get(message.transaction_uuid)

    def _debit(self, message: Debit) -> Code:
        refused = self._forbids(message, [self._token, self._blocked, self._limit, self._funds])
        return refused or self._move(message, -message.amount)

    def _credit(self, message: Credit) -> Code:
        return self._forbids(message, []) or self._move(message, message.amount)

    def _rollback(self, message: Rollback) -> Code:
        debit = message.reference_transaction_uuid
        refused = self._forbids(message, [])
        if refused:
            return refused
        known = self._payloads.get(debit)
        if known is not None and known[:4] != _debit_of(message):
            return Code.PAYLOAD_MISMATCH
        taken = self._codes.get(debit) is Code.OK and debit not in self._rolled_back
        # Also of a debit that was never here: it may be on its way, and must be refused then.
        self._rolled_back.add(debit)
        return self._move(message, message.amount) if taken else Code.OK

    def _move(self, message: Movement, change: int) -> Code:
        customer = self.customers[message.player]
        customer.balance += change
        assert customer.balance >= 0
        self.moves.append((message.transaction_uuid, type_of(message), message.player, change))
        return Code.OK

    def _forbids(
        self, message: Request, rules: list[Callable[[Customer, Request], Code | None]]
    ) -> Code | None:
        customer = self.customers.get(message.player)
        if customer is None:
            return Code.UNKNOWN_PLAYER
        if customer.currency != message.currency:
            return Code.WRONG_CURRENCY
        return next(filter(None, (rule(customer, message) for rule in rules)), None)

    def _token(self, customer: Customer, message: Request) -> Code | None:
        return None if message.token in customer.tokens else Code.TOKEN_EXPIRED

    def _blocked(self, customer: Customer, message: Request) -> Code | None:
        return Code.PLAYER_BLOCKED if customer.blocked else None

    def _limit(self, customer: Customer, message: Request) -> Code | None:
        assert isinstance(message, Debit)
        most = customer.amount_max
        return Code.LIMIT_REACHED if most is not None and message.amount > most else None

    def _funds(self, customer: Customer, message: Request) -> Code | None:
        assert isinstance(message, Debit)
        return Code.INSUFFICIENT_FUNDS if customer.balance < message.amount else None


def _payload(message: Movement) -> tuple[object, ...]:
    """What a transaction is; call and token are not part of it."""
    same = (type_of(message), message.player, message.currency, message.amount)
    if isinstance(message, Rollback):
        return (*same, message.reference_transaction_uuid)
    return (*same, message.table)


def _debit_of(message: Rollback) -> tuple[object, ...]:
    return ("debit", message.player, message.currency, message.amount)
