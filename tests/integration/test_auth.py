"""Accounts, sign-in and throttling on real Postgres and Redis."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import pytest
from redis.asyncio import Redis

from auth.errors import (
    AccountDisabled,
    AuthError,
    NameInvalid,
    NameTaken,
    PasswordTooLong,
    PasswordTooShort,
    TokenExpired,
    TooManyAttempts,
    WrongCredentials,
)
from auth.keys import SigningKeys
from auth.passwords import Cost, Passwords
from auth.seals import Seals
from auth.service import Auth
from auth.throttle import Limits
from auth.tokens import ACCESS_TTL_S, Tokens

if TYPE_CHECKING:
    from auth.accounts import Pool

CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
KEYS = SigningKeys.in_memory()
SEALS = Seals.in_memory()
GOOD, WRONG = "correct horse battery", "incorrect horse battery"
LIMITS = Limits(window_s=300, passwords_per_name=3, passwords_per_address=5)


class Clock:
    """Unix seconds that move only when a test says so."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture
async def no_redis() -> AsyncIterator[Redis]:
    """A client of a port where nobody listens."""
    async with Redis(host="127.0.0.1", port=1) as client:
        yield client


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def address() -> str:
    """An address of this test's own: Redis keeps its counters from test to test."""
    return f"test-{uuid4().hex}"


@pytest.fixture
def name() -> str:
    """A name of this test's own, for the same reason."""
    return f"Ada-{uuid4().hex[:12]}"


@pytest.fixture
async def auth(pool: "Pool", redis: Redis, clock: Clock) -> AsyncIterator[Auth]:
    made = Auth(pool, redis, KEYS, SEALS, passwords=Passwords(CHEAP), limits=LIMITS, clock=clock)
    yield made
    made.close()


async def attempts(auth: Auth, name: str, password: str, address: str, times: int) -> list[str]:
    """The codes of ``times`` sign-ins at once; "in" for one that worked."""
    results = await asyncio.gather(
        *(auth.login(name, password, address) for _ in range(times)), return_exceptions=True
    )
    codes = []
    for result in results:
        assert isinstance(result, Tokens | AuthError), result
        codes.append(result.code if isinstance(result, AuthError) else "in")
    return codes


async def test_who_registers_is_signed_in(auth: Auth, name: str, address: str) -> None:
    tokens = await auth.register(name, GOOD, address)
    assert (tokens.identity.name, tokens.identity.kind) == (name, "player")
    assert tokens.expires_in_s == ACCESS_TTL_S
    assert auth.verify_access(tokens.access) == tokens.identity
    assert await auth.is_active(tokens.identity.sid)


async def test_an_access_token_ends_by_the_clock(
    auth: Auth, clock: Clock, name: str, address: str
) -> None:
    tokens = await auth.register(name, GOOD, address)
    clock.now += ACCESS_TTL_S
    with pytest.raises(TokenExpired):
        auth.verify_access(tokens.access)


async def test_a_name_is_taken_in_every_case_it_can_be_written(
    auth: Auth, name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    for other in (name, name.upper(), name.lower()):
        with pytest.raises(NameTaken):
            await auth.register(other, GOOD, address)


async def test_of_many_who_want_one_name_one_gets_it(auth: Auth, name: str, address: str) -> None:
    results = await asyncio.gather(
        *(auth.register(name, GOOD, address) for _ in range(10)), return_exceptions=True
    )
    assert Counter(type(result) for result in results) == {Tokens: 1, NameTaken: 9}


async def test_bad_names_and_passwords_leave_no_account(
    auth: Auth, pool: "Pool", name: str, address: str
) -> None:
    with pytest.raises(NameInvalid):
        await auth.register("admin", GOOD, address)
    with pytest.raises(PasswordTooShort):
        await auth.register(name, "short", address)
    with pytest.raises(PasswordTooLong):
        await auth.register(name, "x" * 257, address)
    assert await pool.fetchval("SELECT count(*) FROM auth.accounts") == 0


async def test_a_player_signs_in_by_his_name_in_any_case(
    auth: Auth, name: str, address: str
) -> None:
    registered = await auth.register(name, GOOD, address)
    again = await auth.login(name.upper(), GOOD, address)
    assert again.identity.account == registered.identity.account
    assert again.identity.name == name
    assert again.identity.sid != registered.identity.sid


async def test_a_wrong_password_an_unknown_name_and_a_guest_are_told_the_same(
    auth: Auth, name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    guest = await auth.guest(address)
    nobody = f"Nobody-{uuid4().hex[:8]}"
    for who in (name, nobody, guest.identity.name, f"{nobody}\x00", f"{nobody}\ud800"):
        with pytest.raises(WrongCredentials):
            await auth.login(who, WRONG, address)


async def test_only_hashes_and_digests_are_stored(
    auth: Auth, pool: "Pool", name: str, address: str
) -> None:
    tokens = await auth.register(name, GOOD, address)
    stored = await pool.fetchval("SELECT password_hash FROM auth.accounts")
    assert stored.startswith("$argon2id$")
    rows = str(
        await pool.fetch(
            "SELECT a.*, s.*, t.* FROM auth.accounts a, auth.sessions s, auth.refresh_tokens t"
        )
    )
    assert GOOD not in rows
    assert tokens.refresh not in rows


async def test_signing_in_renews_a_hash_made_at_another_cost(
    auth: Auth, pool: "Pool", redis: Redis, name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    before = await pool.fetchval("SELECT password_hash FROM auth.accounts")
    await auth.login(name, GOOD, address)
    assert await pool.fetchval("SELECT password_hash FROM auth.accounts") == before
    dearer = Auth(pool, redis, KEYS, SEALS, passwords=Passwords(Cost(2, 64, 1)))
    await dearer.login(name, GOOD, address)
    after = await pool.fetchval("SELECT password_hash FROM auth.accounts")
    assert ",t=2," in after
    await dearer.login(name, GOOD, address)
    dearer.close()


async def test_wrong_passwords_for_one_name_are_counted_even_when_sent_at_once(
    auth: Auth, name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    codes = await attempts(auth, name, WRONG, address, 5)
    assert Counter(codes) == {"wrong_credentials": 3, "too_many_attempts": 2}


async def test_a_shut_name_is_shut_to_the_right_password_too_and_says_for_how_long(
    auth: Auth, name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    await attempts(auth, name, WRONG, address, 3)
    with pytest.raises(TooManyAttempts) as caught:
        await auth.login(name, GOOD, address)
    assert 1 <= caught.value.retry_after_s <= LIMITS.lock_s


async def test_an_unknown_name_is_shut_just_like_a_known_one(
    auth: Auth, name: str, address: str
) -> None:
    codes = await attempts(auth, name, WRONG, address, 5)
    assert Counter(codes) == {"wrong_credentials": 3, "too_many_attempts": 2}


async def test_one_address_cannot_try_many_names(auth: Auth, name: str, address: str) -> None:
    await auth.register(name, GOOD, f"other-{address}")
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            await auth.login(uuid4().hex[:16], WRONG, address)
    with pytest.raises(TooManyAttempts):
        await auth.login(name, GOOD, address)
    assert await auth.login(name, GOOD, f"other-{address}")


async def test_the_right_password_clears_the_name_but_buys_the_address_no_guesses(
    auth: Auth, name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    await attempts(auth, name, WRONG, address, 2)
    await auth.login(name, GOOD, address)
    assert await attempts(auth, name, WRONG, address, 2) == ["wrong_credentials"] * 2
    await auth.login(name, GOOD, address)
    assert await attempts(auth, name, WRONG, address, 1) == ["wrong_credentials"]
    with pytest.raises(TooManyAttempts):
        await auth.login(name, GOOD, address)


async def test_right_passwords_are_never_too_many(auth: Auth, name: str, address: str) -> None:
    await auth.register(name, GOOD, address)
    for _ in range(8):
        await auth.login(name, GOOD, address)


async def test_every_counter_in_redis_has_an_end(
    auth: Auth, redis: Redis, name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    await attempts(auth, name, WRONG, address, 2)
    await auth.login(name, GOOD, address)
    keys = [key async for key in redis.scan_iter(match=f"throttle:*{address}*")]
    assert len(keys) == 2
    for key in keys:
        assert 0 < await redis.ttl(key) <= LIMITS.window_s


async def test_one_address_cannot_make_endless_accounts(
    pool: "Pool", redis: Redis, address: str
) -> None:
    auth = Auth(pool, redis, KEYS, SEALS, limits=Limits(accounts_per_address=2))
    await auth.guest(address)
    await auth.guest(address)
    with pytest.raises(TooManyAttempts):
        await auth.guest(address)


async def test_without_redis_sign_in_goes_on_and_guessing_is_still_limited(
    pool: "Pool", no_redis: Redis, clock: Clock, name: str, address: str
) -> None:
    auth = Auth(pool, no_redis, KEYS, SEALS, passwords=Passwords(CHEAP), limits=LIMITS, clock=clock)
    tokens = await auth.register(name, GOOD, address)
    assert await auth.is_active(tokens.identity.sid)
    tokens = await auth.refresh(tokens.refresh)
    codes = await attempts(auth, name, WRONG, address, 5)
    assert Counter(codes) == {"wrong_credentials": 3, "too_many_attempts": 2}
    clock.now += LIMITS.lock_s
    tokens = await auth.login(name, GOOD, address)
    await auth.logout(tokens.identity.sid)
    assert not await auth.is_active(tokens.identity.sid)
    auth.close()


async def test_guests_get_names_of_their_own(auth: Auth, address: str) -> None:
    guests = await asyncio.gather(*(auth.guest(address) for _ in range(20)))
    assert len({tokens.identity.name for tokens in guests}) == 20
    for tokens in guests:
        assert tokens.identity.name.startswith("Guest-")
        assert auth.verify_access(tokens.access).kind == "guest"


async def test_a_bot_is_the_same_account_at_every_start(auth: Auth) -> None:
    first = await auth.ensure_bot("Bot-Anna")
    bots = await asyncio.gather(*(auth.ensure_bot("bot-anna") for _ in range(8)))
    assert {bot.account for bot in bots} == {first.account}
    assert (first.name, first.kind) == ("Bot-Anna", "bot")
    assert {bot.sid for bot in bots} == {first.sid}
    assert await auth.is_active(first.sid)
    assert auth.verify_access(auth.issue_access(first)) == first


async def test_a_bot_can_sign_in_like_a_player(auth: Auth) -> None:
    bot = await auth.ensure_bot("Bot-Anna")
    tokens = await auth.refresh((await auth.sign_in_bot("Bot-Anna")).refresh)
    assert (tokens.identity.account, tokens.identity.kind) == (bot.account, "bot")


async def test_a_bot_does_not_take_over_a_players_account(
    auth: Auth, name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    with pytest.raises(NameTaken):
        await auth.ensure_bot(name)
    with pytest.raises(NameTaken):
        await auth.sign_in_bot(name)


async def test_a_closed_account_says_so_to_its_owner_only(
    auth: Auth, name: str, address: str
) -> None:
    tokens = await auth.register(name, GOOD, address)
    assert await auth.is_active(tokens.identity.sid)
    await auth.disable(tokens.identity.account)
    assert not await auth.is_active(tokens.identity.sid)
    with pytest.raises(AccountDisabled):
        await auth.login(name, GOOD, address)
    with pytest.raises(WrongCredentials):
        await auth.login(name, WRONG, address)


async def test_the_application_can_neither_delete_nor_rename_accounts(
    auth: Auth, pool: "Pool", name: str, address: str
) -> None:
    await auth.register(name, GOOD, address)
    for statement in (
        "DELETE FROM auth.accounts",
        "UPDATE auth.accounts SET name = 'Eve'",
        "UPDATE auth.accounts SET kind = 'bot'",
        "UPDATE auth.refresh_tokens SET expires_at = 'infinity'",
        "TRUNCATE auth.sessions CASCADE",
        "DROP TABLE auth.refresh_tokens",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


async def test_it_is_ready_once_accounts_can_be_read(auth: Auth) -> None:
    assert await auth.ready()
