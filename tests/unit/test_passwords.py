"""Passwords, names and the limits on guessing, without a server."""

import asyncio
import threading

import pytest

from auth.errors import (
    NameInvalid,
    PasswordCommon,
    PasswordTooLong,
    PasswordTooShort,
    TooManyAttempts,
)
from auth.names import check_form, check_name, guest_name
from auth.passwords import COST, Cost, Passwords, check_password
from auth.throttle import LocalCounters, network

CHEAP = Cost(passes=1, memory_kib=64, lanes=1)
GOOD = "correct horse battery"


async def test_a_password_opens_its_own_hash_and_no_other() -> None:
    passwords = Passwords(CHEAP)
    stored = await passwords.hash(GOOD)
    assert await passwords.verify(stored, GOOD)
    assert not await passwords.verify(stored, GOOD + "!")
    assert stored != await passwords.hash(GOOD)
    assert GOOD not in stored


async def test_the_real_cost_is_argon2id_as_rfc_9106_recommends() -> None:
    stored = await Passwords().hash(GOOD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert Cost() == COST


async def test_without_an_account_the_same_work_ends_in_no() -> None:
    passwords = Passwords(CHEAP)
    assert not await passwords.verify(None, GOOD)
    assert not await passwords.verify(None, "nobody's password")


async def test_a_hash_of_another_cost_still_opens_and_asks_to_be_renewed() -> None:
    stored = await Passwords(CHEAP).hash(GOOD)
    dearer = Passwords(Cost(passes=2, memory_kib=64, lanes=1))
    assert await dearer.verify(stored, GOOD)
    assert dearer.needs_rehash(stored)
    assert not Passwords(CHEAP).needs_rehash(stored)


async def test_a_broken_hash_opens_to_nobody() -> None:
    assert not await Passwords(CHEAP).verify("not a hash", GOOD)


async def test_the_two_ways_to_type_an_accent_are_one_password() -> None:
    passwords = Passwords(CHEAP)
    stored = await passwords.hash("caf\u00e9 au lait")
    assert await passwords.verify(stored, "cafe\u0301 au lait")


@pytest.mark.parametrize(
    "password",
    ["1234567890", "qwertyuiop", "password12", "Password123!", "iloveyou123", "hunter2hunter2",
     "aaaaaaaaaa", "x" * 256, "P@ssw0rd1234", "1qaz2wsx3edc", "squaredeal", "annabel-12"],
)  # fmt: skip
async def test_what_everybody_would_try_first_is_not_chosen(password: str) -> None:
    with pytest.raises(PasswordCommon):
        await Passwords(CHEAP).choose(password, "annabel-12")


@pytest.mark.parametrize("password", [GOOD, "pässwörd-läng", "\ud800 lone halves", "x7$kQ" * 50])
async def test_what_is_hard_to_guess_is(password: str) -> None:
    passwords = Passwords(CHEAP)
    assert await passwords.verify(await passwords.choose(password, "annabel-12"), password)


async def test_an_old_password_that_is_common_still_signs_in_and_is_renewed() -> None:
    assert await Passwords(CHEAP).hash("1234567890")


def test_a_password_has_a_shortest_and_a_longest_length() -> None:
    check_password("a" * 10)
    check_password("a" * 256)
    with pytest.raises(PasswordTooShort):
        check_password("a" * 9)
    with pytest.raises(PasswordTooLong):
        check_password("a" * 257)
    with pytest.raises(PasswordTooLong):
        check_password("é" * 129)


async def test_an_endless_password_is_refused_without_work() -> None:
    passwords = Passwords(CHEAP, queue_max=0)
    assert not await passwords.verify(None, "a" * 1_000_000)


async def test_hashing_leaves_the_loop_free_and_a_flood_is_refused() -> None:
    passwords = Passwords(CHEAP, threads=1, queue_max=2)
    gate = threading.Event()
    passwords._threads.submit(gate.wait)  # the only thread is busy until the gate opens
    first = asyncio.create_task(passwords.hash(GOOD))
    second = asyncio.create_task(passwords.hash(GOOD))
    await asyncio.sleep(0)
    with pytest.raises(TooManyAttempts) as caught:
        await passwords.hash(GOOD)
    assert caught.value.retry_after_s == 1
    gate.set()
    assert await first != await second
    assert await passwords.hash(GOOD)


@pytest.mark.parametrize("name", ["Ada", "ada-lovelace_1815", "7even", "x" * 20, "Adminton"])
def test_ordinary_names_are_welcome(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name",
    ["", "Al", "x" * 21, "-ada", "_ada", "ada lovelace", "ada\n", "Ädä", "аda", "ad\u200ba", "a.b"],
)
def test_names_of_another_form_are_refused(name: str) -> None:
    with pytest.raises(NameInvalid):
        check_form(name)


@pytest.mark.parametrize("name", ["admin", "DEALER", "SquareDeal", "Guest-7F3K", "bot-anna"])
def test_reserved_names_are_refused_in_any_case(name: str) -> None:
    with pytest.raises(NameInvalid):
        check_name(name)


def test_guests_get_short_names_that_can_be_read_aloud() -> None:
    for attempt in range(4):
        name = guest_name(attempt)
        check_form(name)
        assert not set("01OIL") & set(name.removeprefix("Guest-"))


def test_a_local_count_starts_again_after_its_window() -> None:
    counters = LocalCounters()
    assert counters.hit("a", 60, now=0.0) == (1, 60)
    assert counters.hit("a", 60, now=59.5) == (2, 1)
    assert counters.hit("a", 60, now=60.0) == (1, 60)


def test_local_counts_are_bounded_and_the_oldest_goes_first() -> None:
    counters = LocalCounters(keys_max=2)
    for key in ("a", "b", "c"):
        counters.hit(key, 60, now=0.0)
    assert counters.hit("b", 60, now=1.0)[0] == 2
    assert counters.hit("a", 60, now=1.0)[0] == 1


def test_a_local_count_can_be_taken_back_or_forgotten() -> None:
    counters = LocalCounters()
    counters.hit("a", 60, now=0.0)
    counters.hit("a", 60, now=0.0)
    counters.undo("a")
    assert counters.hit("a", 60, now=0.0)[0] == 2
    counters.forget("a")
    assert counters.hit("a", 60, now=0.0)[0] == 1


def test_an_ipv6_network_counts_as_one_address() -> None:
    assert network("192.0.2.7") == "192.0.2.7"
    assert network("2001:db8::1") == network("2001:db8::ffff") == "2001:db8::"
    assert network("2001:db8:0:1::1") != network("2001:db8::1")
    assert network("::1") == "::"
    assert network("::ffff:192.0.2.7") == "192.0.2.7"
    assert len(network("x" * 1_000)) <= 64
