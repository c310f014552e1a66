"""Private tables: each is its host's, and whoever once showed its code may come in until the host
sends him away. A code is 75 random bits, kept as a digest; the host sees it when it is made."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import msgspec

from auth.accounts import QUERIES
from auth.errors import InviteNeeded, TableNotYours, TooManyTables

if TYPE_CHECKING:
    from auth.accounts import Pool

PRIVATE_TABLES_MAX: Final = 3
"""So many open ones a host."""
CODE_CHARS: Final = 15
PREFIX: Final = "private-"


class Private(msgspec.Struct, frozen=True):
    """A table as its host sees it."""

    table: str
    title: str
    opened_at: datetime


class PrivateTables:
    """Opens, lists, lets in, puts out, closes."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def open(self, host: UUID, title: str, now: datetime) -> tuple[str, str]:
        """The name of a new table, and its code.

        Raises:
            TooManyTables: he has ``PRIVATE_TABLES_MAX``.
        """
        table, code = PREFIX + secrets.token_hex(6), _code()
        async with self._pool.acquire() as conn, conn.transaction():
            await QUERIES.lock_person(conn, id=host)  # so that two at once are counted
            if await QUERIES.open_private_tables(conn, host=host) >= PRIVATE_TABLES_MAX:
                raise TooManyTables
            await QUERIES.add_private_table(
                conn, table=table, host=host, title=title, digest=_digest(code), now=now
            )
        return table, code

    async def of(self, host: UUID) -> list[Private]:
        """Those that are open."""
        async with self._pool.acquire() as conn:
            found = QUERIES.private_tables_of(conn, host=host)
            return [msgspec.convert(dict(row), Private) async for row in found]

    async def check(self, host: UUID, table: str) -> None:
        """Raises TableNotYours unless it is his, and open."""
        async with self._pool.acquire() as conn:
            if await QUERIES.own_private_table(conn, table=table, host=host) is None:
                raise TableNotYours

    async def renew(self, host: UUID, table: str) -> str:
        """Another code; who was let in by an older one stays. Raises TableNotYours."""
        await self.check(host, table)
        code = _code()
        async with self._pool.acquire() as conn:
            await QUERIES.renew_code(conn, digest=_digest(code), table=table)
        return code

    async def put_out(self, table: str, account: UUID) -> None:
        """He needs a code again."""
        async with self._pool.acquire() as conn:
            await QUERIES.put_out(conn, table=table, account=account)

    async def close(self, table: str, now: datetime) -> None:
        """It is nobody's any more."""
        async with self._pool.acquire() as conn:
            await QUERIES.end_private_table(conn, table=table, now=now)

    async def may_enter(self, account: UUID, table: str, code: str) -> None:
        """Raises InviteNeeded at somebody else's private table, without its code. One that is
        closed plays its last hand: who was in comes back to it, nobody else comes."""
        if not table.startswith(PREFIX):
            return
        async with self._pool.acquire() as conn:
            row = await QUERIES.private_table(conn, table=table, account=account)
            if row is None:
                raise InviteNeeded
            if row["host"] == account or row["guest"]:
                return
            right = hmac.compare_digest(row["code_digest"], _digest(code))
            if row["closed_at"] is not None or not right:
                raise InviteNeeded
            await QUERIES.let_in(conn, table=table, account=account)


def _code() -> str:
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()[:CODE_CHARS]


def _digest(code: str) -> bytes:
    """There is nothing to guess in 75 random bits: no salt, no stretching."""
    return hashlib.sha256(code.strip().lower().encode("utf-8", "surrogatepass")).digest()
