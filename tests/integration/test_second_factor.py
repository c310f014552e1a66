"""Second factors, presence, and guests who become players: real Postgres, real Redis."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pyotp
import pytest
from redis.asyncio import Redis

from auth.errors import (
    AuthError,
    CodeNeeded,
    CodeWrong,
    FactorKnown,
    FactorUnknown,
    NameInvalid,
    NameTaken,
    NoGuest,
    NoPassword,
    TooManyAttempts,
    WrongCredentials,
)
from auth.freshness import IDLE_S
from auth.keys import SigningKeys
from auth.passwords import Cost, Passwords
from auth.seals import SealBroken, Seals
from auth.second_factor import RECOVERY_CODES, STEP_S
from auth.service import Auth
from auth.throttle import Limits
from auth.tokens import Identity

if TYPE_CHECKING:
    from auth.accounts import Pool

KEYS, SEALS = SigningKeys.in_memory(), Seals.in_memory()
PASSWORD = "correct horse battery"
CHEAP = Cost(1, 8, 1)
HERE = "10.0.0.1"
BEGIN = 1_700_000_010.0


class Clock:
    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def auth(pool: "Pool", redis_url: str, clock: Clock) -> AsyncIterator[Auth]:
    async with Redis.from_url(redis_url) as redis:
        yield Auth(pool, redis, KEYS, SEALS, passwords=Passwords(CHEAP), clock=clock)


@pytest.fixture
async def ann(auth: Auth) -> Identity:
    return (await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)).identity


async def enrolled(auth: Auth, who: Identity, clock: Clock) -> tuple[pyotp.TOTP, list[str]]:
    made = await auth.enrol_factor(who, PASSWORD, HERE)
    totp = pyotp.TOTP(made.secret)
    codes = await auth.confirm_factor(who.account, totp.at(int(clock.now)))
    clock.now += STEP_S
    return totp, codes


async def login(auth: Auth, who: Identity, code: str = "") -> Identity:
    return (await auth.login(who.name, PASSWORD, HERE, code=code)).identity


async def test_a_code_is_needed_and_taken_once(auth: Auth, ann: Identity, clock: Clock) -> None:
    totp, _ = await enrolled(auth, ann, clock)
    with pytest.raises(CodeNeeded):
        await login(auth, ann)
    code = totp.at(int(clock.now))
    assert (await login(auth, ann, code)).account == ann.account
    with pytest.raises(CodeWrong):
        await login(auth, ann, code)
    clock.now += STEP_S
    for wrong in ("000000", "abc", "١٢٣٤٥٦", "1" * 64, "\0"):
        if wrong != totp.at(int(clock.now)):
            with pytest.raises(CodeWrong):
                await login(auth, ann, wrong)
    assert (await login(auth, ann, f" {totp.at(int(clock.now))} ")).account == ann.account


async def test_clocks_may_be_one_step_apart_and_no_more(
    auth: Auth, ann: Identity, clock: Clock
) -> None:
    totp, _ = await enrolled(auth, ann, clock)
    clock.now += 10 * STEP_S
    for steps in (-2, 2):
        with pytest.raises(CodeWrong):
            await login(auth, ann, totp.at(int(clock.now) + steps * STEP_S))
    for steps in (-1, 0, 1):
        await login(auth, ann, totp.at(int(clock.now) + steps * STEP_S))
    # A step before the last one that was taken is gone too.
    clock.now += 2 * STEP_S
    await login(auth, ann, totp.at(int(clock.now) + STEP_S))
    with pytest.raises(CodeWrong):
        await login(auth, ann, totp.at(int(clock.now)))


async def test_a_recovery_code_signs_in_once(auth: Auth, ann: Identity, clock: Clock) -> None:
    _, codes = await enrolled(auth, ann, clock)
    assert len(set(codes)) == RECOVERY_CODES
    assert (await auth.factors.state(ann.account)).recovery_codes == RECOVERY_CODES
    await login(auth, ann, codes[0].upper().replace("-", " "))
    with pytest.raises(CodeWrong):
        await login(auth, ann, codes[0])
    assert (await auth.factors.state(ann.account)).recovery_codes == RECOVERY_CODES - 1


async def test_nobody_guesses_codes(auth: Auth, ann: Identity, clock: Clock) -> None:
    totp, _ = await enrolled(auth, ann, clock)
    for _ in range(Limits().codes_per_account):
        with pytest.raises(CodeWrong):
            await login(auth, ann, "no")
    with pytest.raises(TooManyAttempts):
        await login(auth, ann, totp.at(int(clock.now)))


async def test_a_secret_is_not_in_force_before_it_is_confirmed(
    auth: Auth, ann: Identity, clock: Clock
) -> None:
    with pytest.raises(FactorUnknown):
        await auth.confirm_factor(ann.account, "000000")
    first = await auth.enrol_factor(ann, PASSWORD, HERE)
    second = await auth.enrol_factor(ann, PASSWORD, HERE)
    assert "Squaredeal" in second.uri
    assert (await login(auth, ann)).account == ann.account
    with pytest.raises(CodeWrong):
        await auth.confirm_factor(ann.account, pyotp.TOTP(first.secret).at(int(clock.now)))
    await auth.confirm_factor(ann.account, pyotp.TOTP(second.secret).at(int(clock.now)))
    with pytest.raises(FactorKnown):
        await auth.enrol_factor(ann, PASSWORD, HERE)
    with pytest.raises(FactorUnknown):
        await auth.confirm_factor(ann.account, "000000")


async def test_whoever_removes_it_shows_password_and_code(
    auth: Auth, ann: Identity, clock: Clock
) -> None:
    totp, codes = await enrolled(auth, ann, clock)
    code = totp.at(int(clock.now))
    refused: tuple[tuple[str, str, type[AuthError]], ...] = (
        ("wrong password", code, WrongCredentials),
        (PASSWORD, "", CodeNeeded),
        (PASSWORD, "no", CodeWrong),
    )
    for password, given, error in refused:
        with pytest.raises(error):
            await auth.remove_factor(ann, password, given, HERE)
    await auth.remove_factor(ann, PASSWORD, code, HERE)
    assert (await login(auth, ann)).account == ann.account
    assert not (await auth.factors.state(ann.account)).on
    await enrolled(auth, ann, clock)
    clock.now += STEP_S
    with pytest.raises(CodeWrong):
        await login(auth, ann, codes[1])  # of the factor before


async def test_the_database_does_not_show_the_secret(
    auth: Auth, ann: Identity, pool: "Pool"
) -> None:
    made = await auth.enrol_factor(ann, PASSWORD, HERE)
    sealed = await pool.fetchval("SELECT sealed FROM auth.second_factors")
    assert made.secret.encode() not in sealed
    with pytest.raises(SealBroken):
        SEALS.open(sealed, f"second-factor:{uuid4()}")


async def test_money_asks_again_after_half_an_hour(
    auth: Auth, ann: Identity, clock: Clock, redis_url: str
) -> None:
    assert await auth.is_fresh(ann)
    clock.now += IDLE_S
    await auth.seen(ann.sid)
    assert await auth.is_fresh(ann), "he was there all the time"
    async with Redis.from_url(redis_url) as redis:
        left = await redis.ttl(f"fresh:{ann.sid}")
        assert 0 < left <= IDLE_S
        await redis.delete(f"fresh:{ann.sid}")  # as it is after half an hour
    assert not await auth.is_fresh(ann)
    await auth.seen(ann.sid)
    assert not await auth.is_fresh(ann), "being there proves nothing"
    with pytest.raises(WrongCredentials):
        await auth.prove(ann, "wrong password", "", HERE)
    await auth.prove(ann, PASSWORD, "", HERE)
    assert await auth.is_fresh(ann)


async def test_a_guest_becomes_a_player_and_stays_who_he_is(auth: Auth, ann: Identity) -> None:
    guest = (await auth.guest(HERE)).identity
    with pytest.raises(NoPassword):
        await auth.prove(guest, PASSWORD, "", HERE)
    name = f"q{uuid4().hex[:12]}"
    for taken, error in ((ann.name.upper(), NameTaken), ("admin", NameInvalid)):
        with pytest.raises(error):
            await auth.upgrade(guest.account, taken, PASSWORD, HERE)
    player = (await auth.upgrade(guest.account, name, PASSWORD, HERE)).identity
    assert (player.account, player.name, player.kind) == (guest.account, name, "player")
    assert await auth.is_active(guest.sid), "his open tables stay open"
    assert (await login(auth, player)).account == guest.account
    for account in (guest.account, ann.account, uuid4()):
        with pytest.raises(NoGuest):
            await auth.upgrade(account, f"r{uuid4().hex[:12]}", PASSWORD, HERE)
