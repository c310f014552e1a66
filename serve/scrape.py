"""What one process counts, as text for Prometheus: called in every process of the cluster.

It imports little: a table's process runs it too.
"""

from collections.abc import Iterator
from typing import Any, Final, Protocol, cast

import ray
from prometheus_client import REGISTRY
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import Metric

from actors.actor import PREFIX
from serve.runtime import APP, NAMESPACE

OURS: Final = ("squaredeal_", "process_")
"""Ray and Serve count in the same registry; theirs are at Ray's own endpoint."""
TABLES: Final = "tables"
REPLICA: Final = f"SERVE_REPLICA::{APP}#"
SERVE_NAMESPACE: Final = "serve"


class Process(Protocol):
    """A handle to an actor of Ray, which has no types."""

    __ray_call__: Any


class _Labelled:
    """Every sample of this process, with its names."""

    def __init__(self, part: str, process: str) -> None:
        self._names = {"part": part, "process": process}

    def collect(self) -> Iterator[Metric]:
        for metric in REGISTRY.collect():
            if metric.name.startswith(OURS):
                kept = Metric(metric.name, metric.documentation, metric.type)
                for sample in metric.samples:
                    if not sample.name.endswith("_created"):
                        labels = sample.labels | self._names
                        kept.add_sample(sample.name, labels, sample.value)
                yield kept


def page(actor: object, part: str, process: str) -> bytes:
    """What Ray calls in the process; ``actor`` is the actor's own object."""
    del actor
    return generate_latest(_Labelled(part, process))


def processes() -> dict[str, tuple[str, str]]:
    """The name of each process with its part of the system and its namespace, from Ray."""
    found: dict[str, tuple[str, str]] = {}
    for each in cast(Any, ray.util).list_named_actors(all_namespaces=True):
        name, namespace = str(each["name"]), str(each["namespace"])
        if namespace == NAMESPACE and name.startswith(PREFIX):
            found[name] = (TABLES, namespace)
        elif namespace == SERVE_NAMESPACE and name.startswith(REPLICA):
            found[name] = (name.removeprefix(REPLICA).split("#")[0], namespace)
    return found


def handle(name: str, namespace: str) -> Process:
    """Raises ValueError if it has gone."""
    return cast(Process, ray.get_actor(name, namespace))


def short(name: str) -> str:
    """A process as its label says it: ``table-actor-3``, ``wallet#k2j9x1``."""
    return name.removeprefix(REPLICA)
