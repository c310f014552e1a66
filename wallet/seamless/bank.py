"""The escrow of tables whose players' money is at an operator: a Bank around the ledger's own.

A buy-in, in this order:

1. the row is written: ``started``;
2. the operator is asked for the debit, again by the same id if he does not answer: ``debited``;
3. cash → wallet, then wallet → stake in the ledger, both by keys made of the buy-in's: ``done``.

A cash-out: the row (``started``), stake → wallet (``withdrawing``), wallet → cash
(``crediting``), and the operator is told until he says yes (``done``). The table hears as soon as
its stake is home: it does not wait for an operator.

A crash between any two repeats the step whose state was not written, and both sides know it by its
name. So chips enter the ledger only after the operator has taken them, and he gets them back only
after they have left it; what is neither here nor there is a row with a ``due_at``.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from wallet.currencies import PLAY
from wallet.errors import AmountInvalid
from wallet.results import LedgerResult, Result
from wallet.seamless.adapter import Adapter
from wallet.seamless.client import OperatorClient
from wallet.seamless.errors import HeldElsewhere, OutcomeUnknown
from wallet.seamless.limits import AMOUNT_MAX, BALANCES_AT_ONCE_MAX
from wallet.seamless.protocol import Answer, BalanceOf
from wallet.seamless.states import Begun, Kind, Person, Transaction
from wallet.seamless.steps import EscrowBank
from wallet.seamless.store import Store


class SeamlessBank:
    """``Bank`` in the sense of tables. Every call may be repeated with the same key."""

    def __init__(
        self, inner: EscrowBank, store: Store, adapter: Adapter, operator: OperatorClient
    ) -> None:
        self._inner = inner
        self._store = store
        self._adapter = adapter
        self._operator = operator
        self._asking = asyncio.Semaphore(BALANCES_AT_ONCE_MAX)

    async def bind(self, player: UUID, person: Person) -> bool:
        """Who a player is at the operator, with the token of his present session.

        False if he, or that name, is bound otherwise. Raises PlayerHasChips.
        """
        return await self._store.bind(player, person)

    async def operator_balance(self, player: UUID) -> Answer | None:
        """What the player could bring; None for one who is not the operator's.

        Raises OutcomeUnknown if the operator does not say.
        """
        person = await self._store.person(player)
        if person is None:
            return None
        asked = BalanceOf(
            request_uuid=uuid4(),
            player=person.name,
            currency=person.currency,
            token=person.token,
        )
        return await self._operator.ask(asked)

    async def operator_balances(self, players: Sequence[UUID]) -> dict[UUID, int]:
        """What the players could bring; nothing where the operator does not say."""

        async def ask(player: UUID) -> int:
            try:
                async with self._asking:
                    answer = await self.operator_balance(player)
            except OutcomeUnknown:
                return 0
            return answer.balance or 0 if answer is not None else 0

        return dict(zip(players, await asyncio.gather(*map(ask, players)), strict=True))

    async def buy_in(
        self,
        player: UUID,
        table: str,
        session: UUID,
        amount: int,
        key: str,
        epoch: int = 0,
        currency: str = PLAY,
    ) -> Result:
        """Operator → stake. A refusal is final for its key. Tables are in PLAY, one of the
        operator's minor units each: at others UNKNOWN_ACCOUNT.

        Raises HeldElsewhere (a TimeoutError) while another process is at it.
        """
        if not 0 < amount <= AMOUNT_MAX:
            raise AmountInvalid(amount)
        if currency != PLAY:
            return Result(LedgerResult.UNKNOWN_ACCOUNT)
        begun = await self._store.begin(Kind.DEBIT, key, player, table, session, epoch, amount)
        return await self._answer(begun, key)

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result:
        """The ledger's alone: the operator sees what a sitting cost, not its hands."""
        return await self._inner.settle(table, hand, epoch, moves, rake)

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result:
        """Stake → operator; done for the table when the stake is closed and the credit queued.

        A stake that never came from the operator goes to the player's own wallet.
        """
        begun = await self._store.begin(Kind.CREDIT, key, player, table, session, 0, None)
        if begun is Begun.FOREIGN:
            return await self._inner.cash_out(player, table, session, key)
        return await self._answer(begun, key)

    async def _answer(self, begun: Begun, key: str) -> Result:
        match begun:
            case Begun.NEW | Begun.CLAIMED:
                return _result(await self._adapter.decide(key))
            case Begun.DECIDED:
                return _again(_result(await self._store.read(key)))
            case Begun.HELD:
                raise HeldElsewhere(key)
            case Begun.PAYLOAD_MISMATCH:
                return Result(LedgerResult.PAYLOAD_MISMATCH)
        return Result(LedgerResult.UNKNOWN_ACCOUNT)


def _result(row: Transaction) -> Result:
    assert row.result is not None
    result = Result(row.result, row.amount or 0)
    return result if result.done else Result(row.result)


def _again(result: Result) -> Result:
    applied = result.code is LedgerResult.APPLIED
    return Result(LedgerResult.DUPLICATE, result.amount) if applied else result
