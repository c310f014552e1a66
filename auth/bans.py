"""Who may not come in: accounts that are banned, and players who are kept away from one table."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from auth.accounts import QUERIES
from auth.errors import AccountUnknown, RoleHeld, SentAway

if TYPE_CHECKING:
    import asyncpg

    from auth.accounts import Connection, Pool


class Ban(msgspec.Struct, frozen=True):
    """``until`` is None for ever."""

    until: datetime | None
    reason: str


class Banned(msgspec.Struct, frozen=True):
    """What an act has changed; None is no ban."""

    before: Ban | None
    after: Ban | None


class Bans:
    """Bans, lifts bans, keeps away."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def ban(self, conn: "Connection", account: UUID, ban: Ban, now: datetime) -> Banned:
        """In the caller's transaction, who ends the account's sessions in it too.

        Raises:
            AccountUnknown: there is none, or it is a house bot's.
            RoleHeld: an operator's.
        """
        if await QUERIES.lock_person(conn, id=account) is None:
            raise AccountUnknown
        # Roles are given under the same lock.
        if await QUERIES.has_role(conn, account=account):
            raise RoleHeld
        row = await QUERIES.ban_account(
            conn, id=account, now=now, until=ban.until, reason=ban.reason
        )
        return Banned(_ban_of(row), ban)

    async def lift(self, account: UUID) -> Banned:
        """Raises AccountUnknown. Who is not banned stays so."""
        async with self._pool.acquire() as conn:
            row = await QUERIES.lift_ban(conn, id=account)
        if row is None:
            raise AccountUnknown
        return Banned(_ban_of(row), None)

    async def keep_away(self, account: UUID, table: str, ban: Ban, sooner: bool) -> None:
        """From one table until then; one that ends later than that is left as it is, unless it may
        end ``sooner``. Raises AccountUnknown."""
        async with self._pool.acquire() as conn, conn.transaction():
            if await QUERIES.lock_person(conn, id=account) is None:
                raise AccountUnknown
            await QUERIES.keep_away(
                conn,
                account=account,
                table=table,
                until=ban.until,
                reason=ban.reason,
                sooner=sooner,
            )

    async def may_enter(self, account: UUID, table: str, now: datetime) -> None:
        """Raises SentAway."""
        async with self._pool.acquire() as conn:
            until = await QUERIES.kept_away(conn, account=account, table=table, now=now)
        if until is not None:
            raise SentAway(retry_after_s=max(1, int((until - now).total_seconds())))


def _ban_of(row: "asyncpg.Record") -> Ban | None:
    return Ban(row["banned_until"], row["ban_reason"]) if row["banned_at"] else None
