"""Voids that wait for a second operator: asked for in one session, agreed to in another."""

from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

import aiosql
import asyncpg
import msgspec

QUERIES: Final[Any] = aiosql.from_path(str(files("actors") / "void_proposals.sql"), "asyncpg")
OPEN_FOR: Final = timedelta(minutes=10)
"""A hand in play does not wait longer than that for anybody."""
EXPIRED: Final = "expired"


class VoidProposal(msgspec.Struct, frozen=True):
    """``state`` is open, approved, rejected or expired; ``outcome`` is what the void came to."""

    id: int
    table: str
    hand: int
    reason: str
    proposer_id: UUID
    proposer: str
    proposed: datetime
    expires: datetime
    state: str
    decided_by: str | None
    outcome: str | None


class VoidProposals:
    """Kept in Postgres, and never deleted: they are part of why a hand does not count."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def propose(
        self, table: str, hand: int, reason: str, who: UUID, name: str, now: datetime
    ) -> VoidProposal:
        """It is open for ``OPEN_FOR``."""
        async with self._pool.acquire() as conn:
            number = await QUERIES.propose(
                conn, table_id=table, hand=hand, reason=reason, proposer_id=who, proposer=name,
                proposed_at=now, expires_at=now + OPEN_FOR,
            )  # fmt: skip
        return VoidProposal(
            number, table, hand, reason, who, name, now, now + OPEN_FOR, "open", None, None
        )

    async def last(self, count: int, now: datetime) -> list[VoidProposal]:
        """Newest first."""
        async with self._pool.acquire() as conn:
            return [_read(row, now) async for row in QUERIES.proposals(conn, count=count)]

    async def one(self, number: int, now: datetime) -> VoidProposal | None:
        async with self._pool.acquire() as conn:
            row = await QUERIES.proposal(conn, proposal_id=number)
        return _read(row, now) if row is not None else None

    async def decide(
        self, number: int, agreed: bool, who: UUID, name: str, now: datetime
    ) -> VoidProposal | None:
        """A yes by another account than the proposer's, or anybody's no; once. None if it is not
        open, or his own."""
        async with self._pool.acquire() as conn:
            row = await QUERIES.decide(
                conn, proposal_id=number, state="approved" if agreed else "rejected",
                decider_id=who, decided_by=name, now=now,
            )  # fmt: skip
        return _read(row, now) if row is not None else None

    async def note(self, number: int, outcome: str) -> None:
        """What the void came to."""
        async with self._pool.acquire() as conn:
            await QUERIES.note_outcome(conn, proposal_id=number, outcome=outcome)


def _read(row: "asyncpg.Record", now: datetime) -> VoidProposal:
    over = row["state"] == "open" and row["expires_at"] <= now
    return VoidProposal(
        row["proposal_id"],
        row["table_id"],
        row["hand"],
        row["reason"],
        row["proposer_id"],
        row["proposer"],
        row["proposed_at"],
        row["expires_at"],
        EXPIRED if over else row["state"],
        row["decided_by"],
        row["outcome"],
    )
