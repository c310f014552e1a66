"""The ES256 keys that sign tokens and tickets, and the compact signature itself (RFC 7515).

Private keys live in PEM files of one folder, ``0001.pem`` and up, mode 0600. The highest number
signs; the others only verify, until somebody removes their files. A key's id is its RFC 7638
thumbprint, so that every process computes the same one. ``auth.rotation`` follows a folder that
changes.
"""

import base64
import binascii
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, Protocol, Self

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt import PyJWTError
from jwt.algorithms import ECAlgorithm
from jwt.api_jws import PyJWS

from auth.errors import KeysInvalid
from auth.private import is_private

TOKEN_CHARS_MAX: Final = 2_048
_ALGORITHM: Final = "ES256"
_JWS: Final = PyJWS(algorithms=[_ALGORITHM])


class BadSignature(ValueError):
    """Not a token signed by one of these keys for this use; callers say it in their own code."""


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    # The closed type pins the algorithm and refuses crit, b64, jwk and the rest before any maths.
    alg: Literal["ES256"]
    kid: str
    typ: str


_HEADER: Final = msgspec.json.Decoder(_Header)


class PublicKeys:
    """Public keys by key id: all that a verifier needs."""

    def __init__(self, by_kid: Mapping[str, ec.EllipticCurvePublicKey]) -> None:
        self._by_kid = dict(by_kid)

    def adopt(self, others: "PublicKeys") -> None:
        """Have these instead: whoever holds this set trusts them from now on."""
        self._by_kid = dict(others._by_kid)

    @classmethod
    def from_jwks(cls, document: bytes) -> Self:
        """Read a JWK set (RFC 7517) as ``jwks`` writes it.

        Raises:
            KeysInvalid: not a JWK set of P-256 public keys.
        """
        try:
            keys = [_public(jwk) for jwk in msgspec.json.decode(document)["keys"]]
        except (ValueError, KeyError, TypeError, PyJWTError) as error:
            raise KeysInvalid from error
        return cls({_thumbprint(key): key for key in keys})

    def without(self, kid: str) -> "PublicKeys":
        """The others."""
        return PublicKeys({each: key for each, key in self._by_kid.items() if each != kid})

    def jwks(self) -> bytes:
        """A JWK set, to publish or to hand to another process."""
        keys = [
            {**_jwk(key), "kid": kid, "alg": _ALGORITHM, "use": "sig"}
            for kid, key in self._by_kid.items()
        ]
        return msgspec.json.encode({"keys": keys})

    def pems(self) -> dict[str, bytes]:
        """PEM by key id, for a proxy that checks tickets at the edge."""
        return {
            kid: key.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            for kid, key in self._by_kid.items()
        }

    def verify(self, token: str, typ: str) -> bytes:
        """The payload of a token signed by one of these keys for the use ``typ``.

        Raises:
            BadSignature: anything else.
        """
        if len(token) > TOKEN_CHARS_MAX:
            raise BadSignature("too long")
        try:
            header = _HEADER.decode(_unpadded(token.partition(".")[0]))
            key = self._by_kid[header.kid]
            if header.typ != typ:
                raise BadSignature("made for another use")
            payload: bytes = _JWS.decode(token, key, algorithms=[_ALGORITHM])
        except (ValueError, KeyError, PyJWTError) as error:
            raise BadSignature(str(error)) from error
        return payload


class Signer(Protocol):
    """What signs, and verifies what it has signed."""

    @property
    def kid(self) -> str: ...

    @property
    def public(self) -> PublicKeys: ...

    def sign(self, payload: bytes, typ: str) -> str: ...


class SigningKeys:
    """Private keys, oldest first; the last one signs, or ``signer`` of them."""

    def __init__(
        self, private_keys: Sequence[ec.EllipticCurvePrivateKey], signer: int | None = None
    ) -> None:
        if not private_keys:
            raise KeysInvalid
        self._key = private_keys[-1] if signer is None else private_keys[signer]
        self.kid = _thumbprint(self._key.public_key())
        self.public = PublicKeys(
            {_thumbprint(k.public_key()): k.public_key() for k in private_keys}
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read every ``*.pem`` of ``folder``.

        Raises:
            KeysInvalid: there is none, or one is unreadable, not P-256, or open to other users.
        """
        return cls([_read_pem(path) for path in key_files(folder)])

    @classmethod
    def load_settled(cls, folder: Path, before: float) -> Self:
        """As ``load``; what signs is the newest key whose file was there ``before`` (Unix seconds),
        or the oldest of all.

        Raises:
            KeysInvalid: as ``load``.
        """
        paths = key_files(folder)
        keys = [_read_pem(path) for path in paths]
        settled = [i for i, path in enumerate(paths) if path.stat().st_mtime <= before]
        return cls(keys, settled[-1] if settled else 0)

    @classmethod
    def generate(cls, folder: Path) -> Self:
        """Make a first key when ``folder`` has none, then load. Safe to race with itself."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(folder.glob("[0-9]*.pem")):
            _write_pem(folder, 1)
        return cls.load(folder)

    @classmethod
    def rotate(cls, folder: Path) -> Self:
        """Add a key that signs from now on; the older ones go on verifying."""
        taken = [int(path.stem) for path in folder.glob("[0-9]*.pem") if path.stem.isdigit()]
        _write_pem(folder, max(taken, default=0) + 1)
        return cls.load(folder)

    @classmethod
    def in_memory(cls) -> Self:
        """A key that no disk has seen, for tests and for one-off processes."""
        return cls([ec.generate_private_key(ec.SECP256R1())])

    def sign(self, payload: bytes, typ: str) -> str:
        """A compact token over ``payload``, with ``kid`` and the use ``typ`` in its header."""
        return _JWS.encode(payload, self._key, _ALGORITHM, {"kid": self.kid, "typ": typ})


def key_files(folder: Path) -> list[Path]:
    """Those of the folder's keys, oldest first."""
    return sorted(folder.glob("[0-9]*.pem"))


def kid_of(path: Path) -> str:
    """The id of the key in a file. Raises KeysInvalid."""
    return _thumbprint(_read_pem(path).public_key())


def _unpadded(segment: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except binascii.Error as error:
        raise BadSignature("not base64url") from error


def _jwk(key: ec.EllipticCurvePublicKey) -> dict[str, Any]:
    return ECAlgorithm.to_jwk(key, as_dict=True)


def _public(jwk: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    key = ECAlgorithm.from_jwk(jwk)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeysInvalid
    return key


def _thumbprint(key: ec.EllipticCurvePublicKey) -> str:
    """RFC 7638: SHA-256 over the required members in the order of the alphabet."""
    jwk = _jwk(key)
    members = msgspec.json.encode({name: jwk[name] for name in ("crv", "kty", "x", "y")})
    return base64.urlsafe_b64encode(hashlib.sha256(members).digest()).rstrip(b"=").decode()


def _read_pem(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        if not is_private(path):
            raise KeysInvalid
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KeysInvalid from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise KeysInvalid
    return key


def _new_key() -> ec.EllipticCurvePrivateKey:
    """One whose id can't be taken for an option when somebody revokes it in a terminal."""
    while True:
        key = ec.generate_private_key(ec.SECP256R1())
        if not _thumbprint(key.public_key()).startswith("-"):
            return key


def _write_pem(folder: Path, number: int) -> None:
    pem = _new_key().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    # mkstemp is 0600 from birth; link, unlike rename, never replaces the key of a faster process.
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".key-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, folder / f"{number:04}.pem")
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)
