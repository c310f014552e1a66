"""What an operator's wallet must do, one named check each. Each leaves the balance as it was."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from wallet.seamless.probe import AMOUNT, BALANCE_MIN, CheckFailed, Probe, again, fields
from wallet.seamless.protocol import Code, Credit, Debit, encode
from wallet.seamless.signing import SIGNATURE_HEADER, Signer

Check = Callable[[Probe], Awaitable[None]]
CHECKS: Final[list[Check]] = []
AT_ONCE: Final = 8
"""Calls that a check makes at one time."""


def check(function: Check) -> Check:
    """Its name and docstring are what an operator reads."""
    CHECKS.append(function)
    return function


class Unmoved:
    """The balance after is the balance before, give or take ``change``."""

    def __init__(self, probe: Probe, what: str, change: int = 0) -> None:
        self._probe = probe
        self._what = what
        self._change = change
        self._before = 0

    async def __aenter__(self) -> None:
        self._before = await self._probe.balance()

    async def __aexit__(self, failed: object, *_: object) -> None:
        if failed is None:
            moved = await self._probe.balance() - self._before
            if moved != self._change:
                raise CheckFailed(f"{self._what} moved the balance by {moved}, not {self._change}")


async def _pay_back(probe: Probe, debit: Debit) -> None:
    await probe.expect(probe.credit(debit.amount), Code.OK)


@check
async def balance_is_told(probe: Probe) -> None:
    """A balance is answered with ok and the player's money in minor units."""
    balance = await probe.balance()
    if balance < BALANCE_MIN:
        raise CheckFailed(f"the test player needs {BALANCE_MIN} minor units, he has {balance}")


@check
async def debit_moves_the_balance(probe: Probe) -> None:
    """A debit takes its amount, and its answer has the balance after it."""
    before = await probe.balance()
    debit = probe.debit()
    answer = await probe.expect(debit, Code.OK)
    after = await probe.balance()
    if (answer.balance, after) != (before - AMOUNT, before - AMOUNT):
        raise CheckFailed(f"{before} less {AMOUNT}: answered {answer.balance}, then {after}")
    await _pay_back(probe, debit)


@check
async def debit_is_idempotent(probe: Probe) -> None:
    """A debit that is repeated with its transaction_uuid is answered ok and done once."""
    debit = probe.debit()
    async with Unmoved(probe, "a debit sent three times", -AMOUNT):
        for _ in range(3):
            await probe.repeat(debit, Code.OK)
    await _pay_back(probe, debit)


@check
async def debits_at_once_are_one(probe: Probe) -> None:
    """The same debit many times at one moment is done once."""
    debit = probe.debit()
    async with Unmoved(probe, f"one debit sent {AT_ONCE} times at once", -AMOUNT):
        await asyncio.gather(*(probe.repeat(debit, Code.OK) for _ in range(AT_ONCE)))
    await _pay_back(probe, debit)


@check
async def debits_at_once_never_overdraw(probe: Probe) -> None:
    """Of several debits of the whole balance at one moment one succeeds."""
    whole = await probe.balance()
    debits = [probe.debit(whole) for _ in range(AT_ONCE)]
    answers = await asyncio.gather(
        *(probe.expect(debit, Code.OK, Code.INSUFFICIENT_FUNDS) for debit in debits)
    )
    for debit, answer in zip(debits, answers, strict=True):
        if answer.code is Code.OK:
            await _pay_back(probe, debit)
    paid = sum(answer.code is Code.OK for answer in answers)
    if paid != 1:
        raise CheckFailed(f"{paid} of {AT_ONCE} debits of the whole balance were paid")


@check
async def another_payload_is_refused(probe: Probe) -> None:
    """A transaction_uuid that comes again for something else is payload_mismatch."""
    debit, credit = probe.debit(), probe.credit()
    await probe.expect(debit, Code.OK)
    await probe.expect(credit, Code.OK)
    changed = msgspec.structs.replace
    async with Unmoved(probe, "a transaction_uuid used twice"):
        for other in (
            changed(debit, amount=AMOUNT + 1),
            changed(credit, amount=AMOUNT + 1),
            changed(probe.credit(), transaction_uuid=debit.transaction_uuid),
            changed(probe.rollback(debit), amount=AMOUNT + 1),
        ):
            await probe.repeat(other, Code.PAYLOAD_MISMATCH)


@check
async def insufficient_funds_are_said(probe: Probe) -> None:
    """A debit of more than the balance is insufficient_funds and takes nothing."""
    async with Unmoved(probe, "a debit of too much"):
        whole = await probe.balance()
        await probe.expect(probe.debit(whole + 1), Code.INSUFFICIENT_FUNDS)


@check
async def refused_debit_stays_refused(probe: Probe) -> None:
    """A debit once refused is refused again, also when it could be paid by then."""
    whole = await probe.balance()
    debit, credit = probe.debit(whole + 1), probe.credit()
    await probe.expect(debit, Code.INSUFFICIENT_FUNDS)
    await probe.expect(credit, Code.OK)
    async with Unmoved(probe, "a debit that had been refused"):
        await probe.repeat(debit, Code.INSUFFICIENT_FUNDS)
    await probe.expect(probe.debit(), Code.OK)


@check
async def credit_is_idempotent(probe: Probe) -> None:
    """A credit that is repeated with its transaction_uuid is answered ok and done once."""
    credit = probe.credit()
    async with Unmoved(probe, "a credit sent three times", AMOUNT):
        for _ in range(3):
            await probe.repeat(credit, Code.OK)
    await probe.expect(probe.debit(), Code.OK)


@check
async def credits_at_once_are_one(probe: Probe) -> None:
    """The same credit many times at one moment is done once."""
    credit = probe.credit()
    async with Unmoved(probe, f"one credit sent {AT_ONCE} times at once", AMOUNT):
        await asyncio.gather(*(probe.repeat(credit, Code.OK) for _ in range(AT_ONCE)))
    await probe.expect(probe.debit(), Code.OK)


@check
async def expired_token_stops_a_debit(probe: Probe) -> None:
    """A debit with an expired token is token_expired and takes nothing."""
    async with Unmoved(probe, "a debit with an expired token"):
        await probe.expect(probe.debit(token=probe.subject.expired_token), Code.TOKEN_EXPIRED)


@check
async def expired_token_stops_no_credit(probe: Probe) -> None:
    """A credit is accepted whatever its token: hands end after sessions do."""
    async with Unmoved(probe, "a credit with an expired token", AMOUNT):
        await probe.expect(probe.credit(token=probe.subject.expired_token), Code.OK)
    await probe.expect(probe.debit(), Code.OK)


@check
async def expired_token_stops_no_rollback(probe: Probe) -> None:
    """A rollback is accepted whatever its token."""
    debit = probe.debit()
    async with Unmoved(probe, "a debit and its rollback with an expired token"):
        await probe.expect(debit, Code.OK)
        await probe.expect(probe.rollback(debit, probe.subject.expired_token), Code.OK)


@check
async def rollback_returns_the_debit_once(probe: Probe) -> None:
    """A rollback gives the debit's amount back; repeated, or under another id, nothing more."""
    debit = probe.debit()
    rollback = probe.rollback(debit)
    async with Unmoved(probe, "a debit and its rollbacks"):
        await probe.expect(debit, Code.OK)
        for message in (rollback, rollback, probe.rollback(debit)):
            await probe.repeat(message, Code.OK)


@check
async def rollback_of_a_refused_debit_moves_nothing(probe: Probe) -> None:
    """The rollback of a debit that was refused is ok and gives nothing."""
    debit = probe.debit(token=probe.subject.expired_token)
    async with Unmoved(probe, "the rollback of a refused debit"):
        await probe.expect(debit, Code.TOKEN_EXPIRED)
        await probe.expect(probe.rollback(debit), Code.OK)


@check
async def rollback_before_its_debit_is_a_tombstone(probe: Probe) -> None:
    """A rollback of an unknown debit is ok; the debit that comes later is rolled_back."""
    debit = probe.debit()
    async with Unmoved(probe, "a debit after its rollback"):
        await probe.expect(probe.rollback(debit), Code.OK)
        for _ in range(2):
            await probe.repeat(debit, Code.ROLLED_BACK)


@check
async def rolled_back_debit_stays_so(probe: Probe) -> None:
    """A debit that was rolled back and is repeated is rolled_back, not done again."""
    debit = probe.debit()
    async with Unmoved(probe, "a debit repeated after its rollback"):
        await probe.expect(debit, Code.OK)
        await probe.expect(probe.rollback(debit), Code.OK)
        await probe.repeat(debit, Code.ROLLED_BACK)


@check
async def unknown_players_are_said(probe: Probe) -> None:
    """Whatever is asked of a player who is not there is unknown_player."""
    nobody = f"{probe.subject.player}-nobody"
    for message in (probe.balance_of(), probe.debit(), probe.credit()):
        stranger = msgspec.structs.replace(message, player=nobody)
        await probe.expect(stranger, Code.UNKNOWN_PLAYER)


@check
async def wrong_currencies_are_said(probe: Probe) -> None:
    """Money in a currency that is not the player's is wrong_currency and moves nothing."""
    async with Unmoved(probe, "another currency"):
        for message in (probe.debit(), probe.credit()):
            other = msgspec.structs.replace(message, currency="XXX")
            await probe.expect(other, Code.WRONG_CURRENCY)


@check
async def forged_messages_are_refused(probe: Probe) -> None:
    """No signature, another's, or one over another body: bad_signature, and nothing moves."""
    body = encode(probe.credit())
    own = probe.signer.headers(body, probe.clock())
    stranger = Signer.in_memory().headers(body, probe.clock())
    forged = own | {SIGNATURE_HEADER: stranger[SIGNATURE_HEADER]}
    async with Unmoved(probe, "a forged credit"):
        for headers in ({}, stranger, forged):
            await probe.raw_expect("credit", headers, body, Code.BAD_SIGNATURE)
        await probe.raw_expect("credit", own, body + b" ", Code.BAD_SIGNATURE)


@check
async def old_messages_are_refused(probe: Probe) -> None:
    """A timestamp outside the window, past or future, is stale_request, and nothing moves."""
    # Ten seconds more than the window: the two clocks need not agree to the second.
    off = probe.limits.freshness_s_max + 10
    async with Unmoved(probe, "a stale credit"):
        for seconds in (-off, off):
            body = encode(probe.credit())
            headers = probe.signer.headers(body, probe.clock() + seconds)
            await probe.raw_expect("credit", headers, body, Code.STALE_REQUEST)


@check
async def nonsense_is_refused(probe: Probe) -> None:
    """What is no message, or not one for this address, is bad_request, and nothing moves."""
    credit = probe.credit()
    bodies = [b"", b"{", b"[]", fields(credit, type="refund"), fields(credit, player=7)]
    bodies += [fields(credit, amount=amount) for amount in (0, -AMOUNT, 0.5, "10", 2**53)]
    async with Unmoved(probe, "nonsense"):
        for body in bodies:
            await probe.signed_expect("credit", body, Code.BAD_REQUEST)
        await probe.signed_expect("debit", encode(probe.credit()), Code.BAD_REQUEST)


@check
async def later_fields_are_ignored(probe: Probe) -> None:
    """A field that is not in the protocol yet does not make a message unreadable."""
    credit: Credit = probe.credit()
    body = fields(again(credit), from_a_later_version={"round": 7})
    async with Unmoved(probe, "a credit with a new field", AMOUNT):
        await probe.signed_expect("credit", body, Code.OK)
    await probe.expect(probe.debit(), Code.OK)
