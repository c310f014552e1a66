"""What a table asks of the wallet.

``wallet.ledger.Ledger`` is a Bank by itself; ``ServeBank`` is one over the wallet deployment.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

import asyncpg
from ray import serve as ray_serve

from wallet.ledger import Result, Stake


class Bank(Protocol):
    """Escrow of the chips in play. Every call may be repeated with the same key."""

    async def buy_in(
        self, player: UUID, table: str, session: UUID, amount: int, key: str
    ) -> Result: ...

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result: ...

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result: ...

    async def open_stakes(self, table: str) -> list[Stake]: ...

    async def raise_fence(self, table: str, epoch: int) -> bool: ...


WALLET_APP = "squaredeal"
WALLET_DEPLOYMENT = "wallet"


class BankUnreachable(Exception):
    """The wallet did not answer; whether it acted is unknown until the same key is sent again."""


class ServeBank:
    """The wallet deployment as a Bank: one handle, a deadline for every call."""

    def __init__(self, deadline_s: float = 5.0) -> None:
        self._deadline_s = deadline_s
        self._handle: Any = None

    async def _ask(self, method: str, *args: object) -> Any:
        try:
            if self._handle is None:
                self._handle = ray_serve.get_deployment_handle(WALLET_DEPLOYMENT, WALLET_APP)
            response = getattr(self._handle, method).remote(*args)
            return await asyncio.wait_for(_answer(response), self._deadline_s)
        except Exception as failure:
            # A replaced or dead replica shows in many ways; each ends in a retry with the key.
            raise BankUnreachable(f"{method}: {type(failure).__name__}: {failure}") from failure

    async def buy_in(
        self, player: UUID, table: str, session: UUID, amount: int, key: str
    ) -> Result:
        result: Result = await self._ask("buy_in", player, table, session, amount, key)
        return result

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result:
        result: Result = await self._ask("settle", table, hand, epoch, list(moves), rake)
        return result

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result:
        result: Result = await self._ask("cash_out", player, table, session, key)
        return result

    async def open_stakes(self, table: str) -> list[Stake]:
        stakes: list[Stake] = await self._ask("open_stakes", table)
        return stakes

    async def raise_fence(self, table: str, epoch: int) -> bool:
        return bool(await self._ask("raise_fence", table, epoch))


async def _answer(response: Any) -> Any:
    return await response


TRANSIENT = (BankUnreachable, asyncpg.PostgresConnectionError, OSError, TimeoutError)
RETRY_S_FIRST = 0.1
RETRY_S_MAX = 5.0
T = TypeVar("T")
log = logging.getLogger(__name__)


async def insist(ask: Callable[[], Awaitable[T]], what: str) -> T:
    """Ask until there is an answer. Every request has a key, so asking twice is safe."""
    pause = RETRY_S_FIRST
    while True:
        try:
            return await ask()
        except TRANSIENT as failure:
            log.warning("%s is delayed: %s", what, failure)
        await asyncio.sleep(pause)
        pause = min(2 * pause, RETRY_S_MAX)
