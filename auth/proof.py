"""Whether it is still him: second factors, proofs before money and before changes, locks."""

from typing import TYPE_CHECKING
from uuid import UUID

from auth.accounts import QUERIES
from auth.entrance import Entrance
from auth.errors import (
    CodeNeeded,
    LastWayIn,
    NoPassword,
    ProofNeeded,
    WrongCredentials,
)
from auth.money_lock import refuse_if_locked
from auth.tokens import Identity

if TYPE_CHECKING:
    from auth.accounts import Connection


class Proof(Entrance):
    """Asked by whatever needs more than a session."""

    async def check_code(self, account: UUID, code: str) -> None:
        """Take a code if the account has a second factor.

        Raises:
            CodeNeeded, CodeWrong, TooManyAttempts: as for ``login``.
        """
        async with self._pool.acquire() as conn:
            needed = await self.factors.is_on(conn, account)
        if not needed:
            return
        if not code:
            raise CodeNeeded
        await self.throttle.code_attempt(account)
        async with self._pool.acquire() as conn, conn.transaction():
            await self.factors.check(conn, account, code, self.now())
        await self.throttle.code_right(account)

    async def prove(self, who: Identity, password: str, code: str, address: str) -> None:
        """Show that it is still him: his session may move money again.

        Raises:
            NoPassword: a guest.
            ProofNeeded: a player without one, who has not proved himself just now by what he has.
            WrongCredentials, CodeNeeded, CodeWrong, TooManyAttempts: as for ``login``.
        """
        async with self._pool.acquire() as conn:
            row = await QUERIES.account_by_id(conn, id=who.account)
        if row["password_hash"] is None:
            await self.check_proved(who)
            await self.check_code(who.account, code)
            return
        await self.throttle.password_attempt(who.name, address)
        if not await self._passwords.verify(row["password_hash"], password):
            raise WrongCredentials
        await self.check_code(who.account, code)
        await self.throttle.password_right(who.name, address)
        await self.freshness.proved(who.sid, self.now())

    async def check_proved(self, who: Identity) -> None:
        """Whether he may change by what he signs in.

        Raises:
            NoPassword: a guest, who becomes a player first.
            ProofNeeded: he did not sign in, or prove himself, just now.
        """
        if who.kind != "player":
            raise NoPassword
        if not await self.freshness.is_proved(who.sid, self.now()):
            raise ProofNeeded

    async def keep_a_way_in(self, conn: "Connection", account: UUID) -> None:
        """In a transaction that has removed one. Raises LastWayIn."""
        await QUERIES.lock_person(conn, id=account)  # two who remove the last two take turns
        if not await QUERIES.has_way_in(conn, account=account):
            raise LastWayIn

    async def seen(self, sid: UUID) -> None:
        """Something was asked in this session."""
        await self.freshness.seen(sid)

    async def is_fresh(self, who: Identity) -> bool:
        """Whether he may move money without showing his password: guests have none."""
        return who.kind != "player" or await self.freshness.is_fresh(who.sid, self.now())

    async def check_money(self, who: Identity) -> None:
        """Whether he may move money in this session.

        Raises:
            ProofNeeded: he was away for long.
            MoneyLocked: the account was given back to him not long ago.
        """
        await self.check_lock(who.account)
        if not await self.is_fresh(who):
            raise ProofNeeded

    async def check_lock(self, account: UUID) -> None:
        """Raises MoneyLocked while the money of this account stays where it is."""
        async with self._pool.acquire() as conn:
            await refuse_if_locked(conn, account, self.now())
