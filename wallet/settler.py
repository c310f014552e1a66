"""Hands that wait for the ledger go together: whatever has queued while the last batch was written.

No timer, no locks: a settler is one task on one connection. A batch that the database does not
take as a whole is halved until the hand that is different stands alone and is told why.
"""

import asyncio
import contextlib
import gc
import logging
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, Final, Protocol
from uuid import UUID

import asyncpg

from telemetry import traces
from wallet.batch import Hand, netted
from wallet.currencies import PLAY
from wallet.dsn import Dsn, connect
from wallet.monitor import BATCH as BATCH_HANDS
from wallet.monitor import RAKE, SETTLED, SETTLEMENT
from wallet.results import LedgerResult, Result

log = logging.getLogger(__name__)

BATCH_HANDS_MAX: Final = 512
SETTLERS_MAX: Final = 1_000
ACCOUNTS_MAX: Final = 100_000
"""Sessions whose account is remembered; it never changes."""
ANSWER_S_MAX: Final = 5.0
LOCK_MS_MAX: Final = 300
"""Longest wait for a row that somebody else holds: the hands beside it do not wait with it. Times
the depth of the halving it is less than ANSWER_S_MAX."""
COLLECT_EVERY_OBJECTS: Final = 100_000
NOT_SIMPLY_APPLIED: Final = ("SD001", "23514", "55P03")
"""One of ours, a balance below its floor, or a row that somebody holds."""
LOCKS: Final = 7_312_447  # any number of our own, beside the settler's
Waiting = tuple[Hand, "asyncio.Future[Result]"]

NUMBER: Final = """
SELECT n FROM generate_series(1, $2::integer) n
 WHERE pg_try_advisory_lock($1::integer, n) LIMIT 1
"""
LINKS: Final = "SELECT coalesce(max(links), 0) FROM wallet.chains WHERE chain = $1"
BATCH: Final = """
SELECT wallet.settle_batch($1, $2, $3, $4,
    $5::text::integer[], $6::text::bigint[], $7::text::bigint[], $8::text::bigint[],
    $9::text::bigint[], $10::text::integer[], $11::text::bigint[], $12::text::bigint[],
    $13::text::integer[], $14::text::integer[], $15::text::bigint[], $16::text::bigint[])
"""
"""Numbers go as text: the driver looks at each element of a list, which cost a quarter of all."""
SETTLE: Final = "SELECT wallet.settle($1, $2, $3, $4, $5, $6, $7, $8)"
HOUSE: Final = "SELECT wallet.open_house($1, $2)"
ACCOUNTS: Final = """
SELECT session, account_id, currency FROM wallet.accounts
 WHERE kind = 'stake' AND session = ANY ($1::uuid[])
"""


class Commits(Protocol):
    """What a settler tells of its work; nothing here may take long."""

    def batch(self, chain: int, number: int, lines: bytes | None) -> None:
        """Link ``number`` of ``chain`` is committed; ``lines`` is what the accounts hold now, None
        if none of them is a player's."""
        ...

    def single(self) -> None:
        """A single operation may have been committed."""
        ...


class Settler:
    """``settle`` may be called from one event loop; ``run`` does the work until cancelled."""

    def __init__(self, dsn: Dsn, commits: Commits | None = None) -> None:
        """``commits`` hears of every batch, after its hands have been answered."""
        self.number = 0
        self.batches = 0
        self._dsn = dsn
        self._commits = commits
        self._links = 0
        self._queue: deque[Waiting] = deque()
        self._wake = asyncio.Event()
        self._seen: dict[asyncio.Future[Result], str] = {}
        """The spans that ask, where traces are taken."""
        self._accounts: dict[UUID, int] = {}
        self._foreign: dict[UUID, str] = {}
        """Currencies of the sessions that are not in PLAY."""
        self._houses: dict[str, int] = {}
        self._conn: Any = None
        self._settle_batch: Any = None

    async def settle(self, hand: Hand) -> Result:
        """The ledger's answer to one hand. Raises what the database raised when it is unknown
        whether it acted; asking again with the same hand is safe."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._queue.append((hand, future))
        if seen := traces.here():
            self._seen[future] = seen
        self._wake.set()
        return await future

    async def run(self) -> None:
        """Write batches until cancelled."""
        try:
            while True:
                await self._wake.wait()
                batch = self._next_batch()
                try:
                    with SETTLEMENT.time(), self._span(batch):
                        async with asyncio.timeout(ANSWER_S_MAX):
                            await self._write(batch)
                    BATCH_HANDS.observe(len(batch))
                except Exception as failure:
                    # The line may be in the middle of something: never used again.
                    self._hang_up()
                    for _, future in batch:
                        _fail(future, failure)
                if not self._queue:
                    self._wake.clear()
        finally:
            self._hang_up()
            for _, future in self._queue:
                future.cancel()

    def _span(self, batch: list[Waiting]) -> AbstractContextManager[Any]:
        """One for the batch, linked to those of its hands, and part of none of them."""
        if not self._seen:
            return traces.NOTHING
        links = [seen for _, future in batch if (seen := self._seen.pop(future, ""))]
        return traces.span("settlement", links=links, batch=len(batch))

    def _next_batch(self) -> list[Waiting]:
        """In their order; one that is the same again waits for the answer to the first."""
        batch: list[Waiting] = []
        later: deque[Waiting] = deque()
        keys: set[tuple[str, int]] = set()
        while self._queue and len(batch) < BATCH_HANDS_MAX:
            hand, future = self._queue.popleft()
            if future.done():
                self._seen.pop(future, None)
                continue  # nobody waits for it any more; its sender asks again
            if (hand.table, hand.number) in keys:
                later.append((hand, future))
                continue
            keys.add((hand.table, hand.number))
            batch.append((hand, future))
        self._queue.extendleft(reversed(later))
        return batch

    async def _write(self, batch: list[Waiting]) -> None:
        await self._connect()
        await self._find({session for hand, _ in batch for session, _ in hand.moves})
        simple = [each for each in batch if all(s in self._accounts for s, _ in each[0].moves)]
        simple.sort(key=lambda each: (each[0].table, each[0].number))
        for currency, part in self._by_currency(simple):
            if currency not in self._houses:
                self._houses[currency] = await self._conn.fetchval(HOUSE, self.number, currency)
            await self._write_part(part, currency)
        for hand, future in batch:
            if not future.done():
                try:
                    _answer(future, await self._alone(hand))
                except asyncpg.LockNotAvailableError as held:
                    _fail(future, held)  # nothing was written; the others are still to be asked
                    continue
                if self._commits is not None:
                    self._commits.single()

    def _by_currency(self, batch: list[Waiting]) -> list[tuple[str, list[Waiting]]]:
        """A batch has one currency. Almost always there is one."""
        if not self._foreign:
            return [(PLAY, batch)] if batch else []
        parts: defaultdict[str, list[Waiting]] = defaultdict(list)
        for each in batch:
            moves = each[0].moves
            parts[self._foreign.get(moves[0][0], PLAY) if moves else PLAY].append(each)
        return list(parts.items())

    async def _write_part(self, part: list[Waiting], currency: str) -> None:
        """All together, or by halves; one that stands alone is left to be asked about."""
        try:
            names, keys, payloads, *numbers = netted(
                [hand for hand, _ in part], self._accounts, self._houses[currency]
            )
            lines = await self._settle_batch.fetchval(
                self.number, names, keys, payloads, *(_literal(each) for each in numbers)
            )
        except asyncpg.PostgresError as refused:
            if refused.sqlstate not in NOT_SIMPLY_APPLIED:
                raise
            if len(part) > 1:
                middle = len(part) // 2
                await self._write_part(part[:middle], currency)
                await self._write_part(part[middle:], currency)
            return
        self.batches += 1
        self._links += 1
        _count(LedgerResult.APPLIED, currency, len(part), sum(hand.rake for hand, _ in part))
        for hand, future in part:
            _answer(future, Result(LedgerResult.APPLIED, hand.rake))
        if self._commits is not None:
            self._commits.batch(self.number, self._links, lines)

    async def _alone(self, hand: Hand) -> Result:
        code = await self._conn.fetchval(
            SETTLE,
            hand.key,
            hand.payload,
            hand.table,
            hand.number,
            hand.epoch,
            [session for session, _ in hand.moves],
            [change for _, change in hand.moves],
            hand.rake,
        )
        result = Result.of(code, hand.rake)
        session = hand.moves[0][0] if hand.moves else None
        _count(result.code, self._foreign.get(session, PLAY) if session else PLAY, 1, hand.rake)
        return result

    # The line

    async def _connect(self) -> None:
        if self._conn is not None and not self._conn.is_closed():
            return
        # Also the server gives up: a call that we hung up on would hold its tables' fences.
        limits = {
            "lock_timeout": f"{LOCK_MS_MAX}",
            "statement_timeout": f"{ANSWER_S_MAX * 1e3:.0f}",
        }
        self._conn = await connect(self._dsn, server_settings=limits)
        # The number is ours as long as the line is: no two settlers write to one chain.
        self.number = await self._conn.fetchval(NUMBER, LOCKS, SETTLERS_MAX)
        # Nobody else writes to it, so we can count from here.
        self._links = await self._conn.fetchval(LINKS, self.number)
        self._houses.clear()
        self._settle_batch = await self._conn.prepare(BATCH)
        await traces.watch_queries(self._conn)

    async def _find(self, sessions: set[UUID]) -> None:
        missing = sessions - self._accounts.keys()
        if len(self._accounts) + len(missing) > ACCOUNTS_MAX:
            self._accounts.clear()
            self._foreign.clear()
            missing = sessions
        if missing:
            for session, account, currency in await self._conn.fetch(ACCOUNTS, list(missing)):
                self._accounts[session] = account
                if currency != PLAY:
                    self._foreign[session] = currency

    def _hang_up(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            with contextlib.suppress(Exception):
                conn.terminate()


def calm_collector() -> None:
    """For a busy process, once it stands: Python's collector would look at all that lives long
    again and again, a third of a settler's own CPU at 20,000 hands a second, a sixth of a table's.
    What is garbage in cycles is still found, later."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY_OBJECTS)


@asynccontextmanager
async def settling(
    dsn: Dsn, count: int, commits: Commits | None = None
) -> AsyncIterator[list[Settler]]:
    """So many settlers at work."""
    settlers = [Settler(dsn, commits) for _ in range(count)]
    tasks = [asyncio.create_task(settler.run()) for settler in settlers]
    try:
        yield settlers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _count(code: LedgerResult, currency: str, hands: int, rake: int) -> None:
    SETTLED.labels(code.value).inc(hands)
    if code is LedgerResult.APPLIED:
        RAKE.labels(currency).inc(rake)


def _literal(numbers: list[int]) -> str:
    return "{" + ",".join(map(str, numbers)) + "}"


def _answer(future: "asyncio.Future[Result]", result: Result) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Result]", failure: Exception) -> None:
    if isinstance(failure, asyncpg.LockNotAvailableError):
        failure = TimeoutError(f"{failure}")  # like any answer that takes too long: asked again
    if not future.done():
        future.set_exception(failure)
