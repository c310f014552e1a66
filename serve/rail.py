"""The rail: spectators of all tables, in a process of their own.

A table's process tells each update once over Redis; here it is shown to whoever watches, later if
the table says so.
"""

import asyncio
import logging
import time
from collections.abc import Iterator
from itertools import chain
from typing import Final

import msgspec
from redis.asyncio import Redis

from actors import refusals as no
from actors.load import LagMeter
from actors.presence import Presence
from actors.rail_line import Ear, Mouth
from actors.revocations import Ask, Revocations
from actors.sockets import ANY_PORT, Connection, Door
from auth.errors import TicketWrongTable
from auth.keys import PublicKeys
from auth.tickets import TicketClaims, TicketGate
from games.protocol import NO_SEAT
from serve.rail_track import Shown, Track
from wire import client_frames as f
from wire.codes import Close
from wire.limits import Limits, RailLimits
from wire.rail import SNAPSHOT_PLEASE, WATCHING, Kind, asks_of, news_of, unpacked
from wire.server_frames import Pong, Refused, Welcome

NEWS: Final = news_of("")
log = logging.getLogger(__name__)


class RailStatus(msgspec.Struct, frozen=True):
    """Where spectators go: ``epoch`` is this process's own, for their tickets."""

    addr: str
    port: int
    epoch: int
    busy: bool


class Stand:
    """The spectators of one table."""

    def __init__(self, table: str, limits: RailLimits, now: float) -> None:
        self.table = table
        self.track = Track(limits, now)
        self.presence = Presence(limits.spectators_per_table_max)
        self.asked_at = 0.0
        self.renewed_at = now
        self.empty_since = now
        self._unwelcomed: set[Connection] = set()

    def enter(self, connection: Connection, epoch: int, seq: int) -> None:
        """Show him what is shown now; he waits for a picture if there is none."""
        if not self.presence.admit(connection, seated=False):
            return
        at = self.track.shown_at
        missed = self.track.since(epoch, seq)
        picture = self.track.picture()
        if missed is not None:
            connection.send(Welcome(self.table, *at, NO_SEAT, len(missed)))
        elif picture is None:
            self._unwelcomed.add(connection)
        for shot in missed if missed is not None else picture or []:
            connection.send_bytes(shot.bytes_for(connection.codec.name))

    @property
    def lines(self) -> Iterator[Connection]:
        """Everybody who watches: who waits for a picture does too."""
        return iter(self.presence)

    @property
    def lacking(self) -> bool:
        """Whether somebody waits for a picture, and none is on its way."""
        return bool(self._unwelcomed) and not self.track.snapshot_held

    def leave(self, connection: Connection, now: float) -> None:
        self._unwelcomed.discard(connection)
        self.presence.drop(connection)
        self.empty_since = now

    def show(self, shown: list[Shown]) -> None:
        """To everybody at once; a snapshot that is no news to those who have none."""
        for shot, news in shown:
            if shot.told.kind is Kind.CLOSED:
                self.send_away(Close.TABLE_CLOSED, "The table was closed.")
                continue
            snapshot = shot.told.kind is Kind.SNAPSHOT
            viewers = self._unwelcomed if snapshot and not news else self.presence
            for viewer in list(viewers):
                if snapshot or viewer not in self._unwelcomed:
                    viewer.send_bytes(shot.bytes_for(viewer.codec.name))
            if snapshot:
                self._unwelcomed.clear()

    def send_away(self, code: Close, reason: str) -> None:
        self.presence.close_all(code, reason)
        self._unwelcomed.clear()


class Rail:
    """All of them. ``run`` until cancelled."""

    def __init__(
        self,
        redis: Redis,
        keys: PublicKeys,
        limits: Limits,
        rail: RailLimits,
        address: str,
        ended: Ask,
    ) -> None:
        """``redis`` is its own; ``address`` is what tickets say; ``ended`` says which of these
        sessions have ended."""
        self.stands: dict[str, Stand] = {}
        self.limits = limits
        self.rail_limits = rail
        self.epoch = time.time_ns() // 1_000_000
        """Grows from process to process: no ticket is used twice."""
        self._address = address
        self._port = 0
        self._revocations = Revocations(redis, self._lines, ended, rail)
        self._gate = TicketGate(
            keys, None, self.epoch, role="rail", used_tickets_max=rail.used_tickets_max,
            ended=self._revocations.ended,
        )  # fmt: skip
        self._door = Door(limits, lambda table: Entrance(self, table))
        self._ear = Ear(redis, self._heard, rail)
        self._mouth = Mouth(redis, lambda: None, rail)
        self._lag = LagMeter()
        self._loop = asyncio.get_running_loop()

    async def open(self, host: str, ports: tuple[int, int] = ANY_PORT) -> int:
        """Listen; returns the port."""
        self._port = await self._door.open(host, ports)
        return self._port

    async def run(self) -> None:
        """Follow the tables that somebody watches."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for work in (
                    self._ear.run,
                    self._mouth.run,
                    self._lag.run,
                    self._revocations.run,
                    self._look,
                ):
                    tasks.create_task(work())
        finally:
            for stand in self.stands.values():
                stand.send_away(Close.RESTARTING, "The rail is restarting.")
            self._door.close()

    def status(self) -> RailStatus:
        return RailStatus(self._address, self._port, self.epoch, self._lag.busy)

    def _lines(self) -> Iterator[Connection]:
        return chain.from_iterable(stand.lines for stand in self.stands.values())

    @property
    def spectators(self) -> int:
        return sum(len(stand.presence) for stand in self.stands.values())

    def redeem(self, ticket: str, table: str) -> TicketClaims:
        """Raises AuthError."""
        claims = self._gate.redeem(ticket, time.time())
        if claims.table != table:
            raise TicketWrongTable
        return claims

    def follow(self, table: str) -> Stand | None:
        """The table's stand; None if there are too many."""
        stand = self.stands.get(table)
        if stand is None and len(self.stands) < self.rail_limits.tables_followed_max:
            stand = self.stands[table] = Stand(table, self.rail_limits, self._loop.time())
            self._ear.want(news_of(table))
        return stand

    def ask_if_worn(self, stand: Stand) -> None:
        """Before the newcomer after this one comes."""
        if stand.track.worn:
            self._ask(stand, SNAPSHOT_PLEASE)

    # Redis

    def _heard(self, channel: str, message: bytes | None) -> None:
        stand = self.stands.get(channel.removeprefix(NEWS))
        if stand is None:
            return
        if message is None:
            # Listening has begun, maybe again: only now nothing can fall in between.
            stand.track.missed(self._loop.time())
            self._ask(stand, SNAPSHOT_PLEASE, anew=True)
        elif (told := unpacked(message)) is not None:
            stand.track.hear(told, self._loop.time())
            if stand.track.wanting:
                self._ask(stand, SNAPSHOT_PLEASE)
            stand.show(stand.track.release(self._loop.time()))

    def _ask(self, stand: Stand, what: bytes, anew: bool = False) -> None:
        now = self._loop.time()
        if what == SNAPSHOT_PLEASE:
            if not anew and now - stand.asked_at < self.rail_limits.ask_s:
                return
            stand.asked_at = now
        stand.renewed_at = now
        self._mouth.tell(asks_of(stand.table), what)

    async def _look(self) -> None:
        """What time brings: delays that have passed, follows to renew, tables to leave."""
        while True:
            await asyncio.sleep(self.rail_limits.look_s)
            for stand in list(self.stands.values()):
                try:
                    self._look_at(stand, self._loop.time())
                except Exception:
                    log.exception("the rail of %s is built anew", stand.table)
                    self._leave(stand, "The rail is built anew.")

    def _look_at(self, stand: Stand, now: float) -> None:
        limits, track = self.rail_limits, stand.track
        if track.due is not None and track.due <= now:
            stand.show(track.release(now))
        if not self._ear.listening:
            track.missed(now)  # it is Redis that is silent
        if now - track.heard_at > limits.silent_s_max:
            self._leave(stand, "The table says nothing.")
        elif not stand.presence and now - stand.empty_since > limits.linger_s:
            self._leave(stand, "Nobody watches.")
        elif track.wanting or stand.lacking:
            self._ask(stand, SNAPSHOT_PLEASE)
        elif now - stand.renewed_at >= limits.renew_s:
            self._ask(stand, WATCHING)

    def _leave(self, stand: Stand, reason: str) -> None:
        stand.send_away(Close.MOVED, reason)
        del self.stands[stand.table]
        self._ear.drop(news_of(stand.table))


class Entrance:
    """The ``Room`` of one connection to the rail of a table: its ticket is not read yet."""

    def __init__(self, rail: Rail, table: str) -> None:
        self.limits = rail.limits
        self._rail = rail
        self._table = table
        self._stand: Stand | None = None

    def redeem(self, ticket: str) -> TicketClaims:
        return self._rail.redeem(ticket, self._table)

    def enter(self, connection: Connection, epoch: int, seq: int) -> None:
        self._stand = self._rail.follow(self._table)
        if self._stand is None:
            connection.close(Close.TABLE_CROWDED, "Too many tables are watched.")
            return
        self._stand.enter(connection, epoch, seq)
        self._rail.ask_if_worn(self._stand)

    def leave(self, connection: Connection) -> None:
        if self._stand is not None:
            self._stand.leave(connection, asyncio.get_running_loop().time())

    def receive(self, connection: Connection, frame: f.ClientFrame) -> None:
        if isinstance(frame, f.Ping):
            connection.send(Pong(frame.ref))
        else:
            refused = no.RAIL_CANNOT_PLAY
            connection.send(Refused(frame.ref, refused.code, refused.message))
