"""What a process tells rails of its tables: each update once, and only while somebody watches."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import msgspec
from redis.asyncio import Redis

from actors.rail_line import Ear, Mouth
from games.protocol import NO_SEAT, RAIL
from wire.codec import CODECS, MSGPACK
from wire.limits import RailLimits
from wire.rail import SNAPSHOT_PLEASE, Kind, Told, asks_of, news_of, packed
from wire.server_frames import Update, Welcome

if TYPE_CHECKING:
    from actors.table import Table

CODEC: Final = CODECS[MSGPACK]
log = logging.getLogger(__name__)


class _Watched(msgspec.Struct):
    """A table that somebody follows, until he has not said so for a while."""

    table: "Table"
    until: float
    snapshot_at: float = 0.0
    owes_snapshot: bool = False


class Press:
    """One for all tables of a process. No table ever waits for it, or for Redis."""

    def __init__(self, redis: Redis, tables: Mapping[str, "Table"], limits: RailLimits) -> None:
        self._tables = tables
        self._limits = limits
        self._watched: dict[str, _Watched] = {}
        self._names: dict[str, str] = {}
        self._loop = asyncio.get_running_loop()
        self._ear = Ear(redis, self._heard, limits)
        self.mouth = Mouth(redis, self._unwatch_all, limits)

    async def run(self) -> None:
        """Listen and tell until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ear.run())
            tasks.create_task(self.mouth.run())

    def opened(self, table: "Table") -> None:
        """A table is served here from now on: who followed it elsewhere hears so."""
        name = table.spec.table
        self._unwatch(name)
        self._names[asks_of(name)] = name
        self._ear.want(asks_of(name))
        self._tell(table, Kind.STILL)

    def left(self, table: "Table", for_good: bool) -> None:
        """It is not served here any more, or nowhere."""
        name = table.spec.table
        self._unwatch(name)
        self._names.pop(asks_of(name), None)
        self._ear.drop(asks_of(name))
        if for_good:
            self._tell(table, Kind.CLOSED)

    def _heard(self, channel: str, message: bytes | None) -> None:
        table = self._tables.get(self._names.get(channel, ""))
        if message is None or table is None or not table.serving:
            return
        until = self._loop.time() + self._limits.watched_s
        watched = self._watched.get(table.spec.table)
        if watched is None:
            watched = self._watched[table.spec.table] = _Watched(table, until)
            table.broadcast.rail = lambda update: self._update(watched, update)
            self._snapshot(watched)
            return
        watched.until = until
        if message == SNAPSHOT_PLEASE:
            self._snapshot(watched)
        else:
            self._tell(table, Kind.STILL)

    def _update(self, watched: _Watched, update: Update) -> None:
        if self._loop.time() > watched.until:
            self._unwatch(watched.table.spec.table)
        else:
            self._tell(watched.table, Kind.UPDATE, CODEC.encode(update))

    def _snapshot(self, watched: _Watched) -> None:
        """As the rail may see it; told when it is on disk. Who asks too soon asks again."""
        now = self._loop.time()
        if watched.owes_snapshot or now - watched.snapshot_at < self._limits.snapshot_s_min:
            self._tell(watched.table, Kind.STILL)
            return
        watched.snapshot_at, watched.owes_snapshot = now, True
        table = watched.table
        view = table.machine.view(RAIL, table.now())

        def tell() -> None:
            watched.owes_snapshot = False
            at = table.broadcast.seq
            welcome = Welcome(table.spec.table, table.epoch, at, NO_SEAT, 0, view)
            self._tell(table, Kind.SNAPSHOT, CODEC.encode(welcome))

        table.when_durable(tell)

    def _tell(self, table: "Table", kind: Kind, frame: bytes = b"") -> None:
        told = Told(kind, table.epoch, table.broadcast.seq, table.spec.rail_delay_s, frame)
        self.mouth.tell(news_of(table.spec.table), packed(told))

    def _unwatch(self, name: str) -> None:
        watched = self._watched.pop(name, None)
        if watched is not None:
            watched.table.broadcast.rail = None

    def _unwatch_all(self) -> None:
        """Something was not told. Whoever follows hears where the tables stand, and asks; or says
        that he follows, and gets a snapshot for that."""
        lost = [watched.table for watched in self._watched.values()]
        for table in lost:
            self._unwatch(table.spec.table)
            self._tell(table, Kind.STILL)
