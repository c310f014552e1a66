"""One actor's process, without Ray: a table host with its tables open, as a club asks for it.

``python -m benchmarks.holdem.server FOLDER --first 0 --tables 64`` prints its port, its process id
and the epochs of its tables as one JSON object, and serves until its input ends. Everything is the
product's but the tickets: made before anybody comes, each is good for as often as its player does.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import asyncpg
import uvloop

from actors.host import HostConfig, TableHost
from actors.journal import Journal, Row
from actors.spec import TABLES_PER_ACTOR_MAX, TableSpec
from auth.tickets import TicketClaims, TicketGate
from games.clock import ClockSpec
from games.holdem.game import HoldemSpec
from games.holdem.positions import Blinds
from wallet.ledger import Ledger
from wallet.settler import calm_collector
from wire.limits import Limits

SEATS: Final = 6
CHIPS: Final = 1_000_000
"""A player's buy-in: nobody is broke while it is measured."""
OPENINGS: Final = 8
"""Tables that are opened at once."""
NO_LIMIT: Final = 1_000_000
UNHURRIED: Final = Limits(frames_per_second=NO_LIMIT, frames_burst=NO_LIMIT,
                          replies_per_player_max=NO_LIMIT)  # fmt: skip
"""For players who do not think: one table alone is played faster than a client may."""


class NoJournal:
    """Appends that are done at once and kept nowhere."""

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        return frozenset()


class OpenGate(TicketGate):
    """Looks at the signature, and neither at the clock nor at who was there before."""

    def redeem(self, token: str, now: float) -> TicketClaims:
        return self._read(token)


def spec(number: int, pause_ms: int) -> TableSpec:
    """Six seats; nobody is hurried."""
    return TableSpec(
        table=f"t{number}",
        name=f"Table {number}",
        game=HoldemSpec(seats=SEATS, blinds=Blinds(small=1, big=2)),
        buy_in_min=CHIPS,
        buy_in_max=CHIPS,
        pause_ms=pause_ms,
        showdown_pause_ms=pause_ms,
        clock=ClockSpec(turn_ms=3_600_000),
        tables_per_actor=TABLES_PER_ACTOR_MAX,
    )


async def serve(options: argparse.Namespace) -> None:
    """Until the input ends."""
    folder: Path = options.folder
    pool = await asyncpg.create_pool((folder / "dsn").read_text(), min_size=1, max_size=4)
    jwks = str(folder / "jwks")
    limits = UNHURRIED if options.unhurried else Limits()
    redis = str(folder / "redis") if options.rail else ""
    config = HostConfig(
        str(folder / "dsn"), str(folder / "journal"), jwks, limits=limits, redis_file=redis
    )
    host = TableHost(config, Ledger(pool))
    await host.start()
    if options.no_journal:
        host._scribe._journal = cast(Journal, NoJournal())
    turns = asyncio.Semaphore(OPENINGS)
    epochs = {}

    async def open_one(number: int) -> None:
        async with turns:
            status = await host.open(spec(number, options.pause_ms))
        front = host.tables[f"t{number}"].front
        front._gate = OpenGate(host._keys, f"t{number}", status.epoch)
        front.replies._max = Limits().replies_per_player_max
        epochs[f"t{number}"] = status.epoch

    numbers = range(options.first, options.first + options.tables)
    await asyncio.gather(*(open_one(number) for number in numbers))
    calm_collector()
    ready = {"ready": True, "port": host.port, "process": os.getpid(), "epochs": epochs}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await host.abandon()
    pool.terminate()  # a settlement may be under way, for which nobody waits any more


def main() -> None:
    """Open the tables and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--tables", type=int, default=1)
    parser.add_argument("--pause-ms", type=int, default=0)
    parser.add_argument("--no-journal", action="store_true")
    parser.add_argument("--unhurried", action="store_true")
    parser.add_argument("--rail", action="store_true")
    uvloop.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
