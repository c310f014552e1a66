"""Broken frames at real tables: ``python -m tests.redteam.fuzz --frames 1000000``.

A simulated room plays by its rules, without faults of the stores. Whenever a client asks, his frame
comes a hundred times more, each time broken: bytes flipped, cut, doubled, numbers at their edges,
words of other frames. Each goes the way of bytes from a socket: the codec first, and what it lets
through to the table. Afterwards no table may have raised, the books balance, and everybody went on
playing.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, cast
from unittest import mock

import msgspec

from tests.simulation.crowd import Line
from tests.simulation.faults import Rates
from tests.simulation.loop import run
from tests.simulation.runs import seals
from tests.simulation.world import World, plan
from wire import client_frames as f
from wire.codec import BadFrame, Codec, read_client

BROKEN_PER_FRAME: Final = 100
SLOW_S: Final = 1.0
"""No frame of 4 KiB takes so much CPU; one that does is a way to stop a table."""
EDGES: Final = (
    *(b"0", b"-1", b"-0", b"1e9", b"9007199254740993", b"18446744073709551616"),
    *(b"null", b"true", b'"x"', b"[]", b"{}"),
    *(b"\xc0", b"\xff", b"\x00", b"\xcf" + b"\xff" * 8),
)
WORDS: Final = (
    *(b"act", b"sit", b"stand", b"top_up", b"ping", b"fold", b"raise", b"call", b"entropy"),
    *(b"hand", b"turn", b"ref", b"type", b"action", b"seat", b"buy_in", b"to"),
)
Mutation = Callable[[random.Random, bytes], bytes]


def _flip(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def _cut(chance: random.Random, data: bytes) -> bytes:
    begin, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    return data[:begin] + data[end:]


def _double(chance: random.Random, data: bytes) -> bytes:
    begin, end = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
    return data[:end] + data[begin:end] * chance.choice((1, 2, 100)) + data[end:]


def _insert(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(EDGES + WORDS) + data[at:]


def _replace(chance: random.Random, data: bytes) -> bytes:
    """A word by another, or a digit by a number at an edge."""
    for word in chance.sample(WORDS, len(WORDS)):
        if word in data:
            return data.replace(word, chance.choice(WORDS), 1)
    digits = [at for at, byte in enumerate(data) if 48 <= byte < 58]
    at = chance.choice(digits) if digits else 0
    return data[:at] + chance.choice(EDGES) + data[at + 1 :]


def _deepen(chance: random.Random, data: bytes) -> bytes:
    deep = chance.choice((b"[", b'{"a":', b"\x91", b"\x81\xa1a"))
    return deep * chance.choice((10, 1_000, 1_300)) + data


def _nothing(chance: random.Random, data: bytes) -> bytes:
    return data


MUTATIONS: Final[tuple[Mutation, ...]] = (
    _flip, _flip, _cut, _double, _insert, _insert, _replace, _replace, _deepen, _nothing,
)  # fmt: skip


class Fuzzer:
    """Breaks what clients ask."""

    def __init__(self, seed: int, frames_max: int) -> None:
        self.counts: Counter[str] = Counter()
        self._chance = random.Random(seed)
        self._frames_max = frames_max

    def attack(self, line: Line, frame: f.ClientFrame) -> None:
        """One frame in many broken forms."""
        whole = line.codec.encode(cast(Any, frame))
        limit = line.room.limits.frame_bytes_max
        for _ in range(BROKEN_PER_FRAME):
            if self.counts["frames"] >= self._frames_max or line.gone or line.deaf:
                return
            data = whole
            for _ in range(self._chance.choice((1, 1, 2, 4))):
                data = self._chance.choice(MUTATIONS)(self._chance, data or whole)
            began = time.thread_time()
            self.send(line, line.codec, data[:limit])
            assert time.thread_time() - began < SLOW_S, data

    def send(self, line: Line, codec: Codec, data: bytes) -> None:
        """As ``actors.sockets.Connection`` does with the bytes of a frame."""
        self.counts["frames"] += 1
        try:
            frame = read_client(codec, data)
        except BadFrame as bad:
            self.counts[bad.code] += 1
            return
        self.counts["let through"] += 1
        if isinstance(frame, f.Sit):
            # A seat that his own program did not ask for is one that it never gives back.
            frame = msgspec.structs.replace(frame, buy_in=1)
        line.room.front.receive(line.as_connection(), frame)


async def fuzz(seed: int, frames_max: int, hands: int = 30) -> tuple[Counter[str], list[str]]:
    """One seed; counts, and what went wrong."""
    scenario = plan(seed, hands)
    quiet = Rates(*([0] * len(Rates.__struct_fields__)))
    calm: dict[str, Any] = {"rates": quiet, "mischief_s": 1e9, "damage": False}
    world = World(type(scenario)(**{**_fields(scenario), **calm}), seals())
    fuzzer = Fuzzer(seed, frames_max)
    ask = Line.ask

    def ask_and_attack(line: Line, frame: f.ClientFrame) -> None:
        ask(line, frame)
        fuzzer.attack(line, frame)

    with mock.patch.object(Line, "ask", ask_and_attack):
        await world.run()
    books = (await world.ledger.check()).problems
    fuzzer.counts["hands"] = len(world.journal.hands)
    return fuzzer.counts, [*world.complaints, *books]


def _fields(scenario: Any) -> dict[str, Any]:
    return {name: getattr(scenario, name) for name in scenario.__struct_fields__}


def main() -> int:
    """The exit status: 1 after a failure."""
    ask = argparse.ArgumentParser(prog="python -m tests.redteam.fuzz")
    ask.add_argument("--frames", type=int, default=1_000_000)
    ask.add_argument("--seed", type=int, default=0)
    options = ask.parse_args()
    counts: Counter[str] = Counter()
    seed = options.seed
    while counts["frames"] < options.frames:
        told, wrong = run(fuzz(seed, options.frames - counts["frames"]))
        counts += told
        if wrong:
            print(f"seed {seed}:", *wrong, sep="\n  ")
            return 1
        seed += 1
    print(dict(counts))
    return 0


if __name__ == "__main__":
    sys.exit(main())
