"""An operator's launches on a real Postgres: one account a player, one use a token, and soon."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from redis.asyncio import Redis

from auth.errors import AccountDisabled, LaunchInvalid, LaunchRepeated
from auth.launches import LAUNCH_TTL, REQUEST_KEPT
from auth.seals import Seals
from auth.service import Auth
from auth.tokens import Tokens
from tests.integration.test_auth import KEYS, Clock
from wallet.seamless.limits import SeamlessLimits

ADDRESS = "192.0.2.1"

SEALS = Seals.in_memory()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def auth(
    pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str, clock: Clock
) -> AsyncIterator[Auth]:
    async with Redis.from_url(redis_url) as redis:
        opened = Auth(pool, redis, KEYS, SEALS, clock=clock)
        yield opened
        opened.close()


async def test_a_player_is_the_same_at_every_launch(auth: Auth) -> None:
    account = uuid4()
    first = await auth.enter(await auth.launch(account, uuid4()), ADDRESS)
    again = await auth.enter(await auth.launch(account, uuid4()), ADDRESS)
    assert first.identity.account == again.identity.account == account
    assert first.identity.sid != again.identity.sid
    assert auth.verify_access(first.access).kind == "guest"
    assert (await auth.refresh(first.refresh)).identity.account == account


async def test_a_token_signs_in_once_however_many_come_with_it(auth: Auth) -> None:
    token = await auth.launch(uuid4(), uuid4())
    tries = await asyncio.gather(
        *(auth.enter(token, ADDRESS) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(each, Tokens) for each in tries) == 1
    assert sum(isinstance(each, LaunchInvalid) for each in tries) == 7


async def test_a_token_is_good_for_a_minute(auth: Auth, clock: Clock) -> None:
    token = await auth.launch(uuid4(), uuid4())
    clock.now += LAUNCH_TTL.total_seconds()
    with pytest.raises(LaunchInvalid):
        await auth.enter(token, ADDRESS)


async def test_what_is_no_token_is_refused(auth: Auth) -> None:
    for wrong in ("", "x", "\0", "ä" * 43, "A" * 43, "A" * 44):
        with pytest.raises(LaunchInvalid):
            await auth.enter(wrong, ADDRESS)


async def test_a_message_that_comes_again_launches_nobody(auth: Auth, clock: Clock) -> None:
    """Also after a sweep, for as long as its signature could be fresh."""
    request = uuid4()
    await auth.launch(uuid4(), request)
    clock.now += LAUNCH_TTL.total_seconds() + SeamlessLimits().freshness_s_max
    await auth.sweep()
    with pytest.raises(LaunchRepeated):
        await auth.launch(uuid4(), request)
    assert REQUEST_KEPT.total_seconds() > 2 * SeamlessLimits().freshness_s_max
    clock.now += REQUEST_KEPT.total_seconds()
    await auth.sweep()
    await auth.launch(uuid4(), request)


async def test_two_launches_of_a_new_player_at_one_moment_make_one_account(auth: Auth) -> None:
    account = uuid4()
    tokens = await asyncio.gather(*(auth.launch(account, uuid4()) for _ in range(6)))
    entered = [await auth.enter(token, ADDRESS) for token in tokens]
    assert {each.identity.account for each in entered} == {account}
    assert len({each.identity.name for each in entered}) == 1


async def test_a_closed_account_is_launched_no_more(auth: Auth) -> None:
    account = uuid4()
    token = await auth.launch(account, uuid4())
    await auth.disable(account)
    with pytest.raises(AccountDisabled):
        await auth.enter(token, ADDRESS)
    with pytest.raises(AccountDisabled):
        await auth.launch(account, uuid4())
