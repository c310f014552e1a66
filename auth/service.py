"""Signing in: what the auth deployment offers, over accounts, passwords, sessions and tokens."""

from typing import TYPE_CHECKING
from uuid import UUID

from auth.accounts import (
    QUERIES,
    Account,
    Somebody,
    account_by_name,
    add_account,
    disable_account,
    find_people,
    has_password,
    person,
    renew_password_hash,
    upgrade_guest,
)
from auth.bans import Ban, Banned
from auth.credentials import Credentials
from auth.entrance import identity_of
from auth.errors import AccountDisabled, NameTaken, WrongCredentials
from auth.launches import account_for, open_launch, sweep_launches, use_launch
from auth.names import check_form, check_name, guest_name, has_form
from auth.passwords import check_password
from auth.sessions import Opened
from auth.tokens import Identity, Tokens

if TYPE_CHECKING:
    from auth.accounts import Connection

_GUEST_NAME_ATTEMPTS = 8


class Auth(Credentials):
    """Accounts: made, signed in to, banned and closed."""

    async def register(self, name: str, password: str, address: str, device: str = "") -> Tokens:
        """Make a player's account and sign him in.

        Raises:
            NameInvalid, PasswordTooShort, PasswordTooLong, PasswordCommon, NameTaken: what he
                chose.
            TooManyAttempts: too many new accounts from his address.
        """
        check_name(name)
        check_password(password)
        await self.throttle.new_account(address)
        password_hash = await self._passwords.choose(password, name)
        tokens = await self._create(name, "player", password_hash, address, device)
        if tokens is None:
            raise NameTaken
        await self.freshness.begun(tokens.identity.sid)
        return tokens

    async def guest(self, address: str, device: str = "") -> Tokens:
        """Make a guest's account under a free name and sign him in.

        His refresh token is all he has: once it is lost, nobody can sign in as him again.

        Raises:
            TooManyAttempts: too many new accounts from his address.
        """
        await self.throttle.new_account(address)
        for attempt in range(_GUEST_NAME_ATTEMPTS):
            tokens = await self._create(guest_name(attempt), "guest", None, address, device)
            if tokens is not None:
                return tokens
        raise NameTaken

    async def login(
        self, name: str, password: str, address: str, device: str = "", code: str = ""
    ) -> Tokens:
        """Sign a player in.

        Raises:
            WrongCredentials: no such name, no password, or another one; which is not told.
            AccountDisabled, AccountBanned: the password is right but the account is closed.
            CodeNeeded, CodeWrong: the password is right; there is a second factor.
            TooManyAttempts: too many wrong ones for this name or from this address.
        """
        await self.throttle.password_attempt(name, address)
        account = None
        if has_form(name):  # Postgres would choke on a NUL, and nobody is called that
            async with self._pool.acquire() as conn:
                account = await account_by_name(conn, name)
        stored = account.password_hash if account else None
        # The connection is back in the pool: a queue for Argon2 must not starve everybody else.
        if not await self._passwords.verify(stored, password) or account is None:
            raise WrongCredentials
        await self.check_code(account.id, code)
        await self.throttle.password_right(name, address)
        renewed = None
        if account.password_hash and self._passwords.needs_rehash(account.password_hash):
            renewed = await self._passwords.hash(password)
        async with self._pool.acquire() as conn, conn.transaction():
            if renewed is not None:
                await renew_password_hash(conn, account, renewed)
            # Argon2 takes its time: a reset meanwhile has ended the sessions that it knew of.
            if not await has_password(conn, account.id, renewed or account.password_hash):
                raise WrongCredentials
            tokens = await self.open(conn, account, address, device)
        await self.freshness.begun(tokens.identity.sid)
        return tokens

    async def upgrade(
        self, guest: UUID, name: str, password: str, address: str, device: str = ""
    ) -> Tokens:
        """A guest's account becomes a player's, with its chips and its seats; signs him in anew.

        Raises:
            NameInvalid, PasswordTooShort, PasswordTooLong, PasswordCommon, NameTaken: what he
                chose.
            NoGuest: it is no guest's.
            TooManyAttempts: too many new accounts from his address.
        """
        check_name(name)
        check_password(password)
        await self.throttle.new_account(address)
        password_hash = await self._passwords.choose(password, name)
        async with self._pool.acquire() as conn, conn.transaction():
            account = await upgrade_guest(conn, guest, name, password_hash)
            tokens = await self.open(conn, account, address, device)
        await self.freshness.begun(tokens.identity.sid)
        return tokens

    async def launch(self, account: UUID, request: UUID) -> str:
        """A token that signs this account in once, within ``LAUNCH_TTL``; it is made if need be.

        Raises:
            AccountDisabled: the account was closed.
            LaunchRepeated: ``request`` has been here.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            known = await account_for(conn, account, self.now())
            return await open_launch(conn, known.id, request, self.now())

    async def enter(self, token: str, address: str, device: str = "") -> Tokens:
        """Sign in with such a token.

        Raises:
            LaunchInvalid, AccountDisabled: see ``use_launch`` and ``Sessions.open``.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            account = await use_launch(conn, token, self.now())
            return await self.open(conn, account, address, device)

    async def ensure_bot(self, name: str) -> Identity:
        """The account of a house bot, made when there is none, with its one standing session.

        Raises:
            NameInvalid: not a name any account may have.
            NameTaken: a player or guest has it.
            AccountDisabled: the bot was disabled.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            account = await self._bot(conn, name)
            sid = await self._sessions.keep(conn, account.id, self.now())
        return identity_of(account, sid)

    async def sign_in_bot(self, name: str) -> Tokens:
        """Sign a house bot in, for one that plays over sockets like everybody else.

        Raises:
            As ``ensure_bot``.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            account = await self._bot(conn, name)
            return await self.open(conn, account, "")

    async def _bot(self, conn: "Connection", name: str) -> Account:
        check_form(name)
        account = await add_account(conn, name, "bot", None, self.now())
        account = account or await account_by_name(conn, name)
        if account is None or account.kind != "bot":
            raise NameTaken
        if account.disabled_at is not None:
            raise AccountDisabled
        return account

    async def disable(self, account: UUID) -> None:
        """Close an account and end all its sessions."""
        async with self._pool.acquire() as conn, conn.transaction():
            await disable_account(conn, account, self.now())
            ended = await self._sessions.revoke_all(conn, account, "disabled", self.now())
        await self._sessions.announce(ended)

    async def ban(self, account: UUID, ban: Ban) -> Banned:
        """Nobody signs in as him until then; whoever has is sent away from everywhere.

        Raises:
            AccountUnknown, RoleHeld: see ``Bans.ban``.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            changed = await self.bans.ban(conn, account, ban, self.now())
            ended = await self._sessions.revoke_all(conn, account, "banned", self.now())
        await self._sessions.announce(ended)
        return changed

    async def keep_away(self, account: UUID, table: str, ban: Ban, sooner: bool) -> None:
        """From one table, and from its rail at once. Raises AccountUnknown: see ``Bans``."""
        await self.bans.keep_away(account, table, ban, sooner)
        await self._sessions.announce_away(account, table)

    async def lift_ban(self, account: UUID) -> Banned:
        """He may sign in again. Raises AccountUnknown."""
        return await self.bans.lift(account)

    async def may_enter(self, account: UUID, table: str, seat: bool, code: str = "") -> None:
        """Raises SentAway if he is kept away from this table, MoneyLocked for a seat, InviteNeeded
        if it is private and this is not its code."""
        if seat:
            await self.check_lock(account)
        await self.bans.may_enter(account, table, self.now())
        await self.private.may_enter(account, table, code)

    async def find(self, prefix: str, count: int) -> list[Somebody]:
        """Players and guests whose names begin like this, in any case."""
        return await find_people(self._pool, prefix, count)

    async def person(self, account: UUID) -> Somebody:
        """One of them. Raises AccountUnknown."""
        return await person(self._pool, account)

    async def sessions(self, account: UUID) -> list[Opened]:
        """Where an account is signed in, newest first."""
        return await self._sessions.all(account, self.now())

    async def revoke_own(self, account: UUID, sid: UUID) -> None:
        """End one of his sessions. Raises SessionUnknown."""
        await self._sessions.revoke_own(account, sid, self.now())

    async def logout_everywhere(self, account: UUID) -> None:
        """End all of his sessions."""
        async with self._pool.acquire() as conn, conn.transaction():
            ended = await self._sessions.revoke_all(conn, account, "elsewhere", self.now())
        await self._sessions.announce(ended)

    async def sweep(self) -> None:
        """Delete expired sessions and tokens; once an hour is plenty."""
        await self._sessions.sweep(self.now())
        async with self._pool.acquire() as conn:
            await sweep_launches(conn, self.now())
            await QUERIES.sweep_table_bans(conn, now=self.now())
            await QUERIES.sweep_mail_tokens(conn, now=self.now())
            await QUERIES.sweep_used_once(conn, now=self.now())

    async def ready(self) -> bool:
        """Whether accounts can be read; raises what the database raises."""
        async with self._pool.acquire() as conn:
            return bool(await QUERIES.readable(conn))

    def close(self) -> None:
        """Let the password threads go; pool and Redis belong to whoever made them."""
        self._passwords.close()
