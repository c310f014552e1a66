"""Sessions and their rotating refresh tokens. Postgres is the truth, Redis answers faster.

Each refresh token works once. Whoever presents one again either stole it or was robbed of it, and
nobody can tell which: the whole session ends (RFC 9700, 4.14.2).

With one exception: the answer to a refresh may be lost on its way, and an honest client then asks
again. So for ``REFRESH_GRACE`` the last token may be traded once more, as long as nobody has used
what came of it the first time; which is dead from then on, and ends the session if it turns up. A
thief gains no more than time: of the two holders one will present a token that is used up.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID, uuid4

import msgspec

from auth.accounts import QUERIES, Account, account_of
from auth.errors import (
    AccountBanned,
    AccountDisabled,
    AuthError,
    RefreshInvalid,
    RefreshReused,
    SessionUnknown,
)
from auth.redis_gate import RedisAway, RedisGate
from auth.tokens import new_refresh, refresh_digest

if TYPE_CHECKING:
    from auth.accounts import Connection, Pool

SESSION_TTL: Final = timedelta(days=90)
REFRESH_TTL: Final = timedelta(days=30)
REFRESH_GRACE: Final = timedelta(minutes=10)
"""How long after its first use a refresh token may be traded again, if its answer was lost."""
DEVICE_CHARS_MAX: Final = 120
CHANNEL: Final = "sessions"
"""Redis channel on which the id of every revoked session is published."""
AWAY_CHANNEL: Final = "sent-away"
"""The same for who is kept away from a table: its name, a space, his id."""

_ACTIVE_S: Final = 60
"""How long a cached yes may outlive a revocation that Redis did not hear of."""
_REVOKED_S: Final = 600
_YES: Final = b"active"
_NO: Final = b"revoked"

Why = Literal["logout", "reuse", "disabled", "banned", "elsewhere", "password", "rescue"]


class Opened(msgspec.Struct, frozen=True):
    """A session as its owner sees it; ``used_at`` is when it got its last tokens."""

    id: UUID
    device: str
    address: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class Sessions:
    """Opens, refreshes, checks and revokes sessions."""

    def __init__(self, pool: "Pool", redis: RedisGate) -> None:
        self._pool = pool
        self._redis = redis

    async def open(
        self, conn: "Connection", account: UUID, address: str, device: str, now: datetime
    ) -> tuple[UUID, str]:
        """Open a session in the caller's transaction; returns its id and first refresh token.

        Raises:
            AccountDisabled: the account was closed.
            AccountBanned: it is banned.
        """
        sid = uuid4()
        expires_at = now + SESSION_TTL
        opened = await QUERIES.add_session(
            conn,
            id=sid,
            account=account,
            address=address[:64],
            device=device[:DEVICE_CHARS_MAX],
            now=now,
            expires_at=expires_at,
        )
        if opened is None:
            row = await QUERIES.account_by_id(conn, id=account)
            raise AccountBanned if row["disabled_at"] is None else AccountDisabled
        return sid, await self._add_token(conn, sid, now, expires_at, None)

    async def keep(self, conn: "Connection", account: UUID, now: datetime) -> UUID:
        """The one standing session of a house bot; it has its account's id and no refresh token."""
        await QUERIES.keep_session(
            conn, id=account, account=account, address="", now=now, expires_at=now + SESSION_TTL
        )
        return account

    async def refresh(self, token: str, now: datetime) -> tuple[Account, UUID, str]:
        """Swap a refresh token for the next one; returns account, session and the new token.

        Raises:
            RefreshInvalid: unknown, expired, or its session has ended.
            RefreshReused: used before, and not just now; its session has been revoked.
            AccountDisabled: the account was closed.
        """
        digest = refresh_digest(token)
        async with self._pool.acquire() as conn, conn.transaction():
            outcome = await self._rotate(conn, digest, now)
        # Raised only here: inside the transaction it would undo the revocation.
        if isinstance(outcome, UUID):
            await self._forget([outcome])
            raise RefreshReused
        if isinstance(outcome, AuthError):
            raise outcome
        return outcome

    async def is_active(self, sid: UUID, now: datetime) -> bool:
        """Whether a session still lives: by Redis, or by Postgres when Redis does not know."""
        key = _key(sid)
        try:
            async with self._redis.open() as redis:
                cached = await redis.get(key)
        except RedisAway:
            cached = None
        if cached is not None:
            return cached in (_YES, _YES.decode())
        async with self._pool.acquire() as conn:
            active = await QUERIES.live_session(conn, sid=sid, now=now) is not None
        if active:
            await self._remember(key)
        return active

    async def revoke(self, sid: UUID, why: Why, now: datetime) -> None:
        """End a session; ending it twice is no error."""
        async with self._pool.acquire() as conn:
            await QUERIES.revoke_session(conn, sid=sid, why=why, now=now)
        await self._forget([sid])

    async def revoke_all(
        self, conn: "Connection", account: UUID, why: Why, now: datetime
    ) -> list[UUID]:
        """End all sessions of an account in the caller's transaction.

        Once that has committed, the caller passes what this returns to ``announce``.
        """
        rows = QUERIES.revoke_sessions_of(conn, account=account, why=why, now=now)
        return [row["id"] async for row in rows]

    async def all(self, account: UUID, now: datetime) -> list[Opened]:
        """Every session of an account that lives, newest first."""
        async with self._pool.acquire() as conn:
            found = QUERIES.sessions_of(conn, account=account, now=now)
            return [msgspec.convert(dict(row), Opened) async for row in found]

    async def revoke_own(self, account: UUID, sid: UUID, now: datetime) -> None:
        """End one of somebody's own.

        Raises:
            SessionUnknown: it is not his, or has ended.
        """
        async with self._pool.acquire() as conn:
            ended = await QUERIES.revoke_own_session(conn, sid=sid, account=account, now=now)
        if ended is None:
            raise SessionUnknown
        await self._forget([sid])

    async def revoke_others(
        self, conn: "Connection", account: UUID, sid: UUID, why: Why, now: datetime
    ) -> list[UUID]:
        """As ``revoke_all``, but for one."""
        rows = QUERIES.revoke_other_sessions(conn, account=account, sid=sid, why=why, now=now)
        return [row["id"] async for row in rows]

    async def announce(self, sids: Iterable[UUID]) -> None:
        """Tell the cache and all listeners that sessions have ended."""
        await self._forget(sids)

    async def announce_away(self, account: UUID, table: str) -> None:
        """Tell the rails that he may watch this table no longer."""
        try:
            async with self._redis.open(insist=True) as redis:
                await redis.publish(AWAY_CHANNEL, f"{table} {account}")
        except RedisAway:
            return

    async def sweep(self, now: datetime) -> None:
        """Delete what has expired."""
        async with self._pool.acquire() as conn:
            await QUERIES.sweep_refresh_tokens(conn, now=now)
            await QUERIES.sweep_sessions(conn, now=now)

    async def _rotate(
        self, conn: "Connection", digest: bytes, now: datetime
    ) -> tuple[Account, UUID, str] | UUID | AuthError:
        used = await QUERIES.use_refresh_token(conn, digest=digest, now=now)
        if used is None:
            used = await QUERIES.used_refresh_token(conn, digest=digest, now=now)
            if used is None:
                return RefreshInvalid()
            in_grace = now < used["used_at"] + REFRESH_GRACE
            if not in_grace or not await self._take_back(conn, digest, now):
                sid: UUID = used["session"]
                await QUERIES.revoke_session(conn, sid=sid, why="reuse", now=now)
                return sid
        row = await QUERIES.live_session(conn, sid=used["session"], now=now)
        if row is None:
            return RefreshInvalid()
        account = account_of(row)
        if account.disabled_at is not None:
            return AccountDisabled()
        token = await self._add_token(conn, row["sid"], now, row["expires_at"], digest)
        return account, row["sid"], token

    async def _take_back(self, conn: "Connection", digest: bytes, now: datetime) -> bool:
        """Whether nobody has used what the token was traded for; nobody can from now on."""
        return await QUERIES.use_up_successor(conn, digest=digest, now=now) is not None

    async def _add_token(
        self,
        conn: "Connection",
        sid: UUID,
        now: datetime,
        session_expires_at: datetime,
        replaces: bytes | None,
    ) -> str:
        token, digest = new_refresh()
        expires_at = min(now + REFRESH_TTL, session_expires_at)
        await QUERIES.add_refresh_token(
            conn, digest=digest, session=sid, now=now, expires_at=expires_at, replaces=replaces
        )
        return token

    async def _remember(self, key: str) -> None:
        try:
            async with self._redis.open() as redis:
                # Not over a "revoked" that was written since Postgres was read.
                await redis.set(key, _YES, ex=_ACTIVE_S, nx=True)
        except RedisAway:
            return

    async def _forget(self, sids: Iterable[UUID]) -> None:
        # When Redis does not hear of it, a cached yes lives on for ``_ACTIVE_S`` at most.
        # "revoked" instead of a delete: after a delete, a reader that asked Postgres just before
        # the revocation would put its stale yes back.
        try:
            async with self._redis.open(insist=True) as redis, redis.pipeline() as pipe:
                for sid in sids:
                    pipe.set(_key(sid), _NO, ex=_REVOKED_S)
                    pipe.publish(CHANNEL, str(sid))
                await pipe.execute()
        except RedisAway:
            return


async def ended_sessions(pool: "Pool", sids: Collection[UUID]) -> set[UUID]:
    """Which of these were revoked or have expired; those that are long swept are not known."""
    async with pool.acquire() as conn:
        now = datetime.now(UTC)
        return {row["id"] async for row in QUERIES.ended_sessions(conn, sids=list(sids), now=now)}


def _key(sid: UUID) -> str:
    return f"session:{sid}"
