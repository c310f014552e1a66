"""The review queue: what was found waits for a person, who confirms or dismisses it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from actors.archive import Archive, Search
from serve.signals.detect import Finding, Login, detect
from serve.signals.facts import Facts, facts_of
from wallet.dsn import Dsn, create_pool

QUERIES: Final[Any] = aiosql.from_path(Path(__file__).with_name("review.sql"), "asyncpg")
DAYS: Final = 30
"""So much of the record is looked at."""
HANDS_MAX: Final = 200_000
"""The newest ones, if there are more: what fits one process."""
PAGE: Final = 500
NIGHT_HOURS: Final = range(4, 8)
"""UTC: whoever starts a server at noon does not wait for this."""
LOOK_S: Final = 600.0
LAST_ID: Final = 2**63 - 1
Look = Callable[[], Awaitable[tuple[int, int]]]
"""Looks through the record: how many hands, how many findings."""
log = logging.getLogger(__name__)


class Queued(msgspec.Struct, frozen=True):
    """A finding in the queue; ``state`` is open, confirmed or dismissed."""

    id: int
    kind: str
    players: tuple[str, ...]
    score: int
    evidence: dict[str, Any]
    since: datetime
    until: datetime
    found_at: datetime
    state: str
    decided_by: str | None
    remark: str | None


class Review:
    """Looks at the record, keeps what was found, lists and decides."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._archive = Archive(pool)

    async def look(self, now: datetime, days: int = DAYS) -> tuple[int, list[Finding]]:
        """Detect in the last days, and queue it; how many hands were looked at."""
        since = now - timedelta(days=days)
        hands = await self._read(since, now)
        async with self._pool.acquire() as conn:
            logins = [
                Login(str(row["account"]), row["address"], row["device"])
                async for row in QUERIES.logins(conn, since=since)
            ]
        findings = detect(hands, logins)
        async with self._pool.acquire() as conn, conn.transaction():
            for each in findings:
                await QUERIES.add_finding(
                    conn,
                    kind=each.kind,
                    players=[UUID(player) for player in each.players],
                    score=each.score,
                    evidence=msgspec.json.encode(each.evidence).decode(),
                    since=since,
                    until=now,
                )
        return len(hands), findings

    async def _read(self, since: datetime, until: datetime) -> list[Facts]:
        found: list[Facts] = []
        before: int | None = None
        while len(found) < HANDS_MAX:
            page = await self._archive.search(Search(since=since, until=until), before, PAGE)
            found += [facts for hand in page if (facts := facts_of(hand)) is not None]
            if len(page) < PAGE:
                break
            before = page[-1].id
        return found

    async def list(self, state: str | None, before: int | None, limit: int) -> list[Queued]:
        """Newest first; of one state, or all."""
        async with self._pool.acquire() as conn:
            rows = QUERIES.list_findings(conn, state=state, before=before or LAST_ID, count=limit)
            return [_queued(row) async for row in rows]

    async def decide(self, finding: int, confirmed: bool, by: str, remark: str) -> str:
        """done, already_decided or finding_unknown. It bans nobody: that is another act."""
        state = "confirmed" if confirmed else "dismissed"
        async with self._pool.acquire() as conn:
            done = await QUERIES.decide_finding(conn, id=finding, state=state, by=by, remark=remark)
            if done is not None:
                return "done"
            known = await QUERIES.finding_exists(conn, id=finding)
        return "already_decided" if known else "finding_unknown"

    async def nightly(self, look: Look) -> None:
        """Look once a night, whichever replica comes first; until cancelled."""
        while True:
            now = datetime.now(UTC)
            if now.hour in NIGHT_HOURS:
                try:
                    await self.look_once(now, look)
                except Exception:
                    log.exception("the record is looked through later")
            await asyncio.sleep(LOOK_S)

    async def look_once(self, now: datetime, look: Look) -> bool:
        """Look if nobody has looked today; whether it was done here."""
        day = now.toordinal()
        async with self._pool.acquire() as conn, conn.transaction():
            if not await QUERIES.try_turn(conn, day=day):
                return False
            hands, found = await look()
            await QUERIES.note_run(conn, day=day, hands=hands, found=found)
        return True


def _queued(row: "asyncpg.Record") -> Queued:
    evidence = msgspec.json.decode(row["evidence"])
    players = tuple(str(player) for player in row["players"])
    return Queued(
        row["finding_id"], row["kind"], players, row["score"], evidence, row["since"],
        row["until"], row["found_at"], row["state"], row["decided_by"], row["remark"],
    )  # fmt: skip


def look_through(dsn: Dsn) -> tuple[int, int]:
    """All of it, in this process: it takes a core for a while, so nobody who serves does it."""

    async def look() -> tuple[int, int]:
        async with await create_pool(dsn, min_size=1, max_size=1) as pool:
            hands, findings = await Review(pool).look(datetime.now(UTC))
            return hands, len(findings)

    return asyncio.run(look())


async def look_elsewhere(dsn: Dsn) -> tuple[int, int]:
    """The same in a process of its own, wherever the cluster has room."""
    import ray

    look: Any = ray.remote(look_through)
    hands, found = await look.options(num_cpus=0).remote(dsn)
    return hands, found
