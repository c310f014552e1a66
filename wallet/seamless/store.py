"""What is under way at the operator, in Postgres: written down before anything is sent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import aiosql
import asyncpg
import msgspec

from wallet.results import LedgerResult
from wallet.seamless.errors import HeldElsewhere, PlayerHasChips
from wallet.seamless.limits import SeamlessLimits
from wallet.seamless.protocol import transaction_uuid
from wallet.seamless.states import Begun, Kind, Outstanding, Person, State, Stray, Transaction

QUERIES: Any = aiosql.from_path(str(files("wallet.seamless") / "queries.sql"), "asyncpg")


class Store:
    """Claims are by ``holder``, which is this object: another process, another holder."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        limits: SeamlessLimits,
        clock: Callable[[], float],
        site: str,
    ) -> None:
        """``clock`` gives seconds since 1970; ``site`` names this server to the operator."""
        self._pool = pool
        self._limits = limits
        self._clock = clock
        self._site = site
        self._holder = uuid4()

    def _at(self, seconds: float = 0.0) -> datetime:
        return datetime.fromtimestamp(self._clock(), UTC) + timedelta(seconds=seconds)

    def _claimed_until(self) -> datetime:
        return self._at(self._limits.claim_s)

    async def bind(self, player: UUID, person: Person) -> bool:
        """Who a player is at the operator, and his token; False if either is bound otherwise.

        Raises PlayerHasChips: his wallet holds chips that the operator never paid for.
        """
        async with self._pool.acquire() as conn:
            code = await QUERIES.bind(
                conn,
                player=player,
                operator_player=person.name,
                currency=person.currency,
                token=person.token,
            )
        if code == "has_chips":
            raise PlayerHasChips(PlayerHasChips.__doc__)
        return bool(code == "bound")

    async def person(self, player: UUID) -> Person | None:
        """Who a player is at the operator, with his latest token."""
        async with self._pool.acquire() as conn:
            row = await QUERIES.player(conn, player=player)
        return Person(*row) if row["operator_player"] is not None else None

    async def begin(
        self,
        kind: Kind,
        key: str,
        player: UUID,
        table: str,
        session: UUID,
        epoch: int,
        amount: int | None,
    ) -> Begun:
        """Write it down, or take it up again; the claim is ours if it is NEW or CLAIMED."""
        async with self._pool.acquire() as conn:
            code = await QUERIES.begin(
                conn,
                key=key,
                uuid=transaction_uuid(self._site, kind, key),
                kind=kind,
                player=player,
                table_id=table,
                session=session,
                epoch=epoch,
                amount=amount,
                holder=self._holder,
                now=self._at(),
                until=self._claimed_until(),
            )
        return Begun(code)

    async def read(self, key: str) -> Transaction:
        """One that has begun."""
        async with self._pool.acquire() as conn:
            return _transaction(await QUERIES.read(conn, key=key))

    async def attempt(self, row: Transaction) -> int:
        """Count a call before it is made; raises HeldElsewhere if the row is no longer ours."""
        async with self._pool.acquire() as conn:
            count = await QUERIES.attempt(
                conn,
                key=row.key,
                state=row.state,
                holder=self._holder,
                until=self._claimed_until(),
            )
        if count is None:
            raise HeldElsewhere(row.key)
        return int(count)

    async def advance(
        self,
        row: Transaction,
        state: State,
        answer: str,
        result: LedgerResult | None = None,
        amount: int | None = None,
    ) -> Transaction:
        """To the next state; raises HeldElsewhere if the row is no longer ours."""
        async with self._pool.acquire() as conn:
            ours = await QUERIES.advance(
                conn,
                key=row.key,
                before=row.state,
                after=state,
                holder=self._holder,
                result=result,
                amount=amount,
                answer=answer,
                now=self._at(),
                until=self._claimed_until(),
            )
        if not ours:
            raise HeldElsewhere(row.key)
        return msgspec.structs.replace(
            row,
            state=state,
            answer=answer,
            attempts=0,
            result=row.result or result,
            amount=row.amount if row.amount is not None else amount,
        )

    async def delay(self, row: Transaction, answer: str, pause_s: float) -> None:
        """Nothing was decided; somebody goes on after the pause."""
        async with self._pool.acquire() as conn:
            await QUERIES.delay(
                conn,
                key=row.key,
                state=row.state,
                holder=self._holder,
                answer=answer,
                until=self._at(pause_s),
            )

    async def claim(self) -> list[Transaction]:
        """What is due and nobody is at, ours from now on."""
        async with self._pool.acquire() as conn:
            return [
                _transaction(row)
                async for row in QUERIES.claim(
                    conn,
                    holder=self._holder,
                    now=self._at(),
                    orphans_before=self._at(-self._limits.orphan_s),
                    until=self._claimed_until(),
                    count=self._limits.sweep_rows_max,
                )
            ]

    async def strays(self) -> list[Stray]:
        """Stakes that went home past the adapter."""
        async with self._pool.acquire() as conn:
            return [
                Stray(*row) async for row in QUERIES.strays(conn, count=self._limits.sweep_rows_max)
            ]

    async def outstanding(self) -> list[Outstanding]:
        """What is under way now, by kind and state."""
        async with self._pool.acquire() as conn:
            return [
                Outstanding(Kind(row["kind"]), State(row["state"]), *list(row)[2:])
                async for row in QUERIES.outstanding(conn)
            ]


def _transaction(row: asyncpg.Record) -> Transaction:
    # asyncpg's UUIDs are a subclass of Python's; msgspec takes them as they are.
    return msgspec.convert(dict(row), Transaction, builtin_types=(UUID, datetime))
