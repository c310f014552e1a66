"""docs/seamless-wallet.md says what the code does: its example, codes, fields, faults, limits."""

import re
from pathlib import Path

import msgspec
import pytest

from wallet.seamless.checks import CHECKS
from wallet.seamless.faults import Fault
from wallet.seamless.limits import BODY_BYTES_MAX, NAME_CHARS_MAX, TOKEN_CHARS_MAX, SeamlessLimits
from wallet.seamless.protocol import (
    Answer,
    Code,
    Credit,
    Debit,
    Rollback,
    decode_answer,
    decode_request,
    encode,
    transaction_uuid,
)
from wallet.seamless.signing import SIGNATURE_HEADER, Signer, Verifier, public_pem
from wallet.seamless.states import State

TEXT = (Path(__file__).parents[2] / "docs" / "seamless-wallet.md").read_text("utf-8")
SENT = 1_767_225_600


def line(start: str) -> bytes:
    found = re.search(rf"^{re.escape(start)} (.*)$", TEXT, re.MULTILINE)
    assert found
    return found[1].encode()


def test_the_worked_example_is_what_we_send() -> None:
    signer = Signer.in_memory(bytes(range(32)))
    body = line("→")
    message = decode_request(body)
    assert isinstance(message, Debit)
    assert encode(message) == body
    assert message.transaction_uuid == transaction_uuid(
        "cardroom.example", "debit", "in:7b0c5c1e-7f0a-4e0e-9a53-3d9f3a1f8f11"
    )
    headers = signer.headers(body, SENT)
    for name, value in headers.items():
        assert f"{name}: {value}\n" in TEXT
    assert public_pem(signer.public).decode() in TEXT
    said = {SIGNATURE_HEADER: line(f"{SIGNATURE_HEADER}:").decode()}
    Verifier([signer.public], 30, lambda: SENT).verify(headers | said, body)
    answer = decode_answer(line("←"))
    assert (answer.code, answer.balance) == (Code.OK, 17_500)
    assert answer.request_uuid == message.request_uuid
    assert encode(answer) == line("←")


def test_codes_are_listed_in_their_order() -> None:
    listed = re.findall(r"^\| `([a-z_]+)` \| .* \| .* \|$", TEXT, re.MULTILINE)
    codes = [each for each in listed if each in set(Code)]
    # A transaction that is known is answered before its player is looked at.
    assert sorted(codes) == sorted(Code)
    known = [code for code in codes if code != Code.OK]
    assert known == [code for code in Code if code is not Code.OK]


@pytest.mark.parametrize("message", [Debit, Credit, Rollback, Answer])
def test_every_field_is_described(message: type[msgspec.Struct]) -> None:
    for field in msgspec.structs.fields(message):
        assert f"`{field.encode_name}`" in TEXT


@pytest.mark.parametrize("word", [*Fault, *State])
def test_every_fault_and_state_is_described(word: str) -> None:
    assert f"`{word}`" in TEXT


def test_limits_are_those_of_the_code() -> None:
    limits = SeamlessLimits()
    assert (limits.call_timeout_s, limits.freshness_s_max) == (3.0, 30)
    assert (limits.debit_attempts_max, limits.retry_s_first) == (3, 0.1)
    assert (limits.debit_retry_s_max, limits.retry_s_max) == (1.0, 300.0)
    assert (limits.claim_s, limits.orphan_s) == (10.0, 20.0)
    assert (limits.in_flight_max, limits.sweep_rows_max) == (64, 100)
    for number in (BODY_BYTES_MAX, NAME_CHARS_MAX, TOKEN_CHARS_MAX, len(CHECKS)):
        assert f"{number:,}" in TEXT
