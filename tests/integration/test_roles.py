"""Roles on real Postgres."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import pytest
from redis.asyncio import Redis

from auth.errors import PlayerUnknown, RoleUnknown
from auth.keys import SigningKeys
from auth.rights import GIVEN, Role
from auth.seals import Seals
from auth.service import Auth
from auth.tokens import Identity

if TYPE_CHECKING:
    from auth.accounts import Pool

SEALS = Seals.in_memory()


@pytest.fixture
async def auth(pool: "Pool", redis_url: str) -> AsyncIterator[Auth]:
    async with Redis.from_url(redis_url) as redis:
        yield Auth(pool, redis, SigningKeys.in_memory(), SEALS)


@pytest.fixture
async def ann(auth: Auth) -> Identity:
    return (await auth.register("Ann", "correct horse battery", uuid4().hex)).identity


async def test_roles_are_given_and_taken(auth: Auth, ann: Identity) -> None:
    assert await auth.roles.of(ann.account) == frozenset()
    for role in GIVEN:
        for _ in range(2):
            await auth.roles.grant("ann", role, "root")
    assert await auth.roles.of(ann.account) == frozenset(GIVEN)
    listed = await auth.roles.all()
    assert [(each.name, each.role) for each in listed] == [("Ann", role) for role in sorted(GIVEN)]
    assert {each.granted_by for each in listed} == {"root"}
    await auth.roles.revoke("ANN", Role.ADMIN)
    assert Role.ADMIN not in await auth.roles.of(ann.account)
    with pytest.raises(RoleUnknown):
        await auth.roles.revoke("ann", Role.ADMIN)


async def test_only_open_accounts_of_players_have_roles(auth: Auth, ann: Identity) -> None:
    guest = (await auth.guest(uuid4().hex)).identity
    bot = await auth.ensure_bot("Robot")
    for name in (guest.name, bot.name, "nobody-here", "a\0b", ""):
        with pytest.raises(PlayerUnknown):
            await auth.roles.grant(name, Role.FLOOR, "root")
    await auth.roles.grant("ann", Role.FLOOR, "root")
    await auth.disable(ann.account)
    assert await auth.roles.of(ann.account) == frozenset()
    with pytest.raises(PlayerUnknown):
        await auth.roles.grant("ann", Role.CASHIER, "root")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO auth.roles (account, role, granted_by) VALUES ($1, 'admin', 'me')",
        "UPDATE auth.roles SET role = 'admin' WHERE account = $1",
        "DELETE FROM auth.roles WHERE account = $1",
    ],
)
async def test_the_application_writes_roles_through_functions_alone(
    pool: "Pool", auth: Auth, ann: Identity, statement: str
) -> None:
    await auth.roles.grant("ann", Role.FLOOR, "root")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(statement, ann.account)
