"""Kills processes of a running server, at random, by their id."""

import os
import random
import signal
from collections import Counter

import psutil

from tests.nodes.cluster import Cluster

DEPLOYMENTS = ("wallet", "gateway", "floor", "auth")
STORES = ("postgres", "valkey")
WEIGHTS = {
    "node": 2,
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

    def __init__(self, server: int, seed: int, cluster: Cluster | None = None) -> None:
        """Nodes are killed, and replaced by new ones, only where there is a cluster."""
        self._server = psutil.Process(server)
        self._cluster = cluster
        self._chance = random.Random(seed)
        self.tally: Counter[str] = Counter()

    def strike(self) -> str:
        """Kill one process of a random kind; what it was."""
        kinds = list(WEIGHTS)
        while True:
            kind = self._chance.choices(kinds, [WEIGHTS[each] for each in kinds])[0]
            if kind == "node" and self._cluster is not None:
                self._strike_node(self._cluster)
                break
            victims = self._victims(kind)
            if victims:
                os.kill(self._chance.choice(victims), signal.SIGKILL)
                break
        self.tally[kind] += 1
        return kind

    def _strike_node(self, cluster: Cluster) -> None:
        """Every process of it; then a new one joins."""
        count = len(cluster.nodes)
        self._chance.choice(cluster.nodes).kill()
        cluster.grow(count)

    def _victims(self, kind: str) -> list[int]:
        if kind == "node":
            return []
        if kind in STORES:
            return [p.pid for p in self._server.children() if kind in _name(p)]
        wanted = "ray::TableActor" if kind == "table" else f"ServeReplica:squaredeal:{kind}"
        family = self._server.children(recursive=True)
        for node in self._cluster.nodes if self._cluster is not None else ():
            family += node.processes()
        return [p.pid for p in family if wanted in _line(p)]


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
