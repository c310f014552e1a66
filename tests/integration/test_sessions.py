"""Sessions and rotating refresh tokens on real Postgres and Redis."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from auth.errors import AccountDisabled, RefreshInvalid, RefreshReused
from auth.keys import SigningKeys
from auth.seals import Seals
from auth.service import Auth
from auth.sessions import CHANNEL, REFRESH_GRACE, REFRESH_TTL, SESSION_TTL
from auth.tokens import Tokens, new_refresh

if TYPE_CHECKING:
    from auth.accounts import Pool

KEYS = SigningKeys.in_memory()
SEALS = Seals.in_memory()
DAY_S = 86_400
GRACE_S = REFRESH_GRACE.total_seconds()


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
def clock() -> Clock:
    return Clock()


@pytest.fixture
def auth(pool: "Pool", redis: Redis, clock: Clock) -> Auth:
    return Auth(pool, redis, KEYS, SEALS, clock=clock)


@pytest.fixture
async def tokens(auth: Auth) -> Tokens:
    return await auth.guest(f"test-{uuid4().hex}")


async def living(pool: "Pool", tokens: Tokens) -> int:
    """How many tokens of the session could be traded."""
    count: int = await pool.fetchval(
        "SELECT count(*) FROM auth.refresh_tokens t JOIN auth.sessions s ON s.id = t.session"
        " WHERE s.id = $1 AND s.revoked_at IS NULL AND t.used_at IS NULL",
        tokens.identity.sid,
    )
    return count


async def test_a_refresh_gives_a_new_pair_of_the_same_session(auth: Auth, tokens: Tokens) -> None:
    fresh = await auth.refresh(tokens.refresh)
    assert fresh.identity == tokens.identity
    assert fresh.refresh != tokens.refresh
    assert auth.verify_access(fresh.access) == tokens.identity


async def test_using_a_refresh_token_again_ends_the_whole_session(
    auth: Auth, tokens: Tokens, clock: Clock
) -> None:
    fresh = await auth.refresh(tokens.refresh)
    assert await auth.is_active(tokens.identity.sid)
    clock.now += GRACE_S
    with pytest.raises(RefreshReused):
        await auth.refresh(tokens.refresh)
    assert not await auth.is_active(tokens.identity.sid)
    with pytest.raises(RefreshInvalid):
        await auth.refresh(fresh.refresh)


async def test_a_refresh_whose_answer_was_lost_may_be_repeated(
    auth: Auth, tokens: Tokens, clock: Clock
) -> None:
    lost = await auth.refresh(tokens.refresh)
    clock.now += GRACE_S - 1
    fresh = await auth.refresh(tokens.refresh)
    assert fresh.identity == lost.identity == tokens.identity
    assert fresh.refresh not in (lost.refresh, tokens.refresh)
    clock.now += DAY_S
    assert await auth.refresh(fresh.refresh)
    assert await auth.is_active(tokens.identity.sid)


async def test_the_second_answer_may_be_lost_too(auth: Auth, tokens: Tokens) -> None:
    for _ in range(3):
        fresh = await auth.refresh(tokens.refresh)
    assert await auth.refresh(fresh.refresh)


async def test_repeats_do_not_prolong_the_grace(auth: Auth, tokens: Tokens, clock: Clock) -> None:
    for _ in range(2):
        fresh = await auth.refresh(tokens.refresh)
        clock.now += GRACE_S / 2
    with pytest.raises(RefreshReused):
        await auth.refresh(tokens.refresh)
    with pytest.raises(RefreshInvalid):
        await auth.refresh(fresh.refresh)


async def test_what_was_lost_ends_the_session_when_it_turns_up_after_a_repeat(
    auth: Auth, tokens: Tokens
) -> None:
    lost = await auth.refresh(tokens.refresh)
    fresh = await auth.refresh(tokens.refresh)
    with pytest.raises(RefreshReused):
        await auth.refresh(lost.refresh)
    assert not await auth.is_active(tokens.identity.sid)
    for token in (fresh.refresh, tokens.refresh):
        with pytest.raises((RefreshInvalid, RefreshReused)):
            await auth.refresh(token)


async def test_a_repeat_after_the_successor_was_used_ends_the_session(
    auth: Auth, tokens: Tokens
) -> None:
    fresh = await auth.refresh(tokens.refresh)
    newest = await auth.refresh(fresh.refresh)
    with pytest.raises(RefreshReused):
        await auth.refresh(tokens.refresh)
    assert not await auth.is_active(tokens.identity.sid)
    with pytest.raises(RefreshInvalid):
        await auth.refresh(newest.refresh)


async def test_a_repeat_brings_no_ended_session_back(auth: Auth, tokens: Tokens) -> None:
    await auth.refresh(tokens.refresh)
    await auth.logout(tokens.identity.sid)
    with pytest.raises(RefreshInvalid):
        await auth.refresh(tokens.refresh)
    assert not await auth.is_active(tokens.identity.sid)


async def test_a_repeat_and_a_use_of_the_successor_at_once_leave_one_living_token_at_most(
    auth: Auth, pool: "Pool"
) -> None:
    for _ in range(20):
        first = await auth.sign_in_bot("Bot-Anna")
        lost = await auth.refresh(first.refresh)
        results = await asyncio.gather(
            auth.refresh(first.refresh), auth.refresh(lost.refresh), return_exceptions=True
        )
        # Whichever came second presented a token that was used up.
        assert Counter(type(result) for result in results) == {Tokens: 1, RefreshReused: 1}
        assert await living(pool, first) == 0


async def test_a_reuse_leaves_other_sessions_alone(auth: Auth, clock: Clock) -> None:
    one, two = await auth.sign_in_bot("Bot-Anna"), await auth.sign_in_bot("Bot-Anna")
    await auth.refresh(one.refresh)
    clock.now += GRACE_S
    with pytest.raises(RefreshReused):
        await auth.refresh(one.refresh)
    assert await auth.is_active(two.identity.sid)
    assert await auth.refresh(two.refresh)


async def test_of_many_uses_at_once_one_token_lives(
    auth: Auth, tokens: Tokens, pool: "Pool"
) -> None:
    results = await asyncio.gather(*(auth.refresh(tokens.refresh) for _ in range(8)))
    assert len({result.refresh for result in results}) == 8
    assert await living(pool, tokens) == 1


async def test_of_what_many_uses_at_once_gave_one_works_and_another_ends_the_session(
    auth: Auth, tokens: Tokens
) -> None:
    given = await asyncio.gather(*(auth.refresh(tokens.refresh) for _ in range(8)))
    results = await asyncio.gather(
        *(auth.refresh(each.refresh) for each in given), return_exceptions=True
    )
    kinds = Counter(type(result) for result in results)
    assert kinds[Tokens] <= 1
    assert kinds[RefreshReused] >= 1
    assert not await auth.is_active(tokens.identity.sid)


async def test_of_many_uses_at_once_after_the_grace_none_works(
    auth: Auth, tokens: Tokens, clock: Clock, pool: "Pool"
) -> None:
    await auth.refresh(tokens.refresh)
    clock.now += GRACE_S
    results = await asyncio.gather(
        *(auth.refresh(tokens.refresh) for _ in range(8)), return_exceptions=True
    )
    assert Counter(type(result) for result in results) == {RefreshReused: 8}
    assert await living(pool, tokens) == 0


async def test_unknown_and_malformed_refresh_tokens_are_invalid(auth: Auth) -> None:
    for token in ("", "x", new_refresh()[0], "\x00" * 43):
        with pytest.raises(RefreshInvalid):
            await auth.refresh(token)


async def test_an_unused_refresh_token_expires(auth: Auth, tokens: Tokens, clock: Clock) -> None:
    clock.now += REFRESH_TTL.total_seconds()
    with pytest.raises(RefreshInvalid):
        await auth.refresh(tokens.refresh)


async def test_no_amount_of_refreshing_outlives_the_session(
    auth: Auth, tokens: Tokens, clock: Clock
) -> None:
    start = clock.now
    while clock.now < start + SESSION_TTL.total_seconds() - 20 * DAY_S:
        clock.now += 20 * DAY_S
        tokens = await auth.refresh(tokens.refresh)
    clock.now = start + SESSION_TTL.total_seconds()
    with pytest.raises(RefreshInvalid):
        await auth.refresh(tokens.refresh)


async def test_logging_out_ends_the_session_and_tells_everybody(
    auth: Auth, tokens: Tokens, redis: Redis
) -> None:
    async with redis.pubsub(ignore_subscribe_messages=True) as listener:
        await listener.subscribe(CHANNEL)
        assert await listener.get_message(timeout=5) is None  # the subscription's own answer
        assert await auth.is_active(tokens.identity.sid)
        await auth.logout(tokens.identity.sid)
        message = await listener.get_message(timeout=5)
    assert message is not None
    assert message["data"] == str(tokens.identity.sid).encode()
    assert not await auth.is_active(tokens.identity.sid)
    with pytest.raises(RefreshInvalid):
        await auth.refresh(tokens.refresh)
    await auth.logout(tokens.identity.sid)


async def test_an_unknown_session_is_not_active(auth: Auth) -> None:
    assert not await auth.is_active(uuid4())


async def test_redis_answers_for_a_session_it_knows(
    auth: Auth, tokens: Tokens, redis: Redis, pool: "Pool"
) -> None:
    sid = tokens.identity.sid
    assert await auth.is_active(sid)
    key = f"session:{sid}"
    assert 0 < await redis.ttl(key) <= 60
    await pool.execute("DELETE FROM auth.sessions WHERE id = $1", sid)
    assert await auth.is_active(sid)
    await redis.delete(key)
    assert not await auth.is_active(sid)


async def test_postgres_answers_when_redis_has_forgotten(
    auth: Auth, tokens: Tokens, redis: Redis
) -> None:
    sid = tokens.identity.sid
    await auth.logout(sid)
    await redis.delete(f"session:{sid}")
    assert not await auth.is_active(sid)


async def test_a_late_reader_does_not_bring_a_revoked_session_back_into_the_cache(
    auth: Auth, tokens: Tokens
) -> None:
    # The reader has its yes from Postgres, then the logout happens, then the reader caches it.
    sid = tokens.identity.sid
    await auth.logout(sid)
    await auth._sessions._remember(f"session:{sid}")
    assert not await auth.is_active(sid)


async def test_checks_and_a_logout_at_once_end_in_a_session_that_is_over(
    auth: Auth, tokens: Tokens
) -> None:
    sid = tokens.identity.sid
    await asyncio.gather(*(auth.is_active(sid) for _ in range(20)), auth.logout(sid))
    assert not await auth.is_active(sid)


async def test_signing_in_while_the_account_is_closed_leaves_no_session_behind(
    auth: Auth,
) -> None:
    bot = await auth.ensure_bot("Bot-Anna")
    results = await asyncio.gather(
        *(auth.sign_in_bot("Bot-Anna") for _ in range(10)),
        auth.disable(bot.account),
        return_exceptions=True,
    )
    for result in results[:-1]:
        assert isinstance(result, Tokens | AccountDisabled), result
        if isinstance(result, Tokens):
            assert not await auth.is_active(result.identity.sid)


async def test_sweeping_deletes_what_has_expired_and_nothing_else(
    auth: Auth, tokens: Tokens, clock: Clock, pool: "Pool"
) -> None:
    fresh = await auth.refresh(tokens.refresh)
    await auth.sweep()
    clock.now += GRACE_S
    with pytest.raises(RefreshReused):  # the used token is still known as used
        await auth.refresh(tokens.refresh)
    clock.now += SESSION_TTL.total_seconds() - 1
    late = await auth.guest("test")
    clock.now += 1
    await auth.sweep()
    assert await pool.fetchval("SELECT count(*) FROM auth.sessions") == 1
    assert await auth.refresh(late.refresh)
    with pytest.raises(RefreshInvalid):
        await auth.refresh(fresh.refresh)
