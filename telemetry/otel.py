"""OpenTelemetry, as far as we use it: imported only where spans are sent somewhere.

Every span of a process is recorded until no span of its trace is open here any more. Then the
trace is sent, as far as it has come here: all of it if it was chosen by the ratio, or if something
in it went wrong. So an error is never lost by the ratio in the process that saw it. What this does
not do: it does not ask other processes for their parts of a trace that was kept for an error, and
what begins after the last open span has ended is decided anew.
"""

import random
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import (
    AlwaysRecordSampler,
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, SpanKind, TraceFlags
from opentelemetry.trace.status import Status, StatusCode

from telemetry.redact import clean_text
from telemetry.stages import Stages

TRACEPARENT: Final = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
EXPORT_MS: Final = 1_000
OPEN_TRACES_MAX: Final = 10_000
"""Traces with an open span here; beyond it the oldest are given up."""
SPANS_PER_TRACE_MAX: Final = 1_000
TEXT_CHARS_MAX: Final = 200
SCOPE: Final = InstrumentationScope("squaredeal")
SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)


class Tracing:
    """The spans of one process."""

    def __init__(self, url: str, ratio: float, part: str, process: str, node: str) -> None:
        resource = Resource.create(
            {
                "service.namespace": "squaredeal",
                "service.name": part,
                "service.instance.id": process,
                "host.name": node,
            }
        )
        self._bound = TraceIdRatioBased.get_bound_for_rate(ratio)
        exporter = OTLPSpanExporter(endpoint=url)
        self._onward = BatchSpanProcessor(exporter, schedule_delay_millis=EXPORT_MS)
        sampler = AlwaysRecordSampler(ParentBased(_Chosen(ratio)))
        self._provider = TracerProvider(sampler, resource)
        self._provider.add_span_processor(Tail(self._onward))
        self._tracer = self._provider.get_tracer("squaredeal")

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    def here(self) -> str:
        return _written(trace.get_current_span().get_span_context())

    def ids(self) -> tuple[str, str] | None:
        context = trace.get_current_span().get_span_context()
        if not context.is_valid:
            return None
        return f"{context.trace_id:032x}", f"{context.span_id:016x}"

    @contextmanager
    def span(self, name: str, parent: str, links: Sequence[str], batch: int) -> Iterator[Span]:
        span = self._started(name, parent, links, batch)
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                yield span
        except Exception as failure:
            self._failed(span, repr(failure))
            raise
        finally:
            span.end()

    def begin(self, name: str, parent: str, links: Sequence[str]) -> Span:
        return self._started(name, parent, links, 0)

    def _started(self, name: str, parent: str, links: Sequence[str], batch: int) -> Span:
        return self._tracer.start_span(
            name,
            # Who works for several is no part of one of them.
            context=_within(parent) if parent or links else None,
            kind=SpanKind.CONSUMER if batch else SpanKind.INTERNAL,
            links=_links(links),
            attributes={"batch": batch} if batch else None,
        )

    def end(self, span: Span, error: str) -> None:
        if error:
            self._failed(span, error)
        span.end()

    def _failed(self, span: Span, error: str) -> None:
        # The message only: a traceback may show what redaction does not know.
        span.set_status(Status(StatusCode.ERROR, clean_text(error)[:TEXT_CHARS_MAX]))

    def within(self, span: Span) -> AbstractContextManager[Any]:
        return trace.use_span(span, record_exception=False, set_status_on_exception=False)

    def parent_of(self, span: Span) -> str:
        return _written(span.get_span_context())

    def chooses(self, number: int) -> bool:
        """Whether a trace that begins here is kept, by its number."""
        return number & TraceIdRatioBased.TRACE_ID_LIMIT < self._bound

    def stages(self, name: str, links: Sequence[str]) -> Stages:
        return Stages(self, name, links)

    def tell(self, done: Stages, now: int, error: str, attributes: dict[str, str]) -> None:
        """Make spans of what was noted, and send them."""
        root = SpanContext(done.trace, done.span, False, SAMPLED)
        began = done.began
        for name, ended in done.marks:
            context = SpanContext(done.trace, random.getrandbits(64) or 1, False, SAMPLED)
            self._send(name, context, began, ended, parent=root)
            began = ended
        why = clean_text(error)[:TEXT_CHARS_MAX]
        status = Status(StatusCode.ERROR, why) if error else Status()
        self._send(
            done.name, root, done.began, now,
            status=status, attributes=attributes, links=_links(done.links),
        )  # fmt: skip

    def _send(self, name: str, context: SpanContext, began: int, ended: int, **more: Any) -> None:
        self._onward.on_end(
            ReadableSpan(
                name, context, resource=self._provider.resource, instrumentation_scope=SCOPE,
                start_time=began, end_time=ended, **more,
            )
        )  # fmt: skip

    def queried(self, asked: Any) -> None:
        """What asyncpg says of a query (``asyncpg.connection.LoggedQuery``)."""
        if not trace.get_current_span().get_span_context().is_valid:
            return
        now = time.time_ns()
        span = self._tracer.start_span(
            "postgres",
            kind=SpanKind.CLIENT,
            attributes={
                "db.system.name": "postgresql",
                "db.query.text": " ".join(asked.query.split())[:TEXT_CHARS_MAX],
            },
            start_time=now - int(asked.elapsed * 1e9),
        )
        if asked.exception is not None:
            span.set_status(Status(StatusCode.ERROR, type(asked.exception).__name__))
        span.end(now)


class _Chosen(Sampler):
    """Roots by their ratio; a batch also if one of those that it is for is chosen."""

    def __init__(self, ratio: float) -> None:
        self._by_ratio = TraceIdRatioBased(ratio)

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Any = None,
        links: Sequence[Link] | None = None,
        trace_state: Any = None,
    ) -> SamplingResult:
        if kind is SpanKind.CONSUMER and any(
            each.context.trace_flags.sampled for each in links or ()
        ):
            return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes, trace_state)
        return self._by_ratio.should_sample(
            parent_context, trace_id, name, kind, attributes, links, trace_state
        )

    def get_description(self) -> str:
        return f"Chosen({self._by_ratio.get_description()})"


class Tail(SpanProcessor):
    """Holds the spans of a trace until none of it is open here, then sends or forgets them."""

    def __init__(self, onward: SpanProcessor) -> None:
        self._onward = onward
        self._lock = threading.Lock()
        self._open: OrderedDict[int, tuple[list[int], list[ReadableSpan]]] = OrderedDict()
        """By trace: how many spans are open, and those that have ended."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        number = span.get_span_context().trace_id
        with self._lock:
            held = self._open.get(number)
            if held is None:
                if len(self._open) >= OPEN_TRACES_MAX:
                    self._open.popitem(last=False)
                held = self._open[number] = ([0], [])
            held[0][0] += 1

    def on_end(self, span: ReadableSpan) -> None:
        number = _context(span).trace_id
        with self._lock:
            held = self._open.get(number)
            if held is None:
                return  # it was given up
            count, ended = held
            if len(ended) < SPANS_PER_TRACE_MAX:
                ended.append(span)
            count[0] -= 1
            if count[0] > 0:
                return
            del self._open[number]
        wrong = any(each.status.status_code is StatusCode.ERROR for each in ended)
        for each in ended:
            if _context(each).trace_flags.sampled:
                self._onward.on_end(each)
            elif wrong:
                self._onward.on_end(_kept(each))

    def shutdown(self) -> None:
        self._onward.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._onward.force_flush(timeout_millis)


def _context(span: ReadableSpan) -> SpanContext:
    context = span.get_span_context()
    assert context is not None
    return context


def _kept(span: ReadableSpan) -> ReadableSpan:
    """The same as one that was chosen: only those are sent."""
    context = _context(span)
    return ReadableSpan(
        name=span.name,
        context=SpanContext(context.trace_id, context.span_id, False, SAMPLED, context.trace_state),
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        events=span.events,
        links=span.links,
        kind=span.kind,
        status=span.status,
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _written(context: SpanContext) -> str:
    if not context.is_valid:
        return ""
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def _read(traceparent: str) -> SpanContext | None:
    """None if it is none (https://www.w3.org/TR/trace-context/)."""
    found = TRACEPARENT.fullmatch(traceparent)
    if found is None:
        return None
    context = SpanContext(int(found[1], 16), int(found[2], 16), True, TraceFlags(int(found[3], 16)))
    return context if context.is_valid else None


def _links(traceparents: Sequence[str]) -> list[Link]:
    return [Link(found) for each in traceparents if (found := _read(each)) is not None]


def _within(traceparent: str) -> Context:
    context = _read(traceparent)
    if context is None:
        return Context()
    return trace.set_span_in_context(NonRecordingSpan(context), Context())
