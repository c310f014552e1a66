"""Which code and which settings a table's process runs: two that say the same are the same."""

import functools
import hashlib
from importlib.resources import files
from typing import Final

import msgspec

ROOMS: Final = ("telemetry", "games", "wire", "wallet", "auth", "actors")
"""What runs in a table's process: a change of the others does not concern it."""
RELEASE_CHARS: Final = 12


def release_of(config: msgspec.Struct) -> str:
    """Of this process's code, with that configuration."""
    digest = hashlib.sha256(_code())
    digest.update(msgspec.msgpack.encode(config))
    return digest.hexdigest()[:RELEASE_CHARS]


@functools.cache
def _code() -> bytes:
    """The sources, not a version that somebody has to remember to change. Migrations are not among
    them: an older process runs on a newer schema."""
    digest = hashlib.sha256()
    for room in ROOMS:
        digest.update(room.encode())
        for name, text in sorted(_sources(room)):
            digest.update(name.encode())
            digest.update(text)
    return digest.digest()


def _sources(room: str) -> list[tuple[str, bytes]]:
    folders, found = [files(room)], []
    while folders:
        for each in folders.pop().iterdir():
            if each.is_dir() and each.name not in ("migrations", "__pycache__"):
                folders.append(each)
            elif each.name.endswith((".py", ".sql")):
                found.append((each.name, each.read_bytes()))
    return found
