"""Keys that change while processes run: whoever signs or verifies sees a new file by himself.

A new key verifies as soon as it is seen, and signs ``SETTLE_S`` later: by then everybody else has
seen it too, on whatever machine. One that is revoked is trusted no longer, within ``LOOK_S``.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from auth.errors import KeysInvalid
from auth.keys import PublicKeys, SigningKeys, key_files, kid_of

LOOK_S: Final = 1.0
"""Pause between two looks at the files."""
SETTLE_S: Final = 60.0
PUBLIC_FILE: Final = "public.jwks"
"""In the folder of private keys: what verifiers are given."""

Seen = tuple[tuple[str, int, int], ...]
"""Name, inode and instant of change of each file."""


def publish(folder: Path, without: str = "") -> None:
    """Write the public halves of a folder's keys beside them, for verifiers; but not that of the
    key ``without``."""
    document = SigningKeys.load(folder).public.without(without).jwks()
    written = folder / f".{PUBLIC_FILE}.{os.getpid()}"
    with written.open("wb") as file:
        file.write(document)
        file.flush()
        os.fsync(file.fileno())
    written.chmod(0o644)
    written.replace(folder / PUBLIC_FILE)


def rotate(folder: Path) -> str:
    """Add a key; its id. It signs in ``SETTLE_S``."""
    newest = key_files(folder)[-1:]
    keys = SigningKeys.rotate(folder)
    publish(folder)
    return keys.kid if key_files(folder)[-1:] != newest else ""


def revoke(folder: Path, kid: str) -> str:
    """Take a key away and publish at once; the id of the newest one, which is a fresh one if the
    newest was taken away.

    Raises:
        KeyUnknown: there is no such key.
        KeysInvalid: the folder can't be read.
    """
    by_kid = {kid_of(path): path for path in key_files(folder)}
    if kid not in by_kid:
        raise KeyUnknown(list(by_kid))
    if kid == list(by_kid)[-1]:
        rotate(folder)
    # Verifiers first: whoever is cut off in between finds the file, and asks again.
    publish(folder, without=kid)
    by_kid[kid].unlink()
    return SigningKeys.load(folder).kid


class KeyUnknown(Exception):
    """There is no such signing key; ``known`` are there, oldest first."""

    def __init__(self, known: list[str]) -> None:
        super().__init__(f"there is no such signing key; those here are {', '.join(known)}")


class _Watch:
    """Says at most every ``LOOK_S`` whether files are others than before."""

    def __init__(self, files: Callable[[], list[Path]], clock: Callable[[], float]) -> None:
        self._files = files
        self._clock = clock
        self._next = 0.0
        self._seen: Seen = ()

    def changed(self) -> bool:
        """Whether they are; asking again says no."""
        now = self._clock()
        if now < self._next:
            return False
        self._next = now + LOOK_S
        before, self._seen = self._seen, tuple(self._look())
        return self._seen != before

    def again(self) -> None:
        """What has changed could not be read: the next look says so anew."""
        self._seen = ()

    def _look(self) -> Seen:
        found = [(path, path.stat()) for path in self._files() if path.exists()]
        return tuple((path.name, stat.st_ino, stat.st_mtime_ns) for path, stat in found)


class KeyFolder:
    """Private keys of a folder, as they are now: has what ``SigningKeys`` has."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """Raises KeysInvalid."""
        self._folder = folder
        self._clock = clock
        self._watch = _Watch(lambda: key_files(folder), clock)
        self._watch.changed()
        self._settles_at = 0.0
        self._public = PublicKeys({})
        self._keys = self._read()

    def sign(self, payload: bytes, typ: str) -> str:
        """See ``SigningKeys.sign``."""
        return self.current.sign(payload, typ)

    @property
    def public(self) -> PublicKeys:
        """Of all of them; the same object however they change."""
        _ = self.current
        return self._public

    @property
    def kid(self) -> str:
        """Of the key that signs."""
        return self.current.kid

    @property
    def current(self) -> SigningKeys:
        """Those of now. A folder that can't be read just now leaves the ones before, and is read
        again at the next look."""
        if self._watch.changed() or 0 < self._settles_at <= self._clock():
            try:
                self._keys = self._read()
            except (KeysInvalid, OSError):
                self._watch.again()
        return self._keys

    def _read(self) -> SigningKeys:
        now = self._clock()
        keys = SigningKeys.load_settled(self._folder, now - SETTLE_S)
        young = [path.stat().st_mtime + SETTLE_S for path in key_files(self._folder)]
        self._settles_at = min((at for at in young if at > now), default=0.0)
        self._public.adopt(keys.public)
        return keys


class PublicKeyFile(PublicKeys):
    """What ``publish`` has written, as it is now."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Raises KeysInvalid."""
        super().__init__({})
        self._path = path
        self._watch = _Watch(lambda: [path], clock)
        self._watch.changed()
        self._adopt()

    def verify(self, token: str, typ: str) -> bytes:
        """See ``PublicKeys.verify``. A file that can't be read just now leaves the old keys."""
        if self._watch.changed():
            try:
                self._adopt()
            except KeysInvalid:
                self._watch.again()
        return super().verify(token, typ)

    def _adopt(self) -> None:
        try:
            self.adopt(PublicKeys.from_jwks(self._path.read_bytes()))
        except OSError as failure:
            raise KeysInvalid from failure
