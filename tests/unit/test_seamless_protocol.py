"""The messages of the seamless wallet: their bytes, their limits, their names."""

import uuid
from typing import Any
from uuid import UUID

import msgspec
import pytest

from wallet.seamless.limits import AMOUNT_MAX, NAME_CHARS_MAX, TOKEN_CHARS_MAX, SeamlessLimits
from wallet.seamless.protocol import (
    FINAL_REFUSALS,
    UNDECIDED,
    Answer,
    BalanceOf,
    Code,
    Credit,
    Debit,
    Request,
    Rollback,
    decode_answer,
    decode_request,
    encode,
    transaction_uuid,
    type_of,
)

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
HEAD: dict[str, Any] = {"request_uuid": ONE, "player": "p7", "currency": "EUR", "token": "t"}
MESSAGES: tuple[Request, ...] = (
    BalanceOf(**HEAD),
    Debit(**HEAD, transaction_uuid=TWO, amount=5, table="oak"),
    Credit(**HEAD, transaction_uuid=TWO, amount=5, table="oak"),
    Rollback(**HEAD, transaction_uuid=TWO, reference_transaction_uuid=THREE, amount=5),
)


@pytest.mark.parametrize("message", MESSAGES, ids=type_of)
def test_every_message_is_read_back_and_names_its_type(message: Request) -> None:
    body = encode(message)
    assert decode_request(body) == message
    assert msgspec.json.decode(body)["type"] == type_of(message)


def test_fields_of_later_versions_are_ignored() -> None:
    fields = msgspec.json.decode(encode(MESSAGES[1])) | {"later": [1]}
    assert decode_request(msgspec.json.encode(fields)) == MESSAGES[1]
    answer = {"request_uuid": str(ONE), "code": "ok", "balance": 5, "later": {}}
    assert decode_answer(msgspec.json.encode(answer)) == Answer(
        request_uuid=ONE, code=Code.OK, balance=5
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", 0),
        ("amount", -5),
        ("amount", AMOUNT_MAX + 1),
        ("amount", 0.5),
        ("amount", "5"),
        ("amount", None),
        ("amount", True),
        ("player", ""),
        ("player", "p" * (NAME_CHARS_MAX + 1)),
        ("currency", "c" * (NAME_CHARS_MAX + 1)),
        ("table", "t" * (NAME_CHARS_MAX + 1)),
        ("token", "t" * (TOKEN_CHARS_MAX + 1)),
        ("token", None),
        ("transaction_uuid", "7"),
        ("type", "refund"),
        ("type", None),
    ],
)
def test_what_is_not_a_message_is_refused(field: str, value: object) -> None:
    fields = msgspec.json.decode(encode(MESSAGES[1])) | {field: value}
    with pytest.raises(msgspec.ValidationError):
        decode_request(msgspec.json.encode(fields))


@pytest.mark.parametrize("field", ["amount", "transaction_uuid", "request_uuid", "type", "token"])
def test_a_missing_field_is_refused(field: str) -> None:
    fields = msgspec.json.decode(encode(MESSAGES[1]))
    del fields[field]
    with pytest.raises(msgspec.ValidationError):
        decode_request(msgspec.json.encode(fields))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"code":"fine"}', b'{"code":"ok"}'])
def test_what_is_not_an_answer_is_refused(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_answer(body)


def test_every_code_says_whether_it_is_final() -> None:
    assert {Code.OK} | UNDECIDED | FINAL_REFUSALS == set(Code)
    assert not UNDECIDED & FINAL_REFUSALS


def test_a_business_action_has_one_name_for_ever() -> None:
    name = transaction_uuid("site", "debit", "in:7")
    # Written down: a changed derivation would take every debit in doubt for a new one.
    assert name == UUID("0d083c65-0148-5458-b4bf-28020f8fe51f")
    others = {
        transaction_uuid("site", "credit", "in:7"),
        transaction_uuid("site", "debit", "in:8"),
        transaction_uuid("other", "debit", "in:7"),
    }
    assert name not in others
    assert len(others) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"debit_attempts_max": 0},
        {"call_timeout_s": 9.5},
        {"claim_s": 20.0},
        {"orphan_s": 10.0},
        {"retry_s_first": 2.0},
        {"retry_s_max": 0.5},
        {"freshness_s_max": 3},
    ],
)
def test_limits_that_contradict_each_other_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        SeamlessLimits(**wrong)


def test_uuids_are_read_in_any_case() -> None:
    call = uuid.uuid4()
    body = encode(Answer(request_uuid=call, code=Code.OK)).decode()
    assert decode_answer(body.upper().replace("REQUEST_UUID", "request_uuid").replace(
        "CODE", "code").replace('"OK"', '"ok"').encode()).request_uuid == call  # fmt: skip
