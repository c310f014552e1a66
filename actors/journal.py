"""The journal: every command that changed a table, in order, fenced by the table's epoch.

``Journal`` is what a table host asks of storage; ``actors.postgres_journal`` is the real one.
This file has the form of a row, and the chain of digests that proves a replay.
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple, Protocol

import msgspec

from actors import commands as c
from actors.snapshot import Snapshot
from actors.spec import TableSpec
from auth.seals import SealBroken, Seals
from wire.server_frames import Accepted

SNAPSHOT: Final = "Snapshot"
FORM_READ: Final = 3
"""The newest form of rows that this code reads; all before it too (``tests/histories``)."""
FORM_WRITTEN: Final = 3
"""The form that it writes: one that the release before reads, so that either may take over from
the other. A new kind of command, or a new field of one, is first read, and written from the next
release on; before there was a release, both rose together."""
DIGEST_BYTES: Final = 16


class Row(NamedTuple):
    """One row as stored. ``hand`` is the number of the last hand begun when it was written."""

    table: str
    seq: int
    epoch: int
    hand: int
    kind: str
    body: bytes
    digest: bytes


class Entry(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A command and the reference of the request behind it. ``sealed`` holds its chance."""

    command: c.Command
    ref: str = ""
    sealed: bytes = b""


class Saved(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """A snapshot and the answers that may be asked for again, by player. ``sealed`` holds the
    seed of the next deal."""

    table: Snapshot
    replies: list[tuple[str, Accepted]]
    sealed: bytes = b""


class Activation(NamedTuple):
    """A take-over: the new epoch, the last hand as the archive knows it, and the fault by which
    the owner before halted, if it was one."""

    epoch: int
    last_hand: int
    fault: str = ""


class JournalNewer(Exception):
    """The journal may have rows of a newer release, which this one would not understand: the table
    is left as it is."""


class Journal(Protocol):
    """Storage. Every call may be repeated; all raise what ``actors.bank.TRANSIENT`` names when
    the outcome is unknown."""

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        """Make the rows durable; the tables whose epoch is stale (nothing of theirs written)."""

    async def take_over(
        self, table: str, owner: str, address: str, lease_s: float, spec: TableSpec
    ) -> Activation:
        """The next epoch, in one transaction with the ledger's fence. Raises JournalNewer, and has
        changed nothing then."""

    async def renew(self, tables: Sequence[tuple[str, int]], lease_s: float) -> frozenset[str]:
        """Renew the leases of (table, epoch) together; those that are still ours."""

    async def release(self, table: str, epoch: int) -> None:
        """Give the table up."""

    async def note_fault(self, table: str, epoch: int, fault: str) -> None:
        """Tell the next owner why this one halted."""

    async def rows(self, table: str) -> list[Row]:
        """From the last snapshot on, in order."""

    async def prune(self, table: str) -> None:
        """Drop what lies before the last snapshot."""


_ENCODER: Final = msgspec.msgpack.Encoder()
_ENTRY: Final = msgspec.msgpack.Decoder(Entry)
_SAVED: Final = msgspec.msgpack.Decoder(Saved)
_CHANCE: Final = msgspec.msgpack.Decoder(tuple[bytes, tuple[int, ...] | None])


class Pen:
    """Writes and reads the rows of one table; keeps the chain."""

    def __init__(self, table: str, epoch: int, seals: Seals) -> None:
        self.table = table
        self.epoch = epoch
        self.seq = 0
        self.digest = b""
        self._seals = seals

    def _place(self, seq: int) -> str:
        return f"{self.table}/{seq}"

    def command(self, command: c.Command, ref: str, hand: int, events: Sequence[Any]) -> Row:
        """The row of a command that has been stepped, with what it brought."""
        self.seq += 1
        self.digest = chained(self.digest, command, events)
        entry = Entry(command, ref)
        if isinstance(command, c.CHANCE):
            deck = None if isinstance(command, c.CommitSeed) else command.deck
            chance = _ENCODER.encode((command.seed, deck))
            bare = msgspec.structs.replace(command, seed=b"", **({"deck": None} if deck else {}))
            entry = Entry(bare, ref, self._seals.seal(chance, self._place(self.seq)))
        return self._row(hand, type(command).__name__, _ENCODER.encode(entry))

    def snapshot(self, saved: Saved) -> Row:
        """The row of a snapshot: the chain begins anew with it."""
        self.seq += 1
        if saved.table.seed:
            sealed = self._seals.seal(saved.table.seed, self._place(self.seq))
            bare = msgspec.structs.replace(saved.table, seed=b"")
            body = _ENCODER.encode(Saved(bare, saved.replies, sealed))
        else:
            body = _ENCODER.encode(saved)
        self.digest = hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()
        return self._row(saved.table.hand, SNAPSHOT, body)

    def _row(self, hand: int, kind: str, body: bytes) -> Row:
        return Row(self.table, self.seq, self.epoch, hand, kind, body, self.digest)

    def read(self, row: Row) -> Entry:
        """The entry of a command's row, its chance opened. Raises SealBroken, DecodeError."""
        entry = _ENTRY.decode(row.body)
        command = entry.command
        if not isinstance(command, c.CHANCE):
            return entry
        seed, deck = _CHANCE.decode(self._seals.open(entry.sealed, self._place(row.seq)))
        if isinstance(command, c.CommitSeed):
            return Entry(c.CommitSeed(command.now, seed), entry.ref)
        return Entry(msgspec.structs.replace(command, seed=seed, deck=deck), entry.ref)

    def read_snapshot(self, row: Row) -> Saved:
        """A snapshot with its seed opened; without a seed if its key is gone, for the seats are
        worth more: the table commits to a new one then. Raises DecodeError."""
        saved = _SAVED.decode(row.body)
        if not saved.sealed:
            return saved
        try:
            seed = self._seals.open(saved.sealed, self._place(row.seq))
        except SealBroken:
            seed = b""
        return Saved(msgspec.structs.replace(saved.table, seed=seed), saved.replies)


def intact(row: Row) -> bool:
    """Whether a snapshot's row is as it was written."""
    return row.digest == hashlib.blake2b(row.body, digest_size=DIGEST_BYTES).digest()


def chained(before: bytes, command: c.Command, events: Sequence[Any]) -> bytes:
    """The running hash over commands and what they brought.

    It takes in the seed of each deal, so that nobody can find hole cards by trying them all.
    """
    chain = hashlib.blake2b(before, digest_size=DIGEST_BYTES)
    chain.update(_ENCODER.encode(command))
    chain.update(_ENCODER.encode(events))
    return chain.digest()
