"""Signed bodies: what is accepted, and everything that is not."""

import base64
import hashlib
import hmac
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from wallet.seamless.errors import KeyInvalid, SignatureInvalid, Stale
from wallet.seamless.signing import (
    KEY_HEADER,
    SIGNATURE_CHARS_MAX,
    SIGNATURE_HEADER,
    TIME_HEADER,
    TIMESTAMP_CHARS_MAX,
    Signer,
    Verifier,
    load_public,
    make_key,
)

NOW = 1_767_225_600.75
FRESH_S = 30
BODY = b'{"type":"debit"}'


def verifier(*signers: Signer, now: float = NOW) -> Verifier:
    return Verifier([each.public for each in signers], FRESH_S, lambda: now)


def test_what_was_signed_is_accepted_by_any_of_the_keys() -> None:
    old, new = Signer.in_memory(), Signer.in_memory()
    both = verifier(old, new)
    for signer in (old, new):
        both.verify(signer.headers(BODY, NOW), BODY)
    with pytest.raises(SignatureInvalid):
        both.verify(Signer.in_memory().headers(BODY, NOW), BODY)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (KEY_HEADER, ""),
        (KEY_HEADER, "0" * 16),
        (TIME_HEADER, ""),
        (TIME_HEADER, str(int(NOW) + 1)),
        (TIME_HEADER, f"+{int(NOW)}"),
        (TIME_HEADER, f"{int(NOW)}.0"),
        (TIME_HEADER, f"0{int(NOW)}"),
        (TIME_HEADER, "٣"),
        (TIME_HEADER, "1" * (TIMESTAMP_CHARS_MAX + 1)),
        (SIGNATURE_HEADER, ""),
        (SIGNATURE_HEADER, "not base64 !"),
        (SIGNATURE_HEADER, base64.b64encode(bytes(64)).decode()),
        (SIGNATURE_HEADER, base64.b64encode(bytes(63)).decode()),
        (SIGNATURE_HEADER, "A" * (SIGNATURE_CHARS_MAX + 4)),
    ],
)
def test_a_changed_header_is_refused(header: str, value: str) -> None:
    signer = Signer.in_memory()
    headers = signer.headers(BODY, NOW) | {header: value}
    with pytest.raises(SignatureInvalid):
        verifier(signer).verify(headers, BODY)


def test_a_changed_body_is_refused() -> None:
    signer = Signer.in_memory()
    headers = signer.headers(BODY, NOW)
    for body in (b"", BODY + b" ", BODY[:-1], BODY.upper()):
        with pytest.raises(SignatureInvalid):
            verifier(signer).verify(headers, body)


def test_the_timestamp_may_be_off_by_the_window_and_no_more() -> None:
    signer = Signer.in_memory()
    signed = int(NOW)
    for off in (-FRESH_S, 0, FRESH_S):
        verifier(signer, now=signed + off).verify(signer.headers(BODY, NOW), BODY)
    for off in (-FRESH_S - 1, FRESH_S + 1):
        with pytest.raises(Stale):
            verifier(signer, now=signed + off).verify(signer.headers(BODY, NOW), BODY)


def test_a_forged_message_is_not_told_that_it_is_old() -> None:
    signer = Signer.in_memory()
    with pytest.raises(SignatureInvalid):
        verifier(signer, now=NOW + 999).verify(signer.headers(BODY, NOW), b"other")


def test_a_public_key_is_no_secret_for_an_hmac() -> None:
    signer = Signer.in_memory()
    headers = signer.headers(BODY, NOW)
    text = headers[TIME_HEADER].encode() + b"." + BODY
    forged = hmac.new(signer.public.public_bytes_raw(), text, hashlib.sha512).digest()
    with pytest.raises(SignatureInvalid):
        verifier(signer).verify(
            headers | {SIGNATURE_HEADER: base64.b64encode(forged).decode()}, BODY
        )


def test_key_files_are_made_once_and_read_back(tmp_path: Path) -> None:
    made = make_key(tmp_path / "operator.pem")
    read = Signer.load(tmp_path / "operator.pem")
    assert made.key_id == read.key_id
    public = load_public(tmp_path / "operator.pub")
    Verifier([public], FRESH_S, lambda: NOW).verify(read.headers(BODY, NOW), BODY)
    assert (tmp_path / "operator.pem").stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyInvalid):
        make_key(tmp_path / "operator.pem")


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    make_key(tmp_path / "operator.pem")
    (tmp_path / "operator.pem").chmod(0o640)
    with pytest.raises(KeyInvalid, match="chmod 600"):
        Signer.load(tmp_path / "operator.pem")


def test_other_files_are_no_keys(tmp_path: Path) -> None:
    missing, noise, curve = tmp_path / "none", tmp_path / "noise.pem", tmp_path / "curve.pem"
    noise.write_bytes(os.urandom(50))
    key = ec.generate_private_key(ec.SECP256R1())
    curve.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    for path in (noise, curve):
        path.chmod(0o600)
    for path in (missing, noise, curve):
        with pytest.raises(KeyInvalid):
            Signer.load(path)
        with pytest.raises(KeyInvalid):
            load_public(path)
    with pytest.raises(KeyInvalid):
        Verifier([], FRESH_S, lambda: NOW)
