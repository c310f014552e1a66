"""A recorded journal in a file: rows of a table as some version wrote them, and how it ended.

``python -m tests.histories.history`` writes new ones; those that are there are never rewritten.
"""

import base64
import json
import random
import tempfile
from pathlib import Path
from typing import Any

from actors import commands as c
from actors.commands import Outcome, leaves_trace
from actors.journal import FORM_READ, Pen, Row, Saved
from actors.machine import TableMachine
from actors.replay import Replayed, replay
from auth.seals import Seals
from games.refusal import Refusal
from tests.property.test_machine_properties import Crowd, sit_down, spec

FOLDER = Path(__file__).parent
VERSION = FORM_READ
STEPS = 700
SNAPSHOT_EVERY = 5  # hands


def ending(machine: TableMachine) -> dict[str, Any]:
    """What must be the same again."""
    seats = [[s.number, s.stack, s.added, s.player.id] for s in machine.seats.taken()]
    return {"hand": machine.hand, "turn": machine.turn, "chips": machine.chips, "seats": seats}


def record(seed: int, seats: int, seals: Seals) -> tuple[list[Row], TableMachine]:
    """A random session of a table, journalled."""
    machine = TableMachine(spec(seats))
    pen = Pen("t", 1, seals)
    crowd = Crowd(machine, random.Random(seed))
    rows = [pen.snapshot(Saved(machine.save(0), []))]
    for number in range(STEPS):
        queue: list[c.Command] = [crowd.command()]
        while queue:
            command = queue.pop()
            if isinstance(command, c.Deal) and machine.hand % SNAPSHOT_EVERY == 0:
                rows.append(pen.snapshot(Saved(machine.save(crowd.now), [])))
            result = machine.step(command)
            if isinstance(result, Refusal):
                continue
            if isinstance(command, c.Reserve):
                queue.append(sit_down(machine, command, result, number))
            if leaves_trace(command, result):
                rows.append(_row(pen, command, machine, result))
    return rows, machine


def _row(pen: Pen, command: c.Command, machine: TableMachine, result: Outcome) -> Row:
    return pen.command(command, "", machine.hand, result.events)


def write(path: Path, seed: int, seats: int) -> None:
    """Record a session into a file, with the key that opens its deals."""
    with tempfile.TemporaryDirectory() as folder:
        rows, machine = record(seed, seats, Seals.generate(Path(folder)))
        key = Path(folder, "0001.key").read_bytes()
    document = {
        "version": VERSION,
        "key": key.hex(),
        "ending": ending(machine),
        "rows": [[r.seq, r.epoch, r.hand, r.kind, _text(r.body), _text(r.digest)] for r in rows],
    }
    path.write_text(json.dumps(document, separators=(",", ":")) + "\n", "utf-8")


def read(path: Path, keys: Path) -> tuple[Replayed, dict[str, Any]]:
    """Replay a file with today's rules; what it ended with when it was written."""
    document = json.loads(path.read_text("utf-8"))
    keys.mkdir(mode=0o700, exist_ok=True)
    (keys / "0001.key").touch(mode=0o600)
    (keys / "0001.key").write_bytes(bytes.fromhex(document["key"]))
    rows = [
        Row("t", seq, epoch, hand, kind, base64.b64decode(body), base64.b64decode(digest))
        for seq, epoch, hand, kind, body, digest in document["rows"]
    ]
    return replay(spec(2), rows, Pen("t", 2, Seals(keys)), 0), document["ending"]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    for seats in (2, 6, 9):
        file = FOLDER / f"v{VERSION}-{seats}-seats.json"
        if not file.exists():
            write(file, seed=10 * VERSION + seats, seats=seats)
            print(file.name)
