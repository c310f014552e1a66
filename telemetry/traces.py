"""The one seam to OpenTelemetry. Without an exporter it is never imported, and whoever asks for a
span pays for one look at a name.

Hot paths keep the None that ``begin`` and ``stages`` answer, and look at it.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from telemetry.otel import Tracing
    from telemetry.stages import Stages

NOTHING: Final[AbstractContextManager[Any]] = nullcontext()
_tracing: "Tracing | None" = None


def start(url: str, ratio: float, part: str, process: str, node: str) -> None:
    """Trace from now on, in this process."""
    global _tracing
    from telemetry.otel import Tracing

    _tracing = Tracing(url, ratio, part, process, node)


def stop() -> None:
    """Send what is left, and trace no more."""
    global _tracing
    ending, _tracing = _tracing, None
    if ending is not None:
        ending.close()


def on() -> bool:
    """Whether spans are made."""
    return _tracing is not None


def here() -> str:
    """The span that we are in as a W3C ``traceparent``; "" if there is none."""
    return "" if _tracing is None else _tracing.here()


def ids() -> tuple[str, str] | None:
    """The ids of the trace and the span that we are in, as hex, for a line of the log."""
    return None if _tracing is None else _tracing.ids()


def span(
    name: str,
    *,
    parent: str = "",
    links: Sequence[str] = (),
    batch: int = 0,
) -> AbstractContextManager[Any]:
    """A span around what is done; it is where we are while it lasts. ``parent`` and ``links`` are
    traceparents; with neither it is part of the span that we are in. ``batch`` is for how many it
    is done: it is kept if one of those that it is linked to is. What is raised is an error."""
    if _tracing is None:
        return NOTHING
    return _tracing.span(name, parent, links, batch)


def begin(name: str, *, parent: str = "", links: Sequence[str] = ()) -> "Span | None":
    """A span that ends elsewhere: give it to ``end``. None while nothing is traced."""
    return None if _tracing is None else _tracing.begin(name, parent, links)


def end(begun: "Span | None", error: str = "") -> None:
    """It is over; ``error`` says what went wrong, if anything did."""
    if begun is not None and _tracing is not None:
        _tracing.end(begun, error)


def rename(begun: "Span | None", name: str) -> None:
    """What it was is known only now; before it ends."""
    if begun is not None:
        begun.update_name(name)


def within(begun: "Span | None") -> AbstractContextManager[Any]:
    """Be in this span for a while, without ending it."""
    return NOTHING if begun is None or _tracing is None else _tracing.within(begun)


def parent_of(begun: "Span | None") -> str:
    """A span as a traceparent."""
    return "" if begun is None or _tracing is None else _tracing.parent_of(begun)


def stages(name: str, *, links: Sequence[str] = ()) -> "Stages | None":
    """A trace whose stages follow one another, carried by hand; None while nothing is traced."""
    return None if _tracing is None else _tracing.stages(name, links)


async def watch_queries(connection: Any) -> None:
    """Each query of an asyncpg connection is a span of whoever asks; its arguments are in none.
    A pool takes it as ``init``."""
    if _tracing is not None:
        connection.add_query_logger(_tracing.queried)
