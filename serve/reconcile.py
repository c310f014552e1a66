"""Do balances, entries, stakes, seats, journal and archive agree?

Everything is read in one snapshot of the database. A deep look reads every row of the books as
well (``ledger check`` and ``ledger verify``); it is taken once a day.
"""

import asyncio
import logging
import time
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import aiosql
import asyncpg
import msgspec

from actors.agreement import Drift, Held, differences, keys_of
from actors.archive import QUERIES as ACTORS
from actors.journal import Pen, Row
from actors.replay import replay
from actors.spec import TableSpec
from auth.seals import Seals
from serve.runtime import QUERY_S_MAX, Runtime
from wallet.dsn import create_pool
from wallet.ledger import Ledger

QUERIES: Any = aiosql.from_path(str(files("serve") / "reconcile.sql"), "asyncpg")
log = logging.getLogger(__name__)

LOOK_S_MAX: Final = 3_600.0
DEEP_EVERY_S: Final = 86_400.0
DEEP_FIRST_S: Final = 3_600.0
"""After a start: a floor that is restarted every day must read everything too."""
GRACE_S: Final = 120
"""So long may chips be on their way between a wallet and a seat, or a hand to the archive."""
LOOKED_AT_MAX: Final = 100_000
SHOWN_MAX: Final = 100
CHECKS: Final = (
    "sum_not_zero",
    "balance_differs",
    "below_floor",
    "stake_differs",
    "stake_without_seat",
    "seat_without_stake",
    "journal_unreadable",
    "hand_not_settled",
    "hand_not_archived",
    "payment_overdue",
    "books",
    "chain",
)
"""Codes of differences: they are labels of the metric."""


class Reconciled(msgspec.Struct, frozen=True):
    """What one look found. Instants are seconds since 1970; ``clean_at`` is 0 before the first
    look that found nothing."""

    at: float
    clean_at: float
    drifts: tuple[Drift, ...]
    held: tuple[tuple[str, str, int], ...] = ()
    """Currency, kind of account, and what all accounts of that kind have (minor units)."""

    def count(self) -> dict[str, int]:
        """Differences by check, zeroes too."""
        found = Counter(drift.check for drift in self.drifts)
        return {check: found[check] for check in CHECKS}


async def holdings(pool: "asyncpg.Pool[asyncpg.Record]") -> tuple[tuple[str, str, int], ...]:
    """What each kind of account has, by currency."""
    async with pool.acquire() as conn:
        return tuple([tuple(row) async for row in QUERIES.held(conn)])


async def reconcile(
    pool: "asyncpg.Pool[asyncpg.Record]", seals: Seals, deep: bool
) -> tuple[Drift, ...]:
    """Every difference there is now."""
    async with (
        pool.acquire() as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        found = await _balances(conn) + await _tables(conn, seals)
    if deep:
        books = Ledger(pool)
        found += [Drift("books", problem) for problem in (await books.check()).problems]
        found += [Drift("chain", problem) for problem in (await books.verify()).problems]
    return tuple(found)


async def _balances(conn: Any) -> list[Drift]:
    found = [
        Drift("sum_not_zero", f"{row['currency']}: all balances sum to {row['total']}")
        async for row in QUERIES.sums(conn)
    ]
    async for row in QUERIES.last_entries(conn):
        what = f"account {row['account_id']} ({row['kind']}): balance {row['balance']}"
        if row["balance"] != row["entries"]:
            found.append(Drift("balance_differs", f"{what}, its entries say {row['entries']}"))
        if row["floor"] is not None and row["balance"] < row["floor"]:
            found.append(Drift("below_floor", f"{what}, its floor is {row['floor']}"))
    async for row in QUERIES.overdue(conn, grace_s=GRACE_S):
        what = f"{row['kind']} {row['key']} should have ended at {row['expires_at']}"
        found.append(Drift("payment_overdue", what))
    return found


async def _tables(conn: Any, seals: Seals) -> list[Drift]:
    stakes: defaultdict[str, dict[str, Held]] = defaultdict(dict)
    async for row in QUERIES.stakes(conn, grace_s=GRACE_S):
        stakes[row["table_id"]][str(row["session"])] = Held(row["balance"], row["recent"])
    found = []
    tables = [row async for row in QUERIES.tables(conn)]
    for table in tables:
        name = table["table_id"]
        if table["archived"] is not None and table["archived"] > table["settled"]:
            what = f"{name}: hand {table['archived']} is kept, settled is {table['settled']}"
            found.append(Drift("hand_not_settled", what))
        if table["spec"] is not None:
            found += await _seats(conn, table, stakes.pop(name, {}), seals)
    for name, left in stakes.items():
        found += [
            Drift("stake_without_seat", f"{name}, {session}: {stake.chips}, there is no such table")
            for session, stake in left.items()
            if not stake.recent
        ]
    async for row in QUERIES.not_archived(
        conn, grace_s=GRACE_S, looked_at_max=LOOKED_AT_MAX, shown_max=SHOWN_MAX
    ):
        found.append(Drift("hand_not_archived", f"{row['table_id']}: hand {row['hand']}"))
    return found


async def _seats(conn: Any, table: Any, stakes: dict[str, Held], seals: Seals) -> list[Drift]:
    """Replay one table from its last snapshot; the event loop runs in between."""
    name = table["table_id"]
    spec = msgspec.json.decode(table["spec"], type=TableSpec)
    rows = [Row(*row) async for row in ACTORS.journal_rows(conn, table_id=name)]
    state = replay(spec, rows, Pen(name, table["epoch"], seals), table["last_hand"])
    done = {row["key"] async for row in QUERIES.done(conn, keys=keys_of(state, name))}
    return differences(name, state, stakes, done)


class Reconciler:
    """Looks again and again; remembers what it saw last."""

    def __init__(self, runtime: Runtime) -> None:
        self._dsn = Path(runtime.dsn_file)
        self._seals = Path(runtime.host.journal_keys)
        self._every_s = runtime.reconcile_s
        self._deep_at = time.monotonic() + DEEP_FIRST_S
        self.last = Reconciled(0.0, 0.0, ())

    async def run(self) -> None:
        """Until cancelled. A look that fails leaves the last one: its age tells."""
        while True:
            await asyncio.sleep(self._every_s)
            try:
                await self._look()
            except Exception:
                log.exception("the ledger is reconciled later")

    async def _look(self) -> None:
        deep = time.monotonic() >= self._deep_at
        seals = Seals(self._seals)
        async with await create_pool(
            self._dsn,
            min_size=0,
            max_size=1,
            timeout=QUERY_S_MAX,
            command_timeout=LOOK_S_MAX,
        ) as pool:
            drifts = await reconcile(pool, seals, deep)
            held = await holdings(pool)
        if deep:
            self._deep_at = time.monotonic() + DEEP_EVERY_S
        for drift in drifts:
            log.critical("ledger drift: %s: %s", drift.check, drift.what)
        now = time.time()
        self.last = Reconciled(now, self.last.clean_at if drifts else now, drifts, held)
