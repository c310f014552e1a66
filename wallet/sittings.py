"""What a player's chips did: his sittings and their stacks over time; where his chips are now."""

from datetime import datetime
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

import aiosql
import asyncpg
import msgspec

QUERIES: Final[Any] = aiosql.from_path(str(files("wallet") / "sittings.sql"), "asyncpg")
POINTS_MAX: Final = 500
"""So many points draw a stack; of more changes not each is told."""


class Sitting(msgspec.Struct, frozen=True):
    """One stake from its first buy-in to its way home, minor units."""

    session: UUID
    table: str
    currency: str
    began: datetime
    ended: datetime | None
    brought: int
    home: int
    chips: int


class Point(msgspec.Struct, frozen=True):
    """The stake after one change."""

    at: datetime
    kind: str
    hand: int | None
    amount: int
    balance: int


class Stack(msgspec.Struct, frozen=True):
    """A stake over time; ``best`` and ``worst`` are results of single hands."""

    hands: int
    best: int
    worst: int
    changes: int
    points: tuple[Point, ...]


class Purse(msgspec.Struct, frozen=True):
    """An account that is open; the wallet has no table."""

    currency: str
    amount: int
    table: str | None


class Sittings:
    """Reads; nothing is written."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def of(
        self,
        player: UUID,
        limit: int,
        before: UUID | None = None,
        table: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[Sitting]:
        """Newest first, after the sitting ``before``."""
        async with self._pool.acquire() as conn:
            found = QUERIES.sittings_of(
                conn, player=player, table_id=table, since=since, until=until, before=before,
                count=limit,
            )  # fmt: skip
            return [Sitting(*row) async for row in found]

    async def one(self, player: UUID, session: UUID) -> tuple[Sitting, Stack] | None:
        """One of his sittings with its stack; months that were detached have no points."""
        async with (
            self._pool.acquire() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            row = await QUERIES.sitting(conn, player=player, session=session)
            if row is None:
                return None
            sums = await QUERIES.stack_summary(conn, session=session)
            every = 1 + sums["changes"] // POINTS_MAX
            points = [
                Point(*each)
                async for each in QUERIES.stack_points(conn, session=session, every=every)
            ]
        return Sitting(*row), Stack(
            sums["hands"], sums["best"], sums["worst"], sums["changes"], tuple(points)
        )

    async def purses(self, player: UUID) -> list[Purse]:
        """Where his chips are."""
        async with self._pool.acquire() as conn:
            return [Purse(*row) async for row in QUERIES.purses(conn, player=player)]

    async def seats(self, player: UUID) -> list[tuple[str, datetime]]:
        """Tables at which he has chips, and since when."""
        async with self._pool.acquire() as conn:
            return [tuple(row) async for row in QUERIES.seats(conn, player=player)]

    async def house(self) -> dict[str, int]:
        """What the house has, by currency: a row a settler, whatever has been played."""
        async with self._pool.acquire() as conn:
            return {row["currency"]: row["balance"] async for row in QUERIES.house(conn)}
