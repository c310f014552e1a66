"""Addresses of accounts, and the way back for whoever has lost his password: by mail.

A token in a mail is 256 random bits, kept as a digest, good once and for a while. Nobody learns
from an answer whether an address is known here: it is always the same, and mail is written later.
"""

import asyncio
import logging
import re
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec
from asyncpg.exceptions import UniqueViolationError

from auth.accounts import QUERIES, Account, account_of
from auth.errors import EmailInvalid, EmailTaken, MailFailed, MailTokenInvalid, RefreshInvalid
from auth.mail import Letter, Mailer
from auth.tokens import new_refresh, refresh_digest

if TYPE_CHECKING:
    from auth.accounts import Connection, Pool

VERIFY_TTL: Final = timedelta(days=2)
RESET_TTL: Final = timedelta(minutes=30)
RESCUE_TTL: Final = timedelta(days=1)
EMAIL_CHARS_MAX: Final = 254
# What a mail server takes in practice; whether anybody reads there only a mail can tell.
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,185}\.[A-Za-z]{2,63}"
)
VERIFY: Final = """{name} at {url} has given this address.

If that was you, open

  {link}

within two days. If not, do nothing: the address is not used.
"""
RESET: Final = """Somebody, you we hope, wants a new password for {name} at {url}.

Open

  {link}

within half an hour. If it was not you, do nothing: the password stays as it is.
"""
MOVED: Final = """{name} at {url} has another address from now on.

If that was not you, somebody knows your password: tell those who run the room.
"""
CHANGED: Final = """Your password at {url} was changed, and all other sessions were ended.

If that was not you, ask for a new password, and tell those who run the room.
"""
RESCUE: Final = """Those who run the room at {url} give you {name} back.

Open

  {link}

within a day and choose a password. Whatever signed in before (authenticator, passkeys, other sites)
does not any more, this address belongs to the account, and for a day it moves no money.
"""
RESCUED: Final = """Those who run the room at {url} were told that {name} has lost every way in, and
have mailed a new one to another address. All sessions were ended.

If that was not you, sign in and tell them at once: no money leaves for a day.
"""
log = logging.getLogger(__name__)


class Address(msgspec.Struct, frozen=True):
    """What an account has; ``email`` is None without one."""

    email: str | None
    verified: bool


def is_address(email: str) -> bool:
    return len(email) <= EMAIL_CHARS_MAX and _EMAIL.fullmatch(email) is not None


class Recovery:
    """Verifies addresses and resets passwords. ``url`` is where links in mails lead."""

    def __init__(self, pool: "Pool", mailer: Mailer, url: str) -> None:
        self._pool = pool
        self._mailer = mailer
        self._url = url.rstrip("/")
        self._sending: set[asyncio.Task[None]] = set()

    async def address(self, account: UUID) -> Address:
        async with self._pool.acquire() as conn:
            row = await QUERIES.email_of(conn, id=account)
        return Address(row["email"], row["email_verified_at"] is not None)

    async def claim(self, account: UUID, name: str, email: str, now: datetime) -> None:
        """Mail a token to an address; it is the account's once the token comes back, and what it
        had until then stays.

        Raises:
            EmailInvalid: it can't be an address.
            MailFailed: nobody took the mail.
        """
        if not is_address(email):
            raise EmailInvalid
        async with self._pool.acquire() as conn, conn.transaction():
            await QUERIES.use_up_mail_tokens(conn, account=account, purpose="verify", now=now)
            token = await self._token(conn, account, "verify", email, now, VERIFY_TTL)
        text = VERIFY.format(name=name, url=self._url, link=f"{self._url}/verify/#token={token}")
        try:
            await self._mailer.send(Letter(email, "Is this your address?", text))
        except Exception as failure:
            log.exception("a mail was not sent")
            raise MailFailed from failure

    async def verify(self, token: str, now: datetime) -> None:
        """The address that the token was mailed to is its account's; the one before hears of it.

        Raises:
            MailTokenInvalid: unknown, used, too old, or another was asked for since.
            EmailTaken: another account has verified it meanwhile.
        """
        try:
            async with self._pool.acquire() as conn, conn.transaction():
                account, email = await self._use(conn, token, "verify", now)
                row = await QUERIES.verify_email(conn, id=account, email=email, now=now)
                if row is None:
                    raise MailTokenInvalid
                # What is on its way to the address before opens nothing any more.
                await QUERIES.use_up_mail_tokens(conn, account=account, purpose="reset", now=now)
        except UniqueViolationError as taken:
            raise EmailTaken from taken
        if row["before"] is not None and row["before"].lower() != email.lower():
            text = MOVED.format(name=row["name"], url=self._url)
            self._post(Letter(row["before"], "Your address was changed", text))

    async def tell(self, account: UUID, subject: str, text: str) -> None:
        """A letter to the account's address, if it has one; nobody waits for it."""
        async with self._pool.acquire() as conn:
            row = await QUERIES.email_of(conn, id=account)
        if row["email"] is not None:
            self._post(Letter(row["email"], subject, text.format(url=self._url)))

    async def forgot(self, email: str, now: datetime) -> None:
        """Mail a token to whoever has verified this address. Says nothing, whatever is the case."""
        if is_address(email):
            # Looked up afterwards too: not even the time that it takes tells anything.
            self._spawn(self._mail_reset(email, now))

    async def _mail_reset(self, email: str, now: datetime) -> None:
        async with self._pool.acquire() as conn, conn.transaction():
            row = await QUERIES.account_by_email(conn, email=email)
            if row is None:
                return
            await QUERIES.use_up_mail_tokens(conn, account=row["id"], purpose="reset", now=now)
            token = await self._token(conn, row["id"], "reset", row["email"], now, RESET_TTL)
        link = f"{self._url}/reset/#token={token}"
        text = RESET.format(name=row["name"], url=self._url, link=link)
        await self._mailer.send(Letter(row["email"], "A new password", text))

    async def mail_rescue(self, account: UUID, name: str, email: str, now: datetime) -> None:
        """Mail a token that gives an account back; the address before hears of it.

        Raises:
            MailFailed: nobody took the mail.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            await QUERIES.use_up_mail_tokens(conn, account=account, purpose="rescue", now=now)
            token = await self._token(conn, account, "rescue", email, now, RESCUE_TTL)
            before = await QUERIES.email_of(conn, id=account)
        if before["email_verified_at"] and before["email"].lower() != email.lower():
            text = RESCUED.format(name=name, url=self._url)
            self._post(Letter(before["email"], "Your account is given back to somebody", text))
        text = RESCUE.format(name=name, url=self._url, link=f"{self._url}/reset/#token={token}")
        try:
            await self._mailer.send(Letter(email, "Your account is given back to you", text))
        except Exception as failure:
            log.exception("a mail was not sent")
            raise MailFailed from failure

    def _post(self, letter: Letter) -> None:
        self._spawn(self._mailer.send(letter))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        async def guarded() -> None:
            try:
                await work
            except Exception:
                log.exception("a mail was not sent")

        task = asyncio.get_running_loop().create_task(guarded())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def sent(self) -> None:
        """Wait until what is under way has been sent."""
        await asyncio.gather(*self._sending)

    async def reset(
        self, conn: "Connection", token: str, password_hash: str, now: datetime
    ) -> tuple[Account, bool]:
        """Set a password by a mailed token, in the caller's transaction, who ends the account's
        sessions in it; and whether it gives the account back: then the address is its own.

        Raises:
            MailTokenInvalid: unknown, used, or too old.
            EmailTaken: it gives one back, and another account has verified the address meanwhile.
        """
        try:
            (account, email), rescued = await self._use(conn, token, "reset", now), False
        except MailTokenInvalid:
            (account, email), rescued = await self._use(conn, token, "rescue", now), True
        row = await QUERIES.set_password(conn, id=account, password_hash=password_hash)
        if row is None:
            raise MailTokenInvalid
        await QUERIES.use_up_mail_tokens(conn, account=account, purpose="rescue", now=now)
        await self.forget_mails(conn, account, now)
        if rescued:
            try:
                await QUERIES.verify_email(conn, id=account, email=email, now=now)
            except UniqueViolationError as taken:
                raise EmailTaken from taken
        return account_of(row), rescued

    async def forget_mails(self, conn: "Connection", account: UUID, now: datetime) -> None:
        """What somebody who knew the password before has had mailed, to himself perhaps, opens
        nothing any more."""
        for purpose in ("reset", "verify"):
            await QUERIES.use_up_mail_tokens(conn, account=account, purpose=purpose, now=now)

    async def _token(
        self,
        conn: "Connection",
        account: UUID,
        purpose: str,
        email: str,
        now: datetime,
        ttl: timedelta,
    ) -> str:
        token, digest = new_refresh()
        await QUERIES.add_mail_token(
            conn, digest=digest, account=account, purpose=purpose, email=email, now=now,
            expires_at=now + ttl,
        )  # fmt: skip
        return token

    async def _use(
        self, conn: "Connection", token: str, purpose: str, now: datetime
    ) -> tuple[UUID, str]:
        try:
            digest = refresh_digest(token)
        except RefreshInvalid:
            raise MailTokenInvalid from None
        row = await QUERIES.use_mail_token(conn, digest=digest, purpose=purpose, now=now)
        if row is None:
            raise MailTokenInvalid
        return row["account"], row["email"]
