"""What the seamless wallet needs of the ledger, and no more."""

import hashlib
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import msgspec

from wallet.results import LedgerResult, Result
from wallet.seamless.store import QUERIES


class Cash(Protocol):
    """Chips that enter and leave the ledger; each once by its key, whatever is repeated."""

    async def deposit(self, player: UUID, amount: int, key: str) -> Result:
        """Cash to wallet; the wallet is opened if need be."""
        ...

    async def withdraw(self, player: UUID, amount: int, key: str) -> Result:
        """Wallet to cash."""
        ...


class LedgerCash:
    """Cash by the functions of ``011_seamless_cash.sql``."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def deposit(self, player: UUID, amount: int, key: str) -> Result:
        return await self._post(QUERIES.deposit, "deposit", player, amount, key)

    async def withdraw(self, player: UUID, amount: int, key: str) -> Result:
        return await self._post(QUERIES.withdraw, "withdrawal", player, amount, key)

    async def _post(self, query: Any, kind: str, player: UUID, amount: int, key: str) -> Result:
        payload = hashlib.sha256(msgspec.json.encode((kind, player, amount))).digest()
        async with self._pool.acquire() as conn:
            code = await query(conn, key=key, payload=payload, owner=player, amount=amount)
        result = Result(LedgerResult(code), amount)
        return result if result.done else Result(result.code)
