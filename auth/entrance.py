"""What every way in ends with: a session and its tokens."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from redis.asyncio import Redis

from auth.accounts import Account, add_account
from auth.audit import Audit
from auth.bans import Bans
from auth.freshness import Freshness
from auth.keys import Signer
from auth.mail import Mailer, NoMail
from auth.once import Once
from auth.passwords import Passwords
from auth.private_tables import PrivateTables
from auth.recovery import Recovery
from auth.redis_gate import RedisGate
from auth.roles import Roles
from auth.seals import Seals
from auth.second_factor import SecondFactors
from auth.sessions import Sessions
from auth.throttle import Limits, Throttle
from auth.tokens import ACCESS_TTL_S, Identity, Kind, Tokens, mint_access, read_access

if TYPE_CHECKING:
    from auth.accounts import Connection, Pool


class Entrance:
    """Accounts and sessions. ``seals`` keep second factors at rest; ``address`` is the caller's, as
    the gateway sees it; ``device`` is what he says of his program.

    ``clock`` gives Unix seconds and is the only source of time, so a test can hold it.
    """

    def __init__(
        self,
        pool: "Pool",
        redis: Redis,
        keys: Signer,
        seals: Seals,
        *,
        mailer: Mailer | None = None,
        url: str = "http://127.0.0.1:8700",
        passwords: Passwords | None = None,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pool = pool
        self._keys = keys
        self._passwords = passwords or Passwords()
        gate = RedisGate(redis)
        self.throttle = Throttle(gate, limits or Limits(), clock)
        self._sessions = Sessions(pool, gate)
        self._clock = clock
        self.roles = Roles(pool)
        self.audit = Audit(pool)
        self.bans = Bans(pool)
        self.private = PrivateTables(pool)
        self.factors = SecondFactors(pool, seals)
        self.freshness = Freshness(pool, gate)
        self.recovery = Recovery(pool, mailer or NoMail(), url)
        self.once = Once(seals)

    async def open(
        self, conn: "Connection", account: Account, address: str, device: str = ""
    ) -> Tokens:
        """Sign somebody in whose proof was seen, in the caller's transaction.

        Raises:
            AccountDisabled, AccountBanned: see ``Sessions.open``.
        """
        sid, refresh = await self._sessions.open(conn, account.id, address, device, self.now())
        return self._tokens(identity_of(account, sid), refresh)

    async def refresh(self, token: str) -> Tokens:
        """Swap a refresh token for a new pair.

        Raises:
            RefreshInvalid, RefreshReused, AccountDisabled: see ``Sessions.refresh``.
        """
        account, sid, refresh = await self._sessions.refresh(token, self.now())
        return self._tokens(identity_of(account, sid), refresh)

    async def logout(self, sid: UUID) -> None:
        """End a session; its refresh tokens die with it, access tokens within minutes."""
        await self._sessions.revoke(sid, "logout", self.now())

    def verify_access(self, token: str) -> Identity:
        """Who an access token speaks for, by its signature and times only.

        Raises:
            TokenInvalid, TokenExpired: see ``read_access``.
        """
        return read_access(self._keys.public, token, self._clock())

    def issue_access(self, identity: Identity) -> str:
        """An access token for an identity that is known already, such as a house bot's."""
        return mint_access(self._keys, identity, self._clock())

    async def is_active(self, sid: UUID) -> bool:
        """Whether a session has neither ended nor expired."""
        return await self._sessions.is_active(sid, self.now())

    def now(self) -> datetime:
        """By the one clock."""
        return datetime.fromtimestamp(self._clock(), UTC)

    async def _create(
        self, name: str, kind: Kind, password_hash: str | None, address: str, device: str
    ) -> Tokens | None:
        async with self._pool.acquire() as conn, conn.transaction():
            account = await add_account(conn, name, kind, password_hash, self.now())
            return None if account is None else await self.open(conn, account, address, device)

    def _tokens(self, identity: Identity, refresh: str) -> Tokens:
        return Tokens(
            access=mint_access(self._keys, identity, self._clock()),
            refresh=refresh,
            expires_in_s=ACCESS_TTL_S,
            identity=identity,
        )


def identity_of(account: Account, sid: UUID) -> Identity:
    """Who he is in this session."""
    return Identity(account=account.id, name=account.name, kind=account.kind, sid=sid)
