"""What a process of the wallet counts: names, units, labels. Nothing is labelled by player.

A settler counts once a batch, not once a hand.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from wallet.fanout.publisher import Publisher

EMITS: Final = frozenset(
    {
        "squaredeal_granted_minor_units_total",
        "squaredeal_outbox_batches_left_total",
        "squaredeal_outbox_batches_waiting",
        "squaredeal_rake_minor_units_total",
        "squaredeal_settled_hands_total",
        "squaredeal_settlement_batch_hands",
        "squaredeal_settlement_seconds",
    }
)
SETTLEMENT = Histogram(
    "squaredeal_settlement_seconds",
    "One batch of hands, from asking the ledger until all are answered",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
BATCH = Histogram(
    "squaredeal_settlement_batch_hands",
    "Hands in one batch",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512),
)
SETTLED = Counter("squaredeal_settled_hands", "Hands that the ledger answered", ["code"])
RAKE = Counter("squaredeal_rake_minor_units", "Rake of settled hands", ["currency"])
GRANTED = Counter("squaredeal_granted_minor_units", "Play chips handed out")


class PublisherMonitor(Collector):
    """What waits to be told to those who follow their balances."""

    def __init__(self, publisher: "Publisher") -> None:
        self._publisher = publisher

    def describe(self) -> list[Metric]:
        """Nothing is asked of it before somebody looks."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(
            "squaredeal_outbox_batches_waiting",
            "Settled batches that wait to be told",
            self._publisher.waiting,
        )
        yield CounterMetricFamily(
            "squaredeal_outbox_batches_left",
            "Batches left to the outbox: too many waited, or Redis was away",
            self._publisher.forgotten,
        )


def watch(publisher: "Publisher") -> None:
    """Show a publisher in this process's metrics, to the end of the process."""
    REGISTRY.register(PublisherMonitor(publisher))
