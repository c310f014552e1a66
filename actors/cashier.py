"""The table's errands to the wallet, in order: a stake goes home only after its last hand."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

from actors.archive import Archive, FinishedHand
from actors.bank import Bank, insist
from actors.commands import CashOut, HandOver
from wallet.results import LedgerResult


class BooksDisagree(Exception):
    """The ledger refused what the table is sure of: the table must stop."""


class Cashier:
    """One queue, one worker. ``idle`` is set while nothing is owed to the ledger."""

    def __init__(self, bank: Bank, archive: Archive, table: str, epoch: int) -> None:
        self.idle = asyncio.Event()
        self.idle.set()
        self._bank = bank
        self._archive = archive
        self._table = table
        self._epoch = epoch
        self._errands: asyncio.Queue[tuple[HandOver, FinishedHand] | CashOut] = asyncio.Queue()

    def settle(self, over: HandOver, record: FinishedHand) -> None:
        """Owe the ledger the result of a hand."""
        self._put((over, record))

    def send_home(self, errand: CashOut) -> None:
        """Owe a player his stake."""
        self._put(errand)

    def _put(self, errand: tuple[HandOver, FinishedHand] | CashOut) -> None:
        self.idle.clear()
        self._errands.put_nowait(errand)

    async def run(self) -> None:
        """Work the queue until cancelled; raises BooksDisagree if the ledger says no."""
        while True:
            match await self._errands.get():
                case CashOut() as errand:
                    await self._cash_out(errand)
                case (over, record):
                    await self._settle(over, record)
            if self._errands.empty():
                self.idle.set()

    async def _settle(self, over: HandOver, record: FinishedHand) -> None:
        moves = [(UUID(session), change) for session, change in over.changes]

        async def ask() -> LedgerResult:
            result = await self._bank.settle(self._table, over.hand, self._epoch, moves, over.rake)
            return result.code

        await self._until_done(ask, f"{self._table}: settle hand {over.hand}")
        await insist(lambda: self._archive.save(record), f"{self._table}: archive hand {over.hand}")

    async def _cash_out(self, errand: CashOut) -> None:
        async def ask() -> LedgerResult:
            result = await self._bank.cash_out(
                UUID(errand.player), self._table, UUID(errand.session), errand.key
            )
            return result.code

        await self._until_done(ask, f"{self._table}: cash out {errand.session}")

    async def _until_done(self, ask: Callable[[], Awaitable[LedgerResult]], what: str) -> None:
        code = await insist(ask, what)
        if code not in (LedgerResult.APPLIED, LedgerResult.DUPLICATE):
            raise BooksDisagree(f"{what}: {code}")
