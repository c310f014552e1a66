"""Spectators: ``python -m benchmarks.holdem.watchers`` takes a URL a line until an empty one.

Says ``watching`` when each of them has been shown the table; at the next line tells what all of
them have seen, as one JSON object: for each (epoch, seq) how many have seen it, and when the first
and the last of them did, in seconds of the monotonic clock.
"""

import asyncio
import sys
import time

import msgspec
import uvloop
from picows import WSFrame, WSListener, WSTransport, ws_connect

from wire.codec import CODECS, MSGPACK
from wire.server_frames import Update, Welcome

ARRIVALS = 64
"""Spectators who come at once."""
WELCOME_S_MAX = 60.0
CODEC = CODECS[MSGPACK]


class Seen(msgspec.Struct):
    """One update, and whoever has seen it."""

    first: float
    last: float = 0.0
    viewers: int = 0


class Report(msgspec.Struct):
    """What all of them have seen; ``broken`` lines were cut, ``gaps`` are updates that came out of
    order or not at all, ``welcomes`` pictures of the whole table."""

    seen: dict[int, Seen] = {}
    broken: int = 0
    gaps: int = 0
    welcomes: int = 0


class Watcher(WSListener):
    """One of them."""

    def __init__(self, report: Report) -> None:
        self.welcomed = asyncio.get_running_loop().create_future()
        self._report = report
        self._seq = 0

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        said = CODEC.decode_server(frame.get_payload_as_bytes())
        if isinstance(said, Welcome):
            self._seq = said.seq
            self._report.welcomes += 1
            if not self.welcomed.done():
                self.welcomed.set_result(None)
        elif isinstance(said, Update):
            self._report.gaps += said.seq != self._seq + 1
            self._seq = said.seq
            now = time.monotonic()
            seen = self._report.seen.setdefault(said.seq, Seen(now))
            seen.last = now
            seen.viewers += 1

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._report.broken += 1


async def watch(urls: list[str]) -> None:
    """All of them, until told to stop."""
    report = Report()
    turns = asyncio.Semaphore(ARRIVALS)

    async def one(url: str) -> WSListener:
        async with turns:
            _, line = await ws_connect(
                lambda: Watcher(report),
                url,
                extra_headers={"Sec-WebSocket-Protocol": MSGPACK},
            )
            assert isinstance(line, Watcher)
            await asyncio.wait_for(line.welcomed, WELCOME_S_MAX)
            return line

    lines = await asyncio.gather(*(one(url) for url in urls))
    sys.stdout.write("watching\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    sys.stdout.flush()
    assert lines


def main() -> None:
    """Read the addresses, then watch."""
    uvloop.run(watch(list(iter(lambda: sys.stdin.readline().strip(), ""))))


if __name__ == "__main__":
    main()
