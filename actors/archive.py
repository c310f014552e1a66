"""Finished hands in Postgres: what the journal becomes."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from actors.commands import Player
from wire.events import Event

QUERIES: Any = aiosql.from_path(str(files("actors") / "queries.sql"), "asyncpg")
EVENTS_DECODER = msgspec.json.Decoder(list[Event])
LAST_ID = 2**63 - 1


class FinishedHand(msgspec.Struct, frozen=True):
    """A hand with every card in it; ``players`` are (seat, player), ``voided`` is why the hand does
    not count, if it does not; ``seed`` is what it was dealt from, none before the fair deal."""

    table: str
    hand: int
    epoch: int
    events: tuple[Event, ...]
    players: tuple[tuple[int, Player], ...]
    voided: str | None = None
    seed: bytes = b""


class ArchivedHand(msgspec.Struct, frozen=True):
    """A hand as stored, every card included: redact it for ``seat`` before showing it."""

    id: int
    table: str
    hand: int
    ended: datetime
    seat: int
    players: tuple[tuple[int, str], ...]
    events: list[Event]


class Archive:
    """Reads and writes over a pool; safe to repeat."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def save(self, finished: FinishedHand) -> None:
        """Keep a finished hand; saving it again changes nothing."""
        events = msgspec.json.encode(finished.events).decode()
        async with self._pool.acquire() as conn, conn.transaction():
            hand_id = await QUERIES.add_hand(
                conn,
                table_id=finished.table,
                hand=finished.hand,
                epoch=finished.epoch,
                events=events,
                voided=finished.voided,
                seed=finished.seed or None,
            )
            if hand_id is None:
                return
            for seat, player in finished.players:
                await QUERIES.add_player(
                    conn,
                    player_id=UUID(player.id),
                    hand_id=hand_id,
                    seat=seat,
                    name=player.name,
                )
            await QUERIES.note_hand(
                conn, table_id=finished.table, hand=finished.hand, epoch=finished.epoch
            )

    async def hands_of(
        self, player: UUID, before: int | None, limit: int
    ) -> Sequence[ArchivedHand]:
        """The player's hands, newest first, with ids below ``before``."""
        async with self._pool.acquire() as conn:
            rows = [
                row
                async for row in QUERIES.hands_of(
                    conn, player_id=player, before=before or LAST_ID, count=limit
                )
            ]
        return [_archived(row) for row in rows]


def _archived(row: "asyncpg.Record") -> ArchivedHand:
    players = tuple((seat, name) for seat, name in json.loads(row["players"]))
    return ArchivedHand(
        row["hand_id"],
        row["table_id"],
        row["hand"],
        row["ended_at"],
        row["seat"],
        players,
        EVENTS_DECODER.decode(row["events"]),
    )
