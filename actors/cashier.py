"""The table's errands to the wallet, in order: a stake goes home only after its last hand."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

from actors.archive import Archive, FinishedHand
from actors.bank import Bank, insist
from actors.commands import CashOut, HandOver
from telemetry import traces
from wallet.results import LedgerResult

log = logging.getLogger(__name__)


class BooksDisagree(Exception):
    """The ledger refused what the table is sure of: the table must stop."""


class TakenOver(Exception):
    """Somebody else has the table by now: what we know of it may be old."""


class Settle(NamedTuple):
    """Errand: the result of a hand into the ledger, its record into the archive."""

    over: HandOver
    record: FinishedHand


class Keep(NamedTuple):
    """Errand: the record of a voided hand into the archive."""

    record: FinishedHand


Errand = Settle | Keep | CashOut


class Cashier:
    """One queue, one worker while there is work. ``idle`` is set while nothing is owed to the
    ledger."""

    def __init__(self, bank: Bank, archive: Archive, table: str, epoch: int) -> None:
        self.idle = asyncio.Event()
        self.idle.set()
        self._bank = bank
        self._archive = archive
        self._table = table
        self._epoch = epoch
        self._owed = 0
        self._errands: deque[tuple[Errand, str]] = deque()
        self._working = False

    def expect(self, count: int) -> None:
        """So many errands will be handed over as soon as the journal has them."""
        self._owed += count
        if self._owed:
            self.idle.clear()

    def take(self, errand: Errand, seen: str = "") -> bool:
        """An expected errand, and the span that it is of; True if nobody is at ``run``, which is to
        be called then."""
        self._errands.append((errand, seen))
        working, self._working = self._working, True
        return not working

    async def run(self) -> None:
        """Work until nothing is left; raises BooksDisagree if the ledger says no, TakenOver if
        somebody else has the table. After either the table has nothing more to say."""
        while self._errands:
            errand, seen = self._errands.popleft()
            with traces.span(type(errand).__name__.lower(), parent=seen):
                await self.do(errand)
            self._owed -= 1
            assert self._owed >= 0
            if not self._owed:
                self.idle.set()
        self._working = False

    async def do(self, errand: Errand) -> None:
        """One errand, until it is done; doing it again changes nothing."""
        match errand:
            case CashOut():
                await self._cash_out(errand)
            case Settle(over=over, record=record):
                await self._settle(over)
                await self._keep(record)
            case Keep(record=record):
                await self._keep(record)

    async def _settle(self, over: HandOver) -> None:
        moves = [(UUID(session), change) for session, change in over.changes]

        async def ask() -> LedgerResult:
            result = await self._bank.settle(self._table, over.hand, self._epoch, moves, over.rake)
            return result.code

        await self._until_done(ask, f"{self._table}: settle hand {over.hand}")

    async def _keep(self, record: FinishedHand) -> None:
        try:
            await insist(
                lambda: self._archive.save(record), f"{self._table}: archive hand {record.hand}"
            )
        except Exception:
            # The money is where it belongs. A record that storage will not take must not close
            # the table, and least of all keep it from being opened again.
            log.critical("%s: hand %d is not archived", self._table, record.hand, exc_info=True)

    async def _cash_out(self, errand: CashOut) -> None:
        async def ask() -> LedgerResult:
            result = await self._bank.cash_out(
                UUID(errand.player), self._table, UUID(errand.session), errand.key
            )
            return result.code

        await self._until_done(ask, f"{self._table}: cash out {errand.session}")

    async def _until_done(self, ask: Callable[[], Awaitable[LedgerResult]], what: str) -> None:
        code = await insist(ask, what)
        if code is LedgerResult.STALE_EPOCH:
            raise TakenOver(what)
        if code not in (LedgerResult.APPLIED, LedgerResult.DUPLICATE):
            raise BooksDisagree(f"{what}: {code}")
