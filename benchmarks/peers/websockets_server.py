"""Python ``websockets`` on uvloop, without compression: one JSON text an update to each seat."""

import asyncio
import json
import os
import sys
from collections import defaultdict
from contextlib import suppress
from typing import Any

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

SEATS = 6
ACTIONS = 24
STACK = 10_000
LIFETIME_S = 600


def text(kind: str, **fields: object) -> str:
    """A frame: compact, its type first."""
    return json.dumps({"type": kind, **fields}, separators=(",", ":"))


class Table:
    """The rules of the workload and its lines."""

    def __init__(self) -> None:
        self.lines: list[ServerConnection] = []
        self.stacks = [STACK] * SEATS
        self.hand, self.seq, self.pot, self.turn = 1, 0, 0, 1

    def act(self, seat: int, action: dict[str, Any]) -> bool:
        """Apply and tell all; False if it is refused."""
        hand, seq, amount = action["hand"], action["seq"], action["amount"]
        if len(self.lines) < SEATS or (seat, hand, seq) != (self.turn, self.hand, self.seq):
            return False
        if not 1 <= amount <= self.stacks[seat]:
            return False
        self.stacks[seat] -= amount
        self.pot += amount
        self.seq += 1
        last = self.seq == ACTIONS
        self.turn = -1 if last else (seat + 1) % SEATS
        fields = {"actor": seat, "amount": amount, "pot": self.pot, "turn": self.turn}
        broadcast(self.lines, text("upd", hand=hand, seq=seq, **fields))
        if last:
            self._end()
        return True

    def _end(self) -> None:
        winner, turn = self.hand % SEATS, (self.hand + 1) % SEATS
        broadcast(self.lines, text("over", hand=self.hand, winner=winner, pot=self.pot, turn=turn))
        self.stacks[winner] += self.pot
        self.hand, self.seq, self.pot, self.turn = self.hand + 1, 0, 0, turn


async def main(port: int) -> None:
    """Serve for a bounded time."""
    tables: defaultdict[str, Table] = defaultdict(Table)

    async def line(socket: ServerConnection) -> None:
        assert socket.request is not None
        table = tables[socket.request.path]
        seat = len(table.lines)
        table.lines.append(socket)
        await socket.send(text("seat", seat=seat))
        if seat == SEATS - 1:
            broadcast(table.lines, text("start", hand=1, turn=1))
        with suppress(ConnectionClosed):
            async for data in socket:
                if not table.act(seat, json.loads(data)):
                    await socket.send(text("err", why="refused"))

    async with serve(line, "127.0.0.1", port, compression=None):
        sys.stdout.write(f"ready: port {port}, process {os.getpid()}\n")
        sys.stdout.flush()
        await asyncio.sleep(LIFETIME_S)


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
