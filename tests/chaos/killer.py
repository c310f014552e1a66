"""Kills processes of a running server, at random, by their id."""

import os
import random
import signal
from collections import Counter

import psutil

DEPLOYMENTS = ("wallet", "gateway", "floor", "auth")
STORES = ("postgres", "valkey")
WEIGHTS = {
    "table": 12,
    "wallet": 2,
    "gateway": 2,
    "floor": 2,
    "auth": 1,
    "postgres": 1,
    "valkey": 1,
}


class Killer:
    """``tally`` counts what was killed."""

    def __init__(self, server: int, seed: int) -> None:
        self._server = psutil.Process(server)
        self._chance = random.Random(seed)
        self.tally: Counter[str] = Counter()

    def strike(self) -> str:
        """Kill one process of a random kind; what it was."""
        kinds = list(WEIGHTS)
        while True:
            kind = self._chance.choices(kinds, [WEIGHTS[each] for each in kinds])[0]
            victims = self._victims(kind)
            if victims:
                break
        os.kill(self._chance.choice(victims), signal.SIGKILL)
        self.tally[kind] += 1
        return kind

    def _victims(self, kind: str) -> list[int]:
        if kind in STORES:
            return [p.pid for p in self._server.children() if kind in _name(p)]
        wanted = "ray::TableActor" if kind == "table" else f"ServeReplica:squaredeal:{kind}"
        return [p.pid for p in self._server.children(recursive=True) if wanted in _line(p)]


def _name(process: psutil.Process) -> str:
    try:
        return str(process.name())
    except psutil.Error:
        return ""


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
