"""A release is rolled out under players; afterwards the inquest, as after a storm.

``python -m tests.upgrade.rehearsal --tables 50`` is the long form (``make rehearsal``). The next
release is this tree with other code in it and one more migration, which the old one has to bear.
"""

import argparse
import asyncio
import json
import math
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec

from client import Client
from serve.process import free_port
from serve.upgrade import ROOMS
from tests.chaos.gambler import Gambler
from tests.chaos.inquest import archive, problems
from tests.chaos.storm import PLAYERS, TABLE, calm, home
from tests.server import Server, admin_dsn, command, read_until, start, stop
from wire.http import OperatorTable, OperatorTables

TREE = Path(__file__).parents[2]
MIGRATION = """
ALTER TABLE actors.tables ADD COLUMN next_release text NOT NULL DEFAULT '';
CREATE INDEX next_release ON actors.tables (next_release);
"""
AWAY_S = 2.0
"""What a player may be away at most."""
ROLL_S_MAX = 900.0
LOOK_S = 0.2


class Visitor(Gambler):
    """A gambler at human pace who notes how long he was away, each time: from the break of his line
    to the next snapshot."""

    def __init__(self, client: Client, at: str, seed: int, think_s: float) -> None:
        super().__init__(client, at, seed)
        self.think_s = think_s
        self.away: list[float] = []

    async def watch(self) -> None:
        """Until cancelled."""
        await self.joined.wait()
        table, since = self.table, 0.0
        assert table is not None
        while not table.closed:
            if not table.connected and not since:
                since = time.monotonic()
            elif table.connected and since:
                self.away.append(time.monotonic() - since)
                since = 0.0
            await table.changed()


class Rehearsed(NamedTuple):
    """What happened, and what may not. ``away`` are seconds, one a return."""

    tally: Counter[str]
    away: list[float]
    problems: list[str]


def next_release(folder: Path) -> Path:
    """A tree with other code for the tables, and a newer schema."""
    for room in (*ROOMS, "client"):
        ignored = shutil.ignore_patterns("__pycache__", "web", "node_modules")
        shutil.copytree(TREE / room, folder / room, ignore=ignored)
    (folder / "actors" / "migrations" / "999_next.sql").write_text(MIGRATION)
    with (folder / "actors" / "__init__.py").open("a") as file:
        file.write('\nNEXT = "another release"\n')
    return folder


@contextmanager
def _up(folder: Path, tables: int, packs: int) -> Iterator[tuple[Server, list[str]]]:
    """A server, and the flags that it was started with."""
    lobby, port = folder / "tables.toml", free_port()
    packed = TABLE.replace("buy_in_min", f"tables_per_actor = {packs}\nbuy_in_min", 1)
    lobby.write_text("".join(packed.format(number=number) for number in range(tables)))
    flags = ["--data-dir", str(folder / "data"), "--port", str(port),
             "--tables-file", str(lobby), "--no-bots"]  # fmt: skip
    process = start(*flags)
    try:
        read_until(process, "Take a seat")
        yield Server(f"http://127.0.0.1:{port}", folder / "data", process), flags
    finally:
        stop(process)


def _overview(server: Server) -> tuple[OperatorTable, ...]:
    token = (server.data_dir / "secrets" / "operator.token").read_text("utf-8").strip()
    answer = httpx.get(f"{server.url}/v1/operator/tables", timeout=60,
                       headers={"Authorization": f"Bearer {token}"})  # fmt: skip
    return msgspec.json.decode(answer.content, type=OperatorTables).tables


def _upgrade(release: Path, flags: list[str]) -> subprocess.CompletedProcess[str]:
    """The next release's own command, from its own tree."""
    return subprocess.run(
        [sys.executable, "-m", "serve.cli", "upgrade", *flags],
        cwd=release, capture_output=True, text=True, check=False, timeout=ROLL_S_MAX,
    )  # fmt: skip


async def _play(server: Server, flags: list[str], release: Path, tables: int) -> Rehearsed:
    think_s = 0.15 if tables < 10 else 1.5
    clients = [await Client.guest(server.url) for _ in range(tables * PLAYERS)]
    visitors = [
        Visitor(client, f"chaos-{number % tables}", number, think_s)
        for number, client in enumerate(clients)
    ]
    playing = [asyncio.create_task(visitor.run()) for visitor in visitors]
    watching = [asyncio.create_task(visitor.watch()) for visitor in visitors]
    await asyncio.gather(*(visitor.joined.wait() for visitor in visitors))
    found = await calm(visitors)
    before = await asyncio.to_thread(_overview, server)
    done = await asyncio.to_thread(_upgrade, release, flags)
    print(done.stdout, done.stderr)
    if done.returncode:
        found.append(f"upgrade: {done.stdout}{done.stderr}")
    after = await asyncio.to_thread(_overview, server)
    found += _not_new(before, after)
    found += await calm(visitors)
    for visitor in visitors:
        visitor.done.set()
    ends = await asyncio.gather(*playing, return_exceptions=True)
    found += [f"{type(end).__name__}: {end}" for end in ends if end is not None]
    await asyncio.gather(*(home(visitor) for visitor in visitors))
    for task in watching:
        task.cancel()
    hands = await archive(admin_dsn(server.data_dir))
    found += problems(visitors, hands)
    for client in clients:
        await client.close()
    tally = Counter({
        "tables moved": len(after),
        "hands": len(hands),
        "hands voided": sum(hand.voided is not None for hand in hands.values()),
        "actions acknowledged": sum(len(visitor.acknowledged) for visitor in visitors),
        "players": len(visitors),
    })  # fmt: skip
    return Rehearsed(tally, sorted(gone for v in visitors for gone in v.away), found)


def _not_new(before: tuple[OperatorTable, ...], after: tuple[OperatorTable, ...]) -> list[str]:
    """Every table must be at a process of one other release, in a later epoch."""
    old = {table.release for table in before}
    new = {table.release for table in after}
    found = [] if len(old) == len(new) == 1 and old != new else [f"releases {old} became {new}"]
    epochs = {table.table: table.epoch for table in before}
    return found + [f"{t.table} has not moved" for t in after if t.epoch <= epochs[t.table]]


def rehearse(tables: int, packs: int) -> Rehearsed:
    """A server of its own, the roll-out, and the ledger's checks at the end."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-upgrade-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        release = next_release(folder / "next")
        with _up(folder, tables, packs) as (server, flags):
            rehearsed = asyncio.run(_play(server, flags, release, tables))
        for what in ("check", "verify"):
            report = command("ledger", what, "--data-dir", str(folder / "data"))
            if report.returncode:
                rehearsed.problems.append(report.stdout + report.stderr)
        return rehearsed


def quantiles(away: list[float]) -> dict[str, float]:
    """Of the sorted times: p50, p90, p99, the longest."""

    def at(share: float) -> float:
        return round(away[min(len(away) - 1, math.ceil(share * len(away)) - 1)], 2)

    return {"p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": at(1.0)} if away else {}


def main() -> int:
    """The long form; what it found goes into ``benchmarks/results``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=50)
    parser.add_argument("--packs", type=int, default=10, help="tables an actor")
    parser.add_argument("--results", type=Path, default=None, help="file for the tally")
    options = parser.parse_args()
    tally, away, found = rehearse(options.tables, options.packs)
    late = sum(gone > AWAY_S for gone in away)
    result = dict(tally) | {
        "returns": len(away),
        "away_s": quantiles(away),
        f"over {AWAY_S:.0f} s": late,
    }
    print(json.dumps(result, indent=1))
    for line in found:
        print(f"PROBLEM {line}")
    if options.results is not None and not found:
        options.results.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
