"""A table between two hands, as the journal keeps it."""

import msgspec

from actors.seats import Seat
from actors.spec import TableSpec


class Snapshot(msgspec.Struct, frozen=True):
    """A table between two hands. ``now`` is the instant of its clock, ``game`` the game's own,
    ``seed`` the secret of the next deal."""

    spec: TableSpec
    now: int
    hand: int
    turn: int
    chips: int
    closing: bool
    paused: bool
    seats: tuple[Seat, ...]
    game: bytes
    seed: bytes = b""
