"""A rail in a process of its own, without Ray: ``python -m benchmarks.holdem.rail FOLDER``.

Prints its status as one JSON object and serves until its input ends.
"""

import asyncio
import os
import sys
from collections.abc import Collection
from pathlib import Path
from uuid import UUID

import msgspec
import uvloop

from actors.rail_line import connect_rail
from auth.keys import PublicKeys
from serve.rail import Rail
from wire.limits import Limits, RailLimits


async def none_is_over(sids: Collection[UUID]) -> Collection[UUID]:
    """Nobody of a benchmark has a session."""
    return ()


async def serve(folder: Path) -> None:
    """Until the input ends."""
    limits = RailLimits()
    keys = PublicKeys.from_jwks((folder / "jwks").read_bytes())
    redis = connect_rail(str(folder / "redis"), limits)
    rail = Rail(redis, keys, Limits(), limits, "127.0.0.1", none_is_over)
    await rail.open("127.0.0.1")
    running = asyncio.create_task(rail.run())
    said = {"process": os.getpid()} | msgspec.to_builtins(rail.status())
    sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    running.cancel()
    await asyncio.wait([running])
    await redis.aclose()


if __name__ == "__main__":
    uvloop.run(serve(Path(sys.argv[1])))
