"""Other doors than a password: passkeys. Signing in by them, proving by them, adding and
removing them."""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from auth.accounts import QUERIES, account_of
from auth.errors import PasskeyInvalid
from auth.passkeys import SIGN_IN, Passkey, Passkeys, Site, proof
from auth.service import Auth
from auth.tokens import Identity, Tokens

if TYPE_CHECKING:
    from auth.accounts import Pool

ADDED: Final = """A passkey was added to your account at {url}: whoever has it can sign in.

If that was not you, remove it, change your password, and tell those who run the room.
"""
REMOVED: Final = """A passkey was removed from your account at {url}.

If that was not you, change your password, and tell those who run the room.
"""


class Doors:
    """What the auth deployment offers besides ``Auth``."""

    def __init__(self, auth: Auth, pool: "Pool", site: Site) -> None:
        self._auth = auth
        self._pool = pool
        self._passkeys = Passkeys(pool, auth.once, site)

    async def passkeys(self, who: Identity) -> list[Passkey]:
        """His own."""
        return await self._passkeys.all(who.account)

    async def new_passkey(self, who: Identity) -> dict[str, Any]:
        """What his browser is asked to make.

        Raises:
            NoPassword: a guest, who becomes a player first.
            ProofNeeded: he did not sign in, or prove himself, just now.
        """
        await self._auth.check_proved(who)
        return await self._passkeys.creation_options(who, self._auth.now())

    async def add_passkey(self, who: Identity, name: str, credential: bytes) -> Passkey:
        """Raises PasskeyInvalid, TooManyPasskeys: see ``Passkeys.add``. As ``new_passkey``."""
        await self._auth.check_proved(who)
        made = await self._passkeys.add(who, name, credential, self._auth.now())
        await self._auth.recovery.tell(who.account, "A passkey was added", ADDED)
        return made

    async def rename_passkey(self, who: Identity, passkey: UUID, name: str) -> None:
        """Raises PasskeyUnknown."""
        await self._passkeys.rename(who.account, passkey, name)

    async def remove_passkey(self, who: Identity, passkey: UUID) -> None:
        """Raises PasskeyUnknown, LastWayIn. As ``new_passkey``."""
        await self._auth.check_proved(who)
        async with self._pool.acquire() as conn, conn.transaction():
            await self._passkeys.remove(conn, who.account, passkey)
            await self._auth.keep_a_way_in(conn, who.account)
        await self._auth.recovery.tell(who.account, "A passkey was removed", REMOVED)

    async def ask_passkey(self) -> dict[str, Any]:
        """What a browser is asked for signing in."""
        return self._passkeys.request_options(SIGN_IN, self._auth.now())

    async def enter_by_passkey(self, credential: bytes, address: str, device: str) -> Tokens:
        """Sign in; no password and no code is needed.

        Raises:
            PasskeyInvalid: see ``Passkeys.check``.
            AccountDisabled, AccountBanned: it is his, but he may not come in.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            account = await self._passkeys.check(conn, SIGN_IN, credential, self._auth.now())
            row = await QUERIES.account_by_id(conn, id=account)
            tokens = await self._auth.open(conn, account_of(row), address, device)
        await self._auth.freshness.begun(tokens.identity.sid)
        return tokens

    async def ask_proof(self, who: Identity) -> dict[str, Any]:
        """What his browser is asked for proving that it is still him."""
        return self._passkeys.request_options(proof(who), self._auth.now())

    async def prove_by_passkey(self, who: Identity, credential: bytes) -> None:
        """His session may move money again.

        Raises:
            PasskeyInvalid: see ``Passkeys.check``; or it is somebody else's.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            if (
                await self._passkeys.check(conn, proof(who), credential, self._auth.now())
                != who.account
            ):
                raise PasskeyInvalid
        await self._auth.freshness.proved(who.sid, self._auth.now())
