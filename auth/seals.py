"""What the database must not show, sealed with AES-256-GCM: seeds of live decks, second factors.

Keys are files of 32 bytes in one folder, ``0001.key`` and up, mode 0600. The highest number
seals; all open. Rotation adds a file; an old one may go when no journal row needs it any more.
"""

import os
import secrets
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from auth.private import is_private

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
NUMBER_BYTES: Final = 2


class SealBroken(Exception):
    """A sealed value can't be opened: its key is missing or it was changed."""


class Seals:
    """The keys of one folder."""

    def __init__(self, folder: Path) -> None:
        """Raises SealBroken if there is no key, or one is open to other users."""
        self._read: Callable[[], dict[int, AESGCM]] = partial(_read, folder)
        self._keys = self._read()

    @classmethod
    def in_memory(cls) -> Self:
        """A key that no disk has seen, for tests and for one-off processes."""
        made = cls.__new__(cls)
        made._keys = {1: AESGCM(secrets.token_bytes(KEY_BYTES))}
        made._read = lambda: made._keys
        return made

    @classmethod
    def generate(cls, folder: Path) -> Self:
        """Make a first key when ``folder`` has none; safe to race with itself."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not any(folder.glob("[0-9]*.key")):
            _write_key(folder, 1)
        return cls(folder)

    @classmethod
    def rotate(cls, folder: Path) -> Self:
        """Add a key that seals from now on."""
        numbers = [int(path.stem) for path in folder.glob("[0-9]*.key")]
        _write_key(folder, max(numbers, default=0) + 1)
        return cls(folder)

    def seal(self, plain: bytes, place: str) -> bytes:
        """Sealed for one ``place``: moved elsewhere it does not open. Number of the key (2 bytes),
        nonce (12), then the text and its tag (16)."""
        number = max(self._keys)
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._keys[number].encrypt(nonce, plain, place.encode())
        return number.to_bytes(NUMBER_BYTES, "big") + nonce + sealed

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed for this place. Raises SealBroken."""
        number = int.from_bytes(sealed[:NUMBER_BYTES], "big")
        if number not in self._keys:
            self._keys = self._read()  # rotated since this process began
        if number not in self._keys:
            raise SealBroken(f"there is no key number {number}")
        nonce = sealed[NUMBER_BYTES : NUMBER_BYTES + NONCE_BYTES]
        try:
            return self._keys[number].decrypt(
                nonce, sealed[NUMBER_BYTES + NONCE_BYTES :], place.encode()
            )
        except (InvalidTag, ValueError) as wrong:
            raise SealBroken("a sealed value was changed") from wrong


def _read(folder: Path) -> dict[int, AESGCM]:
    keys = {}
    for path in sorted(folder.glob("[0-9]*.key")):
        if not is_private(path):
            raise SealBroken(f"{path} is open to other users")
        key = path.read_bytes()
        if len(key) != KEY_BYTES:
            raise SealBroken(f"{path} does not hold {KEY_BYTES} bytes")
        keys[int(path.stem)] = AESGCM(key)
    if not keys:
        raise SealBroken(f"there is no key in {folder}")
    return keys


def _write_key(folder: Path, number: int) -> None:
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".key-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        # Link, unlike rename, never replaces the key of a faster process.
        os.link(temporary, folder / f"{number:04}.key")
    except FileExistsError:
        pass
    finally:
        os.unlink(temporary)
