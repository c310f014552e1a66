"""Links by which a player shows one of his hands to others, as he saw it."""

import hashlib
import secrets
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any, Final
from uuid import UUID, uuid4

import aiosql
import asyncpg
import msgspec

from actors.archive import ArchivedHand, archived

QUERIES: Final[Any] = aiosql.from_path(str(files("actors") / "shares.sql"), "asyncpg")
LINKS_MAX: Final = 100
"""So many links of a player work at once."""
TOKEN_BYTES: Final = 32
TOKEN_CHARS: Final = 43


class Share(msgspec.Struct, frozen=True):
    """A link without its token."""

    id: UUID
    table: str
    hand: int
    made: datetime
    expires: datetime


class Shares:
    """Makes, lists, ends and follows links. A token is 256 bits of chance; of it a digest is kept,
    so whoever reads the database can open none."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def make(
        self, player: UUID, table: str, hand: int, lasts: timedelta, now: datetime
    ) -> tuple[Share, str] | None:
        """A link and its token; None if ``LINKS_MAX`` of his work already, or the hand is not
        his."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        share = Share(uuid4(), table, hand, now, now + lasts)
        async with self._pool.acquire() as conn, conn.transaction():
            await QUERIES.lock_shares(conn, player_id=player)
            await QUERIES.sweep_shares(conn, now=now)
            made = await QUERIES.add_share(
                conn,
                share_id=share.id,
                digest=_digest(token),
                player_id=player,
                table_id=table,
                hand=hand,
                made_at=share.made,
                expires_at=share.expires,
                links_max=LINKS_MAX,
            )
        return (share, token) if made is not None else None

    async def of(self, player: UUID, now: datetime) -> list[Share]:
        """His links that work, newest first."""
        async with self._pool.acquire() as conn:
            return [Share(*row) async for row in QUERIES.shares_of(conn, player_id=player, now=now)]

    async def end(self, player: UUID, share: UUID) -> bool:
        """It works no more; False if he has no such link."""
        async with self._pool.acquire() as conn:
            ended = await QUERIES.end_share(conn, share_id=share, player_id=player)
        return ended is not None

    async def follow(self, token: str, now: datetime) -> tuple[ArchivedHand, datetime] | None:
        """The hand, ``seat`` being that of whoever shows it, and when the link ends."""
        if len(token) != TOKEN_CHARS:
            return None
        async with self._pool.acquire() as conn:
            row = await QUERIES.shared(conn, digest=_digest(token), now=now)
        return (archived(row), row["expires_at"]) if row is not None else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
