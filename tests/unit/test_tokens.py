"""Signing keys, access tokens and refresh tokens."""

import base64
import hashlib
import json
import os
import uuid
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from auth.errors import KeysInvalid, RefreshInvalid, TokenExpired, TokenInvalid
from auth.keys import TOKEN_CHARS_MAX, BadSignature, PublicKeys, SigningKeys
from auth.tickets import mint_ticket
from auth.tokens import (
    ACCESS_TTL_S,
    Identity,
    mint_access,
    new_refresh,
    read_access,
    refresh_digest,
)
from tests.dashes import dashed_key

NOW = 1_800_000_000.5
IDENTITY = Identity(account=uuid.uuid4(), name="Ada", kind="player", sid=uuid.uuid4())
KEYS = SigningKeys.in_memory()


def segment(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_an_access_token_comes_back_as_the_identity_it_was_minted_for() -> None:
    token = mint_access(KEYS, IDENTITY, NOW)
    assert read_access(KEYS.public, token, NOW) == IDENTITY


def test_an_access_token_dies_on_its_second_and_not_before() -> None:
    token = mint_access(KEYS, IDENTITY, NOW)
    end = int(NOW) + ACCESS_TTL_S
    assert read_access(KEYS.public, token, end - 0.001) == IDENTITY
    with pytest.raises(TokenExpired):
        read_access(KEYS.public, token, end)


def test_another_jwt_library_accepts_the_token_by_the_published_keys() -> None:
    token = mint_access(KEYS, IDENTITY, NOW)
    published = jwt.PyJWKSet.from_json(KEYS.public.jwks().decode())
    header = jwt.get_unverified_header(token)
    claims = jwt.decode(
        token,
        published[header["kid"]],
        algorithms=["ES256"],
        audience="api",
        issuer="squaredeal",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert header == {"alg": "ES256", "kid": KEYS.kid, "typ": "at+jwt"}
    assert claims == {
        "sub": str(IDENTITY.account),
        "name": "Ada",
        "kind": "player",
        "sid": str(IDENTITY.sid),
        "iat": int(NOW),
        "exp": int(NOW) + ACCESS_TTL_S,
        "iss": "squaredeal",
        "aud": "api",
    }


def test_a_key_of_somebody_else_is_refused_even_under_our_key_id() -> None:
    stranger = SigningKeys.in_memory()
    with pytest.raises(TokenInvalid):
        read_access(KEYS.public, mint_access(stranger, IDENTITY, NOW), NOW)
    stranger.kid = KEYS.kid
    with pytest.raises(TokenInvalid):
        read_access(KEYS.public, mint_access(stranger, IDENTITY, NOW), NOW)


def test_every_changed_character_of_a_token_is_noticed() -> None:
    token = mint_access(KEYS, IDENTITY, NOW)
    for place in range(0, len(token), 7):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(TokenInvalid):
            read_access(KEYS.public, token[:place] + other + token[place + 1 :], NOW)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384"])
def test_the_token_cannot_choose_its_algorithm(algorithm: str) -> None:
    header, payload, _ = mint_access(KEYS, IDENTITY, NOW).split(".")
    header = segment({"alg": algorithm, "kid": KEYS.kid, "typ": "at+jwt"})
    with pytest.raises(TokenInvalid):
        read_access(KEYS.public, f"{header}.{payload}.", NOW)


def test_the_public_key_is_no_shared_secret() -> None:
    (pem,) = KEYS.public.pems().values()
    claims = jwt.decode(mint_access(KEYS, IDENTITY, NOW), options={"verify_signature": False})
    header = segment({"alg": "HS256", "kid": KEYS.kid, "typ": "at+jwt"})
    signed = f"{header}.{segment(claims)}"
    tag = base64.urlsafe_b64encode(hashlib.sha256(pem + signed.encode()).digest()).decode()
    with pytest.raises(TokenInvalid):
        read_access(KEYS.public, f"{signed}.{tag.rstrip('=')}", NOW)


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "...", "a.b.c", "é.ü.ß", "\x00", "a" * 10_000, "eyJhbGciOiJub25lIn0.e30."],
)
def test_rubbish_is_refused_with_one_code(token: str) -> None:
    with pytest.raises(TokenInvalid) as caught:
        read_access(KEYS.public, token, NOW)
    assert caught.value.code == "token_invalid"
    assert caught.value.message == "The access token is not one of ours."


def test_a_properly_signed_token_with_other_claims_is_refused() -> None:
    claims = jwt.decode(mint_access(KEYS, IDENTITY, NOW), options={"verify_signature": False})
    for change in ({"aud": "table"}, {"iss": "x"}, {"kind": "admin"}, {"sid": 1}, {"exp": "x"}):
        token = KEYS.sign(json.dumps({**claims, **change}).encode(), "at+jwt")
        with pytest.raises(TokenInvalid):
            read_access(KEYS.public, token, NOW)


def test_a_seat_ticket_is_no_access_token() -> None:
    ticket = mint_ticket(
        KEYS, IDENTITY, table="t", epoch=1, addr="127.0.0.1", port=4000, role="seat", now=NOW
    )
    with pytest.raises(TokenInvalid):
        read_access(KEYS.public, ticket, NOW)


def test_an_overlong_token_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadSignature, match="too long"):
        KEYS.public.verify("a" * (TOKEN_CHARS_MAX + 1), "at+jwt")


def test_a_refresh_token_has_256_bits_and_only_its_digest_is_kept() -> None:
    token, digest = new_refresh()
    assert len(token) == 43
    assert len(digest) == 32
    assert refresh_digest(token) == digest
    assert new_refresh()[0] != token


@pytest.mark.parametrize("token", ["", "abc", "a" * 44, "é" * 43, "!" * 43, "a" * 100_000])
def test_what_cannot_be_a_refresh_token_is_refused(token: str) -> None:
    with pytest.raises(RefreshInvalid):
        refresh_digest(token)


def test_the_first_start_makes_a_key_and_the_second_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = SigningKeys.generate(folder)
    second = SigningKeys.generate(folder)
    assert first.kid == second.kid
    assert [path.name for path in folder.iterdir()] == ["0001.pem"]
    assert (folder / "0001.pem").stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_after_a_rotation_old_tokens_still_verify_and_new_ones_use_the_new_key(
    tmp_path: Path,
) -> None:
    before = SigningKeys.generate(tmp_path)
    after = SigningKeys.rotate(tmp_path)
    assert before.kid != after.kid
    assert SigningKeys.load(tmp_path).kid == after.kid
    old = mint_access(before, IDENTITY, NOW)
    assert read_access(after.public, old, NOW) == IDENTITY
    (tmp_path / "0001.pem").unlink()
    with pytest.raises(TokenInvalid):
        read_access(SigningKeys.load(tmp_path).public, old, NOW)


def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    SigningKeys.generate(tmp_path)
    os.chmod(tmp_path / "0001.pem", 0o640)
    with pytest.raises(KeysInvalid):
        SigningKeys.load(tmp_path)


def test_no_key_a_broken_key_and_a_wrong_curve_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KeysInvalid):
        SigningKeys.load(tmp_path)
    path = tmp_path / "0001.pem"
    path.touch(mode=0o600)
    path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(KeysInvalid):
        SigningKeys.load(tmp_path)
    path.write_bytes(
        ec.generate_private_key(ec.SECP384R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with pytest.raises(KeysInvalid):
        SigningKeys.load(tmp_path)


def test_no_key_is_made_whose_id_looks_like_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [dashed_key(), SigningKeys.in_memory()._key, dashed_key()]
    wanted = SigningKeys(made[1:2]).kid
    with monkeypatch.context() as patched:
        patched.setattr(ec, "generate_private_key", lambda _: made.pop(0))
        assert SigningKeys.generate(tmp_path).kid == wanted


def test_public_keys_travel_as_a_jwk_set_without_the_private_part() -> None:
    document = KEYS.public.jwks()
    (jwk,) = json.loads(document)["keys"]
    assert "d" not in jwk
    travelled = PublicKeys.from_jwks(document)
    assert travelled.pems() == KEYS.public.pems()
    assert read_access(travelled, mint_access(KEYS, IDENTITY, NOW), NOW) == IDENTITY


@pytest.mark.parametrize("document", [b"", b"[]", b"{}", b'{"keys": [{"kty": "EC"}]}', b"\xff"])
def test_a_broken_jwk_set_is_refused(document: bytes) -> None:
    with pytest.raises(KeysInvalid):
        PublicKeys.from_jwks(document)


def test_the_key_id_is_the_thumbprint_of_rfc_7638() -> None:
    (jwk,) = json.loads(KEYS.public.jwks())["keys"]
    text = f'{{"crv":"P-256","kty":"EC","x":"{jwk["x"]}","y":"{jwk["y"]}"}}'
    digest = hashlib.sha256(text.encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == KEYS.kid == jwk["kid"]
