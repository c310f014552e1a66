"""Finished hands in Postgres: what the journal becomes. Written once, by one function."""

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any, Literal
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from actors.bank import TRANSIENT
from actors.commands import Player
from actors.group import Group
from games.holdem.game import HoldemSpec
from wire.events import Event

QUERIES: Any = aiosql.from_path(str(files("actors") / "queries.sql"), "asyncpg")
EVENTS_DECODER = msgspec.json.Decoder(list[Event])
LAST_ID = 2**63 - 1
HANDS_MAX = 256
"""Records written by one call."""


class HandGame(HoldemSpec, frozen=True, kw_only=True):
    """The game of a hand as it was. ``currency`` is what its amounts are minor units of; empty in
    records of before it was kept."""

    currency: str = ""


class FinishedHand(msgspec.Struct, frozen=True):
    """A hand with every card in it.

    ``players`` are (seat, player), ``voided`` is why the hand does not count, if it does not,
    ``seed`` what it was dealt from (none before the fair deal), ``rules`` the game as it was.
    ``times`` are ms of the table's clock since the deal, parallel to ``events``; ``platform`` are
    (number of an event, why): decisions that the table made for a player.
    """

    table: str
    hand: int
    epoch: int
    events: tuple[Event, ...]
    players: tuple[tuple[int, Player], ...]
    voided: str | None = None
    seed: bytes = b""
    rules: HandGame | None = None
    times: tuple[int, ...] = ()
    platform: tuple[tuple[int, str], ...] = ()


class ArchivedHand(msgspec.Struct, frozen=True):
    """A hand as stored, every card included: redact it for ``seat`` before showing it.

    ``seat`` is that of the player whose hands were asked for. ``settlement`` is the key of the
    transfer in the ledger; ``digest`` the hash over all of it.
    """

    id: int
    table: str
    hand: int
    ended: datetime
    seat: int
    players: tuple[tuple[int, Player], ...]
    events: list[Event]
    epoch: int
    voided: str | None
    seed: bytes
    rules: HandGame | None
    times: tuple[int, ...]
    platform: tuple[tuple[int, str], ...]
    settlement: str | None
    digest: bytes

    @property
    def names(self) -> tuple[tuple[int, str], ...]:
        return tuple((seat, player.name) for seat, player in self.players)

    def seat_of(self, player: UUID) -> int | None:
        """Where he played, if he did."""
        return next((seat for seat, each in self.players if each.id == str(player)), None)


class Search(msgspec.Struct, frozen=True):
    """Which hands an operator wants: at a table, of a player (a name or an id), in a time."""

    table: str | None = None
    player: str | None = None
    since: datetime | None = None
    until: datetime | None = None


Result = Literal["won", "lost", "even", "void"]


class OwnSearch(msgspec.Struct, frozen=True):
    """Which of his hands a player wants; None is any. ``pot_min`` is in minor units."""

    table: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    result: Result | None = None
    pot_min: int | None = None


class Archive:
    """Reads and writes over a pool; safe to repeat."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._saving: Group[FinishedHand, None] = Group(self._save_all, HANDS_MAX, calls_max=1)

    async def save(self, finished: FinishedHand) -> None:
        """Keep a finished hand; saving it again changes nothing. Hands that end while others are
        written go together."""
        await self._saving.ask(finished)

    async def _save_all(self, hands: Sequence[FinishedHand]) -> list[Exception | None]:
        try:
            await self._save(hands)
        except Exception as failure:
            if len(hands) == 1 or isinstance(failure, TRANSIENT):
                raise
            # One of them can't be kept: it must not take the others with it.
            alone = [await asyncio.gather(self._save([h]), return_exceptions=True) for h in hands]
            return [answer if isinstance(answer, Exception) else None for (answer,) in alone]
        return [None] * len(hands)

    async def _save(self, hands: Sequence[FinishedHand]) -> None:
        hands = sorted(hands, key=lambda each: each.table)  # the order of locks
        async with self._pool.acquire() as conn:
            await QUERIES.keep_hands(
                conn,
                tables=[each.table for each in hands],
                hands=[each.hand for each in hands],
                epochs=[each.epoch for each in hands],
                events=[_text(each.events) for each in hands],
                voided=[each.voided for each in hands],
                seeds=[each.seed or None for each in hands],
                players=[_text([(n, p.id, p.name, p.kind) for n, p in h.players]) for h in hands],
                rules=[_text(h.rules) if h.rules is not None else None for h in hands],
                times=[_text(each.times) for each in hands],
                platform=[_text(each.platform) for each in hands],
            )

    async def hand(self, table: str, number: int) -> ArchivedHand | None:
        """One hand, seen from no seat."""
        async with self._pool.acquire() as conn:
            row = await QUERIES.hand(conn, table_id=table, hand=number)
        return archived(row) if row is not None else None

    async def hands_of(
        self, player: UUID, before: int | None, limit: int, wanted: OwnSearch | None = None
    ) -> Sequence[ArchivedHand]:
        """The player's hands, newest first, with ids below ``before``."""
        wanted = wanted or OwnSearch()
        async with self._pool.acquire() as conn:
            rows = QUERIES.hands_of(
                conn,
                player_id=player,
                table_id=wanted.table,
                since=wanted.since,
                until=wanted.until,
                result=wanted.result,
                pot_min=wanted.pot_min,
                before=before or LAST_ID,
                count=limit,
            )
            return [archived(row) async for row in rows]

    async def search(self, wanted: Search, before: int | None, limit: int) -> list[ArchivedHand]:
        """An operator's search, newest first."""
        async with self._pool.acquire() as conn:
            rows = QUERIES.search_hands(
                conn,
                table_id=wanted.table,
                player=wanted.player,
                since=wanted.since,
                until=wanted.until,
                before=before or LAST_ID,
                count=limit,
            )
            return [archived(row) async for row in rows]

    async def check(self) -> tuple[int, list[str]]:
        """How many records there are, and those that are not as they were written."""
        async with self._pool.acquire() as conn:
            count = await QUERIES.count_hands(conn)
            altered = [row async for row in QUERIES.altered_hands(conn)]
        return count, [f"{row['table_id']}/{row['hand']} was altered" for row in altered]

    async def retire(self, before: datetime, limit: int) -> int:
        """Forget hands that ended before an instant, the oldest first; how many they were."""
        async with self._pool.acquire() as conn:
            return int(await QUERIES.retire_hands(conn, before=before, count=limit))


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def archived(row: "asyncpg.Record") -> ArchivedHand:
    """From a row of ``actors.hands``, with the ``seat`` of a player if it has one."""
    rules = row["rules"]
    return ArchivedHand(
        row["hand_id"],
        row["table_id"],
        row["hand"],
        row["ended_at"],
        row.get("seat", -1),
        tuple((seat, Player(*rest)) for seat, *rest in json.loads(row["players"])),
        EVENTS_DECODER.decode(row["events"]),
        row["epoch"],
        row["voided"],
        row["seed"] or b"",
        msgspec.json.decode(rules, type=HandGame) if rules else None,
        tuple(row["times"]),
        tuple((number, why) for number, why in json.loads(row["platform"])),
        row["settlement"],
        row["digest"],
    )
