"""Stores, tables in some processes, accounts and tickets; and the players who come to them."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import psutil

from auth.keys import SigningKeys
from auth.seals import Seals
from auth.tickets import mint_ticket
from auth.tokens import Identity
from benchmarks.holdem.server import CHIPS, SEATS
from benchmarks.peers.workload import (
    GENERATOR_CPU,
    ROOT,
    SERVER_CPU,
    STOP_S_MAX,
    Result,
    compiled,
    pin,
)
from serve.compose import migrate_all
from serve.embedded import EmbeddedStores
from wallet.ledger import Ledger

WALLETS_AT_ONCE = 8
PLAYERS_S_MAX = 240.0
"""Everybody arrives, plays and is measured within that."""


class House(NamedTuple):
    """One process and its tables."""

    child: "subprocess.Popen[str]"
    port: int
    process: int
    epochs: dict[str, int]


class Club:
    """Stores that stay; tables that come and go."""

    def __init__(self, folder: Path, stores: EmbeddedStores) -> None:
        self.folder = folder
        self.stores = stores
        self._keys = SigningKeys.in_memory()
        self._first = 0
        (folder / "dsn").write_text(stores.app_dsn)
        (folder / "redis").write_text(stores.redis_url)
        (folder / "jwks").write_bytes(self._keys.public.jwks())

    @contextmanager
    def houses(
        self, tables: Sequence[int], *words: str, alone: bool = False
    ) -> Iterator[list[House]]:
        """One process for each number of tables; ``alone`` on a core. The journal begins empty."""
        asyncio.run(self._empty_journal())
        with ExitStack() as stack:
            opened = []
            for count in tables:
                opened.append(stack.enter_context(self._house(count, words)))
                if alone:
                    pin(opened[-1].process, SERVER_CPU)
            yield opened

    @contextmanager
    def _house(self, tables: int, words: Sequence[str]) -> Iterator[House]:
        command = [sys.executable, "-m", "benchmarks.holdem.server", str(self.folder), *words]
        command += ["--first", str(self._first), "--tables", str(tables)]
        self._first += tables
        child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            said = json.loads(child.stdout.readline())
            yield House(child, said["port"], said["process"], said["epochs"])
        finally:
            child.stdin.close()
            try:
                child.wait(STOP_S_MAX)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            child.stdout.close()

    async def _empty_journal(self) -> None:
        admin = await asyncpg.connect(self.stores.admin_dsn)
        await admin.execute("TRUNCATE actors.journal")
        await admin.close()

    async def _accounts(self, count: int) -> list[uuid.UUID]:
        accounts = [uuid.uuid4() for _ in range(count)]
        turns = asyncio.Semaphore(WALLETS_AT_ONCE)
        async with asyncpg.create_pool(
            self.stores.app_dsn, min_size=1, max_size=WALLETS_AT_ONCE
        ) as pool:
            ledger = Ledger(pool)

            async def one(account: uuid.UUID) -> None:
                async with turns:
                    await ledger.open_wallet(account)
                    await ledger.grant_daily(account, CHIPS, date(2026, 1, 2))

            await asyncio.gather(*(one(account) for account in accounts))
        return accounts

    def lines(self, house: House) -> str:
        """A line for each seat of the house: port and path."""
        accounts = asyncio.run(self._accounts(len(house.epochs) * SEATS))
        return "".join(
            f"{house.port} {self._path(house, i, who)}\n" for i, who in enumerate(accounts)
        )

    def rail_url(self, house: House, at: Mapping[str, Any]) -> str:
        """Where one more spectator of the house's first table goes; ``at`` is the rail's status."""
        who = Identity(account=uuid.uuid4(), name="w", kind="guest", sid=uuid.uuid4())
        table = next(iter(house.epochs))
        ticket = mint_ticket(self._keys, who, table=table, epoch=at["epoch"], addr=at["addr"],
                             port=at["port"], role="rail", now=time.time())  # fmt: skip
        return f"ws://{at['addr']}:{at['port']}/t/{table}?ticket={ticket}"

    def _path(self, house: House, number: int, account: uuid.UUID) -> str:
        table, epoch = list(house.epochs.items())[number // SEATS]
        who = Identity(account=account, name="p", kind="player", sid=uuid.uuid4())
        ticket = mint_ticket(self._keys, who, table=table, epoch=epoch, addr="127.0.0.1",
                             port=house.port, role="seat", now=time.time())  # fmt: skip
        return f"/t/{table}?ticket={ticket}"

    def play(
        self, houses: Sequence[House], options: Mapping[str, float], alone: bool = False
    ) -> list[Result]:
        """A generator for each house, all at once; what they printed. Raises RuntimeError if one
        complains."""
        given = [self.lines(house) for house in houses]
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        program = compiled("holdem")
        running = []
        for house in houses:
            child = subprocess.Popen(
                [program, "--buyin", str(CHIPS), "--pids", str(house.process), *words],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            if alone:
                pin(child.pid, GENERATOR_CPU)
            running.append(child)
        for child, lines in zip(running, given, strict=True):
            assert child.stdin is not None
            child.stdin.write(lines)
            child.stdin.close()
            child.stdin = None
        results = []
        for child in running:
            said, _ = child.communicate(timeout=PLAYERS_S_MAX)
            if child.returncode:
                raise RuntimeError(f"the players say {said!r}")
            results.append(json.loads(said))
        return results

    def memory_mb(self) -> float:
        """What the houses, Postgres and Valkey hold, each page counted once (PSS)."""
        children = psutil.Process().children(recursive=True)
        held = [child.memory_full_info().pss for child in children if child.name() != "holdem"]
        return float(sum(held)) / 2**20


@contextmanager
def open_club() -> Iterator[Club]:
    """A club on embedded stores of its own."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-bench-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        Seals.generate(folder / "journal")
        with EmbeddedStores(folder) as stores:
            asyncio.run(migrate_all(stores.admin_dsn))
            yield Club(folder, stores)
