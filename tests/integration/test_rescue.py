"""Accounts that are given back: real Postgres, real Redis, letters in a folder."""

import email
import email.policy
import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import pyotp
import pytest
from redis.asyncio import Redis

from auth.credentials import MONEY_LOCK
from auth.doors import Doors
from auth.errors import (
    AccountUnknown,
    EmailInvalid,
    MailTokenInvalid,
    MoneyLocked,
    PasskeyInvalid,
    RescueDecided,
    RescueNeedsAnother,
    RescueUnknown,
    RescueWaits,
    RoleHeld,
    WrongCredentials,
)
from auth.keys import SigningKeys
from auth.mail import FileSink
from auth.passkeys import site_of
from auth.passwords import Cost, Passwords
from auth.recovery import RESCUE_TTL
from auth.rescue import Rescues
from auth.rights import Role
from auth.seals import Seals
from auth.service import Auth
from auth.tokens import Identity
from tests.authenticator import Authenticator

if TYPE_CHECKING:
    from auth.accounts import Pool

PASSWORD, OTHER, HERE = "correct horse battery", "another long password", "10.0.0.1"
URL = "https://room.example"


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_010.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def auth(pool: "Pool", redis_url: str, clock: Clock, tmp_path: Path) -> AsyncIterator[Auth]:
    async with Redis.from_url(redis_url) as redis:
        yield Auth(
            pool, redis, SigningKeys.in_memory(), Seals.in_memory(),
            mailer=FileSink(tmp_path, "room@example.org"), url=URL,
            passwords=Passwords(Cost(1, 8, 1)), clock=clock,
        )  # fmt: skip


@pytest.fixture
def rescues(auth: Auth, pool: "Pool") -> Rescues:
    return Rescues(auth, pool)


@pytest.fixture
async def ann(auth: Auth, pool: "Pool") -> Identity:
    who = (await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)).identity
    await pool.execute(
        "UPDATE auth.accounts SET email = $2, email_verified_at = now() WHERE id = $1",
        who.account, f"old-{uuid4().hex[:8]}@example.org",
    )  # fmt: skip
    return who


async def letters(auth: Auth, folder: Path) -> dict[str, str]:
    """By whom they are to, since the last look."""
    await auth.recovery.sent()
    return taken(folder)


def taken(folder: Path) -> dict[str, str]:
    found = {}
    for path in folder.glob("*.eml"):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        found[str(letter["To"])] = letter.get_content()
        path.unlink()
    return found


def token_in(text: str) -> str:
    found = re.search(r"token=([\w-]+)", text)
    assert found is not None
    return found[1]


async def test_an_account_is_given_back_by_two_and_everything_before_is_gone(
    auth: Auth, rescues: Rescues, ann: Identity, clock: Clock, tmp_path: Path, pool: "Pool"
) -> None:
    doors, device = Doors(auth, pool, site_of(URL)), Authenticator(URL)
    made = json.dumps(device.create(await doors.new_passkey(ann))).encode()
    await doors.add_passkey(ann, "phone", made)
    totp = pyotp.TOTP((await auth.enrol_factor(ann, PASSWORD, HERE)).secret)
    codes = await auth.confirm_factor(ann.account, totp.at(int(clock.now)))
    await letters(auth, tmp_path)

    proposal = await rescues.propose(ann.account, "new@example.org", "passport, by video", "sue")
    assert [each.id for each in await rescues.waiting()] == [proposal.id]
    with pytest.raises(RescueWaits):
        await rescues.propose(ann.account, "", "again", "tom")
    for self_approval in ("sue", "SUE"):
        with pytest.raises(RescueNeedsAnother):
            await rescues.decide(proposal.id, True, self_approval)
    assert await auth.is_active(ann.sid)
    assert await letters(auth, tmp_path) == {}

    decided = await rescues.decide(proposal.id, True, "tom")
    assert (decided.state, await rescues.waiting()) == ("approved", [])
    with pytest.raises(RescueDecided):
        await rescues.decide(proposal.id, False, "tom")
    assert not await auth.is_active(ann.sid)
    sent = await letters(auth, tmp_path)
    (old,) = [text for to, text in sent.items() if to.startswith("old-")]
    assert ann.name in old
    assert "token=" not in old
    token = token_in(sent["new@example.org"])

    # Until it is used, the owner can still sign in and object, but moves no money.
    clock.now += 30
    owner = (await auth.login(ann.name, PASSWORD, HERE, code=totp.at(int(clock.now)))).identity
    with pytest.raises(MoneyLocked):
        await auth.check_money(owner)
    with pytest.raises(MoneyLocked) as locked:
        await auth.may_enter(ann.account, "oak", True)
    assert locked.value.retry_after_s == int(MONEY_LOCK.total_seconds()) - 30
    await auth.may_enter(ann.account, "oak", False)  # he may watch

    clock.now += 3_600
    await auth.reset_password(token, OTHER)
    with pytest.raises(MailTokenInvalid):
        await auth.reset_password(token, OTHER)
    assert not await auth.is_active(owner.sid)
    with pytest.raises(WrongCredentials):
        await auth.login(ann.name, PASSWORD, HERE, code=codes[0])
    again = (await auth.login(ann.name, OTHER, HERE)).identity
    assert again.account == ann.account
    shown = json.dumps(device.get(await doors.ask_passkey())).encode()
    with pytest.raises(PasskeyInvalid):
        await doors.enter_by_passkey(shown, HERE, "")
    has = await auth.recovery.address(ann.account)
    assert (has.email, has.verified) == ("new@example.org", True)

    clock.now += MONEY_LOCK.total_seconds() - 1
    with pytest.raises(MoneyLocked):
        await auth.check_money(again)
    clock.now += 1
    await auth.may_enter(ann.account, "oak", True)


async def test_a_token_is_good_for_a_day_and_a_no_mails_none(
    auth: Auth, rescues: Rescues, ann: Identity, clock: Clock, tmp_path: Path
) -> None:
    refused = await rescues.propose(ann.account, "", "x", "sue")
    await rescues.decide(refused.id, False, "sue")  # his own he may take back
    assert await letters(auth, tmp_path) == {}
    assert await auth.is_active(ann.sid)
    await auth.check_money(ann)
    second = await rescues.propose(ann.account, "", "x", "sue")
    assert second.email.startswith("old-")
    await rescues.decide(second.id, True, "tom")
    (text,) = (await letters(auth, tmp_path)).values()
    clock.now += RESCUE_TTL.total_seconds() + 1
    with pytest.raises(MailTokenInvalid):
        await auth.reset_password(token_in(text), OTHER)


async def test_a_token_gives_no_operator_s_account_back(
    auth: Auth, rescues: Rescues, ann: Identity, tmp_path: Path
) -> None:
    approved = await rescues.propose(ann.account, "", "x", "sue")
    await rescues.decide(approved.id, True, "tom")
    (text,) = (await letters(auth, tmp_path)).values()
    assert f"{URL}/reset/#token=" in text
    await auth.roles.grant(ann.name, Role.ADMIN, "root")
    with pytest.raises(MailTokenInvalid):
        await auth.reset_password(token_in(text), OTHER)
    await auth.login(ann.name, PASSWORD, HERE)


async def test_who_can_not_be_given_back(auth: Auth, rescues: Rescues, pool: "Pool") -> None:
    guest = (await auth.guest(HERE)).identity
    bob = (await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)).identity
    for nobody in (uuid4(), guest.account):
        with pytest.raises(AccountUnknown):
            await rescues.propose(nobody, "a@example.org", "x", "sue")
    for wrong in ("", "no address", "a@b\n.org"):
        with pytest.raises(EmailInvalid):
            await rescues.propose(bob.account, wrong, "x", "sue")
    waits = await rescues.propose(bob.account, "a@example.org", "x", "sue")
    await auth.roles.grant(bob.name, Role.ADMIN, "root")
    with pytest.raises(RoleHeld):
        await rescues.decide(waits.id, True, "tom")
    await rescues.decide(waits.id, False, "tom")
    with pytest.raises(RoleHeld):
        await rescues.propose(bob.account, "a@example.org", "x", "sue")
    with pytest.raises(RescueUnknown):
        await rescues.decide(waits.id + 1, True, "tom")


async def test_the_database_too_wants_two(
    rescues: Rescues, ann: Identity, pool: "Pool", clock: Clock
) -> None:
    waits = await rescues.propose(ann.account, "", "x", "sue")
    with pytest.raises(asyncpg.CheckViolationError):
        await pool.execute(
            "UPDATE auth.rescues SET state = 'approved', decider = 'Sue', decided_at = now()"
            " WHERE id = $1", waits.id,
        )  # fmt: skip
    assert timedelta(hours=24) == MONEY_LOCK
