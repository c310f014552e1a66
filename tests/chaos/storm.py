"""The storm itself: a server, gamblers at its tables, a killer, an inquest.

``python -m tests.chaos.storm --tables 20 --kills 200`` is the long form (``make chaos``).
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from client import Client
from serve.process import free_port
from tests.chaos.gambler import Gambler
from tests.chaos.inquest import archive, problems
from tests.chaos.killer import Killer
from tests.nodes.cluster import Cluster, running
from tests.server import Server, command, read_until, start, stop

PLAYERS = 3
PAUSE_S = (0.3, 3.0)
CALM_S_MAX = 240.0
TABLE = """
[[tables]]
[tables.spec]
table = "chaos-{number}"
name = "Chaos {number}"
buy_in_min = 500
buy_in_max = 10_000
pause_ms = 50
showdown_pause_ms = 50
[tables.spec.clock]
turn_ms = 8_000
[tables.spec.game]
seats = 6
blinds = {{ small = 50, big = 100 }}
rake = {{ version = "chaos-1", rate_bp = 300, caps = [[2, 300]] }}
"""


class Tally(Counter[str]):
    """What happened, by name."""


async def calm(gamblers: Sequence[Gambler]) -> list[str]:
    """No hand may be stuck: every table deals on; those that do not."""
    before = {g.at: g.table.state.hand for g in gamblers if g.table is not None}

    async def deals_on(gambler: Gambler) -> None:
        assert gambler.table is not None
        while gambler.table.state.hand < before[gambler.at] + 2:
            await gambler.table.changed()

    waiting = {asyncio.create_task(deals_on(gambler)): gambler for gambler in gamblers}
    _, stuck = await asyncio.wait(waiting, timeout=CALM_S_MAX)
    for task in stuck:
        task.cancel()
    return sorted({f"no hand goes on at {waiting[task].at}" for task in stuck})


async def home(gambler: Gambler) -> int:
    """Every chip in the wallet again; how many."""
    async with asyncio.timeout(CALM_S_MAX):
        while True:
            wallet = await gambler.client.wallet()
            if not wallet.at_tables:
                return wallet.amount
            await asyncio.sleep(0.2)


async def _dealt(gambler: Gambler) -> None:
    """The gambler is at a hand."""
    await gambler.joined.wait()
    assert gambler.table is not None
    while not gambler.table.state.playing:
        await gambler.table.changed()


async def storm(
    server: Server, dsn: str, tables: int, kills: int, seed: int, cluster: Cluster | None
) -> tuple[Tally, list[str]]:
    """Play, kill, calm down, look: the tally and the problems."""
    clients = [await Client.guest(server.url) for _ in range(tables * PLAYERS)]
    gamblers = [
        Gambler(client, f"chaos-{number % tables}", seed + number)
        for number, client in enumerate(clients)
    ]
    killer, chance = Killer(server.process.pid, seed, cluster), random.Random(seed)
    tasks = [asyncio.create_task(gambler.run()) for gambler in gamblers]
    await asyncio.gather(*(_dealt(gambler) for gambler in gamblers[:tables]))
    for number in range(kills):
        what = await asyncio.to_thread(killer.strike)
        print(f"\r{number + 1}/{kills} {what:10}", end="", flush=True)
        await asyncio.sleep(chance.uniform(*PAUSE_S))
    print()
    over = [task for task in tasks if task.done()]
    found = [f"a client gave up: {task.exception()!r}" for task in over]
    if not found:
        found += await calm(gamblers)
    for gambler in gamblers:
        gambler.done.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    if not found:
        await asyncio.gather(*(home(gambler) for gambler in gamblers))
    hands = await archive(dsn)
    found += problems(gamblers, hands)
    for client in clients:
        await client.close()
    tally = Tally({f"killed {kind}": count for kind, count in killer.tally.items()})
    tally["tables"] = tables
    tally["players"] = len(gamblers)
    tally["kills"] = kills
    tally["hands complete"] = sum(not hand.voided for hand in hands.values())
    tally["hands voided"] = sum(bool(hand.voided) for hand in hands.values())
    tally["actions acknowledged"] = sum(len(g.acknowledged) for g in gamblers)
    tally["events shown"] = sum(len(g.seen) for g in gamblers)
    tally["take-overs seen"] = sum(len(g.epochs) - 1 for g in gamblers)
    tally["problems"] = len(found)
    return tally, found


def run(tables: int, kills: int, seed: int, nodes: int = 0) -> tuple[Tally, list[str]]:
    """A server of its own, the storm, and the ledger's check at the end."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-chaos-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        lobby = "".join(TABLE.format(number=n) for n in range(tables))
        cluster: Cluster | None = None
        with ExitStack() as stack:
            if nodes:
                cluster = stack.enter_context(running(folder, lobby, nodes, "--spare-actors", "2"))
                server = cluster.server
            else:
                server = stack.enter_context(_alone(folder, lobby))
            dsn = Path(server.data_dir, "secrets", "postgres.dsn").read_text("utf-8").strip()
            tally, found = asyncio.run(storm(server, dsn, tables, kills, seed, cluster))
        report = command("ledger", "check", "--data-dir", str(folder / "data"))
        if report.returncode != 0:
            found.append(report.stdout + report.stderr)
        return tally, found


@contextmanager
def _alone(folder: Path, lobby: str) -> Iterator[Server]:
    """``squaredeal up`` without more nodes."""
    data_dir, port, file = folder / "data", free_port(), folder / "tables.toml"
    file.write_text(lobby)
    process = start(
        "--data-dir", str(data_dir), "--port", str(port), "--tables-file", str(file),
        "--no-bots", "--spare-actors", "2",
    )  # fmt: skip
    try:
        read_until(process, "Take a seat")
        yield Server(f"http://127.0.0.1:{port}", data_dir, process)
    finally:
        stop(process)


def main() -> int:
    """The long form; the tally goes into ``benchmarks/results``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=20)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--nodes", type=int, default=2, help="Ray nodes beside the head")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--results", type=Path, default=None, help="file for the tally")
    options = parser.parse_args()
    print(f"seed {options.seed}")
    tally, found = run(options.tables, options.kills, options.seed, options.nodes)
    for name, count in tally.items():
        print(f"{count:>10,}  {name}")
    for line in found:
        print(f"PROBLEM {line}")
    if options.results is not None and not found:
        options.results.write_text(json.dumps({"seed": options.seed} | tally, indent=1) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
