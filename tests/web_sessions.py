"""Sessions of real tables, as their frames came in: what the browser's store is tested with.

``python -m tests.web_sessions`` records them anew: a server, players who gamble, broken lines, a
pause, a void hand, a killed process. Beside the frames stands what the Python client made of them.
"""

import asyncio
import json
import os
import random
import signal
import tempfile
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from client import Client, RefusedError, Table
from client.state import TableState
from games.holdem.records import Action, Call, Check, Fold, Raise
from games.protocol import NO_SEAT
from serve.process import free_port
from tests.server import read_until, start, stop
from wire.codec import CODECS, JSON
from wire.http import OperatorTables
from wire.server_frames import Update, Welcome

FOLDER: Final = Path(__file__).parents[1] / "client" / "web" / "room" / "sessions"
SEED: Final = 7
EVERY: Final = 8
"""A state is kept after so many frames."""
TABLES: Final = {2: 10, 6: 11, 9: 10}
"""Seats, and how many hands are recorded."""
LOBBY: Final = """
[[tables]]
[tables.spec]
table = "table-{seats}"
name = "{seats} seats"
buy_in_min = 400
buy_in_max = 4_000
pause_ms = 100
showdown_pause_ms = 100
[tables.spec.clock]
turn_ms = 1_500
bank_ms = 1_000
[tables.spec.game]
seats = {seats}
blinds = {{ small = 10, big = 20, ante = {ante}, straddle = {straddle} }}
rake = {{ version = "low-1", rate_bp = 400, caps = [[2, 20], [3, 40]] }}
"""


def shown(state: TableState) -> dict[str, Any]:
    """What the Python client would draw, in the browser's words."""
    return {
        "at": [state.epoch, state.seq],
        "me": state.me,
        "hand": [state.hand, state.button, state.playing],
        "board": list(state.board),
        "cards": list(state.cards),
        "pot": [state.pot, list(state.pots)],
        "turn": [state.turn, state.turn_number],
        "options": msgspec.to_builtins(state.options),
        "paused": state.paused,
        "seats": [
            [
                *(at.seat, at.name, at.kind, at.stack, at.bet, at.won, at.last, at.made),
                *(list(at.cards), at.playing, at.folded, at.sitting_out, at.away),
            ]
            for _, at in sorted(state.seats.items())
        ],
    }


def folded(frames: list[dict[str, Any]]) -> list[list[Any]]:
    """(Index of the frame, state after it) of every so many frames of one line."""
    state, states = TableState(), []
    for number, frame in enumerate(frames):
        read = CODECS[JSON].decode_server(json.dumps(frame).encode())
        if isinstance(read, Welcome):
            state.welcome(read, 0.0)
        elif isinstance(read, Update):
            state.update(read, 0.0)
        elif frame["type"] == "accepted" and frame["seat"] != NO_SEAT:
            state.me = frame["seat"]
        if number % EVERY == 0 or number == len(frames) - 1:
            states.append([number, shown(state)])
    return states


class Gambler:
    """Plays without sense, so that everything happens."""

    def __init__(self, client: Client, table: Table, seed: int) -> None:
        self.client, self.table, self.chance = client, table, random.Random(seed)

    def choose(self) -> Action | None:
        """None lets the clock run out."""
        options = self.table.state.options
        assert options is not None
        roll = self.chance.random()
        if roll > 0.985:
            return None
        if options.raise_max and roll > 0.72:
            sizes = (
                options.raise_max,
                options.raise_min + options.raise_max // 3,
                options.raise_min,
            )
            return Raise(min(options.raise_max, self.chance.choice(sizes)))
        if options.can_check:
            return Check()
        return Fold() if roll < 0.25 else Call()

    async def play(self) -> None:
        last = -1
        while True:
            state = self.table.state
            mine = state.my_seat
            try:
                if mine is not None and not mine.stack and not state.playing:
                    await self.table.top_up(self.chance.choice((400, 900, 2_000)))
                    await self.table.sit_out(False)
                elif state.my_turn and state.turn_number != last:
                    last = state.turn_number
                    action = self.choose()
                    if action is not None:
                        await self.table.act(action)
                    continue
                elif mine is not None and mine.sitting_out:
                    await self.table.sit_out(False)
            except RefusedError:
                pass
            await self.table.changed()


class Recorder:
    """One table while it is being played."""

    def __init__(self, url: str, seats: int, token: str) -> None:
        self.url, self.seats, self.name = url, seats, f"table-{seats}"
        self.lines: dict[str, list[dict[str, Any]]] = {"seat": [], "rail": []}
        self.snapshots: list[dict[str, Any]] = []
        self.desk = httpx.AsyncClient(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60
        )

    async def record(self, hands: int) -> None:
        chance = random.Random(SEED)
        clients = [await Client.guest(self.url) for _ in range(self.seats + 2)]
        *players, watcher, passer = clients
        rail = await watcher.join(self.name, rail=True, codec=JSON, on_frame=self._keep("rail"))
        tables = [await players[0].join(self.name, codec=JSON, on_frame=self._keep("seat"))]
        tables += [await player.join(self.name) for player in players[1:]]
        for table in tables:
            await table.sit(chance.choice((400, 800, 1_500, 4_000)), post_now=True)
        await tables[-1].straddle() if self.seats == 9 else None
        crowd = [
            asyncio.create_task(Gambler(c, t, SEED + n).play())
            for n, (c, t) in enumerate(zip(players, tables, strict=True))
        ]
        await self._happenings(rail, tables, passer, hands)
        for task in crowd:
            task.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
        for client in clients:
            await client.close()
        await self.desk.aclose()

    def _keep(self, line: str) -> Any:
        return lambda data: self.lines[line].append(json.loads(data))

    async def _happenings(
        self, rail: Table, tables: list[Table], passer: Client, hands: int
    ) -> None:
        """Breaks, snapshots, a pause, a void hand and a kill, each in its hand."""
        done: set[int] = set()
        while rail.state.hand <= hands:
            await rail.changed()
            hand = rail.state.hand
            if (rail.state.playing and len(rail.state.board) < 3) or hand in done:
                continue
            done.add(hand)
            await self._snapshot(passer)
            mine = tables[0]
            if hand in (3, 6, 9) and mine._socket is not None:
                if hand == 6:
                    mine.state.epoch = -1  # come back for a snapshot
                mine._socket.transport.abort()
            elif hand == 4:
                await self._ask("pause")
                await self._snapshot(passer)
                await self._ask("resume")
            elif hand == 5:
                await self._void(rail)
            elif hand == 8 and self.seats == 6:
                os.kill(await self._pid(), signal.SIGKILL)
            elif hand == 10:
                await tables[-1].sit_out()

    async def _void(self, rail: Table) -> None:
        """While it stands still, or the hand may be over before."""
        while True:
            await self._ask("pause")
            hand = rail.state.hand
            if rail.state.playing and await self._ask("void", hand=hand, reason="a test of voids"):
                break
            await self._ask("resume")
            await rail.changed()
        await self._ask("resume")

    async def _ask(self, what: str, **body: object) -> bool:
        by = {"by": {"name": "ann", "approver": "ben"}}
        answer = await self.desk.post(f"/v1/operator/tables/{self.name}/{what}", json=by | body)
        return answer.is_success

    async def _pid(self) -> int:
        answer = await self.desk.get("/v1/operator/tables")
        found = msgspec.json.decode(answer.content, type=OperatorTables).tables
        return next(table.pid for table in found if table.table == self.name)

    async def _snapshot(self, passer: Client) -> None:
        """The table as somebody sees it who has just come."""
        kept: list[dict[str, Any]] = []
        table = await passer.join(
            self.name, codec=JSON, on_frame=lambda data: kept.append(json.loads(data))
        )
        await table.close()
        self.snapshots += [frame for frame in kept if frame["type"] == "welcome"]

    def write(self) -> None:
        """One frame a line, so that a diff can be read."""
        parts = [f'"table": "{self.name}"']
        for line, frames in self.lines.items():
            parts.append(f'"{line}": {_lines(frames)}')
            parts.append(f'"{line}_states": {_lines(folded(frames))}')
        parts.append(f'"snapshots": {_lines(self.snapshots)}')
        path = FOLDER / f"{self.name}.json"
        path.write_text("{" + ",\n".join(parts) + "}\n", "utf-8")


def _lines(rows: list[Any]) -> str:
    return "[\n" + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]"


async def record(url: str, token: str) -> None:
    for seats, hands in TABLES.items():
        recorder = Recorder(url, seats, token)
        await recorder.record(hands)
        recorder.write()


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="squaredeal-sessions-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        lobby = "".join(
            LOBBY.format(seats=n, ante=2 if n == 9 else 0, straddle="true" if n == 9 else "false")
            for n in TABLES
        )
        (folder / "tables.toml").write_text(lobby, "utf-8")
        port = free_port()
        process = start(
            "--data-dir", str(folder / "data"), "--port", str(port), "--no-bots",
            "--tables-file", str(folder / "tables.toml"),
        )  # fmt: skip
        try:
            read_until(process, "Take a seat")
            token = (folder / "data" / "secrets" / "operator.token").read_text("utf-8").strip()
            asyncio.run(record(f"http://127.0.0.1:{port}", token))
        finally:
            stop(process)


if __name__ == "__main__":
    main()
