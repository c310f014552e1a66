"""The audit log: what operators asked for and what came of it, written once, each row hashed with
the one before it. A row with what is asked comes first, one with the outcome later: an act without
an outcome is one whose process died over it."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import aiosql
import msgspec

if TYPE_CHECKING:
    from auth.accounts import Pool

QUERIES: Final[Any] = aiosql.from_path(Path(__file__).with_name("audit.sql"), "asyncpg")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
READ_AT_ONCE: Final = 1_000


class Act(msgspec.Struct, frozen=True):
    """``who`` is the name of an account, or ``machine:NAME``; ``outcome`` is done or a code;
    ``before`` and ``after`` are JSON, None where an act says nothing of the state."""

    number: int
    at: datetime
    who: str
    address: str
    act: str
    asked: str
    outcome: str | None
    answer: str | None
    before: str | None = None
    after: str | None = None


class Wanted(msgspec.Struct, frozen=True):
    """Filters; None is any. ``act`` is a part of method and path."""

    who: str | None = None
    act: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


class Audit:
    """Appends, searches and verifies."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def asked(
        self, who: str, address: str, act: str, asked: str, before: str | None = None
    ) -> int:
        """What somebody is about to do, and how it is now; its number."""
        return await self._append(who, address, act, asked, None, None, "", before)

    async def ended(
        self, number: int, who: str, outcome: str, answer: str, after: str | None = None
    ) -> None:
        """What came of it."""
        await self._append(who, "", "", "", number, outcome, answer, after)

    async def search(self, wanted: Wanted, limit: int) -> list[Act]:
        """Newest first."""
        async with self._pool.acquire() as conn:
            found = QUERIES.search_audit(conn, **msgspec.structs.asdict(wanted), count=limit)
            return [Act(*row) async for row in found]

    async def verify(self) -> tuple[int, list[str]]:
        """How many rows were read, and what is wrong: what was altered, moved or removed. That
        the newest rows are gone can't be seen from those that are left."""
        last, before, problems = 0, b"", list[str]()
        async with self._pool.acquire() as conn, conn.transaction(isolation="repeatable_read"):
            while True:
                found = QUERIES.read_audit(conn, after=last, count=READ_AT_ONCE)
                rows = [row async for row in found]
                for row in rows:
                    if row["number"] != last + 1:
                        problems.append(f"audit {last + 1} to {row['number'] - 1}: missing")
                    elif _hash(before, row) != row["hash"]:
                        problems.append(f"audit {row['number']}: not as it was written")
                    last, before = row["number"], row["hash"]
                if len(rows) < READ_AT_ONCE:
                    return last, problems

    @staticmethod
    async def end(conn: Any) -> tuple[int, str]:
        """Number and hash (hex) of the newest row, in the transaction of ``conn``."""
        row = await QUERIES.audit_end(conn)
        return (row["number"], row["hash"].hex()) if row else (0, "")

    async def _append(
        self,
        who: str,
        address: str,
        act: str,
        asked: str,
        outcome_of: int | None,
        outcome: str | None,
        answer: str,
        state: str | None,
    ) -> int:
        async with self._pool.acquire() as conn:
            number: int = await QUERIES.append_audit(
                conn, who=who, address=address, act=act, asked=asked, outcome_of=outcome_of,
                outcome=outcome, answer=answer, state=state,
            )  # fmt: skip
        return number


def _hash(before: bytes, row: Any) -> bytes:
    """As ``auth.append_audit`` makes it."""
    micros = (row["at"] - EPOCH) // timedelta(microseconds=1)
    parts = (
        str(row["number"]), str(micros), row["who"], row["address"], row["act"], row["asked"],
        None if row["outcome_of"] is None else str(row["outcome_of"]), row["outcome"],
        row["answer"], *(() if row["state"] is None else (row["state"],)),
    )  # fmt: skip
    return hashlib.sha256(before + b"".join(map(_netstring, parts))).digest()


def _netstring(text: str | None) -> bytes:
    if text is None:
        return b"-"
    data = text.encode()
    return str(len(data)).encode() + b":" + data
