"""``/metrics``: what the parts of the system know, in the form that Prometheus reads.

The gateway asks and counts nothing itself: its replicas come and go.
"""

from collections.abc import Iterator, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serve.office import Office
from serve.reconcile import Reconciled
from wallet.seamless.states import Outstanding


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


class _Operator:
    """What is under way at an operator who keeps the money: where the outcome is open."""

    def __init__(self, outstanding: Sequence[Outstanding]) -> None:
        self._outstanding = outstanding

    def collect(self) -> Iterator[Metric]:
        labels = ["kind", "state"]
        count = GaugeMetricFamily(
            "squaredeal_seamless_outstanding_transactions",
            "Debits and credits at the operator whose end is not known yet",
            labels=labels,
        )
        amount = GaugeMetricFamily(
            "squaredeal_seamless_outstanding_amount", "Their sum in minor units", labels=labels
        )
        oldest = GaugeMetricFamily(
            "squaredeal_seamless_oldest_timestamp_seconds", "When the oldest began", labels=labels
        )
        for each in self._outstanding:
            names = [each.kind.value, each.state.value]
            count.add_metric(names, each.transactions)
            amount.add_metric(names, each.amount)
            oldest.add_metric(names, each.oldest.timestamp())
        yield from (count, amount, oldest)


def metrics_route(office: Office) -> Route:
    """For the inside: an edge does not let it through."""

    async def metrics(request: Request) -> Response:
        page = generate_latest(_Ledger(await office.reconciled()))
        if office.runtime.operator is not None:
            page += generate_latest(_Operator(await office.outstanding()))
        return Response(page, media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", metrics)
