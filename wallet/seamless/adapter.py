"""Transactions under way in this process: one flight each, whoever asks for it."""

import asyncio
import logging
from collections.abc import Callable
from uuid import UUID

from wallet.seamless.errors import HeldElsewhere
from wallet.seamless.states import Kind, State, Transaction
from wallet.seamless.steps import Steps
from wallet.seamless.store import Store

log = logging.getLogger(__name__)


class Flight:
    """``decided`` has the row as soon as the table can be told; ``task`` goes on to the end."""

    def __init__(self) -> None:
        self.decided: asyncio.Future[Transaction] = asyncio.get_running_loop().create_future()
        self.task: asyncio.Task[None] | None = None

    def tell(self, row: Transaction) -> None:
        if row.result is not None and not self.decided.done():
            self.decided.set_result(row)

    def fail(self, failure: BaseException) -> None:
        if not self.decided.done():
            self.decided.set_exception(failure)
            # Whoever asked may be gone by now; that is no failure of its own.
            self.decided.exception()


class Adapter:
    """Drives transactions that this process has claimed."""

    def __init__(
        self, steps: Steps, store: Store, ended: Callable[[UUID], None] = lambda player: None
    ) -> None:
        """``ended`` hears whose transaction has ended: the operator may say another balance now."""
        self._ended = ended
        self._steps = steps
        self._store = store
        self._flights: dict[str, Flight] = {}

    async def decide(self, key: str) -> Transaction:
        """The row with its result; what is left to do goes on in the background.

        Raises HeldElsewhere, and what ledger and database raise: ask again with the same key.
        """
        flight = self._flights.get(key) or self._launch(await self._store.read(key))
        # A caller who gives up ends his waiting, not the flight.
        return await asyncio.shield(flight.decided)

    async def resume(self, row: Transaction) -> None:
        """Go on with a row that was left, as far as it goes now."""
        flight = self._flights.get(row.key)
        if flight is None:
            if row.kind is Kind.DEBIT and row.state is State.STARTED:
                row = await self._steps.abandon(row)
            flight = self._launch(row)
        assert flight.task is not None
        await asyncio.wait([flight.task])

    async def settled(self) -> None:
        """Every flight of this moment has ended."""
        if tasks := [each.task for each in self._flights.values() if each.task]:
            await asyncio.wait(tasks)

    async def aclose(self) -> None:
        """Leave everything where it is: it is written down."""
        tasks = [each.task for each in self._flights.values() if each.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _launch(self, row: Transaction) -> Flight:
        # decide() has awaited since it looked: somebody else may have launched it meanwhile.
        if row.key in self._flights:
            return self._flights[row.key]
        flight = self._flights[row.key] = Flight()
        flight.task = asyncio.create_task(self._fly(row, flight), name=f"seamless {row.key}")
        return flight

    async def _fly(self, row: Transaction, flight: Flight) -> None:
        try:
            await self._run(row, flight)
        except HeldElsewhere as held:
            await self._look_again(row, flight, held)
        except asyncio.CancelledError:
            flight.fail(HeldElsewhere(f"{row.key}: this process is ending"))
            raise
        except Exception as failure:
            if flight.decided.done():  # else it is raised to whoever waits
                log.warning("%s goes on later: %r", row.key, failure)
            flight.fail(failure)
        finally:
            del self._flights[row.key]

    async def _run(self, row: Transaction, flight: Flight) -> None:
        flight.tell(row)
        while not row.state.final:
            after = await self._steps.step(row)
            if after is None:
                break
            row = after
            flight.tell(row)
            if row.state.final:
                self._ended(row.player)
        if not flight.decided.done():
            flight.fail(HeldElsewhere(f"{row.key} waits: {row.answer}"))

    async def _look_again(self, row: Transaction, flight: Flight, held: HeldElsewhere) -> None:
        """Another process has it; what it decided is as good as if we had."""
        try:
            flight.tell(await self._store.read(row.key))
        except Exception as failure:
            flight.fail(failure)
        flight.fail(held)
