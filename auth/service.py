"""Signing in: what the auth deployment offers, over accounts, passwords, sessions and tokens."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from redis.asyncio import Redis

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
from auth.audit import Audit
from auth.bans import Ban, Banned, Bans
from auth.errors import (
    AccountDisabled,
    CodeNeeded,
    FactorKnown,
    LastWayIn,
    MailTokenInvalid,
    MoneyLocked,
    NameTaken,
    NoPassword,
    ProofNeeded,
    WrongCredentials,
)
from auth.freshness import Freshness
from auth.keys import Signer
from auth.launches import account_for, open_launch, sweep_launches, use_launch
from auth.mail import Mailer, NoMail
from auth.names import check_form, check_name, guest_name, has_form
from auth.once import Once
from auth.passwords import Passwords, check_password
from auth.private_tables import PrivateTables
from auth.recovery import CHANGED, Recovery
from auth.redis_gate import RedisGate
from auth.roles import Roles
from auth.seals import Seals
from auth.second_factor import Enrolment, SecondFactors
from auth.sessions import Opened, Sessions
from auth.throttle import Limits, Throttle
from auth.tokens import ACCESS_TTL_S, Identity, Kind, Tokens, mint_access, read_access

if TYPE_CHECKING:
    from auth.accounts import Connection, Pool

_GUEST_NAME_ATTEMPTS = 8
MONEY_LOCK: Final = timedelta(hours=24)
"""After an account was given back: whoever took it by talk gets no money out of it so soon."""


class Auth:
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
        return _identity(account, sid)

    async def sign_in_bot(self, name: str) -> Tokens:
        """Sign a house bot in, for one that plays over sockets like everybody else.

        Raises:
            As ``ensure_bot``.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            account = await self._bot(conn, name)
            return await self.open(conn, account, "")

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

    async def check_money(self, who: Identity) -> None:
        """Whether he may move money in this session.

        Raises:
            ProofNeeded: he was away for long.
            MoneyLocked: the account was given back to him not long ago.
        """
        await self._check_lock(who.account)
        if not await self.is_fresh(who):
            raise ProofNeeded

    async def _check_lock(self, account: UUID) -> None:
        async with self._pool.acquire() as conn:
            until = await QUERIES.money_locked_until(conn, id=account)
        if until is not None and self.now() < until:
            raise MoneyLocked(retry_after_s=max(1, int((until - self.now()).total_seconds())))

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

    async def remove_factor(self, who: Identity, password: str, code: str, address: str) -> None:
        """No second factor any more.

        Raises:
            As ``prove``.
        """
        await self.prove(who, password, code, address)
        async with self._pool.acquire() as conn, conn.transaction():
            await self.factors.remove(conn, who.account)

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

    async def refresh(self, token: str) -> Tokens:
        """Swap a refresh token for a new pair.

        Raises:
            RefreshInvalid, RefreshReused, AccountDisabled: see ``Sessions.refresh``.
        """
        account, sid, refresh = await self._sessions.refresh(token, self.now())
        return self._tokens(_identity(account, sid), refresh)

    async def logout(self, sid: UUID) -> None:
        """End a session; its refresh tokens die with it, access tokens within minutes."""
        await self._sessions.revoke(sid, "logout", self.now())

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

    async def lift_ban(self, account: UUID) -> Banned:
        """He may sign in again. Raises AccountUnknown."""
        return await self.bans.lift(account)

    async def may_enter(self, account: UUID, table: str, seat: bool, code: str = "") -> None:
        """Raises SentAway if he is kept away from this table, MoneyLocked for a seat, InviteNeeded
        if it is private and this is not its code."""
        if seat:
            await self._check_lock(account)
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

    async def _create(
        self, name: str, kind: Kind, password_hash: str | None, address: str, device: str
    ) -> Tokens | None:
        async with self._pool.acquire() as conn, conn.transaction():
            account = await add_account(conn, name, kind, password_hash, self.now())
            return None if account is None else await self.open(conn, account, address, device)

    async def _bot(self, conn: "Connection", name: str) -> Account:
        check_form(name)
        account = await add_account(conn, name, "bot", None, self.now())
        account = account or await account_by_name(conn, name)
        if account is None or account.kind != "bot":
            raise NameTaken
        if account.disabled_at is not None:
            raise AccountDisabled
        return account

    async def open(
        self, conn: "Connection", account: Account, address: str, device: str = ""
    ) -> Tokens:
        """Sign somebody in whose proof was seen, in the caller's transaction.

        Raises:
            AccountDisabled, AccountBanned: see ``Sessions.open``.
        """
        sid, refresh = await self._sessions.open(conn, account.id, address, device, self.now())
        return self._tokens(_identity(account, sid), refresh)

    def _tokens(self, identity: Identity, refresh: str) -> Tokens:
        return Tokens(
            access=mint_access(self._keys, identity, self._clock()),
            refresh=refresh,
            expires_in_s=ACCESS_TTL_S,
            identity=identity,
        )

    def now(self) -> datetime:
        """By the one clock."""
        return datetime.fromtimestamp(self._clock(), UTC)


def _identity(account: Account, sid: UUID) -> Identity:
    return Identity(account=account.id, name=account.name, kind=account.kind, sid=sid)
