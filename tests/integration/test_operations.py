"""What operators do to the books, and the cashier with providers of every temper."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from serve.desk import PENDING_PER_PLAYER_MAX, Desk
from tests.limits import EUR, Postgres
from wallet.cashier import Cashier
from wallet.currencies import Currency, open_currencies
from wallet.errors import AmountInvalid
from wallet.ledger import Ledger
from wallet.operations import OperationCode as Code
from wallet.operations import Operations
from wallet.payments import Answer, DevelopmentProvider, ManualProvider, Payment, PaymentState
from wallet.results import LedgerResult
from wire.http import ErrorBody, Operator
from wire.money import (
    AdjustmentRequest,
    DecisionRequest,
    OperationAnswer,
    PaymentDecisionRequest,
    PaymentInfo,
    PaymentRequest,
    PromotionRequest,
)

INVARIANTS = Path(__file__).with_name("invariants.sql").read_text("utf-8")
DAY = date(2026, 1, 2)
CHIPS = 1_000


@pytest.fixture
async def ledger(pool: Any, admin: Any) -> AsyncIterator[Ledger]:
    books = (await Postgres(pool, admin).open()).books
    assert isinstance(books, Ledger)
    yield books
    assert [row[0] for row in await admin.fetch(INVARIANTS)] == []
    assert (await books.check()).problems == (await books.verify()).problems == []


@pytest.fixture
def desk(pool: Any) -> Operations:
    return Operations(pool)


async def rich(ledger: Ledger) -> UUID:
    player = uuid.uuid4()
    await ledger.open_wallet(player)
    assert (await ledger.grant_daily(player, CHIPS, DAY)).done
    return player


# Operators


async def test_a_promotion_is_given_at_once_and_once(ledger: Ledger, desk: Operations) -> None:
    player = await rich(ledger)
    told = await desk.promote("spring", player, 50, "spring festival", "ann")
    assert told.code is Code.APPLIED
    again = await desk.promote("spring", player, 50, "spring festival", "ann")
    assert (again.code, again.id) == (Code.DUPLICATE, told.id)
    other = await desk.promote("spring", player, 51, "spring festival", "ann")
    assert other.code is Code.PAYLOAD_MISMATCH
    assert (await ledger.balance(player)).amount == CHIPS + 50
    nobody = await desk.promote("x", uuid.uuid4(), 50, "why", "ann")
    elsewhere = await desk.promote("y", player, 50, "why", "ann", EUR)
    assert nobody.code is elsewhere.code is Code.UNKNOWN_ACCOUNT


@pytest.mark.parametrize("amount", [250, -250])
async def test_an_adjustment_takes_two(ledger: Ledger, desk: Operations, amount: int) -> None:
    player = await rich(ledger)
    told = await desk.adjust("k", player, amount, "a hand was paid twice", "ann")
    assert told.code is Code.PROPOSED
    assert told.id is not None
    for same in ("ann", " ANN ", ""):
        assert (await desk.decide(told.id, True, same)).code is Code.OWN_PROPOSAL
    assert (await ledger.balance(player)).amount == CHIPS
    assert (await desk.decide(told.id, True, "ben", "seen")).code is Code.APPLIED
    assert (await ledger.balance(player)).amount == CHIPS + amount
    for approve in (True, False):
        assert (await desk.decide(told.id, approve, "cyd")).code is Code.ALREADY_DECIDED
    assert await desk.list() == []
    (shown,) = await desk.list(open_only=False)
    assert (shown.amount, shown.proposer, shown.decided_by) == (amount, "ann", "ben")
    assert (shown.state, shown.result, shown.remark) == ("applied", "applied", "seen")


async def test_a_rejected_proposal_moves_nothing(ledger: Ledger, desk: Operations) -> None:
    player = await rich(ledger)
    told = await desk.adjust("k", player, 250, "why", "ann")
    assert told.id is not None
    assert [each.id for each in await desk.list()] == [told.id]
    assert (await desk.decide(told.id, False, "ann", "my mistake")).code is Code.REJECTED
    assert (await desk.decide(told.id, True, "ben")).code is Code.ALREADY_DECIDED
    assert (await desk.decide(told.id + 1, True, "ben")).code is Code.UNKNOWN_OPERATION
    assert (await ledger.balance(player)).amount == CHIPS


async def test_no_adjustment_goes_below_the_floor(ledger: Ledger, desk: Operations) -> None:
    player = await rich(ledger)
    asked = [await desk.adjust(f"k{n}", player, -600, "why", "ann") for n in range(2)]
    told = await asyncio.gather(*(desk.decide(each.id or 0, True, "ben") for each in asked))
    assert {each.code for each in told} == {Code.APPLIED, Code.INSUFFICIENT}
    assert (await ledger.balance(player)).amount == 400
    assert sorted(each.state for each in await desk.list(False)) == ["applied", "refused"]
    for amount in (0, 2**53, -(2**53)):
        with pytest.raises(AmountInvalid):
            await desk.adjust("z", player, amount, "why", "ann")


async def test_two_approvals_at_once_are_one(ledger: Ledger, desk: Operations) -> None:
    player = await rich(ledger)
    told = await desk.adjust("k", player, 5, "why", "ann")
    codes = [
        each.code
        for each in await asyncio.gather(
            *(desk.decide(told.id or 0, True, f"op{n}") for n in range(8))
        )
    ]
    assert sorted(codes) == [Code.ALREADY_DECIDED] * 7 + [Code.APPLIED]
    assert (await ledger.balance(player)).amount == CHIPS + 5


async def test_a_transfer_is_reversed_once_by_another(
    ledger: Ledger, desk: Operations, pool: Any
) -> None:
    player = await rich(ledger)
    cashier = Cashier(pool, DevelopmentProvider())
    _, payment = await cashier.deposit(player, "PLAY", 300, "d")
    assert payment is not None
    adjusted = await desk.adjust("a", player, -40, "why", "ann")
    assert adjusted.id is not None
    await desk.decide(adjusted.id, True, "ben")
    for key, after in (
        (f"grant:{player}:{DAY}", 260),
        (f"{payment.key}:posted", -40),
        (f"adjustment:{adjusted.id}", 0),
    ):
        first, second = [await desk.reverse(f"{key}-{n}", key, "why", "ann") for n in range(2)]
        assert first.code is second.code is Code.PROPOSED
        assert first.id is not None
        assert second.id is not None
        if after < 0:
            # Not below the floor; what is owed comes back first.
            assert (await desk.decide(first.id, True, "ben")).code is Code.INSUFFICIENT
            await desk.promote("m", player, 40, "so that it can be reversed", "ann")
            assert (await desk.decide(second.id, True, "ben")).code is Code.APPLIED
        else:
            assert (await desk.decide(first.id, True, "ann")).code is Code.OWN_PROPOSAL
            assert (await desk.decide(first.id, True, "ben")).code is Code.APPLIED
            assert (await desk.decide(second.id, True, "ben")).code is Code.ALREADY_REVERSED
        late = await desk.reverse(f"{key}-late", key, "why", "ann")
        assert late.code is Code.ALREADY_REVERSED
    assert (await ledger.balance(player)).amount == 40


async def test_hands_and_chips_at_tables_are_not_reversed(
    ledger: Ledger, desk: Operations, pool: Any
) -> None:
    players = [await rich(ledger) for _ in range(2)]
    sessions = [uuid.uuid4() for _ in range(2)]
    for player, session in zip(players, sessions, strict=True):
        await ledger.buy_in(player, "oak", session, 100, f"in:{session}", 1)
    await ledger.settle("oak", 1, 1, [(sessions[0], 5), (sessions[1], -5)], 0)
    await ledger.cash_out(players[0], "oak", sessions[0], "out")
    await Cashier(pool, DevelopmentProvider()).withdraw(players[0], "PLAY", 5, "w")
    told = await desk.adjust("a", players[0], 5, "why", "ann")
    await desk.decide(told.id or 0, True, "ben")
    back = await desk.reverse("r", f"adjustment:{told.id}", "why", "ann")
    await desk.decide(back.id or 0, True, "ben")
    withdrawal = f"withdrawal:{players[0]}:w"
    for key in (
        f"in:{sessions[0]}", "hand:oak:1", "out", withdrawal, f"{withdrawal}:posted",
        f"reversal:adjustment:{told.id}",
    ):  # fmt: skip
        assert (await desk.reverse(f"x-{key}", key, "why", "ann")).code is Code.NOT_REVERSIBLE
    assert (await desk.reverse("y", "none", "why", "ann")).code is Code.UNKNOWN_TRANSFER


@pytest.mark.parametrize("role", ["squaredeal_owner", None])
async def test_what_is_decided_is_changed_by_nobody(
    ledger: Ledger, desk: Operations, admin: Any, pool: Any, role: str | None
) -> None:
    player = await rich(ledger)
    done = await desk.promote("k", player, 5, "why", "ann")
    waits = await desk.adjust("l", player, 5, "why", "ann")
    await Cashier(pool, DevelopmentProvider()).deposit(player, "PLAY", 5, "d")
    await admin.execute(f"SET ROLE {role or 'NONE'}")
    for deed in (
        f"UPDATE wallet.operations SET remark = 'x' WHERE operation_id = {done.id}",
        f"UPDATE wallet.operations SET amount = 9 WHERE operation_id = {waits.id}",
        f"UPDATE wallet.operations SET proposer = 'x' WHERE operation_id = {waits.id}",
        "DELETE FROM wallet.operations",
        "TRUNCATE wallet.operations",
        "UPDATE wallet.payments SET why = 'x'",
        "DELETE FROM wallet.payments",
        "TRUNCATE wallet.payments",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await admin.execute(deed)
    await admin.execute("SET ROLE NONE")


# The cashier


class Moody(ManualProvider):
    """Says what it is told to, or nothing."""

    name = "moody"

    def __init__(self) -> None:
        self.begins: list[Answer | Exception] = []
        self.ends: list[Answer | Exception] = []
        self.asked: list[str] = []

    async def begin(self, payment: Payment) -> Answer:
        return self._say(payment, self.begins)

    async def end(self, payment: Payment) -> Answer:
        return self._say(payment, self.ends)

    def _say(self, payment: Payment, answers: list[Answer | Exception]) -> Answer:
        self.asked.append(payment.key)
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


PENDING, POSTED, VOIDED = (Answer(state, f"it is {state}", "ref-1") for state in PaymentState)


async def test_play_chips_come_and_go_at_once_in_development(ledger: Ledger, pool: Any) -> None:
    player = await rich(ledger)
    cashier = Cashier(pool, DevelopmentProvider())
    _, paid = await cashier.deposit(player, "PLAY", 300, "a")
    _, taken = await cashier.withdraw(player, "PLAY", 100, "a")
    assert paid is not None
    assert taken is not None
    assert paid.state is taken.state is PaymentState.POSTED
    assert "no money moved" in paid.why
    assert (await ledger.balance(player)).amount == CHIPS + 200
    await ledger.open_wallet(player, EUR)
    _, euro = await cashier.deposit(player, EUR, 300, "b")
    assert euro is not None
    assert euro.state is PaymentState.PENDING
    assert (await ledger.balance(player, EUR)).amount == 0


async def test_a_provider_that_does_not_answer_is_asked_again(ledger: Ledger, pool: Any) -> None:
    player, provider = await rich(ledger), Moody()
    cashier = Cashier(pool, provider)
    provider.begins = [OSError("no line"), PENDING, POSTED]
    for state in (PaymentState.PENDING, PaymentState.PENDING, PaymentState.POSTED):
        _, payment = await cashier.deposit(player, "PLAY", 300, "a")
        assert payment is not None
        assert payment.state is state
    _, payment = await cashier.deposit(player, "PLAY", 300, "a")
    assert payment is not None
    assert len(provider.asked) == 3
    assert (payment.reference, payment.decided_by) == ("ref-1", "moody")
    assert (await ledger.balance(player)).amount == CHIPS + 300


async def test_what_has_expired_is_stopped_and_brought_back(ledger: Ledger, pool: Any) -> None:
    player, provider = await rich(ledger), Moody()
    cashier = Cashier(pool, provider, expires_s=0.0)
    provider.begins = [PENDING, PENDING]
    await cashier.withdraw(player, "PLAY", 300, "w")
    await cashier.deposit(player, "PLAY", 70, "d")
    assert (await ledger.balance(player)).amount == CHIPS - 300
    provider.ends = [OSError("no line"), PENDING]
    assert await cashier.sweep() == 0
    # Of the withdrawal nothing had moved; the money of the deposit had come after all.
    provider.ends = [VOIDED, POSTED]
    assert await cashier.sweep() == 2
    assert await cashier.sweep() == 0
    assert (await ledger.balance(player)).amount == CHIPS + 70
    states = [(each.kind, each.state, each.why) for each in await cashier.payments(player)]
    assert states == [
        ("deposit", "posted", "it is posted"),
        ("withdrawal", "voided", "it is voided"),
    ]


async def test_those_without_an_answer_keep_nobody_waiting(
    ledger: Ledger, pool: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet.cashier.SWEEP_PAYMENTS_MAX", 2)
    player, provider = await rich(ledger), Moody()
    cashier = Cashier(pool, provider, expires_s=0.0)
    provider.begins = [PENDING] * 3
    for number in range(3):
        await cashier.withdraw(player, "PLAY", 10, f"w{number}")
    provider.ends = [PENDING, PENDING, VOIDED, VOIDED, VOIDED]
    assert [await cashier.sweep() for _ in range(3)] == [0, 1, 2]
    assert provider.asked[3:] == [f"withdrawal:{player}:w{number}" for number in (0, 1, 2, 0, 1)]


async def test_only_what_has_expired_is_swept(ledger: Ledger, pool: Any) -> None:
    player = await rich(ledger)
    cashier = Cashier(pool, ManualProvider())
    await cashier.withdraw(player, "PLAY", 300, "w")
    assert await cashier.sweep() == 0
    (waiting,) = await cashier.pending()
    assert waiting.state is PaymentState.PENDING


async def test_sweeps_and_decisions_at_once_decide_once(ledger: Ledger, pool: Any) -> None:
    player = await rich(ledger)
    cashier = Cashier(pool, ManualProvider(), expires_s=0.0)
    for number in range(6):
        await cashier.withdraw(player, "PLAY", 10, f"w{number}")
    keys = [each.key for each in await cashier.pending()]
    sweeps = [asyncio.create_task(cashier.sweep()) for _ in range(2)]
    decisions = [cashier.decide(key, PaymentState.POSTED, "ann") for key in keys]
    told = await asyncio.gather(*decisions)
    posted = sum(each.code is LedgerResult.APPLIED for each in told)
    assert posted + sum(await asyncio.gather(*sweeps)) == 6
    assert await cashier.pending() == []
    assert (await ledger.balance(player)).amount == CHIPS - 10 * posted


async def test_another_providers_payment_waits_for_an_operator(ledger: Ledger, pool: Any) -> None:
    player, provider = await rich(ledger), Moody()
    provider.begins = [PENDING]
    old = Cashier(pool, provider, expires_s=0.0)
    await old.withdraw(player, "PLAY", 300, "w")
    new = Cashier(pool, ManualProvider())
    assert await new.sweep() == 0
    (waiting,) = await new.pending()
    assert (await new.decide(waiting.key, PaymentState.VOIDED, "ann", "asked them")).done
    assert (await ledger.balance(player)).amount == CHIPS


async def test_deposits_that_wait_keep_no_money_in(ledger: Ledger, pool: Any) -> None:
    player = await rich(ledger)
    counter = Desk(pool, "manual")
    for number in range(PENDING_PER_PLAYER_MAX):
        told = await counter.deposit(player, PaymentRequest(f"d{number}", 5))
        assert isinstance(told, PaymentInfo)
    refused = await counter.deposit(player, PaymentRequest("more", 5))
    assert isinstance(refused, ErrorBody)
    assert refused.code == "too_many_pending"
    out = await counter.withdraw(player, PaymentRequest("out", 5))
    assert isinstance(out, PaymentInfo)
    assert out.state == "pending"


async def test_who_never_had_a_currency_has_too_little_of_it(ledger: Ledger, pool: Any) -> None:
    player = await rich(ledger)
    await open_currencies(pool, [Currency("EUR", 2)])
    counter = Desk(pool, "manual")
    for currency, code in (("EUR", "wallet_too_small"), ("GBP", "currency_unknown")):
        told = await counter.withdraw(player, PaymentRequest("w", 5, currency))
        assert isinstance(told, ErrorBody)
        assert told.code == code


async def test_whoever_follows_a_wallet_hears_of_every_act_that_changes_it(
    ledger: Ledger, pool: Any
) -> None:
    player, by = await rich(ledger), Operator("ann")
    heard: list[None] = []
    counter = Desk(pool, "manual", lambda: heard.append(None))
    paid = await counter.withdraw(player, PaymentRequest("out", 5))
    assert isinstance(paid, PaymentInfo)
    adjust = AdjustmentRequest(by, "a", str(player), -7, "why")
    told = await counter.adjust(player, adjust)
    assert isinstance(told, OperationAnswer)
    assert len(heard) == 1, "a proposal moves nothing"
    for act in (
        counter.decide(told.id, True, DecisionRequest(Operator("bob"))),
        counter.promote(player, PromotionRequest(by, "p", str(player), 5, "why")),
        counter.decide_payment(PaymentDecisionRequest(by, paid.key, False, "why")),
        counter.deposit(player, PaymentRequest("in", 5)),
    ):
        before = len(heard)
        assert not isinstance(await act, ErrorBody)
        assert len(heard) == before + 1
