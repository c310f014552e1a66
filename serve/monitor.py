"""What the gateway counts and what ``/metrics`` adds for the whole system: names, units, labels."""

import time
from collections.abc import Iterator
from typing import Final

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from actors.load import LagMeter
from actors.monitor import LATENESS, LATENESS_IS

EMITS: Final = frozenset(
    {
        "squaredeal_http_refusals_total",
        "squaredeal_http_responses_total",
        "squaredeal_http_seconds",
        "squaredeal_event_loop_lag_seconds",
        "squaredeal_ledger_balance_minor_units",
        "squaredeal_ledger_clean_timestamp_seconds",
        "squaredeal_ledger_drift",
        "squaredeal_ledger_reconciled_timestamp_seconds",
        "squaredeal_process_up",
    }
)
EMITS_WITH_REPLICA: Final = frozenset({"squaredeal_replica_lag_seconds"})
EMITS_WITH_OPERATOR: Final = frozenset(
    {
        "squaredeal_seamless_oldest_timestamp_seconds",
        "squaredeal_seamless_outstanding_amount",
        "squaredeal_seamless_outstanding_transactions",
    }
)
"""Only where an operator keeps the money."""

REFUSALS = Counter("squaredeal_http_refusals", "Requests that were refused", ["code"])
RESPONSES = Counter("squaredeal_http_responses", "Answers of the gateway", ["status"])
SECONDS = Histogram(
    "squaredeal_http_seconds",
    "From a request until its answer begins",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0),
)


class LoopMonitor(Collector):
    """How punctual the event loop of this process is, to the end of the process."""

    def __init__(self, lag: LagMeter) -> None:
        self._lag = lag

    def describe(self) -> list[Metric]:
        """Nothing is asked of it before somebody looks."""
        return []

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily(LATENESS, LATENESS_IS, self._lag.lag_ms / 1_000)


class Counting:
    """Middleware: answers by status, and how long they took to begin."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                RESPONSES.labels(str(message["status"])).inc()
                SECONDS.observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, counted)
