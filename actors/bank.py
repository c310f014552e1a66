"""What a table asks of the wallet.

``wallet.ledger.Ledger`` is a Bank by itself; ``actors.serve_bank`` has one over Serve.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar
from uuid import UUID

import asyncpg

from wallet.currencies import PLAY
from wallet.ledger import Result


class Bank(Protocol):
    """Escrow of the chips in play. Every call may be repeated with the same key."""

    async def buy_in(
        self,
        player: UUID,
        table: str,
        session: UUID,
        amount: int,
        key: str,
        epoch: int,
        currency: str = PLAY,
    ) -> Result: ...

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result: ...

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result: ...


class BankFailed(Exception):
    """The wallet answered with an error of its own: asking again would not help."""


class BankUnreachable(Exception):
    """The wallet did not answer; whether it acted is unknown until the same key is sent again."""


TRANSIENT = (
    BankUnreachable,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # the server is shutting down or starting up
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    # A primary that has become a standby, a disk that fails: somebody is looking at it.
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.PostgresSystemError,
    # A line that is cut between two messages of one query shows as a mistake of the client.
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
)
"""Whether the database acted is unknown: ask again with the same key."""
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
