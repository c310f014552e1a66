"""The ledger as the rest of the system sees it: few operations, each safe to repeat.

The seam for a faster one is this class: callers know its methods and ``LedgerResult``, not SQL.
All amounts are integers in minor units.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from wallet.batch import Hand, digest
from wallet.currencies import PLAY, in_currency
from wallet.errors import AmountInvalid, HandInvalid, Unbalanced
from wallet.monitor import GRANTED
from wallet.results import LedgerResult, LimitName, Reached, Result
from wallet.settler import Settler

__all__ = ["Balance", "CheckReport", "Ledger", "Result", "Stake", "StatementLine"]

QUERIES: Any = aiosql.from_path(str(files("wallet") / "queries.sql"), "asyncpg")
AMOUNT_MAX: Final = 2**53 - 1
MONTHS_AHEAD: Final = 3
LAST_ID: Final = 2**63 - 1


class Balance(msgspec.Struct, frozen=True):
    """``amount`` is free, ``at_tables`` is in play; ``version`` grows with every change."""

    amount: int
    version: int
    at_tables: int


class Stake(msgspec.Struct, frozen=True):
    """Chips in escrow at a table."""

    player: UUID
    session: UUID
    amount: int


class OwnStake(msgspec.Struct, frozen=True):
    """Somebody's chips at a table."""

    table: str
    amount: int
    currency: str


class StatementLine(msgspec.Struct, frozen=True):
    """One entry: ``account`` is wallet or stake, ``balance`` that account's after it."""

    id: int
    at: datetime
    kind: str
    account: str
    table: str | None
    hand: int | None
    amount: int
    balance: int
    currency: str


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines of a statement; None does not filter. ``since`` <= instant < ``until``."""

    kind: str | None = None
    table: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    currency: str | None = None


EVERYTHING: Final = Wanted()


class CheckReport(msgspec.Struct, frozen=True):
    """What was read, and everything that does not hold."""

    accounts: int
    transfers: int
    entries: int
    problems: list[str]


class ChainReport(msgspec.Struct, frozen=True):
    """How many links there are, and everything that was altered, removed or moved."""

    links: int
    problems: list[str]


class Head(msgspec.Struct, frozen=True):
    """The end of a chain: how many links it has, and the hash of the last, in hex."""

    links: int
    hash: str


class Ledger:
    """Double entry over Postgres; every write is one call of one function of the database.

    With ``settlers`` hands go in batches, each table to the same settler; they must be running.
    """

    def __init__(
        self, pool: "asyncpg.Pool[asyncpg.Record]", settlers: Sequence[Settler] = ()
    ) -> None:
        self._pool = pool
        self._settlers = settlers

    async def open_wallet(self, player: UUID, currency: str = PLAY) -> None:
        """Make the player's wallet in a currency that is open; again changes nothing."""
        async with self._pool.acquire() as conn:
            await QUERIES.open_wallet(conn, owner=player, currency=currency)

    async def balance(self, player: UUID, currency: str = PLAY) -> Balance:
        """Zero for a player without a wallet in this currency."""
        async with self._pool.acquire() as conn:
            row = await QUERIES.balance(conn, owner=player, currency=currency)
        return Balance(row["amount"], row["version"], row["at_tables"])

    async def grant_daily(self, player: UUID, amount: int, day: date) -> Result:
        """Promotional chips to the wallet, once a day."""
        must_be_amount(amount)
        async with self._pool.acquire() as conn:
            code = await QUERIES.grant_chips(
                conn,
                key=f"grant:{player}:{day}",
                # Not the amount: a changed setting must not make today's second grant an error.
                payload=digest("grant", player, day),
                owner=player,
                amount=amount,
            )
        result = Result.of(code, amount)
        if result.code is LedgerResult.APPLIED:
            GRANTED.inc(amount)
        return result

    async def buy_in(
        self,
        player: UUID,
        table: str,
        session: UUID,
        amount: int,
        key: str,
        epoch: int = 0,
        currency: str = PLAY,
    ) -> Result:
        """Wallet to the stake of ``session``; a top-up is another key for the same session.

        Refused for an epoch below the table's fence: nobody could seat the player any more. Also
        by what the player may do (``wallet.protection``).
        """
        must_be_amount(amount)
        async with self._pool.acquire() as conn:
            code = await QUERIES.buy_in(
                conn,
                key=key,
                payload=digest("buy_in", player, table, session, amount, *in_currency(currency)),
                owner=player,
                table_id=table,
                session=session,
                amount=amount,
                epoch=epoch,
                currency=currency,
            )
            return await told(conn, key, code, amount)

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result:
        """The result of a hand: (session, change) and the rake, which sum to zero.

        Once by (table, hand); refused for an epoch below the table's fence.
        """
        if sum(change for _, change in moves) != -rake or rake < 0:
            raise Unbalanced(f"{Unbalanced.__doc__} {table} hand {hand}")
        if len({session for session, _ in moves}) != len(moves):
            raise Unbalanced(f"one session twice in {table} hand {hand}")
        for _, change in moves:
            if abs(change) > AMOUNT_MAX:
                raise AmountInvalid(change)
        # What the database can't read would fail every hand of its batch, again and again.
        if not (0 <= hand <= LAST_ID and 0 <= epoch <= LAST_ID and table.isprintable()):
            raise HandInvalid(f"{HandInvalid.__doc__} Given: {table!r} {hand}, epoch {epoch}.")
        settled = Hand(table, hand, epoch, tuple(sorted(moves, key=_session)), rake)
        if self._settlers:
            place = zlib.crc32(table.encode()) % len(self._settlers)
            return await self._settlers[place].settle(settled)
        async with self._pool.acquire() as conn:
            code = await QUERIES.settle(
                conn,
                key=settled.key,
                payload=settled.payload,
                table_id=table,
                hand=hand,
                epoch=epoch,
                sessions=[session for session, _ in settled.moves],
                changes=[change for _, change in settled.moves],
                rake=rake,
            )
        return Result.of(code, rake)

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result:
        """The whole stake to the wallet; the stake is closed. ``amount`` is what moved."""
        async with self._pool.acquire() as conn:
            row = await QUERIES.cash_out(
                conn,
                key=key,
                payload=digest("cash_out", player, table, session),
                owner=player,
                table_id=table,
                session=session,
            )
        return Result(LedgerResult(row["code"]), row["moved"])

    async def open_stakes(self, table: str) -> list[Stake]:
        """Every stake at the table that has not gone home."""
        async with self._pool.acquire() as conn:
            return [
                Stake(row["owner"], row["session"], row["balance"])
                async for row in QUERIES.open_stakes(conn, table_id=table)
            ]

    async def stakes_of(self, player: UUID) -> list[OwnStake]:
        """Every stake of a player that has not gone home, oldest first."""
        async with self._pool.acquire() as conn:
            return [
                OwnStake(row["table_id"], row["balance"], row["currency"])
                async for row in QUERIES.stakes_of(conn, owner=player)
            ]

    async def buy_in_keys(self, table: str) -> frozenset[str]:
        """The keys by which chips came into the stakes that are open at the table."""
        async with self._pool.acquire() as conn:
            return frozenset(
                [row["key"] async for row in QUERIES.buy_in_keys(conn, table_id=table)]
            )

    async def raise_fence(self, table: str, epoch: int) -> bool:
        """Refuse settlements below ``epoch`` from now on; False if it was as high before."""
        async with self._pool.acquire() as conn:
            return bool(await QUERIES.raise_fence(conn, table_id=table, epoch=epoch))

    async def statement(
        self,
        player: UUID,
        limit: int = 50,
        before: int | None = None,
        wanted: Wanted = EVERYTHING,
    ) -> list[StatementLine]:
        """Changes of wallet and stakes, newest first, with ids below ``before``."""
        async with self._pool.acquire() as conn:
            return [
                StatementLine(*row)
                async for row in QUERIES.statement(
                    conn,
                    owner=player,
                    before=before or LAST_ID,
                    count=limit,
                    kind=wanted.kind,
                    table_id=wanted.table,
                    since=wanted.since,
                    until=wanted.until,
                    currency=wanted.currency,
                )
            ]

    async def check(self) -> CheckReport:
        """Read everything in one snapshot and prove that it adds up."""
        async with (
            self._pool.acquire() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            counts = await QUERIES.counts(conn)
            problems = [row["problem"] async for row in QUERIES.problems(conn)]
        return CheckReport(counts["accounts"], counts["transfers"], counts["entries"], problems)

    async def verify(self) -> ChainReport:
        """Recompute every link of the hash chains from the rows as they are now."""
        async with (
            self._pool.acquire() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            links = await QUERIES.count_links(conn)
            problems = [row["problem"] async for row in QUERIES.chain_problems(conn)]
        return ChainReport(links, problems)

    async def heads(self) -> dict[int, Head]:
        """Where each chain ends now: kept elsewhere, it shows later that no end was cut off."""
        async with self._pool.acquire() as conn:
            return await heads_of(conn)

    async def cut(self, heads: Mapping[int, Head]) -> list[str]:
        """Chains that do not go on from these heads."""
        async with self._pool.acquire() as conn:
            rows = [
                row
                async for row in QUERIES.links_at(
                    conn, chains=list(heads), numbers=[head.links for head in heads.values()]
                )
            ]
        return [
            f"chain {row['chain']}: link {row['number']} is not the one that was noted"
            for row in rows
            if row["hash"] is None or row["hash"].hex() != heads[row["chain"]].hash
        ]

    async def open_months(self) -> int:
        """See that there is a partition for the entries of the coming months; how many are new."""
        async with self._pool.acquire() as conn:
            return int(await QUERIES.open_months(conn, count=MONTHS_AHEAD))


async def heads_of(conn: Any) -> dict[int, Head]:
    """The ends of the chains, in the transaction of ``conn``."""
    return {
        row["chain"]: Head(row["links"], row["hash"].hex()) async for row in QUERIES.heads(conn)
    }


async def counts_of(conn: Any) -> dict[str, int]:
    """Accounts, transfers and entries, in the transaction of ``conn``."""
    return dict(await QUERIES.counts(conn))


def _session(move: tuple[UUID, int]) -> int:
    return move[0].int  # compared as numbers, ids cost a tenth of what they cost as objects


async def told(conn: Any, key: str, code: str, amount: int) -> Result:
    """The answer of a function of the database, with the limit that refused it."""
    result = Result.of(code, amount)
    if result.code is not LedgerResult.LIMIT_REACHED:
        return result
    row = await QUERIES.refusal(conn, key=key)
    if row["limit_name"] is None:
        return result
    reached = Reached(LimitName(row["limit_name"]), row["room"], row["until"])
    return Result(result.code, 0, reached)


def must_be_amount(amount: int) -> None:
    if not 0 < amount <= AMOUNT_MAX:
        raise AmountInvalid(amount)
