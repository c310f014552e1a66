"""``/metrics``: what the parts of the system know, in the form that Prometheus reads.

The gateway asks and counts nothing itself: its replicas come and go.
"""

from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serve.office import Office
from serve.reconcile import Reconciled


class _Ledger:
    """What the floor's last comparison of books and tables found."""

    def __init__(self, seen: Reconciled) -> None:
        self._seen = seen

    def collect(self) -> Iterator[Metric]:
        drift = GaugeMetricFamily(
            "squaredeal_ledger_drift",
            "Differences between balances, entries, stakes, seats, journal and archive",
            labels=["check"],
        )
        for check, count in self._seen.count().items():
            drift.add_metric([check], count)
        yield drift
        yield GaugeMetricFamily(
            "squaredeal_ledger_reconciled_timestamp_seconds",
            "When books and tables were compared last; 0 before the first time",
            value=self._seen.at,
        )
        yield GaugeMetricFamily(
            "squaredeal_ledger_clean_timestamp_seconds",
            "When they agreed last; 0 before the first time",
            value=self._seen.clean_at,
        )


def metrics_route(office: Office) -> Route:
    """For the inside: an edge does not let it through."""

    async def metrics(request: Request) -> Response:
        page = generate_latest(_Ledger(await office.reconciled()))
        return Response(page, media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", metrics)
