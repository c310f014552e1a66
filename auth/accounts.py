"""The accounts in Postgres: SQL of ``queries.sql`` behind typed functions.

Times are aware datetimes that the caller passes in. A function takes a connection, so that its
caller decides what belongs to one transaction.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias
from uuid import UUID, uuid4

import aiosql
import msgspec
from asyncpg.exceptions import UniqueViolationError

from auth.errors import AccountUnknown, NameTaken, NoGuest
from auth.names import begins_name
from auth.tokens import Kind

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Pool: TypeAlias = asyncpg.Pool[asyncpg.Record]
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

# aiosql makes a method of each named query; what it returns is typed by the functions here.
QUERIES: Final[Any] = aiosql.from_path(Path(__file__).with_name("queries.sql"), "asyncpg")


class Account(msgspec.Struct, frozen=True):
    """One row. Players have a password hash, guests and bots have none."""

    id: UUID
    name: str
    kind: Kind
    password_hash: str | None
    disabled_at: datetime | None


def account_of(row: "asyncpg.Record") -> Account:
    """Read an account from a row that holds its columns, among others perhaps."""
    return msgspec.convert(dict(row), Account)


async def add_account(
    conn: "Connection",
    name: str,
    kind: Kind,
    password_hash: str | None,
    now: datetime,
    account: UUID | None = None,
) -> Account | None:
    """Add an account, under a new id if none is given; None when its name is taken, in whichever
    case it is written, or its id."""
    row = await QUERIES.add_account(
        conn, id=account or uuid4(), name=name, kind=kind, password_hash=password_hash, now=now
    )
    return None if row is None else account_of(row)


async def account_by_name(conn: "Connection", name: str) -> Account | None:
    """Find an account by its name in any case."""
    row = await QUERIES.account_by_name(conn, name=name)
    return None if row is None else account_of(row)


class Somebody(msgspec.Struct, frozen=True):
    """A player's or a guest's account as operators see it; ``banned_until`` None is for ever, if
    there is a reason."""

    id: UUID
    name: str
    kind: Kind
    created_at: datetime
    closed: bool
    banned_at: datetime | None
    banned_until: datetime | None
    ban_reason: str | None


async def find_people(pool: "Pool", prefix: str, count: int) -> list[Somebody]:
    """Those whose names begin like this, in any case, in order."""
    if not begins_name(prefix):
        return []
    like = prefix.lower().replace("_", r"\_") + "%"
    async with pool.acquire() as conn:
        found = QUERIES.find_players(conn, prefix=like, count=count)
        return [msgspec.convert(dict(row), Somebody) async for row in found]


async def person(pool: "Pool", account: UUID) -> Somebody:
    """One of them. Raises AccountUnknown."""
    async with pool.acquire() as conn:
        row = await QUERIES.person(conn, id=account)
    if row is None:
        raise AccountUnknown
    return msgspec.convert(dict(row), Somebody)


async def renew_password_hash(conn: "Connection", account: Account, new_hash: str) -> None:
    """Store a hash made at today's cost, unless the password has changed meanwhile."""
    await QUERIES.set_password_hash(
        conn, id=account.id, old_hash=account.password_hash, new_hash=new_hash
    )


async def has_password(conn: "Connection", account: UUID, password_hash: str | None) -> bool:
    """Whether this is its hash; nobody changes that before the caller's transaction ends."""
    row = await QUERIES.has_password(conn, id=account, password_hash=password_hash)
    return row is not None


async def upgrade_guest(
    conn: "Connection", account: UUID, name: str, password_hash: str
) -> Account:
    """A guest becomes a player.

    Raises:
        NoGuest, NameTaken: see ``Auth.upgrade``.
    """
    taken = await account_by_name(conn, name)
    if taken is not None:
        raise NameTaken
    try:
        row = await QUERIES.upgrade_guest(conn, id=account, name=name, password_hash=password_hash)
    except UniqueViolationError as race:
        raise NameTaken from race
    if row is None:
        raise NoGuest
    return account_of(row)


async def disable_account(conn: "Connection", account: UUID, now: datetime) -> None:
    """Close an account; it keeps its name and its history."""
    await QUERIES.disable_account(conn, id=account, now=now)
