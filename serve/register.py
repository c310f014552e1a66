"""The tables as Postgres knows them: which are wanted, what was left at them, who did what."""

from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from typing import Any, NamedTuple
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from actors.spec import TableSpec
from serve.runtime import Runtime, connect_postgres
from wallet.sittings import Sittings

QUERIES: Any = aiosql.from_path(str(files("serve") / "register.sql"), "asyncpg")


class InterruptedHand(NamedTuple):
    """Dealt, and neither settled nor voided."""

    table: str
    hand: int
    dealt: datetime
    epoch: int


class LeftStake(NamedTuple):
    """Chips in escrow, minor units; ``player`` is a name, or an id where there is none."""

    table: str
    player: str
    session: UUID
    chips: int


class Interrupted(NamedTuple):
    """What waits for a table to be opened again."""

    hands: list[InterruptedHand]
    stakes: list[LeftStake]


async def interrupted(dsn: str, nobody: bool) -> Interrupted:
    """Hands and chips at tables that nobody serves now, in one snapshot. ``nobody``: there is no
    server at all, whatever the leases say."""
    conn = await asyncpg.connect(dsn)
    try:
        async with conn.transaction(isolation="repeatable_read", readonly=True):
            hands = [
                InterruptedHand(row["table_id"], row["hand"], row["at"], row["epoch"])
                async for row in QUERIES.interrupted(conn, nobody=nobody)
            ]
            stakes = [
                LeftStake(
                    row["table_id"],
                    row["name"] or str(row["owner"]),
                    row["session"],
                    row["balance"],
                )
                async for row in QUERIES.stakes_without_owner(conn, nobody=nobody)
            ]
    finally:
        await conn.close()
    return Interrupted(hands, stakes)


class Register:
    """The floor's memory beyond its own life."""

    def __init__(self) -> None:
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def open(self, runtime: Runtime) -> None:
        """Connect; again changes nothing."""
        if self._pool is None:
            self._pool = await connect_postgres(runtime)

    async def close(self) -> None:
        """Hang up."""
        if self._pool is not None:
            await self._pool.close()

    @property
    def _connected(self) -> "asyncpg.Pool[asyncpg.Record]":
        assert self._pool is not None, "open() comes first"
        return self._pool

    async def before(
        self, wanted: Mapping[str, TableSpec]
    ) -> tuple[frozenset[str], dict[str, TableSpec]]:
        """Which tables an operator has closed; at which that are not wanted chips were left."""
        async with self._connected.acquire() as conn:
            rows = [row async for row in QUERIES.known(conn)]
        closed = frozenset(row["table_id"] for row in rows if not row["wanted"])
        left = {
            row["table_id"]: _spec(row["spec"])
            for row in rows
            if row["at_stake"] and row["spec"] and not (row["wanted"] and row["table_id"] in wanted)
        }
        return closed, left

    async def private(self) -> dict[str, TableSpec]:
        """Private tables that their hosts have not closed: no file names them."""
        async with self._connected.acquire() as conn:
            rows = [row async for row in QUERIES.known(conn) if row["wanted"] and row["spec"]]
        specs = (_spec(row["spec"]) for row in rows)
        return {spec.table: spec for spec in specs if spec.private}

    async def spec_of(self, table: str) -> TableSpec | None:
        """As it was opened last."""
        async with self._connected.acquire() as conn:
            found = {row["table_id"]: row["spec"] async for row in QUERIES.known(conn)}
        return _spec(found[table]) if found.get(table) else None

    async def set_wanted(self, table: str, wanted: bool) -> None:
        """Whether the table is to be open, also after the next start."""
        async with self._connected.acquire() as conn:
            await QUERIES.set_wanted(conn, table_id=table, wanted=wanted)

    async def house(self) -> dict[str, int]:
        """What the house has, by currency."""
        return await Sittings(self._connected).house()

    async def drained(self) -> frozenset[str]:
        """Nodes (and actors) that operators want empty. A node never comes back by the same id."""
        async with self._connected.acquire() as conn:
            return frozenset([row["target"] async for row in QUERIES.drained(conn)])

    async def newest_form(self) -> int:
        """Of the tables' journals (``actors.journal``)."""
        async with self._connected.acquire() as conn:
            return int(await QUERIES.newest_form(conn))

    async def note(
        self,
        operator: str,
        approver: str | None,
        action: str,
        target: str,
        hand: int | None,
        reason: str,
        outcome: str,
    ) -> None:
        """Into the operators' log."""
        async with self._connected.acquire() as conn:
            await QUERIES.note_action(
                conn,
                operator=operator,
                approver=approver,
                action=action,
                target=target,
                hand=hand,
                reason=reason,
                outcome=outcome,
            )


def _spec(text: str) -> TableSpec:
    return msgspec.json.decode(text, type=TableSpec)
