"""Addresses and lost passwords, by mail: real Postgres and Redis, letters in a folder; and a real
relay over TLS."""

import email
import email.policy
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import trustme
from aiosmtpd.controller import Controller
from redis.asyncio import Redis

from auth.errors import (
    EmailInvalid,
    EmailTaken,
    MailFailed,
    MailTokenInvalid,
    PasswordTooShort,
    TooManyAttempts,
    WrongCredentials,
)
from auth.keys import SigningKeys
from auth.mail import FileSink, Letter, NoMail, Smtp
from auth.passwords import Cost, Passwords
from auth.recovery import RESET_TTL, VERIFY_TTL
from auth.seals import Seals
from auth.service import Auth
from auth.throttle import Limits
from auth.tokens import Tokens
from serve.mailer import MailConfig, mailer_of
from serve.process import free_port

if TYPE_CHECKING:
    from auth.accounts import Pool

KEYS, SEALS = SigningKeys.in_memory(), Seals.in_memory()
PASSWORD, OTHER = "correct horse battery", "another long password"
SENDER, URL = "room@example.org", "https://room.example"
BEGIN = 1_700_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> float:
        return self.now


class Post:
    """Who reads the letters."""

    def __init__(self, folder: Path, auth: Auth) -> None:
        self._folder = folder
        self._auth = auth
        self._read: set[Path] = set()

    async def letters(self) -> list[EmailMessage]:
        """Those that have come since."""
        await self._auth.recovery.sent()
        new = [path for path in self._folder.glob("*.eml") if path not in self._read]
        self._read |= set(new)
        read = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                for path in new]  # fmt: skip
        return [each for each in read if isinstance(each, EmailMessage)]

    async def token(self) -> str:
        """In the only new letter."""
        (letter,) = await self.letters()
        found = re.search(r"token=([\w-]+)", letter.get_content())
        assert found is not None
        return found[1]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def auth(pool: "Pool", redis_url: str, clock: Clock, tmp_path: Path) -> AsyncIterator[Auth]:
    async with Redis.from_url(redis_url) as redis:
        yield Auth(
            pool, redis, KEYS, SEALS, mailer=FileSink(tmp_path / "mail", SENDER), url=URL,
            passwords=Passwords(Cost(1, 8, 1)), clock=clock,
        )  # fmt: skip


@pytest.fixture
def post(auth: Auth, tmp_path: Path) -> Post:
    return Post(tmp_path / "mail", auth)


def mailbox() -> str:
    return f"{uuid4().hex[:12]}@example.org"


async def signed_in(auth: Auth) -> Tokens:
    return await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)


async def claim(auth: Auth, who: Tokens, address: str) -> None:
    await auth.claim_email(who.identity, address, PASSWORD, "", uuid4().hex)


async def verified(auth: Auth, post: Post, address: str) -> Tokens:
    who = await signed_in(auth)
    await claim(auth, who, address)
    await auth.verify_email(await post.token())
    return who


async def test_an_address_counts_once_its_mail_has_come_back(auth: Auth, post: Post) -> None:
    ann, address = await signed_in(auth), mailbox()
    await claim(auth, ann, address)
    assert (await auth.recovery.address(ann.identity.account)).email is None
    (letter,) = await post.letters()
    assert (letter["To"], letter["From"]) == (address, SENDER)
    token = re.search(r"https://room\.example/verify/#token=([\w-]+)", letter.get_content())
    assert token is not None
    await auth.verify_email(token[1])
    has = await auth.recovery.address(ann.identity.account)
    assert (has.email, has.verified) == (address, True)
    with pytest.raises(MailTokenInvalid):
        await auth.verify_email(token[1])


async def test_whoever_changes_it_shows_his_password_and_the_old_mailbox_hears(
    auth: Auth, post: Post
) -> None:
    first, second = mailbox(), mailbox()
    ann = await verified(auth, post, first)
    with pytest.raises(WrongCredentials):
        await auth.claim_email(ann.identity, second, "not this one", "", uuid4().hex)
    await auth.forgot(first, uuid4().hex)
    on_its_way = await post.token()
    await claim(auth, ann, second)
    await auth.verify_email(await post.token())
    (told,) = await post.letters()
    assert told["To"] == first
    with pytest.raises(MailTokenInvalid):
        await auth.reset_password(on_its_way, OTHER)


async def test_a_lost_password_is_replaced_and_every_session_ends(auth: Auth, post: Post) -> None:
    address = mailbox()
    ann = await verified(auth, post, address)
    await auth.forgot(address.upper(), uuid4().hex)
    token = await post.token()
    with pytest.raises(PasswordTooShort):
        await auth.reset_password(token, "short")
    await auth.reset_password(token, OTHER)
    assert not await auth.is_active(ann.identity.sid)
    with pytest.raises(WrongCredentials):
        await auth.login(ann.identity.name, PASSWORD, uuid4().hex)
    await auth.login(ann.identity.name, OTHER, uuid4().hex)
    with pytest.raises(MailTokenInvalid):
        await auth.reset_password(token, PASSWORD)
    (told,) = await post.letters()
    assert "changed" in told["Subject"]


async def test_what_a_thief_has_had_mailed_dies_with_the_password(auth: Auth, post: Post) -> None:
    address = mailbox()
    ann = await verified(auth, post, address)
    await claim(auth, ann, mailbox())  # the thief's, by the password that he knows
    stolen = await post.token()
    await auth.forgot(address, uuid4().hex)
    await auth.reset_password(await post.token(), OTHER)
    with pytest.raises(MailTokenInvalid):
        await auth.verify_email(stolen)
    await post.letters()
    again = await auth.login(ann.identity.name, OTHER, uuid4().hex)
    await auth.claim_email(again.identity, mailbox(), OTHER, "", uuid4().hex)
    stolen = await post.token()
    await auth.change_password(again.identity, OTHER, PASSWORD, "", uuid4().hex)
    with pytest.raises(MailTokenInvalid):
        await auth.verify_email(stolen)
    assert (await auth.recovery.address(ann.identity.account)).email == address


async def test_a_sign_in_under_way_does_not_outlive_a_reset(
    auth: Auth, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = mailbox()
    ann = await verified(auth, post, address)
    await auth.forgot(address, uuid4().hex)
    token, verify = await post.token(), auth._passwords.verify

    async def slow(stored: str | None, password: str) -> bool:
        right = await verify(stored, password)
        await auth.reset_password(token, OTHER)
        return right

    monkeypatch.setattr(auth._passwords, "verify", slow)
    with pytest.raises(WrongCredentials):
        await auth.login(ann.identity.name, PASSWORD, uuid4().hex)
    assert await auth.sessions(ann.identity.account) == []


async def test_nobody_learns_whether_an_address_is_known(auth: Auth, post: Post) -> None:
    claimed = mailbox()
    await claim(auth, await signed_in(auth), claimed)
    await post.letters()
    for address in (mailbox(), claimed, "no address", "", "a@b", "x" * 300, "ann@exa\nmple.org"):
        await auth.forgot(address, uuid4().hex)
    assert await post.letters() == []


async def test_links_grow_old_and_the_newest_counts(auth: Auth, post: Post, clock: Clock) -> None:
    address = mailbox()
    await verified(auth, post, address)
    await auth.forgot(address, uuid4().hex)
    first = await post.token()
    await auth.forgot(address, uuid4().hex)
    second = await post.token()
    with pytest.raises(MailTokenInvalid):
        await auth.reset_password(first, OTHER)
    clock.now += RESET_TTL.total_seconds()
    with pytest.raises(MailTokenInvalid):
        await auth.reset_password(second, OTHER)
    bob = await signed_in(auth)
    await claim(auth, bob, mailbox())
    late = await post.token()
    clock.now += VERIFY_TTL / timedelta(seconds=1)
    for token in (late, "", "x", "A" * 43, second):
        with pytest.raises(MailTokenInvalid):
            await auth.verify_email(token)
    await auth.sweep()


async def test_one_mailbox_is_one_account_s(auth: Auth, post: Post) -> None:
    address = mailbox()
    bob = await signed_in(auth)
    await claim(auth, bob, address)
    later = await post.token()
    await verified(auth, post, address.upper())
    with pytest.raises(EmailTaken):
        await auth.verify_email(later)
    for wrong in ("bob", "bob@", "@example.org", "bob@example", "b b@example.org", "a" * 300):
        with pytest.raises(EmailInvalid):
            await claim(auth, bob, wrong)


async def test_nobody_is_flooded_with_mail(auth: Auth, post: Post) -> None:
    address = mailbox()
    for _ in range(Limits().mails_per_mailbox):
        await auth.forgot(address, uuid4().hex)
    with pytest.raises(TooManyAttempts):
        await auth.forgot(address.upper(), uuid4().hex)
    here = uuid4().hex
    for _ in range(Limits().mails_per_address):
        await auth.forgot(mailbox(), here)
    with pytest.raises(TooManyAttempts):
        await auth.forgot(mailbox(), here)


async def test_another_password_ends_the_other_sessions(auth: Auth) -> None:
    ann = await signed_in(auth)
    elsewhere = (await auth.login(ann.identity.name, PASSWORD, uuid4().hex)).identity
    await auth.change_password(ann.identity, PASSWORD, OTHER, "", uuid4().hex)
    assert await auth.is_active(ann.identity.sid)
    assert not await auth.is_active(elsewhere.sid)
    with pytest.raises(WrongCredentials):
        await auth.change_password(ann.identity, PASSWORD, OTHER, "", uuid4().hex)


async def test_without_a_way_out_that_is_said(pool: "Pool", redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        auth = Auth(pool, redis, KEYS, SEALS, mailer=NoMail(), passwords=Passwords(Cost(1, 8, 1)))
        with pytest.raises(MailFailed):
            await claim(auth, await signed_in(auth), mailbox())


class Inbox:
    """What the relay was given."""

    def __init__(self) -> None:
        self.taken: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        return "250 taken"


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def relay(authority: trustme.CA) -> Iterator[Controller]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    running = Controller(Inbox(), hostname="127.0.0.1", port=free_port(), ssl_context=context)
    running.start()
    yield running
    running.stop()


async def test_a_relay_is_spoken_to_over_tls_alone(
    relay: Controller, authority: trustme.CA, tmp_path: Path
) -> None:
    (tmp_path / "relay").write_text(f"smtps://127.0.0.1:{relay.port}\n")
    mailer = mailer_of(MailConfig(url_file=str(tmp_path / "relay"), sender=SENDER))
    assert isinstance(mailer, Smtp)
    letter = Letter("ann@example.org", "Héllo", "Read this: ♠\n")
    with pytest.raises(ssl.SSLError):
        await mailer.send(letter)
    authority.configure_trust(mailer.context)
    await mailer.send(letter)
    (taken,) = relay.handler.taken
    assert (taken.mail_from, taken.rcpt_tos) == (SENDER, ["ann@example.org"])
    said = email.message_from_bytes(taken.content, policy=email.policy.default)
    assert (said["Subject"], said.get_content().strip()) == ("Héllo", "Read this: ♠")
    for url in ("http://x", "smtps://", "mail"):
        (tmp_path / "relay").write_text(url)
        with pytest.raises(ValueError, match="a relay is"):
            mailer_of(MailConfig(url_file=str(tmp_path / "relay")))
