"""``/metrics``: what the parts of the system know, in the form that Prometheus reads.

Each process counts for itself; any replica of the gateway asks all of them and shows one page.
"""

import asyncio
import contextlib
import logging
import math
from collections.abc import Iterator, Sequence
from typing import Final, cast

import asyncpg
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serve.errors import ApiError
from serve.office import Office
from serve.reconcile import Reconciled
from serve.reports import Reports
from serve.scrape import Process, handle, page, processes, short
from wallet.seamless.states import Outstanding

ANSWER_S_MAX: Final = 2.0
"""Longest answer of a process; Prometheus waits ten seconds for all of them."""
log = logging.getLogger(__name__)


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
        balance = GaugeMetricFamily(
            "squaredeal_ledger_balance_minor_units",
            "What all accounts of a kind have, when books and tables were compared last",
            labels=["currency", "kind"],
        )
        for currency, kind, held in self._seen.held:
            balance.add_metric([currency, kind], held)
        yield balance
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


class Pages:
    """Asks every process of the cluster for its page.

    One address for the whole system and no list of targets to keep: Ray knows who runs. Ports of
    their own would need discovery, firewalls and names for processes that come and go; Ray's
    metrics cost a call for each observation. A process that does not answer is said to be down.
    """

    def __init__(self) -> None:
        self._handles: dict[str, Process] = {}

    async def collect(self) -> bytes:
        """All pages as one."""
        found = await asyncio.to_thread(processes)
        self._handles = {name: self._handles[name] for name in found if name in self._handles}
        pages = await asyncio.gather(*(self._ask(name, *found[name]) for name in found))
        up = GaugeMetricFamily(
            "squaredeal_process_up", "Whether a process answers", labels=["part", "process"]
        )
        for (name, (part, _)), answer in zip(found.items(), pages, strict=True):
            up.add_metric([part, short(name)], answer is not None)
        answers = [answer for answer in pages if answer is not None]
        return await asyncio.to_thread(merged, [*answers, generate_latest(_Only(up))])

    async def _ask(self, name: str, part: str, namespace: str) -> bytes | None:
        try:
            if name not in self._handles:
                self._handles[name] = await asyncio.to_thread(handle, name, namespace)
            async with asyncio.timeout(ANSWER_S_MAX):
                answer = await self._handles[name].__ray_call__.remote(page, part, short(name))
            return cast(bytes, answer)
        except Exception as failure:  # whatever it is, the others are still to be shown
            self._handles.pop(name, None)
            log.warning("%s shows no metrics: %s", short(name), failure)
            return None


class _Only:
    def __init__(self, *metrics: Metric) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        yield from self._metrics


def merged(pages: Sequence[bytes]) -> bytes:
    """The same families of several pages together, as the format wants it: a family begins with
    ``# HELP`` and ``# TYPE``, once."""
    families: dict[bytes, list[bytes]] = {}
    for each in pages:
        for family in each.split(b"# HELP ")[1:]:
            about, kind, *samples = family.splitlines(keepends=True)
            families.setdefault(b"# HELP " + about + kind, []).extend(samples)
    return b"".join(head + b"".join(samples) for head, samples in families.items())


async def _replica(reports: Reports) -> Metric:
    """How far it is behind; one that does not answer is so for ever."""
    lag_s = math.inf
    with contextlib.suppress(TimeoutError, OSError, asyncpg.PostgresError):
        async with asyncio.timeout(ANSWER_S_MAX):
            lag_s = await reports.lag_s()
    return GaugeMetricFamily(
        "squaredeal_replica_lag_seconds",
        "How old what reports read from the replica is; infinite if it does not answer",
        value=lag_s,
    )


def metrics_route(office: Office) -> Route:
    """For the inside: an edge does not let it through."""
    pages = Pages()

    async def metrics(request: Request) -> Response:
        text = await pages.collect()
        # Whoever has just lost a part of the system wants to see the others.
        with contextlib.suppress(ApiError):
            text += generate_latest(_Ledger(await office.reconciled()))
        if office.runtime.report_file != office.runtime.dsn_file:
            text += generate_latest(_Only(await _replica(office.reports)))
        if office.runtime.operator is not None:
            with contextlib.suppress(ApiError):
                text += generate_latest(_Operator(await office.outstanding()))
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    return Route("/metrics", metrics)
