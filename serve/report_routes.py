"""The operator's reports over HTTP, as JSON or as CSV."""

import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from auth.rights import Right
from serve.csv_answer import Csv
from serve.errors import ApiError
from serve.reports import REPORTS, Asked, EntriesDetached
from serve.routes import Call, Endpoint
from wire.http import Report

log = logging.getLogger(__name__)
FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


async def report(call: Call) -> Report | Csv:
    """One page; as CSV all of them."""
    name = call.path["report"]
    if name not in REPORTS:
        raise ApiError("report_unknown", f"There is no such report; there are {_names()}.")
    limit, before = call.page()
    asked = Asked(
        kind=call.text("kind"),
        table=call.text("table"),
        player=_player(call),
        since=call.instant("since"),
        until=call.instant("until"),
        limit=limit,
        before=before,
    )
    first = await read(call, name, asked)
    if not call.wants_csv():
        return first
    return Csv(name, first.columns, _pages(call, name, asked, first))


async def _pages(
    call: Call, name: str, asked: Asked, first: Report
) -> AsyncIterator[Sequence[Sequence[Any]]]:
    page = first
    yield page.rows
    while page.next is not None:
        following = Asked(
            kind=asked.kind, table=asked.table, player=asked.player, since=asked.since,
            until=asked.until, limit=asked.limit, before=page.next,
        )  # fmt: skip
        page = await read(call, name, following)
        yield page.rows


async def read(call: Call, name: str, asked: Asked) -> Report:
    """One page of a report. Raises ApiError."""
    try:
        return await call.office.reports.run(name, asked)
    except EntriesDetached as gone:
        raise ApiError("entries_detached", str(gone)) from None
    except FAILURES as failure:
        # Nothing else is asked instead: a replica is there to keep such reading off the primary.
        log.error("report %s failed: %s", name, failure)
        raise ApiError("reports_unavailable", retry_after_s=5) from failure


def _player(call: Call) -> UUID | None:
    text = call.text("player")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise ApiError("bad_request", "player is the id of an account.") from None


def _names() -> str:
    return ", ".join(REPORTS)


REPORT_ENDPOINTS = (
    Endpoint(
        "GET",
        "/v1/operator/reports/{report}",
        f"The books: {_names()}; format=csv for a file",
        report,
        Report,
        right=Right.SEE_MONEY,
        query=("limit", "before"),
        words=("kind", "table", "player", "since", "until", "format"),
    ),
)
