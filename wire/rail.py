"""What goes over Redis between a table and whoever shows it to spectators.

A table tells its news on one channel and hears on another who wants them: one message an update,
however many watch. Redis may lose all of it. The numbers show that; then a snapshot is asked for.
"""

import struct
from enum import IntEnum
from typing import Final, NamedTuple

HEADER: Final = struct.Struct(">BqqI")
WATCHING: Final = b""
"""Somebody follows: said again and again, answered by STILL, or SNAPSHOT if that is news."""
SNAPSHOT_PLEASE: Final = b"snapshot"
"""Somebody has missed something, or has just come."""


class Kind(IntEnum):
    """What a message of a table is."""

    STILL = 0
    """Nothing but where it stands: whoever stands elsewhere has missed something."""
    UPDATE = 1
    SNAPSHOT = 2
    CLOSED = 3
    """Closed for good."""


class Told(NamedTuple):
    """``frame`` is an Update or a Welcome in MessagePack as the rail may see it, else empty.
    ``delay_s``: spectators see it so much later."""

    kind: Kind
    epoch: int
    seq: int
    delay_s: int = 0
    frame: bytes = b""


def news_of(table: str) -> str:
    """The channel on which a table tells."""
    return f"rail.v1.news.{table}"


def asks_of(table: str) -> str:
    """The channel on which a table is asked."""
    return f"rail.v1.asks.{table}"


def packed(told: Told) -> bytes:
    return HEADER.pack(told.kind, told.epoch, told.seq, told.delay_s) + told.frame


def unpacked(message: bytes) -> Told | None:
    """None for a message that is no such thing."""
    if len(message) < HEADER.size:
        return None
    kind, epoch, seq, delay_s = HEADER.unpack_from(message)
    if kind not in Kind.__members__.values():
        return None
    return Told(Kind(kind), epoch, seq, delay_s, message[HEADER.size :])
