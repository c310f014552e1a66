"""Signing in by another site: a real provider over HTTP, real Postgres, real Redis."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyotp
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from redis.asyncio import Redis

from auth import oidc
from auth.bans import Ban
from auth.errors import (
    AccountBanned,
    CodeNeeded,
    CodeWrong,
    FlowInvalid,
    IdentityInvalid,
    IdentityRefused,
    IdentityTaken,
    IdentityUnknown,
    LastWayIn,
    NameInvalid,
    NameTaken,
    NoPassword,
    ProofNeeded,
    ProviderAway,
    ProviderUnknown,
)
from auth.freshness import IDLE_S, PROOF_S
from auth.identities import CODE_TTL, FLOW_TTL, Identities, Trip
from auth.keys import SigningKeys
from auth.oidc import AWAY_S, KEYS_S_MIN, Provider, read_providers
from auth.passwords import Cost, Passwords
from auth.seals import Seals
from auth.service import Auth
from auth.tokens import Identity
from tests import provider as op

if TYPE_CHECKING:
    from auth.accounts import Pool

PASSWORD, HERE, URL = "correct horse battery", "10.0.0.1", "https://room.example"
Change = Callable[[dict[str, Any], dict[str, Any]], None]


class Clock:
    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def auth(pool: "Pool", redis_url: str, clock: Clock) -> AsyncIterator[Auth]:
    async with Redis.from_url(redis_url) as redis:
        yield Auth(
            pool, redis, SigningKeys.in_memory(), Seals.in_memory(),
            passwords=Passwords(Cost(1, 8, 1)), clock=clock,
        )  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[op.Provider]:
    with op.running(f"{URL}/oidc/") as provider:
        yield provider


@pytest.fixture
def there(running: op.Provider) -> op.Provider:
    """Somebody new is signed in there, and it tells the truth."""
    running.user, running.claims = f"{uuid4()}", {}
    running.lie = lambda token: token
    running.rotate()
    return running


@pytest.fixture
def sites(auth: Auth, pool: "Pool", there: op.Provider, tmp_path: Path) -> Identities:
    secret = tmp_path / "secret"
    secret.write_text(op.SECRET + "\n")
    known = [Provider(name, name, there.issuer, op.CLIENT, str(secret)) for name in ("tor", "dor")]
    return Identities(auth, pool, known, URL)


@pytest.fixture
async def ann(auth: Auth) -> Identity:
    return (await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)).identity


async def arrive(there: op.Provider, trip: Trip) -> tuple[str, str, str]:
    """Flow, state and code, as the page brings them back."""
    code, state = await asyncio.to_thread(there.arrive, trip.url)
    assert state == trip.state
    return trip.flow, state, code


async def enter(sites: Identities, back: tuple[str, str, str]) -> Identity:
    return (await sites.enter(*back, HERE, ""))[0].identity


async def coded(sites: Identities, continuation: str, code: str) -> Identity:
    return (await sites.enter_with_code(continuation, code, HERE, "")).identity


async def half(asked: Awaitable[object]) -> str:
    """What a second factor is to be shown with."""
    with pytest.raises(CodeNeeded) as needed:
        await asked
    assert needed.value.continuation
    return needed.value.continuation


async def linked(sites: Identities, there: op.Provider, who: Identity) -> None:
    await sites.link(who, *await arrive(there, await sites.begin_link(who, "tor")))


async def test_an_identity_is_linked_and_signs_in(
    sites: Identities, there: op.Provider, ann: Identity, auth: Auth
) -> None:
    there.claims = {"email": "ann@example.org", "email_verified": True}
    with pytest.raises(IdentityUnknown):
        await enter(sites, await arrive(there, await sites.begin("tor", "")))
    await linked(sites, there, ann)
    await linked(sites, there, ann)  # again is no error
    found = await enter(sites, await arrive(there, await sites.begin("tor", "")))
    assert (found.account, found.name) == (ann.account, ann.name)
    assert await auth.is_fresh(found)
    (listed,) = await sites.all(ann.account)
    assert listed.used_at is not None
    other = (await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)).identity
    with pytest.raises(IdentityTaken):
        await linked(sites, there, other)
    with pytest.raises(IdentityUnknown):
        await sites.unlink(other, listed.id)
    await sites.unlink(ann, listed.id)
    with pytest.raises(IdentityUnknown):
        await enter(sites, await arrive(there, await sites.begin("tor", "")))


async def test_an_address_of_mail_is_nobody(
    sites: Identities, there: op.Provider, ann: Identity, pool: "Pool"
) -> None:
    """Who has Ann's address there, verified even, is not Ann here."""
    await pool.execute("UPDATE auth.accounts SET email = 'ann@example.org',"
                       " email_verified_at = now() WHERE id = $1", ann.account)  # fmt: skip
    there.claims = {"email": "ann@example.org", "email_verified": True}
    with pytest.raises(IdentityUnknown):
        await enter(sites, await arrive(there, await sites.begin("tor", "")))


async def test_a_name_makes_an_account_without_a_password(
    sites: Identities, there: op.Provider, auth: Auth, clock: Clock
) -> None:
    name = f"p{uuid4().hex[:12]}"
    with pytest.raises(NameInvalid):
        await sites.begin("tor", "admin")
    tokens, new = await sites.enter(*await arrive(there, await sites.begin("tor", name)), HERE, "")
    who = tokens.identity
    assert new
    assert (who.name, who.kind) == (name, "player")
    again = await enter(sites, await arrive(there, await sites.begin("tor", "other-name")))
    assert again.account == who.account
    there.user = f"{uuid4()}"
    with pytest.raises(NameTaken):
        await enter(sites, await arrive(there, await sites.begin("tor", name)))
    (listed,) = await sites.all(who.account)
    with pytest.raises(LastWayIn):
        await sites.unlink(who, listed.id)
    clock.ahead = PROOF_S
    with pytest.raises(ProofNeeded):
        await auth.change_password(who, "", PASSWORD, "", HERE)
    with pytest.raises(ProofNeeded):
        await sites.unlink(who, listed.id)
    clock.ahead = 0.0
    await auth.change_password(who, "", PASSWORD, "", HERE)
    await auth.login(name, PASSWORD, HERE)
    await sites.unlink(who, listed.id)


async def test_a_guest_links_nothing(sites: Identities, auth: Auth) -> None:
    guest = (await auth.guest(HERE)).identity
    with pytest.raises(NoPassword):
        await sites.begin_link(guest, "tor")


async def test_a_second_factor_and_a_ban_hold_at_this_door(
    sites: Identities, there: op.Provider, ann: Identity, auth: Auth, clock: Clock
) -> None:
    await linked(sites, there, ann)
    totp = pyotp.TOTP((await auth.enrol_factor(ann, PASSWORD, HERE)).secret)
    await auth.confirm_factor(ann.account, totp.at(int(clock())))
    begun = await half(enter(sites, await arrive(there, await sites.begin("tor", ""))))
    clock.ahead = 30.0
    with pytest.raises(CodeWrong):  # and it may be tried again
        await coded(sites, begun, "000000x")
    found = await coded(sites, begun, totp.at(int(clock())))
    assert found.account == ann.account
    assert await auth.is_fresh(found)
    clock.ahead = 60.0
    with pytest.raises(FlowInvalid):  # once
        await coded(sites, begun, totp.at(int(clock())))
    clock.ahead = 90.0
    begun = await half(enter(sites, await arrive(there, await sites.begin("tor", ""))))
    clock.ahead += CODE_TTL.total_seconds()
    with pytest.raises(FlowInvalid):  # and soon; no code is spent on it
        await coded(sites, begun, totp.at(int(clock())))
    there.claims = {"iat": int(clock()), "exp": int(clock()) + 300}
    begun = await half(enter(sites, await arrive(there, await sites.begin("tor", ""))))
    await auth.ban(ann.account, Ban(None, "cheated"))
    with pytest.raises(AccountBanned):
        await coded(sites, begun, totp.at(int(clock())))


async def test_a_second_factor_is_asked_for_a_proof_too(
    sites: Identities, there: op.Provider, ann: Identity, auth: Auth, clock: Clock, redis_url: str
) -> None:
    """Who has the session and the login there, and no authenticator, proves nothing."""
    await linked(sites, there, ann)
    totp = pyotp.TOTP((await auth.enrol_factor(ann, PASSWORD, HERE)).secret)
    await auth.confirm_factor(ann.account, totp.at(int(clock())))
    other = await coded(
        sites, await half(enter(sites, await arrive(there, await sites.begin("tor", "")))),
        totp.at(int(clock()) + 30),
    )  # fmt: skip
    clock.ahead = IDLE_S
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(f"fresh:{ann.sid}")
    now = int(clock())
    there.claims = {"auth_time": now, "iat": now, "exp": now + 300}
    begun = await half(sites.prove(ann, *await arrive(there, await sites.begin_proof(ann, "tor"))))
    assert not await auth.is_fresh(ann)
    code = totp.at(now)
    with pytest.raises(FlowInvalid):  # it is of another session
        await sites.prove_with_code(other, begun, code)
    with pytest.raises(FlowInvalid):  # and not for signing in
        await coded(sites, begun, code)
    with pytest.raises(CodeWrong):
        await sites.prove_with_code(ann, begun, "000000x")
    assert not await auth.is_fresh(ann)
    await sites.prove_with_code(ann, begun, code)
    assert await auth.is_fresh(ann)
    with pytest.raises(FlowInvalid):
        await sites.prove_with_code(ann, begun, totp.at(now + 30))


async def test_only_the_page_that_began_ends_it(
    sites: Identities, there: op.Provider, ann: Identity, auth: Auth, clock: Clock
) -> None:
    """Login CSRF, and codes that were caught: whatever is put together of two trips is refused."""
    await linked(sites, there, ann)
    mine, mine_too = [await arrive(there, await sites.begin("tor", "")) for _ in range(2)]
    foreign = (mine[0], *mine_too[1:])  # another's state and code in my tab
    with pytest.raises(FlowInvalid):
        await enter(sites, foreign)
    with pytest.raises(FlowInvalid):  # and mine is used up by that
        await enter(sites, mine)
    caught = (mine_too[0], mine_too[1], mine[2])  # a code of another trip: PKCE
    with pytest.raises(IdentityRefused):
        await enter(sites, caught)
    trip = await sites.begin("tor", "")
    for flow in ("", "x", "é", trip.flow[:-2], trip.flow + "AA", trip.flow + "=="):
        with pytest.raises(FlowInvalid):
            await enter(sites, (flow, trip.state, "code"))
    for purpose in (await sites.begin_link(ann, "tor"), await sites.begin_proof(ann, "tor")):
        with pytest.raises(FlowInvalid):
            await enter(sites, await arrive(there, purpose))
    other = (await auth.login(ann.name, PASSWORD, HERE)).identity
    back = await arrive(there, await sites.begin_link(ann, "tor"))
    with pytest.raises(FlowInvalid):
        await sites.link(other, *back)
    late = await arrive(there, await sites.begin("tor", ""))
    clock.ahead = FLOW_TTL.total_seconds()
    with pytest.raises(FlowInvalid):
        await enter(sites, late)


async def test_what_came_back_is_taken_once(
    sites: Identities, there: op.Provider, ann: Identity
) -> None:
    await linked(sites, there, ann)
    back = await arrive(there, await sites.begin("tor", ""))
    answers = await asyncio.gather(*(enter(sites, back) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(each, Identity) for each in answers) == 1
    assert sum(isinstance(each, FlowInvalid) for each in answers) == 4
    replayed = await sites.begin("tor", "")
    with pytest.raises(IdentityRefused):
        await enter(sites, (replayed.flow, replayed.state, back[2]))


def signed_again(change: Change, key: Any = None) -> Callable[["op.Provider"], None]:
    """The ID token with another content, signed by the provider's key or by ``key``."""

    def lying(there: op.Provider) -> None:
        def lie(token: str) -> str:
            read = jwt.decode(token, there.key, algorithms=["ES256"])
            header, claims = dict(read.header), dict(read.claims)
            change(header, claims)
            algorithm = [header["alg"]]
            return jwt.encode(header, claims, key or there.key, algorithms=algorithm)

        there.lie = lie

    return lying


def claim(**values: Any) -> Change:
    def change(header: dict[str, Any], claims: dict[str, Any]) -> None:
        claims.update(values)
        for name in [each for each, value in values.items() if value is None]:
            del claims[name]

    return change


def by(algorithm: str) -> Change:
    return lambda header, claims: header.update(alg=algorithm)


def unsigned(there: op.Provider) -> None:
    there.lie = lambda token: "eyJhbGciOiJub25lIn0." + token.split(".")[1] + "."


PAST = 1_600_000_000
LIES: dict[str, Callable[["op.Provider"], None]] = {
    "another nonce": signed_again(claim(nonce="other")),
    "no nonce": signed_again(claim(nonce=None)),
    "for another": signed_again(claim(aud="another")),
    "for another, by us": signed_again(claim(aud="another", azp=op.CLIENT)),
    "for nobody": signed_again(claim(aud=None)),
    "of another issuer": signed_again(claim(iss="https://evil.example")),
    "expired": signed_again(claim(exp=PAST)),
    "without an end": signed_again(claim(exp=None)),
    "from the future": signed_again(claim(iat=2**40)),
    "of nobody": signed_again(claim(sub=None)),
    "of an empty name": signed_again(claim(sub="")),
    "of a number": signed_again(claim(sub=7)),
    "of a name too long": signed_again(claim(sub="x" * 256)),
    "with another access token": signed_again(claim(at_hash="AAAA")),
    "unsigned": unsigned,
    "signed with a secret": signed_again(by("HS256"), OctKey.import_key(op.SECRET * 2)),
    "signed by a stranger": signed_again(claim(), ECKey.generate_key("P-256")),
    "no token": lambda there: setattr(there, "lie", lambda token: ""),
    "no text": lambda there: setattr(there, "lie", lambda token: "é.é.é"),
}


async def test_a_token_that_does_not_hold_is_refused(
    sites: Identities, there: op.Provider, ann: Identity
) -> None:
    await linked(sites, there, ann)
    believed = []
    for what, lying in LIES.items():
        lying(there)
        back = await arrive(there, await sites.begin("tor", ""))
        (answer,) = await asyncio.gather(enter(sites, back), return_exceptions=True)
        if not isinstance(answer, IdentityInvalid):
            believed.append((what, answer))
    assert believed == []
    there.lie = lambda token: token
    assert (await enter(sites, await arrive(there, await sites.begin("tor", "")))).sid


async def test_keys_are_rotated_and_unknown_ones_are_asked_for_now_and_then(
    sites: Identities, there: op.Provider, ann: Identity, clock: Clock
) -> None:
    await linked(sites, there, ann)
    there.rotate()
    clock.ahead = KEYS_S_MIN
    await enter(sites, await arrive(there, await sites.begin("tor", "")))
    published = there.key
    there.rotate()
    there.published = published  # it signs with a key that it does not publish
    with pytest.raises(IdentityInvalid):
        await enter(sites, await arrive(there, await sites.begin("tor", "")))


async def test_presence_is_proved_by_signing_in_there_again(
    sites: Identities, there: op.Provider, ann: Identity, auth: Auth, clock: Clock, redis_url: str
) -> None:
    await linked(sites, there, ann)
    clock.ahead = IDLE_S
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(f"fresh:{ann.sid}")
    trip = await sites.begin_proof(ann, "tor")
    assert "prompt=login" in trip.url
    now = int(clock())
    there.claims = {"auth_time": now, "iat": now, "exp": now + 300}
    owner = there.user
    there.user = f"{uuid4()}"
    with pytest.raises(IdentityInvalid):
        await sites.prove(ann, *await arrive(there, trip))
    there.user = owner
    there.claims["auth_time"] = now - 3_600  # still signed in since then
    with pytest.raises(IdentityInvalid):
        await sites.prove(ann, *await arrive(there, await sites.begin_proof(ann, "tor")))
    assert not await auth.is_fresh(ann)
    there.claims["auth_time"] = now
    await sites.prove(ann, *await arrive(there, await sites.begin_proof(ann, "tor")))
    assert await auth.is_fresh(ann)


async def test_a_provider_that_is_away_or_another_is_said_so(
    auth: Auth, pool: "Pool", there: op.Provider, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("wrong")
    known = [
        Provider("gone", "x", "http://127.0.0.1:1", op.CLIENT, str(secret)),
        Provider("other", "x", f"{there.issuer}/", op.CLIENT, str(secret)),
        Provider("tor", "x", there.issuer, op.CLIENT, str(secret)),
    ]
    sites = Identities(auth, pool, known, URL)
    for name in ("gone", "other"):
        with pytest.raises(ProviderAway):
            await sites.begin(name, "")
    with pytest.raises(ProviderUnknown):
        await sites.begin("nowhere", "")
    with pytest.raises(IdentityRefused):  # the secret is wrong
        await enter(sites, await arrive(there, await sites.begin("tor", "")))


def test_a_file_of_providers_is_checked(tmp_path: Path) -> None:
    secret, file = tmp_path / "secret", tmp_path / "oidc.toml"
    secret.write_text("x")
    good = {"id": "tor", "name": "Tor", "issuer": "https://tor.example", "client_id": "room",
            "client_secret_file": str(secret)}  # fmt: skip
    bad = ({"issuer": "http://tor.example"}, {"issuer": "tor"}, {"id": "a/b"}, {"id": ""},
           {"client_secret_file": "/nowhere"}, {"more": "x"})  # fmt: skip

    def write(*providers: dict[str, str]) -> Path:
        lines = ("\n".join(f'{k} = "{v}"' for k, v in each.items()) for each in providers)
        file.write_text("".join(f"[[providers]]\n{each}\n" for each in lines))
        return file

    assert [each.id for each in read_providers(write(good))] == ["tor"]
    for change in bad:
        with pytest.raises(ValueError, match=r"http|file|letters|unknown"):
            read_providers(write(good | change))
    with pytest.raises(ValueError, match="same id"):
        read_providers(write(good, good))


async def test_a_provider_that_hangs_holds_nobody_up(
    auth: Auth, pool: "Pool", there: op.Provider, clock: Clock, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(oidc, "METADATA_S_MAX", 0.5)
    secret = tmp_path / "secret"
    secret.write_text(op.SECRET)
    with op.running(f"{URL}/oidc/") as gone:
        known = [
            Provider(name, name, each.issuer, op.CLIENT, str(secret))
            for name, each in (("tor", there), ("dor", gone))
        ]
    sites = Identities(auth, pool, known, URL)
    there.answers.clear()
    before = there.asked
    try:
        # Asked once for all of them, and not again while it is remembered.
        for _ in range(2):
            asked = [asyncio.create_task(sites.begin("tor", "")) for _ in range(20)]
            for each in asked:
                with pytest.raises(ProviderAway) as away:
                    await each
            assert there.asked == before + 1
        assert 0 < away.value.retry_after_s <= AWAY_S
        # Who hangs up does not take the answer from those who wait.
        clock.ahead = AWAY_S
        there.was_asked.clear()
        first, second = [asyncio.create_task(sites.begin("tor", "")) for _ in range(2)]
        await asyncio.to_thread(there.was_asked.wait)
        first.cancel()
    finally:
        there.answers.set()
    assert (await second).url.startswith(there.issuer)
    assert there.asked == before + 2
    with pytest.raises(ProviderAway):  # that one was stopped
        await sites.begin("dor", "")
