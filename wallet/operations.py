"""What operators do to the books by hand: promotions alone, adjustments and reversals by two."""

from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from wallet.batch import digest
from wallet.currencies import PLAY
from wallet.errors import AmountInvalid
from wallet.ledger import AMOUNT_MAX, LAST_ID, must_be_amount

QUERIES: Any = aiosql.from_path(str(files("wallet") / "operations.sql"), "asyncpg")


class OperationCode(StrEnum):
    """Answers, in the order in which they are decided."""

    PROPOSED = "proposed"
    """Waits for a second operator."""
    APPLIED = "applied"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    """Proposed before, by the same key."""
    PAYLOAD_MISMATCH = "payload_mismatch"
    UNKNOWN_OPERATION = "unknown_operation"
    ALREADY_DECIDED = "already_decided"
    OWN_PROPOSAL = "own_proposal"
    """Whoever proposed it can't approve it."""
    UNKNOWN_TRANSFER = "unknown_transfer"
    NOT_REVERSIBLE = "not_reversible"
    """Hands, chips that went to a table or came from it, withdrawals, and reversals."""
    ALREADY_REVERSED = "already_reversed"
    UNKNOWN_ACCOUNT = "unknown_account"
    INSUFFICIENT = "insufficient"
    """The wallet would go below zero; this operation is over, a later one may do it."""


class Told(msgspec.Struct, frozen=True):
    """An answer, and the operation's number where there is one."""

    code: OperationCode
    id: int | None = None


class Operation(msgspec.Struct, frozen=True):
    """``amount`` is what the player's wallet gets or, below zero, gives. ``state`` is proposed,
    applied, rejected or refused, which ``result`` explains."""

    id: int
    kind: str
    player: UUID
    currency: str
    amount: int
    reverses: str | None
    reason: str
    proposer: str
    proposed_at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    remark: str
    result: str | None


class Operations:
    """The operators' desk, in Postgres. A proposal again by the same ``key`` is the same one."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def promote(
        self, key: str, player: UUID, amount: int, reason: str, by: str, currency: str = PLAY
    ) -> Told:
        """Promotional chips to the wallet, at once."""
        must_be_amount(amount)
        return await self._propose(key, "promotion", player, currency, amount, None, reason, by)

    async def adjust(
        self, key: str, player: UUID, amount: int, reason: str, by: str, currency: str = PLAY
    ) -> Told:
        """Propose to put the wallet right, up or down, against the house."""
        if not 0 < abs(amount) <= AMOUNT_MAX:
            raise AmountInvalid(amount)
        return await self._propose(key, "adjustment", player, currency, amount, None, reason, by)

    async def reverse(self, key: str, transfer: str, reason: str, by: str) -> Told:
        """Propose to take a grant, a deposit or an adjustment back by a transfer of its own; the
        one that is there stays."""
        return await self._propose(key, "reversal", None, None, None, transfer, reason, by)

    async def decide(self, number: int, approve: bool, by: str, remark: str = "") -> Told:
        """A second operator's yes, or anybody's no."""
        async with self._pool.acquire() as conn:
            code = await QUERIES.decide(conn, id=number, approve=approve, by=by, remark=remark)
        return Told(OperationCode(code), number)

    async def list(
        self,
        open_only: bool = True,
        limit: int = 50,
        before: int | None = None,
        player: UUID | None = None,
    ) -> list[Operation]:
        """Newest first, with numbers below ``before``; of one player, or of all."""
        async with self._pool.acquire() as conn:
            found = QUERIES.operations(
                conn, open_only=open_only, player=player, before=before or LAST_ID, count=limit
            )
            return [Operation(*row) async for row in found]

    async def _propose(
        self,
        key: str,
        kind: str,
        player: UUID | None,
        currency: str | None,
        amount: int | None,
        reverses: str | None,
        reason: str,
        by: str,
    ) -> Told:
        async with self._pool.acquire() as conn:
            row = await QUERIES.propose(
                conn,
                key=key,
                payload=digest(kind, player, currency, amount, reverses, reason),
                kind=kind,
                player=player,
                currency=currency,
                amount=amount,
                reverses=reverses,
                reason=reason,
                by=by,
            )
        return Told(OperationCode(row["code"]), row["id"])
