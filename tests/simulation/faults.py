"""What goes wrong between a process and its stores, by the seed: late, lost, twice, or the end."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from actors.archive import FinishedHand
from actors.bank import BankUnreachable
from actors.journal import Activation, Journal, Row
from actors.spec import TableSpec
from tests.simulation.journal_twin import JournalTwin
from tests.simulation.ledger_twin import LedgerTwin
from tests.simulation.loop import at_once
from wallet.currencies import PLAY
from wallet.ledger import Stake
from wallet.results import Result

T = TypeVar("T")
ANSWER_S_MAX = 5.0
"""After so long a caller gives up; what he asked for may still happen."""
FATES = ("late", "failed", "answer lost", "twice", "crash before", "crash after")
ERRORS = (BankUnreachable, ConnectionError, TimeoutError)


class Rates(msgspec.Struct, frozen=True):
    """Chances of one call, in ten thousandths, in the order of ``FATES``."""

    late: int = 0
    failed: int = 0
    lost: int = 0
    twice: int = 0
    crash_before: int = 0
    crash_after: int = 0

    def draw(self, chance: random.Random) -> str:
        """The fate of a call; empty if all goes well."""
        number = chance.randrange(10_000)
        for fate, share in zip(FATES, msgspec.structs.astuple(self), strict=True):
            number -= share
            if number < 0:
                return fate
        return ""


class Victim(Protocol):
    """The process behind a call."""

    def crash(self) -> None: ...


class Faults:
    """Every call to a store goes through here."""

    def __init__(self, chance: random.Random, rates: Rates) -> None:
        self.counts: Counter[str] = Counter()
        self.rates = rates
        self.stalled_until = 0.0
        self._chance = chance
        self._loop = asyncio.get_running_loop()

    def stall(self, seconds: float) -> None:
        """Storage answers nobody for so long."""
        self.counts["stall"] += 1
        self.stalled_until = self._loop.time() + seconds

    def cease(self) -> None:
        """From now on everything works."""
        self.rates = Rates()
        self.stalled_until = 0.0

    async def call(self, victim: Victim, ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Ask a twin as if over a wire: it acts when the request arrives, whatever has become of
        the caller by then."""
        chance, loop = self._chance, self._loop
        fate = self.rates.draw(chance)
        if fate:
            self.counts[fate] += 1
        there, back = chance.uniform(0.0003, 0.003), chance.uniform(0.0003, 0.003)
        if fate == "late":
            there, back = chance.choice(((there, 3.0), (2.0, back), (4.0, 4.0), (7.0, back)))
        there += max(0.0, self.stalled_until - loop.time())
        answer: asyncio.Future[T] = loop.create_future()
        error = chance.choice(ERRORS)(fate) if fate in ("failed", "answer lost") else None

        def act() -> None:
            if fate == "crash before":
                victim.crash()
                return
            if fate == "failed":
                loop.call_later(back, tell, None)
                return
            try:
                result: T | None = at_once(ask())
            except Exception as wrong:
                if not answer.done():
                    answer.set_exception(wrong)
                return
            if fate == "twice":
                loop.call_later(chance.choice((0.001, 0.5, 4.0)), self._again, ask)
            if fate == "crash after":
                victim.crash()
                return
            loop.call_later(back, tell, result)

        def tell(result: Any) -> None:
            if answer.done():
                return
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(result)

        def give_up() -> None:
            if not answer.done():
                answer.set_exception(TimeoutError("no answer"))

        loop.call_later(there, act)
        if there + back > ANSWER_S_MAX:
            loop.call_later(ANSWER_S_MAX, give_up)
        return await answer

    def _again(self, ask: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """The same request arrives once more; nobody reads the answer."""
        with contextlib.suppress(asyncpg.RaiseError):
            at_once(ask())


class FaultyJournal(Journal):
    """The journal as one process reaches it."""

    def __init__(self, twin: JournalTwin, faults: Faults, victim: Victim) -> None:
        self._twin = twin
        self._faults = faults
        self._victim = victim
        self.deaf_until = 0.0

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        return await self._faults.call(self._victim, lambda: self._twin.append(rows))

    async def take_over(
        self, table: str, owner: str, address: str, lease_s: float, spec: TableSpec
    ) -> Activation:
        return await self._faults.call(
            self._victim, lambda: self._twin.take_over(table, owner, address, lease_s, spec)
        )

    async def renew(self, tables: Sequence[tuple[str, int]], lease_s: float) -> frozenset[str]:
        if asyncio.get_running_loop().time() < self.deaf_until:
            raise BankUnreachable("leases can't be renewed")
        return await self._faults.call(self._victim, lambda: self._twin.renew(tables, lease_s))

    async def release(self, table: str, epoch: int) -> None:
        await self._faults.call(self._victim, lambda: self._twin.release(table, epoch))

    async def note_fault(self, table: str, epoch: int, fault: str) -> None:
        await self._faults.call(self._victim, lambda: self._twin.note_fault(table, epoch, fault))

    async def rows(self, table: str) -> list[Row]:
        return await self._faults.call(self._victim, lambda: self._twin.rows(table))

    async def prune(self, table: str) -> None:
        await self._faults.call(self._victim, lambda: self._twin.prune(table))


class FaultyBank:
    """The ledger as one process reaches it: an ``actors.recovery.Escrowed``."""

    def __init__(self, twin: LedgerTwin, faults: Faults, victim: Victim) -> None:
        self._twin = twin
        self._faults = faults
        self._victim = victim
        self.settled: Callable[[str, int, int, Result], None] = lambda *_: None

    async def buy_in(
        self,
        player: UUID,
        table: str,
        session: UUID,
        amount: int,
        key: str,
        epoch: int,
        currency: str = PLAY,
    ) -> Result:
        return await self._faults.call(
            self._victim,
            lambda: self._twin.buy_in(player, table, session, amount, key, epoch, currency),
        )

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result:
        async def settle() -> Result:
            result = await self._twin.settle(table, hand, epoch, moves, rake)
            self.settled(table, hand, epoch, result)
            return result

        return await self._faults.call(self._victim, settle)

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result:
        return await self._faults.call(
            self._victim, lambda: self._twin.cash_out(player, table, session, key)
        )

    async def open_stakes(self, table: str) -> list[Stake]:
        return await self._faults.call(self._victim, lambda: self._twin.open_stakes(table))

    async def buy_in_keys(self, table: str) -> frozenset[str]:
        return await self._faults.call(self._victim, lambda: self._twin.buy_in_keys(table))


class FaultyArchive:
    """The archive as one process reaches it."""

    def __init__(self, twin: JournalTwin, faults: Faults, victim: Victim) -> None:
        self._twin = twin
        self._faults = faults
        self._victim = victim

    async def save(self, finished: FinishedHand) -> None:
        await self._faults.call(self._victim, lambda: self._twin.save(finished))
