"""Attacks on wallets and names: many requests at once, and names that look like others."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
from redis.asyncio import Redis

from auth.bans import Ban
from auth.errors import AuthError
from auth.keys import SigningKeys
from auth.passwords import Cost, Passwords
from auth.seals import Seals
from auth.service import Auth
from wallet.cashier import Cashier
from wallet.ledger import Ledger
from wallet.payments import DevelopmentProvider, ManualProvider

if TYPE_CHECKING:
    from auth.accounts import Pool

PASSWORD = "correct horse battery"
CHIPS = 1_000


@pytest.fixture
async def ledger(pool: "Pool") -> AsyncIterator[Ledger]:
    opened = Ledger(pool)
    yield opened
    assert (await opened.check()).problems == []


async def rich(ledger: Ledger) -> uuid.UUID:
    player = uuid.uuid4()
    await ledger.open_wallet(player)
    await ledger.grant_daily(player, CHIPS, date(2026, 1, 2))
    return player


@pytest.mark.parametrize("provider", [ManualProvider(), DevelopmentProvider()])
async def test_withdrawals_and_buy_ins_at_once_never_take_more_than_there_is(
    ledger: Ledger, pool: "Pool", provider: ManualProvider | DevelopmentProvider
) -> None:
    player, cashier = await rich(ledger), Cashier(pool, provider)

    async def withdraw(ref: str) -> int:
        result, _ = await cashier.withdraw(player, "PLAY", 300, ref)
        return 300 if result.done else 0

    async def buy_in(table: str) -> int:
        session = uuid.uuid4()
        result = await ledger.buy_in(player, table, session, 300, f"in:{session}", 1)
        return 300 if result.done else 0

    asked = [f(f"x{n}") for n in range(20) for f in (withdraw, buy_in)]
    taken = sum(await asyncio.gather(*asked))
    assert taken == 900
    assert (await ledger.balance(player)).amount == CHIPS - taken


async def test_one_withdrawal_asked_for_fifty_times_is_one(ledger: Ledger, pool: "Pool") -> None:
    player, cashier = await rich(ledger), Cashier(pool, DevelopmentProvider())
    asked = [cashier.withdraw(player, "PLAY", 300, "again") for _ in range(50)]
    await asyncio.gather(*asked)
    assert (await ledger.balance(player)).amount == CHIPS - 300
    result, _ = await cashier.withdraw(player, "PLAY", 301, "again")
    assert result.code.value == "payload_mismatch"


@pytest.fixture
async def auth(pool: "Pool", redis_url: str) -> AsyncIterator[Auth]:
    async with Redis.from_url(redis_url) as redis:
        yield Auth(
            pool, redis, SigningKeys.in_memory(), Seals.in_memory(),
            passwords=Passwords(Cost(1, 8, 1)),
        )  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["Аnn-12", "ann\u200b12", "ann\u202e12", "ﬁsh12", "ＡＮＮ12", "ann 12", " ann12", "ann12\n",
     "ann\x00", "admin", "ADMIN", "Guest-7F3K", "bot-12", "a" * 21, "", "😀😀😀", "ann'; --",
     "../../etc"],
)  # fmt: skip
async def test_no_name_looks_like_another(auth: Auth, name: str) -> None:
    with pytest.raises(AuthError) as refused:
        await auth.register(name, PASSWORD, uuid.uuid4().hex)
    assert refused.value.code == "name_invalid"
    with pytest.raises(AuthError) as unknown:
        await auth.login(name, PASSWORD, uuid.uuid4().hex)
    assert unknown.value.code == "wrong_credentials"


async def test_one_name_taken_by_fifty_at_once_is_one_account(auth: Auth) -> None:
    name = f"n{uuid.uuid4().hex[:12]}"
    cased = [name.upper() if n % 2 else name for n in range(50)]
    asked = [auth.register(each, PASSWORD, uuid.uuid4().hex) for each in cased]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, AuthError)]
    assert len(refused) == 49
    assert {each.code for each in refused} == {"name_taken"}


async def test_a_ban_races_with_signing_in(auth: Auth, pool: "Pool") -> None:
    """Whatever comes first, nobody is signed in afterwards."""
    name = f"n{uuid.uuid4().hex[:12]}"
    account = (await auth.register(name, PASSWORD, "10.0.0.1")).identity.account
    for _ in range(10):
        logins = [auth.login(name, PASSWORD, uuid.uuid4().hex) for _ in range(3)]
        await asyncio.gather(*logins, auth.ban(account, Ban(None, "x")), return_exceptions=True)
        assert await auth.sessions(account) == []
        await auth.lift_ban(account)
