"""Signing in by another site: identities of accounts there, by (issuer, subject) and never by mail.

There are no cookies, so nothing that a browser sends by itself says which trip to a provider is
whose. Instead the page that begins one keeps what it is given (``flow``, sealed: state, nonce,
verifier) for itself, in its tab, and brings it back with code and state. An attacker who makes a
browser come back with *his* code (login CSRF) finds no flow in that tab, and his state does not fit
another one. Who catches a code on its way has no flow to redeem it with, and a flow alone redeems
nothing. A flow is for one purpose and session, for ten minutes and once.

Where the account has a second factor, that is half of it. Whoever came back is given a
continuation: sealed, for this account, purpose and session, good for five minutes and for one
success. With it he brings the code, asked for on the spot: one that was asked for before the trip
would have to lie in the tab meanwhile, and would be too old after a slow one.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

import msgspec

from auth.accounts import QUERIES, account_of, add_account
from auth.errors import (
    CodeNeeded,
    FlowInvalid,
    IdentityInvalid,
    IdentityTaken,
    IdentityUnknown,
    NameTaken,
    ProviderUnknown,
)
from auth.names import check_name
from auth.oidc import Client, Flow, Provider
from auth.once import Spent, b64url, unb64url
from auth.service import Auth
from auth.tokens import Identity, Tokens

if TYPE_CHECKING:
    from auth.accounts import Connection, Pool

FLOW_TTL: Final = timedelta(minutes=10)
CODE_TTL: Final = timedelta(minutes=5)
SIGN_IN: Final = "oidc:sign-in"
LINKED: Final = """Your account at {url} can be signed in to by another site from now on.

If that was not you, remove it, change your password, and tell those who run the room.
"""
UNLINKED: Final = """Another site signs nobody in to your account at {url} any more.

If that was not you, change your password, and tell those who run the room.
"""


class Trip(msgspec.Struct, frozen=True):
    """``url`` is where the browser goes; ``flow`` is kept by the page and brought back."""

    url: str
    flow: str
    state: str


class Halfway(msgspec.Struct, frozen=True):
    """Whose second factor is still to be shown, and by what he came."""

    account: UUID
    identity: UUID


class Linked(msgspec.Struct, frozen=True):
    """An identity as its owner sees it."""

    id: UUID
    provider: str
    created_at: datetime
    used_at: datetime | None


class Identities:
    """What the auth deployment offers where there are ``providers``; ``url`` is ours."""

    def __init__(self, auth: Auth, pool: "Pool", providers: Sequence[Provider], url: str) -> None:
        self._auth = auth
        self._pool = pool
        # An address to come back to for each: one that is lied to by another notices.
        self._clients = {
            each.id: Client(each, f"{url}/oidc/{each.id}", lambda: auth.now().timestamp())
            for each in providers
        }

    async def begin(self, provider: str, name: str) -> Trip:
        """To sign in; or to make an account called ``name`` if nobody has the identity.

        Raises:
            ProviderUnknown, ProviderAway.
            NameInvalid: what he chose.
        """
        if name:
            check_name(name)
        return await self._begin(provider, SIGN_IN, name=name)

    async def begin_link(self, who: Identity, provider: str) -> Trip:
        """To add an identity to his account.

        Raises:
            NoPassword, ProofNeeded: a guest; or he did not sign in or prove himself just now.
            ProviderUnknown, ProviderAway.
        """
        await self._auth.check_proved(who)
        return await self._begin(provider, _link(who))

    async def begin_proof(self, who: Identity, provider: str) -> Trip:
        """To show that it is still him. Raises ProviderUnknown, ProviderAway."""
        return await self._begin(provider, _proof(who), again=True)

    async def enter(
        self, flow: str, state: str, code: str, address: str, device: str
    ) -> tuple[Tokens, bool]:
        """Sign in; whether the account is new.

        Raises:
            FlowInvalid, ProviderAway, IdentityRefused, IdentityInvalid: see ``_arrived``.
            IdentityUnknown: nobody has it, or any more, and no name was given.
            NameTaken, TooManyAttempts: a name was given.
            CodeNeeded: the account has a second factor; see ``enter_with_code``.
            AccountDisabled, AccountBanned: it is his, but he may not come in.
        """
        trip, issuer, subject = await self._arrived(flow, state, code, SIGN_IN)
        async with self._pool.acquire() as conn:
            row = await QUERIES.identity(conn, issuer=issuer, subject=subject)
        if row is not None:
            half = Halfway(row["id"], row["identity"])
            await self._ask_code(half, SIGN_IN)
            async with self._pool.acquire() as conn, conn.transaction():
                tokens = await self._open(conn, half, address, device)
        elif trip.name:
            await self._auth.throttle.new_account(address)
            async with self._pool.acquire() as conn, conn.transaction():
                account = await add_account(conn, trip.name, "player", None, self._auth.now())
                if account is None:
                    raise NameTaken
                await self._add(conn, account.id, trip.provider, issuer, subject)
                tokens = await self._auth.open(conn, account, address, device)
        else:
            raise IdentityUnknown
        await self._auth.freshness.begun(tokens.identity.sid)
        return tokens, row is None

    async def enter_with_code(
        self, continuation: str, factor: str, address: str, device: str
    ) -> Tokens:
        """Sign in: the second half.

        Raises:
            FlowInvalid: the continuation is not ours, for something else, too old, or used up.
            CodeWrong, TooManyAttempts: not the code; another may be sent.
            IdentityUnknown, AccountDisabled, AccountBanned: as ``enter``.
        """
        half, sealed = await self._coded(continuation, SIGN_IN, factor)
        async with self._pool.acquire() as conn, conn.transaction():
            await self._use(conn, sealed, SIGN_IN)
            tokens = await self._open(conn, half, address, device)
        await self._auth.freshness.begun(tokens.identity.sid)
        return tokens

    async def link(self, who: Identity, flow: str, state: str, code: str) -> None:
        """The identity is his from now on; that it was is no error.

        Raises:
            FlowInvalid, ProviderAway, IdentityRefused, IdentityInvalid: see ``_arrived``.
            IdentityTaken: another account has it.
        """
        trip, issuer, subject = await self._arrived(flow, state, code, _link(who))
        async with self._pool.acquire() as conn, conn.transaction():
            row = await QUERIES.identity(conn, issuer=issuer, subject=subject)
            if row is not None and row["id"] == who.account:
                return
            await self._add(conn, who.account, trip.provider, issuer, subject)
        await self._auth.recovery.tell(who.account, "Another site signs you in", LINKED)

    async def prove(self, who: Identity, flow: str, state: str, code: str) -> None:
        """His session may move money again.

        Raises:
            FlowInvalid, ProviderAway, IdentityRefused, IdentityInvalid: see ``_arrived``; or the
                identity is not his.
            CodeNeeded: he has a second factor; see ``prove_with_code``.
        """
        _, issuer, subject = await self._arrived(flow, state, code, _proof(who))
        async with self._pool.acquire() as conn:
            row = await QUERIES.identity(conn, issuer=issuer, subject=subject)
        if row is None or row["id"] != who.account:
            raise IdentityInvalid
        await self._ask_code(Halfway(who.account, row["identity"]), _proof(who))
        await self._auth.freshness.proved(who.sid, self._auth.now())

    async def prove_with_code(self, who: Identity, continuation: str, factor: str) -> None:
        """The second half.

        Raises:
            FlowInvalid, CodeWrong, TooManyAttempts: as ``enter_with_code``.
        """
        _, sealed = await self._coded(continuation, _proof(who), factor)
        async with self._pool.acquire() as conn:
            await self._use(conn, sealed, _proof(who))
        await self._auth.freshness.proved(who.sid, self._auth.now())

    async def all(self, account: UUID) -> list[Linked]:
        async with self._pool.acquire() as conn:
            found = QUERIES.identities_of(conn, account=account)
            return [msgspec.convert(dict(row), Linked) async for row in found]

    async def unlink(self, who: Identity, identity: UUID) -> None:
        """Raises IdentityUnknown, LastWayIn, NoPassword, ProofNeeded."""
        await self._auth.check_proved(who)
        async with self._pool.acquire() as conn, conn.transaction():
            if await QUERIES.remove_identity(conn, id=identity, account=who.account) is None:
                raise IdentityUnknown
            await self._auth.keep_a_way_in(conn, who.account)
        await self._auth.recovery.tell(who.account, "Another site was removed", UNLINKED)

    async def _begin(
        self, provider: str, purpose: str, name: str = "", again: bool = False
    ) -> Trip:
        client, now = self._client(provider), self._auth.now()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(provider, state, nonce, verifier, int(now.timestamp()), name, again)
        sealed = self._auth.once.make(purpose, now, FLOW_TTL, msgspec.json.encode(flow))
        return Trip(await client.url(flow), b64url(sealed), flow.state)

    async def _ask_code(self, half: Halfway, purpose: str) -> None:
        """Raises CodeNeeded if the account has a second factor."""
        async with self._pool.acquire() as conn:
            if not await self._auth.factors.is_on(conn, half.account):
                return
        sealed = self._auth.once.make(
            _half(purpose), self._auth.now(), CODE_TTL, msgspec.json.encode(half)
        )
        raise CodeNeeded(b64url(sealed))

    async def _coded(self, continuation: str, purpose: str, factor: str) -> tuple[Halfway, bytes]:
        """What the continuation says, once the code was right; it is used up by success alone.

        Raises:
            FlowInvalid: not ours, for something else, or too old.
            CodeWrong, TooManyAttempts: see ``Auth.check_code``.
        """
        sealed = unb64url(continuation)
        if sealed is None:
            raise FlowInvalid
        try:
            content, _ = self._auth.once.read(sealed, _half(purpose), self._auth.now())
        except Spent as wrong:
            raise FlowInvalid from wrong
        half = msgspec.json.decode(content, type=Halfway)
        await self._auth.check_code(half.account, factor)
        return half, sealed

    async def _use(self, conn: "Connection", sealed: bytes, purpose: str) -> None:
        try:
            await self._auth.once.use(conn, sealed, _half(purpose), self._auth.now())
        except Spent as wrong:
            raise FlowInvalid from wrong

    async def _open(self, conn: "Connection", half: Halfway, address: str, device: str) -> Tokens:
        if await QUERIES.use_identity(conn, id=half.identity, now=self._auth.now()) is None:
            raise IdentityUnknown
        row = await QUERIES.account_by_id(conn, id=half.account)
        return await self._auth.open(conn, account_of(row), address, device)

    async def _arrived(
        self, flow: str, state: str, code: str, purpose: str
    ) -> tuple[Flow, str, str]:
        """The flow, the issuer and the subject of whoever came back.

        Raises:
            FlowInvalid: not ours, for something else, too old, used before; or another state.
            ProviderAway, IdentityRefused, IdentityInvalid: see ``Client.subject``.
        """
        sealed, now = unb64url(flow), self._auth.now()
        if sealed is None:
            raise FlowInvalid
        try:
            # Used up before the provider is asked: two at once are one.
            async with self._pool.acquire() as conn:
                content = await self._auth.once.use(conn, sealed, purpose, now)
        except Spent as wrong:
            raise FlowInvalid from wrong
        trip = msgspec.json.decode(content, type=Flow)
        if not hmac.compare_digest(trip.state.encode(), state.encode("utf-8", "surrogatepass")):
            raise FlowInvalid
        client = self._client(trip.provider)
        return trip, client.provider.issuer, await client.subject(trip, code)

    async def _add(
        self, conn: "Connection", account: UUID, provider: str, issuer: str, subject: str
    ) -> None:
        if await QUERIES.add_identity(
            conn, id=uuid4(), account=account, provider=provider, issuer=issuer, subject=subject,
            now=self._auth.now(),
        ) is None:  # fmt: skip
            raise IdentityTaken

    def _client(self, provider: str) -> Client:
        if provider not in self._clients:
            raise ProviderUnknown
        return self._clients[provider]


def _link(who: Identity) -> str:
    return f"oidc:link:{who.account}:{who.sid}"


def _half(purpose: str) -> str:
    return f"{purpose}:code"


def _proof(who: Identity) -> str:
    return f"oidc:prove:{who.account}:{who.sid}"
