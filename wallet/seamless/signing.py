"""Ed25519 signatures over timestamp and body (RFC 8032).

What is signed is ``<timestamp>.<body>``: the decimal seconds since 1970, a dot, and the raw bytes
as they were sent. The body names its own type, so a message can't be used at another address.
A shared secret was the alternative: whoever can check it can also forge it.
"""

import base64
import binascii
import hashlib
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wallet.seamless.errors import KeyInvalid, SignatureInvalid, Stale

KEY_HEADER: Final = "X-Squaredeal-Key"
TIME_HEADER: Final = "X-Squaredeal-Timestamp"
SIGNATURE_HEADER: Final = "X-Squaredeal-Signature"
KEY_ID_CHARS: Final = 16
TIMESTAMP_CHARS_MAX: Final = 12
SIGNATURE_CHARS_MAX: Final = 128
_PRIVATE_MODE: Final = 0o600


def key_id(key: Ed25519PublicKey) -> str:
    """The first sixteen hex digits of SHA-256 over the 32 bytes of the public key."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:KEY_ID_CHARS]


class Signer:
    """Our private key; the operator has the public one."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key()
        self.key_id = key_id(self.public)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises KeyInvalid: not an Ed25519 key, or open to other users."""
        try:
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                raise KeyInvalid(f"{path} can be read by others: chmod 600")
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as failure:
            raise KeyInvalid(f"{path}: {failure}") from failure
        if not isinstance(key, Ed25519PrivateKey):
            raise KeyInvalid(f"{path}: {KeyInvalid.__doc__}")
        return cls(key)

    @classmethod
    def in_memory(cls, seed: bytes | None = None) -> Self:
        """A key that no disk has seen; ``seed`` (32 bytes) for examples that can be repeated."""
        made = Ed25519PrivateKey.from_private_bytes(seed) if seed else Ed25519PrivateKey.generate()
        return cls(made)

    def headers(self, body: bytes, now: float) -> dict[str, str]:
        """What goes with ``body`` when it is sent at ``now`` (seconds since 1970)."""
        timestamp = str(int(now))
        signature = self._key.sign(_signed(timestamp, body))
        return {
            KEY_HEADER: self.key_id,
            TIME_HEADER: timestamp,
            SIGNATURE_HEADER: base64.b64encode(signature).decode(),
        }


class Verifier:
    """Public keys by id: several while one is being replaced."""

    def __init__(
        self, keys: list[Ed25519PublicKey], freshness_s_max: int, clock: Callable[[], float]
    ) -> None:
        if not keys:
            raise KeyInvalid("no key to verify with")
        self._keys = {key_id(key): key for key in keys}
        self._freshness_s_max = freshness_s_max
        self._clock = clock

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises SignatureInvalid, then Stale: a forger learns nothing of our clock."""
        key = self._keys.get(headers.get(KEY_HEADER, ""))
        timestamp = headers.get(TIME_HEADER, "")
        if key is None or not _is_timestamp(timestamp):
            raise SignatureInvalid
        try:
            key.verify(_signature(headers), _signed(timestamp, body))
        except InvalidSignature as wrong:
            raise SignatureInvalid from wrong
        if abs(self._clock() - int(timestamp)) > self._freshness_s_max:
            raise Stale


def _signed(timestamp: str, body: bytes) -> bytes:
    return timestamp.encode() + b"." + body


def _is_timestamp(text: str) -> bool:
    # isdecimal alone also takes digits of other scripts.
    return text.isascii() and text.isdecimal() and len(text) <= TIMESTAMP_CHARS_MAX


def _signature(headers: Mapping[str, str]) -> bytes:
    text = headers.get(SIGNATURE_HEADER, "")
    if len(text) > SIGNATURE_CHARS_MAX:
        raise SignatureInvalid
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as wrong:
        raise SignatureInvalid from wrong


def load_public(path: Path) -> Ed25519PublicKey:
    """Raises KeyInvalid: not a public Ed25519 key in PEM."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as failure:
        raise KeyInvalid(f"{path}: {failure}") from failure
    if not isinstance(key, Ed25519PublicKey):
        raise KeyInvalid(f"{path}: {KeyInvalid.__doc__}")
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """What the operator gets."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def make_key(path: Path) -> Signer:
    """A new private key at ``path``, its public half beside it as ``.pub``; never replaces one."""
    signer = Signer.in_memory()
    private = signer._key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE_MODE)
    except OSError as failure:
        raise KeyInvalid(f"{path}: {failure.strerror}") from failure
    with os.fdopen(handle, "wb") as file:
        file.write(private)
        file.flush()
        os.fsync(file.fileno())
    path.with_suffix(".pub").write_bytes(public_pem(signer.public))
    return signer
