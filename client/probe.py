"""``squaredeal probe``: a synthetic player. It signs in from outside, plays a hand, goes home and
reports: the alarm for when everything looks fine from inside."""

import asyncio
import ssl
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

import httpx
import msgspec
from websockets.exceptions import WebSocketException

from client.errors import ApiError, RefusedError, TableClosed
from client.sdk import Client
from client.table import Table
from games.holdem.records import Check, Fold, HandEnded, HandStarted

EMITS: Final = frozenset(
    {
        "squaredeal_probe_act_seconds",
        "squaredeal_probe_certificate_expiry_timestamp_seconds",
        "squaredeal_probe_success",
        "squaredeal_probe_timestamp_seconds",
    }
)
HOME_LOOK_S: Final = 0.1


class Report(msgspec.Struct):
    """``steps`` has the seconds of each step that was done; ``failed`` is the one that was not,
    and ``why``. ``act_s`` is the longest answer to an action, 0 if none was asked of us."""

    steps: dict[str, float] = {}
    hand: str = ""
    act_s: float = 0.0
    certificate_until: float = 0.0
    """When the server's certificate expires (Unix seconds); 0 without TLS."""
    failed: str = ""
    why: str = ""

    @property
    def ok(self) -> bool:
        return not self.failed


async def probe(url: str, name: str, password: str, table: str, seconds: float) -> Report:
    """Play one hand at ``table`` ("": wherever there is a seat), within so many seconds. Without a
    name as a guest."""
    report = Report()
    try:
        async with asyncio.timeout(seconds):
            await _play(report, url, name, password, table)
    except TimeoutError:
        report.why = f"not done within {seconds:.0f} s"
    except (ApiError, RefusedError) as refused:
        report.why = f"{refused.code}: {refused.message}"
    except (TableClosed, httpx.HTTPError, WebSocketException, OSError) as failure:
        report.why = f"{type(failure).__name__}: {failure}"
    else:
        report.failed = ""
    return report


async def certificate_until(url: str) -> float:
    """When the certificate that players are shown expires, in Unix seconds; 0 without TLS. Raises
    OSError, ssl.SSLError too if it is no good by now."""
    address = urlsplit(url)
    if address.scheme != "https":
        return 0.0
    port = address.port or 443
    _, line = await asyncio.open_connection(
        address.hostname, port, ssl=ssl.create_default_context()
    )
    try:
        shown = line.get_extra_info("peercert")
        return float(ssl.cert_time_to_seconds(shown["notAfter"]))
    finally:
        line.close()


@asynccontextmanager
async def _step(report: Report, name: str) -> AsyncIterator[None]:
    began = time.monotonic()
    report.failed = name  # until it is done
    yield
    report.steps[name] = round(time.monotonic() - began, 3)


async def _play(report: Report, url: str, name: str, password: str, at: str) -> None:
    async with _step(report, "sign in"):
        report.certificate_until = await certificate_until(url)
        client = await (Client.login(url, name, password) if name else Client.guest(url))
    async with client:
        async with _step(report, "take a seat"):
            # What a failed probe has left at a table is not this one's.
            before = (await client.wallet()).at_tables
            table = await _seat(client, at)
        async with _step(report, "play a hand"):
            report.hand = await _hand(report, table)
        async with _step(report, "go home"):
            await table.stand()
            while True:
                if (await client.wallet()).at_tables <= before:
                    break
                await asyncio.sleep(HOME_LOOK_S)


async def _seat(client: Client, at: str) -> Table:
    if not at:
        return await client.quick_seat()
    table = await client.join(at)
    assert table.state.info is not None
    await table.sit(table.state.info.buy_in_min, post_now=True)
    return table


async def _hand(report: Report, table: Table) -> str:
    """The name of the first hand that we were dealt into and that ended. An action that is refused
    ends it: the server would act for us, and nobody would see that we could not."""
    acting = asyncio.create_task(_act(report, table))
    watching = asyncio.create_task(_watch(table))
    try:
        done, _ = await asyncio.wait({acting, watching}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
        return watching.result()
    finally:
        for task in (acting, watching):
            task.cancel()
        await asyncio.gather(acting, watching, return_exceptions=True)


async def _watch(table: Table) -> str:
    ours = 0
    async for event in table.events():
        if isinstance(event, HandStarted) and table.state.me in event.seats:
            ours = event.hand
        elif isinstance(event, HandEnded) and event.hand == ours:
            assert table.state.info is not None
            return f"{table.state.info.table}/{ours}"
    raise TableClosed(0, "the line ended before the hand did")


async def _act(report: Report, table: Table) -> NoReturn:
    """As cheaply as can be."""
    while True:
        options = table.state.options
        if not (table.state.my_turn and options):
            await table.changed()
            continue
        began = time.monotonic()
        await table.act(Check() if options.can_check else Fold())
        report.act_s = max(report.act_s, time.monotonic() - began)


def exposition(report: Report) -> str:
    """For the textfile collector of a node exporter."""
    name = "squaredeal_probe_certificate_expiry_timestamp_seconds"
    seen = report.certificate_until
    until = f"# TYPE {name} gauge\n{name} {seen:.0f}\n" if seen else ""
    return (
        "# TYPE squaredeal_probe_success gauge\n"
        f"squaredeal_probe_success {int(report.ok)}\n"
        "# TYPE squaredeal_probe_act_seconds gauge\n"
        f"squaredeal_probe_act_seconds {report.act_s:.6f}\n"
        f"{until}"
        "# TYPE squaredeal_probe_timestamp_seconds gauge\n"
        f"squaredeal_probe_timestamp_seconds {time.time():.0f}\n"
    )


def run(
    url: str, name: str, password: str, table: str, seconds: float, metrics: Path | None
) -> int:
    """Play, say how it went as a line of JSON; 0 if all was well, else 1."""
    report = asyncio.run(probe(url, name, password, table, seconds))
    if metrics is not None:
        # Whoever reads it never sees half of it.
        fresh = metrics.with_suffix(".new")
        fresh.write_text(exposition(report), "utf-8")
        fresh.replace(metrics)
    sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
    return 0 if report.ok else 1
