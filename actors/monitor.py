"""What a process of tables counts: names, units, labels. Nothing is labelled by table or player.

Counting costs a microsecond an action; what is known anyway is asked for only when somebody looks.
"""

from collections import Counter as Tally
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from actors.host import TableHost
    from actors.table import Table

EMITS: Final = frozenset(
    {
        "squaredeal_act_to_broadcast_seconds",
        "squaredeal_connections",
        "squaredeal_event_loop_lag_seconds",
        "squaredeal_fenced_writes_total",
        "squaredeal_hands_total",
        "squaredeal_journal_commit_seconds",
        "squaredeal_journal_rows_waiting",
        "squaredeal_journal_stalls_total",
        "squaredeal_lease_renewals_total",
        "squaredeal_oldest_hand_seconds",
        "squaredeal_reconnects_total",
        "squaredeal_refusals_total",
        "squaredeal_tables",
        "squaredeal_takeovers_total",
    }
)
LATENESS: Final = "squaredeal_event_loop_lag_seconds"
LATENESS_IS: Final = "How late the event loop comes to its timers, on average over the last seconds"
STATES: Final = ("playing", "waiting", "paused", "halted")
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0)
"""0.2 is the objective for act-to-broadcast: a bucket ends there."""

ACT_TO_BROADCAST = Histogram(
    "squaredeal_act_to_broadcast_seconds",
    "From an accepted action's frame until everybody was sent what it did",
    buckets=SECONDS,
)
HANDS = Counter("squaredeal_hands", "Hands that ended", ["outcome"])
HANDS_FINISHED = HANDS.labels("finished")
HANDS_VOID = HANDS.labels("void")
COMMIT = Histogram(
    "squaredeal_journal_commit_seconds",
    "One append of all that waited, from asking to the disk's word",
    buckets=SECONDS,
)
STALLS = Counter("squaredeal_journal_stalls", "Times that storage did not answer in time")
FENCED = Counter("squaredeal_fenced_writes", "Rows refused because somebody else has the table")
RENEWALS = Counter("squaredeal_lease_renewals", "Leases asked for, by table", ["outcome"])
RENEWED = RENEWALS.labels("renewed")
LOST = RENEWALS.labels("lost")
UNANSWERED = RENEWALS.labels("unanswered")
RECONNECTS = Counter("squaredeal_reconnects", "Players who came back to a table they knew")
REFUSALS = Counter("squaredeal_refusals", "Requests at tables that were refused", ["code"])
TAKEOVERS = Counter("squaredeal_takeovers", "Tables taken over from their journal")


class HostMonitor(Collector):
    """What one host knows of itself at this moment; registered while it runs."""

    def __init__(self, host: "TableHost") -> None:
        self._host = host

    def describe(self) -> list[Metric]:
        """Nothing is asked of it before somebody looks."""
        return []

    def collect(self) -> Iterator[Metric]:
        host = self._host
        tables = list(host.tables.values())
        states = Tally(_state(table) for table in tables)
        by_state = GaugeMetricFamily(
            "squaredeal_tables", "Open tables: who play, wait for players …", labels=["state"]
        )
        for state in STATES:
            by_state.add_metric([state], states[state])
        yield by_state
        yield GaugeMetricFamily(
            "squaredeal_oldest_hand_seconds",
            "For how long the hand that began first of those in play has been so",
            max((table.in_play_s for table in tables), default=0.0),
        )
        load = host.load()
        yield GaugeMetricFamily(
            "squaredeal_connections", "Clients at the tables' sockets", load.connections
        )
        yield GaugeMetricFamily(
            LATENESS,
            LATENESS_IS,
            load.lag_ms / 1_000,
        )
        yield GaugeMetricFamily(
            "squaredeal_journal_rows_waiting", "Rows that the next append takes", host.rows_waiting
        )


def _state(table: "Table") -> str:
    if table.halted:
        return "halted"
    if table.machine.paused:
        return "paused"
    return "playing" if table.machine.game.playing else "waiting"


def watch(host: "TableHost") -> HostMonitor:
    """Show a host in this process's metrics; ``unwatch`` ends it."""
    monitor = HostMonitor(host)
    REGISTRY.register(monitor)
    return monitor


def unwatch(monitor: HostMonitor) -> None:
    """Its host has closed."""
    REGISTRY.unregister(monitor)
