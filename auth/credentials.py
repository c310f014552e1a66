"""What an account is signed in to by, and how that changes: password, address, second factor."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from auth.accounts import QUERIES
from auth.errors import FactorKnown, MailTokenInvalid
from auth.passwords import check_password
from auth.proof import Proof
from auth.recovery import CHANGED
from auth.second_factor import Enrolment
from auth.tokens import Identity

if TYPE_CHECKING:
    from auth.accounts import Connection

MONEY_LOCK: Final = timedelta(hours=24)
"""After an account was given back: whoever took it by talk gets no money out of it so soon."""


class Credentials(Proof):
    """Each change ends what it should end, and the owner hears of it by mail."""

    async def change_password(
        self, who: Identity, old: str, new: str, code: str, address: str
    ) -> None:
        """Another password; his other sessions end.

        Raises:
            PasswordTooShort, PasswordTooLong, PasswordCommon: what he chose.
            As ``prove``.
        """
        check_password(new)
        await self.prove(who, old, code, address)
        password_hash = await self._passwords.choose(new, who.name)
        async with self._pool.acquire() as conn, conn.transaction():
            await QUERIES.set_password(conn, id=who.account, password_hash=password_hash)
            await self.recovery.forget_mails(conn, who.account, self.now())
            ended = await self._sessions.revoke_others(
                conn, who.account, who.sid, "password", self.now()
            )
        await self._sessions.announce(ended)
        await self.recovery.tell(who.account, "Your password was changed", CHANGED)

    async def claim_email(
        self, who: Identity, email: str, password: str, code: str, address: str
    ) -> None:
        """Mail a token to what is to be his address.

        Raises:
            EmailInvalid, MailFailed, TooManyAttempts: see ``Recovery.claim``.
            As ``prove``.
        """
        await self.prove(who, password, code, address)
        await self.throttle.mail(email, address)
        await self.recovery.claim(who.account, who.name, email, self.now())

    async def verify_email(self, token: str) -> None:
        """Raises MailTokenInvalid, EmailTaken: see ``Recovery.verify``."""
        await self.recovery.verify(token, self.now())

    async def forgot(self, email: str, address: str) -> None:
        """Mail a token for a new password, if somebody has verified this address.

        Raises:
            TooManyAttempts: for this address, known or not.
        """
        await self.throttle.mail(email, address)
        await self.recovery.forgot(email, self.now())

    async def reset_password(self, token: str, password: str) -> None:
        """Set a password by a mailed token, and end all sessions. A second factor stays in force,
        unless the token gives a lost account back: then nothing signs in but this password.

        Raises:
            PasswordTooShort, PasswordTooLong, PasswordCommon: what he chose.
            MailTokenInvalid, EmailTaken: see ``Recovery.reset``.
        """
        check_password(password)
        password_hash = await self._passwords.choose(password, "")
        async with self._pool.acquire() as conn, conn.transaction():
            account, rescued = await self.recovery.reset(conn, token, password_hash, self.now())
            if rescued:
                if await QUERIES.has_role(conn, account=account.id):
                    raise MailTokenInvalid  # he has become an operator since
                await self._forget_ways_in(conn, account.id)
            ended = await self._sessions.revoke_all(conn, account.id, "password", self.now())
        await self._sessions.announce(ended)
        await self.recovery.tell(account.id, "Your password was changed", CHANGED)

    async def _forget_ways_in(self, conn: "Connection", account: UUID) -> None:
        await self.factors.remove(conn, account)
        await QUERIES.remove_passkeys(conn, account=account)
        await QUERIES.remove_identities(conn, account=account)
        await QUERIES.lock_money(conn, id=account, until=self.now() + MONEY_LOCK)

    async def begin_rescue(self, conn: "Connection", account: UUID) -> list[UUID]:
        """Lock the money of an account and end its sessions, in the caller's transaction, who
        passes what this returns to ``announce``."""
        await QUERIES.lock_money(conn, id=account, until=self.now() + MONEY_LOCK)
        return await self._sessions.revoke_all(conn, account, "rescue", self.now())

    async def announce(self, sids: list[UUID]) -> None:
        """Tell all listeners that sessions have ended."""
        await self._sessions.announce(sids)

    async def enrol_factor(self, who: Identity, password: str, address: str) -> Enrolment:
        """A secret for his authenticator, in force once ``confirm_factor`` was shown a code.

        Raises:
            FactorKnown: there is one in force.
            As ``prove``.
        """
        if (await self.factors.state(who.account)).on:
            raise FactorKnown
        await self.prove(who, password, "", address)
        return await self.factors.enrol(who.account, who.name, self.now())

    async def confirm_factor(self, account: UUID, code: str) -> list[str]:
        """In force from now on; the recovery codes.

        Raises:
            FactorUnknown, CodeWrong, TooManyAttempts: see ``SecondFactors.confirm``.
        """
        await self.throttle.code_attempt(account)
        codes = await self.factors.confirm(account, code, self.now())
        await self.throttle.code_right(account)
        return codes

    async def remove_factor(self, who: Identity, password: str, code: str, address: str) -> None:
        """No second factor any more.

        Raises:
            As ``prove``.
        """
        await self.prove(who, password, code, address)
        async with self._pool.acquire() as conn, conn.transaction():
            await self.factors.remove(conn, who.account)
