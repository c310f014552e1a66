"""An actor's tables: opened, listed and closed. Plain asyncio, so that tests need no Ray."""

from pathlib import Path

import asyncpg
import msgspec

from actors.archive import Archive
from actors.bank import Bank
from actors.commands import CashOut
from actors.sockets import Door
from actors.spec import TableSpec
from actors.table import Table
from auth.keys import PublicKeys
from wallet.ledger import Ledger
from wire.http import TableListing
from wire.limits import Limits

POOL_CONNECTIONS_MAX = 2


class HostConfig(msgspec.Struct, frozen=True):
    """What an actor is started with. Secrets stay in files: ``dsn_file`` names one.

    ``bind`` is the address listened on, ``address`` the one put into tickets.
    """

    dsn_file: str
    jwks: bytes
    bind: str = "127.0.0.1"
    address: str = "127.0.0.1"
    limits: Limits = Limits()


class TableStatus(msgspec.Struct, frozen=True):
    """An open table: where it is and what the lobby says of it."""

    epoch: int
    addr: str
    port: int
    listing: TableListing
    free_seats: int
    halted: str = ""


class TableHost:
    """One listener and the tables behind it."""

    def __init__(self, config: HostConfig, bank: Bank) -> None:
        self.tables: dict[str, Table] = {}
        self.port = 0
        self._config = config
        self._bank = bank
        self._dsn = Path(config.dsn_file).read_text().strip()
        self._door = Door(config.limits)
        self._keys = PublicKeys.from_jwks(config.jwks)
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    async def start(self) -> int:
        """Connect to Postgres and listen; returns the port. Starting again changes nothing."""
        if not self.port:
            self._pool = await asyncpg.create_pool(
                self._dsn, min_size=1, max_size=POOL_CONNECTIONS_MAX
            )
            self.port = await self._door.open(self._config.bind, 0)
        return self.port

    async def open(self, spec: TableSpec) -> TableStatus:
        """Take a table over: claim its epoch, fence the one before, send its stakes home."""
        held = self.tables.get(spec.table)
        if held is not None and not held.halted:
            return self._status(held)
        assert self._pool is not None, "start() comes first"
        archive = Archive(self._pool)
        claim = await archive.claim(spec.table, f"{self._config.address}:{self.port}")
        ledger = Ledger(self._pool)
        await ledger.raise_fence(spec.table, claim.epoch)
        table = Table(
            spec,
            epoch=claim.epoch,
            last_hand=claim.last_hand,
            bank=self._bank,
            archive=archive,
            keys=self._keys,
            limits=self._config.limits,
        )
        for stake in await ledger.open_stakes(spec.table):
            # Their seats died with the epoch before; the chips are as of the last settled hand.
            session = str(stake.session)
            key = f"out:{session}:epoch:{claim.epoch}"
            table.send_home(CashOut(str(stake.player), session, stake.amount, key))
        table.start()
        self.tables[spec.table] = table
        self._door.rooms[spec.table] = table
        return self._status(table)

    def describe(self) -> list[TableStatus]:
        """Every open table."""
        return [self._status(table) for table in self.tables.values()]

    def _status(self, table: Table) -> TableStatus:
        taken = table.machine.seats.taken()
        listing = TableListing(
            info=table.spec.info(),
            players=sum(seat.player.kind != "bot" for seat in taken),
            bots=sum(seat.player.kind == "bot" for seat in taken),
            dealt=table.stats.dealt,
            hands=table.stats.hands,
            average_pot=table.stats.average_pot,
            hands_per_hour=table.stats.hands_per_hour,
        )
        return TableStatus(
            table.epoch,
            self._config.address,
            self.port,
            listing,
            len(table.machine.seats.free()),
            table.halted,
        )

    async def close(self, grace_s: float) -> None:
        """Let running hands end, send the stakes home, close every socket and connection."""
        for table in list(self.tables.values()):
            await table.stop(grace_s)
        self.tables.clear()
        self._door.rooms.clear()
        self._door.close()
        if self._pool is not None:
            await self._pool.close()
        self.port = 0
