"""The checks pass on a right operator, and each finds the wrong one it is for."""

from collections.abc import Mapping

import httpx
import msgspec
import pytest

from tests.seamless import CURRENCY, LIMITS, RICH, TOKEN, URL, Clock, Line
from wallet.seamless.checker import Finding, findings
from wallet.seamless.checks import CHECKS
from wallet.seamless.errors import SignatureInvalid, Stale
from wallet.seamless.faults import Fault, Faults
from wallet.seamless.operator_book import Customer, OperatorBook
from wallet.seamless.probe import Probe, Subject
from wallet.seamless.protocol import (
    Answer,
    Code,
    Credit,
    Debit,
    Movement,
    Request,
    Rollback,
    decode_request,
)
from wallet.seamless.signing import Signer, Verifier
from wallet.seamless.simulator import Call, Simulator

SUBJECT = Subject(player="p7", currency=CURRENCY, token=TOKEN, expired_token="old")


async def run(
    book: type[OperatorBook] = OperatorBook,
    simulator: type[Simulator] = Simulator,
    verifier: type[Verifier] = Verifier,
    rates: Mapping[Fault, float] | None = None,
) -> list[Finding]:
    clock, signer = Clock(), Signer.in_memory()
    books = book({"p7": Customer(CURRENCY, RICH, {TOKEN})})
    keys = verifier([signer.public], LIMITS.freshness_s_max, clock)
    line = Line(simulator(books, keys, Faults(rates or {}, 1)))
    async with httpx.AsyncClient(transport=line) as http:
        probe = Probe(URL, signer, SUBJECT, LIMITS, clock, http)
        return [finding async for finding in findings(probe)]


def failed(found: list[Finding]) -> set[str]:
    return {each.name for each in found if not each.passed}


async def test_the_simulator_passes_every_check() -> None:
    found = await run()
    assert failed(found) == set()
    assert len(found) == len(CHECKS) == 23
    assert all(each.says.endswith(".") for each in found)


async def test_checks_can_be_run_by_name() -> None:
    clock, signer = Clock(), Signer.in_memory()
    async with httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(500))) as h:
        probe = Probe(URL, signer, SUBJECT, LIMITS, clock, h)
        found = [each async for each in findings(probe, frozenset({"balance_is_told"}))]
    assert [(each.name, each.failure) for each in found] == [
        ("balance_is_told", "balance: status 500")
    ]


class NoTombstone(OperatorBook):
    def _rollback(self, message: Rollback) -> Code:
        known = message.reference_transaction_uuid in self._codes
        return super()._rollback(message) if known else Code.OK


class TokenForAll(OperatorBook):
    def _credit(self, message: Credit) -> Code:
        return self._forbids(message, [self._token]) or super()._credit(message)

    def _rollback(self, message: Rollback) -> Code:
        return self._forbids(message, [self._token]) or super()._rollback(message)


class TokenForNone(OperatorBook):
    def _token(self, customer: Customer, message: Request) -> Code | None:
        return None


class Forgetful(OperatorBook):
    """Knows no transaction again; rollbacks excepted."""

    def _known(self, message: Movement) -> Code | None:
        return super()._known(message) if isinstance(message, Rollback) else None


class SecondThoughts(OperatorBook):
    """Decides a refused debit anew."""

    def _known(self, message: Movement) -> Code | None:
        known = super()._known(message)
        final = known in (Code.OK, Code.PAYLOAD_MISMATCH, Code.ROLLED_BACK)
        return known if final else None


class AnyPayload(OperatorBook):
    def _known(self, message: Movement) -> Code | None:
        if message.transaction_uuid in self._rolled_back:
            return Code.ROLLED_BACK
        return self._codes.get(message.transaction_uuid)


class Generous(OperatorBook):
    def _funds(self, customer: Customer, message: Request) -> Code | None:
        assert isinstance(message, Debit)
        customer.balance = max(customer.balance, message.amount)
        return None


class PaysTwice(OperatorBook):
    """Every new rollback of a debit pays."""

    def _rollback(self, message: Rollback) -> Code:
        self._rolled_back.discard(message.reference_transaction_uuid)
        return super()._rollback(message)


class PaysForNothing(OperatorBook):
    """A rollback pays whatever became of its debit."""

    def _rollback(self, message: Rollback) -> Code:
        self._rolled_back.add(message.reference_transaction_uuid)
        return self._move(message, message.amount)


class Resurrects(OperatorBook):
    """Answers a debit that was rolled back as it did the first time."""

    def _known(self, message: Movement) -> Code | None:
        return self._codes.get(message.transaction_uuid) or super()._known(message)


class Silent(OperatorBook):
    def decide(self, message: Request) -> Answer:
        answer = super().decide(message)
        return msgspec.structs.replace(answer, balance=None)


class AnyCurrency(OperatorBook):
    def _forbids(self, message: Request, rules: list[object]) -> Code | None:  # type: ignore[override]
        customer = self.customers.get(message.player)
        currency = customer.currency if customer else ""
        return super()._forbids(msgspec.structs.replace(message, currency=currency), rules)  # type: ignore[arg-type]


class AnySignature(Verifier):
    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        try:
            super().verify(headers, body)
        except SignatureInvalid:
            return


class AnyTime(Verifier):
    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        try:
            super().verify(headers, body)
        except Stale:
            return


class AnyAddress(Simulator):
    def process(self, call: Call) -> Answer:
        try:
            kind = str(decode_request(call.body).__struct_config__.tag)
        except msgspec.DecodeError:
            kind = call.type
        return super().process(call._replace(type=kind))


class Strict(Simulator):
    """Refuses what it does not know."""

    def process(self, call: Call) -> Answer:
        if b"from_a_later_version" in call.body:
            return Answer(request_uuid=None, code=Code.BAD_REQUEST)
        return super().process(call)


class Nameless(Simulator):
    """Does not say which call it answers."""

    def process(self, call: Call) -> Answer:
        return msgspec.structs.replace(super().process(call), request_uuid=None)


@pytest.mark.parametrize(
    ("book", "found"),
    [
        (NoTombstone, {"rollback_before_its_debit_is_a_tombstone"}),
        (TokenForAll, {"expired_token_stops_no_credit", "expired_token_stops_no_rollback"}),
        (
            TokenForNone,
            {"expired_token_stops_a_debit", "rollback_of_a_refused_debit_moves_nothing"},
        ),
        (
            Forgetful,
            {
                "debit_is_idempotent", "debits_at_once_are_one", "another_payload_is_refused",
                "refused_debit_stays_refused", "credit_is_idempotent", "credits_at_once_are_one",
                "rollback_before_its_debit_is_a_tombstone", "rolled_back_debit_stays_so",
            },
        ),
        (SecondThoughts, {"refused_debit_stays_refused"}),
        (AnyPayload, {"another_payload_is_refused"}),
        (
            Generous,
            {
                "debits_at_once_never_overdraw", "insufficient_funds_are_said",
                "refused_debit_stays_refused",
            },
        ),
        (PaysTwice, {"rollback_returns_the_debit_once"}),
        (
            PaysForNothing,
            {
                "another_payload_is_refused", "rollback_returns_the_debit_once",
                "rollback_of_a_refused_debit_moves_nothing",
                "rollback_before_its_debit_is_a_tombstone",
            },
        ),
        (Resurrects, {"rolled_back_debit_stays_so", "another_payload_is_refused"}),
        (AnyCurrency, {"wrong_currencies_are_said"}),
    ],
)  # fmt: skip
async def test_a_wrong_book_is_found(book: type[OperatorBook], found: set[str]) -> None:
    assert failed(await run(book)) == found


async def test_an_operator_who_tells_no_balance_is_found() -> None:
    assert {"balance_is_told", "debit_moves_the_balance"} <= failed(await run(Silent))


async def test_unchecked_signatures_and_times_are_found() -> None:
    assert failed(await run(verifier=AnySignature)) == {"forged_messages_are_refused"}
    assert failed(await run(verifier=AnyTime)) == {"old_messages_are_refused"}


async def test_wrong_reading_is_found() -> None:
    assert failed(await run(simulator=AnyAddress)) == {"nonsense_is_refused"}
    assert failed(await run(simulator=Strict)) == {"later_fields_are_ignored"}
    assert "balance_is_told" in failed(await run(simulator=Nameless))


@pytest.mark.parametrize("fault", [each for each in Fault if each is not Fault.DUPLICATE])
async def test_faults_are_said_and_raise_nothing(fault: Fault) -> None:
    found = await run(rates={fault: 1.0})
    harmless = fault is Fault.SLOW
    assert len(failed(found)) == (0 if harmless else len(CHECKS))
