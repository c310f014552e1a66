"""Passkeys with a device in software that signs for real: real Postgres, real Redis."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pyotp
import pytest
from redis.asyncio import Redis

from auth.bans import Ban
from auth.doors import Doors
from auth.errors import (
    AccountBanned,
    NoPassword,
    PasskeyInvalid,
    PasskeyUnknown,
    ProofNeeded,
    TooManyPasskeys,
)
from auth.freshness import IDLE_S, PROOF_S
from auth.keys import SigningKeys
from auth.passkeys import CHALLENGE_TTL, PASSKEYS_MAX, site_of
from auth.passwords import Cost, Passwords
from auth.seals import Seals
from auth.service import Auth
from auth.tokens import Identity
from tests.authenticator import Authenticator, b64, unb64

if TYPE_CHECKING:
    from auth.accounts import Pool

PASSWORD, HERE = "correct horse battery", "10.0.0.1"
URL = "https://room.example"
Json = dict[str, Any]


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_010.0

    def __call__(self) -> float:
        return self.now


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


@pytest.fixture
def doors(auth: Auth, pool: "Pool") -> Doors:
    return Doors(auth, pool, site_of(URL, ("https://play.room.example",)))


@pytest.fixture
async def ann(auth: Auth) -> Identity:
    return (await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)).identity


async def enrolled(doors: Doors, who: Identity, origin: str = URL) -> Authenticator:
    device = Authenticator(origin)
    made = device.create(await doors.new_passkey(who))
    await doors.add_passkey(who, "phone", json.dumps(made).encode())
    return device


async def enter(doors: Doors, shown: Json) -> Identity:
    return (await doors.enter_by_passkey(json.dumps(shown).encode(), HERE, "")).identity


async def test_a_passkey_signs_in_and_is_both_factors(
    auth: Auth, doors: Doors, ann: Identity, clock: Clock
) -> None:
    device = await enrolled(doors, ann)
    totp = pyotp.TOTP((await auth.enrol_factor(ann, PASSWORD, HERE)).secret)
    await auth.confirm_factor(ann.account, totp.at(int(clock.now)))
    asked = await doors.ask_passkey()
    assert asked["userVerification"] == "required"
    assert not asked.get("allowCredentials"), "a question names nobody"
    again = await enter(doors, device.get(asked))
    assert (again.account, again.name) == (ann.account, ann.name)
    assert again.sid != ann.sid
    assert await auth.is_active(again.sid)
    assert await auth.is_fresh(again)
    (listed,) = await doors.passkeys(ann)
    assert listed.used_at == auth.now()


async def test_pages_of_the_sites_that_are_allowed_may_use_it(doors: Doors, ann: Identity) -> None:
    device = await enrolled(doors, ann, "https://play.room.example")
    assert (await enter(doors, device.get(await doors.ask_passkey()))).account == ann.account


async def test_what_does_not_answer_our_question_is_refused(
    doors: Doors, ann: Identity, auth: Auth, clock: Clock
) -> None:
    device, stranger = await enrolled(doors, ann), Authenticator(URL)
    stranger.id, stranger.user = device.id, device.user  # another key under the same name
    asked = await doors.ask_passkey()
    elsewhere = await doors.ask_proof(ann)
    here = device.get(asked)
    lies: dict[str, Json] = {
        "another key": stranger.get(asked),
        "another relying party": device.get(asked, rp="room.example.evil"),
        "another question": device.get(elsewhere),
        "a question of its own": device.get(asked, challenge=b64(b"x" * 38)),
        "a creation": device.get(asked, kind="webauthn.create"),
        "another account": device.get(asked, user=uuid4().bytes),
        "no account": device.get(asked, user=b""),
        "no base64": here | {"id": "!!"},
        "padded": here | {"id": here["id"] + "=="},
        "two ids": here | {"rawId": b64(b"other")},
        "another type": here | {"type": "password"},
        "nothing": {},
    }
    changed = json.loads(unb64(here["response"]["clientDataJSON"])) | {"origin": "https://evil"}
    lies["another text than was signed"] = here | {
        "response": here["response"] | {"clientDataJSON": b64(json.dumps(changed).encode())}
    }
    device.origin = "https://evil.example"
    lies["a page of another site"] = device.get(asked)
    device.origin, device.verified = URL, False
    lies["whoever has the device"] = device.get(asked)
    device.verified = True
    answers = [await asyncio.gather(enter(doors, lie), return_exceptions=True)
               for lie in lies.values()]  # fmt: skip
    believed = [what for what, (answer,) in zip(lies, answers, strict=True)
                if not isinstance(answer, PasskeyInvalid)]  # fmt: skip
    assert believed == []
    late = device.get(asked)
    clock.now += CHALLENGE_TTL.total_seconds()
    with pytest.raises(PasskeyInvalid):
        await enter(doors, late)
    assert [each.id for each in await auth.sessions(ann.account)] == [ann.sid]


async def test_an_answer_is_taken_once_and_by_one(doors: Doors, ann: Identity) -> None:
    device = await enrolled(doors, ann)
    shown = device.get(await doors.ask_passkey())
    at_once = [enter(doors, shown) for _ in range(8)]
    answers = await asyncio.gather(*at_once, return_exceptions=True)
    assert sum(isinstance(each, Identity) for each in answers) == 1
    assert sum(isinstance(each, PasskeyInvalid) for each in answers) == 7


async def test_a_question_is_answered_once_even_by_a_device_that_does_not_count(
    doors: Doors, ann: Identity
) -> None:
    device, asked = await enrolled(doors, ann), await doors.ask_passkey()
    device.count = -1  # it says 0, always, as synchronised passkeys do
    await enter(doors, device.get(asked))
    device.count = -1
    with pytest.raises(PasskeyInvalid):
        await enter(doors, device.get(asked))


async def test_a_counter_that_goes_back_means_two_devices(doors: Doors, ann: Identity) -> None:
    device = await enrolled(doors, ann)
    device.count = 10
    await enter(doors, device.get(await doors.ask_passkey()))
    for behind in (8, 10):  # it says one more: behind, then the same
        device.count = behind
        with pytest.raises(PasskeyInvalid):
            await enter(doors, device.get(await doors.ask_passkey()))
    device.count = 20
    await enter(doors, device.get(await doors.ask_passkey()))


async def test_money_is_satisfied_by_a_passkey(
    auth: Auth, doors: Doors, ann: Identity, clock: Clock, redis_url: str
) -> None:
    device = await enrolled(doors, ann)
    bob = (await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)).identity
    his = await enrolled(doors, bob)
    clock.now += IDLE_S
    async with Redis.from_url(redis_url) as redis:
        await redis.delete(f"fresh:{ann.sid}")
    assert not await auth.is_fresh(ann)
    asked = await doors.ask_proof(ann)
    for shown in (his.get(asked), device.get(await doors.ask_passkey())):
        with pytest.raises(PasskeyInvalid):
            await doors.prove_by_passkey(ann, json.dumps(shown).encode())
    with pytest.raises(PasskeyInvalid):  # a question of another session
        await doors.prove_by_passkey(bob, json.dumps(his.get(asked)).encode())
    await doors.prove_by_passkey(ann, json.dumps(device.get(asked)).encode())
    assert await auth.is_fresh(ann)


async def test_whoever_adds_or_removes_one_has_just_shown_that_it_is_him(
    auth: Auth, doors: Doors, ann: Identity, clock: Clock
) -> None:
    device, asked = await enrolled(doors, ann), await doors.new_passkey(ann)
    (key,) = await doors.passkeys(ann)
    clock.now += PROOF_S
    with pytest.raises(ProofNeeded):
        await doors.new_passkey(ann)
    with pytest.raises(ProofNeeded):
        await doors.add_passkey(ann, "x", json.dumps(Authenticator(URL).create(asked)).encode())
    with pytest.raises(ProofNeeded):
        await doors.remove_passkey(ann, key.id)
    await auth.prove(ann, PASSWORD, "", HERE)
    await doors.rename_passkey(ann, key.id, "old phone")
    assert [each.name for each in await doors.passkeys(ann)] == ["old phone"]
    bob = (await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)).identity
    for foreign in (doors.rename_passkey(bob, key.id, "x"), doors.remove_passkey(bob, key.id)):
        with pytest.raises(PasskeyUnknown):
            await foreign
    await doors.remove_passkey(ann, key.id)
    with pytest.raises(PasskeyInvalid):
        await enter(doors, device.get(await doors.ask_passkey()))
    with pytest.raises(NoPassword):
        await doors.new_passkey((await auth.guest(HERE)).identity)


async def test_a_creation_answers_its_session_once(doors: Doors, ann: Identity, auth: Auth) -> None:
    asked = await doors.new_passkey(ann)
    device = Authenticator(URL)
    made = json.dumps(device.create(asked)).encode()
    other = (await auth.login(ann.name, PASSWORD, HERE)).identity
    with pytest.raises(PasskeyInvalid):
        await doors.add_passkey(other, "x", made)
    device.verified = False
    with pytest.raises(PasskeyInvalid):
        await doors.add_passkey(ann, "x", json.dumps(device.create(asked)).encode())
    await doors.add_passkey(ann, "x", made)
    with pytest.raises(PasskeyInvalid):
        await doors.add_passkey(ann, "x", made)
    assert [b64(device.id)] == [
        each["id"] for each in (await doors.new_passkey(ann))["excludeCredentials"]
    ]
    with pytest.raises(PasskeyInvalid):  # the same key once more, for another question
        await doors.add_passkey(
            ann, "x", json.dumps(device.create(await doors.new_passkey(ann))).encode()
        )


async def test_ten_are_enough(doors: Doors, ann: Identity) -> None:
    for _ in range(PASSKEYS_MAX):
        await enrolled(doors, ann)
    with pytest.raises(TooManyPasskeys):
        await enrolled(doors, ann)


async def test_a_ban_holds_at_this_door_too(auth: Auth, doors: Doors, ann: Identity) -> None:
    device = await enrolled(doors, ann)
    await auth.ban(ann.account, Ban(None, "cheated"))
    with pytest.raises(AccountBanned):
        await enter(doors, device.get(await doors.ask_passkey()))


def test_a_passkey_is_for_a_name() -> None:
    assert site_of("https://room.example:8443").origins == ("https://room.example:8443",)
    assert site_of("https://room.example:8443").id == "room.example"
    local = site_of("http://127.0.0.1:8700")
    assert (local.id, local.origins) == ("localhost", ("http://localhost:8700",))
