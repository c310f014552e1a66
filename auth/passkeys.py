"""Passkeys (WebAuthn): keys in somebody's device that sign our challenges. py_webauthn reads them.

A passkey is discoverable and its device has verified who holds it (finger, face, PIN): it is both
factors in one. The challenge is a value of ``auth.once``.
"""

import ipaddress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec
from asyncpg.exceptions import UniqueViolationError
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from auth.accounts import QUERIES
from auth.errors import PasskeyInvalid, PasskeyUnknown, TooManyPasskeys
from auth.once import Once, Spent, unb64url
from auth.tokens import Identity

if TYPE_CHECKING:
    from auth.accounts import Connection, Pool

CHALLENGE_TTL: Final = timedelta(minutes=5)
PASSKEYS_MAX: Final = 10
VERIFIED: Final = UserVerificationRequirement.REQUIRED
SIGN_IN: Final = "passkey:sign-in"


class Site(msgspec.Struct, frozen=True):
    """Who we are to a browser: the domain that a passkey is for, and whose pages may use it."""

    id: str
    origins: tuple[str, ...]


def site_of(url: str, allowed_origins: tuple[str, ...] = ()) -> Site:
    """By the address that players know. A passkey needs a name: where there is only an address of
    this machine, it is ``localhost``."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return Site(host, (f"{parts.scheme}://{parts.netloc}", *allowed_origins))
    port = f":{parts.port}" if parts.port else ""
    return Site("localhost", (f"{parts.scheme}://localhost{port}", *allowed_origins))


class Passkey(msgspec.Struct, frozen=True):
    """One of somebody's, as he sees it."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


class Passkeys:
    """Adds, lists, names, removes and checks them."""

    def __init__(self, pool: "Pool", once: Once, site: Site) -> None:
        self._pool = pool
        self._once = once
        self._site = site

    async def all(self, account: UUID) -> list[Passkey]:
        async with self._pool.acquire() as conn:
            found = QUERIES.passkeys_of(conn, account=account)
            return [msgspec.convert(dict(row), Passkey) async for row in found]

    async def creation_options(self, who: Identity, now: datetime) -> dict[str, Any]:
        """For ``PublicKeyCredential.parseCreationOptionsFromJSON``."""
        async with self._pool.acquire() as conn:
            known = [row["credential"] async for row in
                     QUERIES.credentials_of(conn, account=who.account)]  # fmt: skip
        options = generate_registration_options(
            rp_id=self._site.id,
            rp_name="Squaredeal",
            user_name=who.name,
            user_id=who.account.bytes,
            challenge=self._once.make(enrolment(who), now, CHALLENGE_TTL),
            timeout=int(CHALLENGE_TTL.total_seconds() * 1_000),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        )
        return options_to_json_dict(options)

    async def add(self, who: Identity, name: str, credential: bytes, now: datetime) -> Passkey:
        """``credential`` is what ``navigator.credentials.create`` gave, as JSON.

        Raises:
            PasskeyInvalid: it does not answer a challenge of this session, or is known already.
            TooManyPasskeys: he has ``PASSKEYS_MAX``.
        """
        challenge = _challenge(credential)
        try:
            made = verify_registration_response(
                credential=credential.decode(),
                expected_challenge=challenge,
                expected_rp_id=self._site.id,
                expected_origin=list(self._site.origins),
                require_user_verification=True,
            )
        except Exception as wrong:  # the library's errors and those of what it parses with
            raise PasskeyInvalid from wrong
        passkey = Passkey(uuid4(), name, now, None)
        try:
            async with self._pool.acquire() as conn, conn.transaction():
                await self._once.use(conn, challenge, enrolment(who), now)
                await QUERIES.lock_person(conn, id=who.account)  # so that two at once are counted
                if await QUERIES.count_passkeys(conn, account=who.account) >= PASSKEYS_MAX:
                    raise TooManyPasskeys
                await QUERIES.add_passkey(
                    conn, id=passkey.id, account=who.account, credential=made.credential_id,
                    public_key=made.credential_public_key, sign_count=made.sign_count, name=name,
                    now=now,
                )  # fmt: skip
        except (Spent, UniqueViolationError) as wrong:
            raise PasskeyInvalid from wrong
        return passkey

    async def rename(self, account: UUID, passkey: UUID, name: str) -> None:
        """Raises PasskeyUnknown."""
        async with self._pool.acquire() as conn:
            done = await QUERIES.rename_passkey(conn, id=passkey, account=account, name=name)
        if done is None:
            raise PasskeyUnknown

    async def remove(self, conn: "Connection", account: UUID, passkey: UUID) -> None:
        """In the caller's transaction. Raises PasskeyUnknown."""
        if await QUERIES.remove_passkey(conn, id=passkey, account=account) is None:
            raise PasskeyUnknown

    def request_options(self, purpose: str, now: datetime) -> dict[str, Any]:
        """For ``PublicKeyCredential.parseRequestOptionsFromJSON``; names nobody's passkeys."""
        options = generate_authentication_options(
            rp_id=self._site.id,
            challenge=self._once.make(purpose, now, CHALLENGE_TTL),
            timeout=int(CHALLENGE_TTL.total_seconds() * 1_000),
            user_verification=VERIFIED,
        )
        return options_to_json_dict(options)

    async def check(
        self, conn: "Connection", purpose: str, credential: bytes, now: datetime
    ) -> UUID:
        """Whose passkey this is, in the caller's transaction; ``credential`` is what
        ``navigator.credentials.get`` gave, as JSON.

        Raises:
            PasskeyInvalid: unknown, for another challenge or site, used before, nobody verified,
                or its counter went back: then there are two of it.
        """
        challenge = _challenge(credential)
        shown = msgspec.json.decode(credential, type=_Shown)
        row = await QUERIES.passkey(conn, credential=_bytes(shown.id))
        # A discoverable one says whose it is.
        if row is None or _bytes(shown.response.userHandle or "") != row["account"].bytes:
            raise PasskeyInvalid
        try:
            verified = verify_authentication_response(
                credential=credential.decode(),
                expected_challenge=challenge,
                expected_rp_id=self._site.id,
                expected_origin=list(self._site.origins),
                credential_public_key=row["public_key"],
                credential_current_sign_count=row["sign_count"],
                require_user_verification=True,
            )
        except Exception as wrong:  # the library's errors and those of what it parses with
            raise PasskeyInvalid from wrong
        try:
            await self._once.use(conn, challenge, purpose, now)
        except Spent as wrong:
            raise PasskeyInvalid from wrong
        await QUERIES.use_passkey(conn, id=row["id"], count=verified.new_sign_count, now=now)
        account: UUID = row["account"]
        return account


class _Response(msgspec.Struct):
    clientDataJSON: str
    userHandle: str | None = None


class _Shown(msgspec.Struct):
    id: str
    response: _Response


class _ClientData(msgspec.Struct):
    challenge: str


def enrolment(who: Identity) -> str:
    """What the challenge of a new passkey is for: this session's account."""
    return f"passkey:enrol:{who.account}:{who.sid}"


def proof(who: Identity) -> str:
    """What the challenge of a proof is for: this session."""
    return f"passkey:prove:{who.sid}"


def _challenge(credential: bytes) -> bytes:
    """Which challenge the device says it has signed; verified afterwards. Raises PasskeyInvalid."""
    try:
        shown = msgspec.json.decode(credential, type=_Shown)
        said = msgspec.json.decode(_bytes(shown.response.clientDataJSON), type=_ClientData)
    except msgspec.MsgspecError as wrong:
        raise PasskeyInvalid from wrong
    return _bytes(said.challenge)


def _bytes(text: str) -> bytes:
    """Raises PasskeyInvalid."""
    found = unb64url(text)
    if found is None:
        raise PasskeyInvalid
    return found
