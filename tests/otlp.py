"""Whoever takes spans: a small server that reads OTLP over HTTP, as Jaeger and others do."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

WAIT_S_MAX = 60.0
ERROR = 2


class Seen(NamedTuple):
    """One span, as it came; ``parent`` is "" for a root, ``links`` are ids of spans."""

    trace: str
    id: str
    parent: str
    name: str
    part: str
    process: str
    links: tuple[str, ...]
    failed: bool
    attributes: dict[str, str]


class Receiver:
    """Keeps every span."""

    def __init__(self) -> None:
        self.spans: list[Seen] = []
        self.text = ""
        """All that came, as far as it is text: messages, attributes, whatever there is."""
        self._news = threading.Condition()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver._take(body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Not a word."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1/traces"

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        with self._news:
            self.text += body.decode("utf-8", "replace")
            for group in request.resource_spans:
                about = {each.key: each.value.string_value for each in group.resource.attributes}
                for scope in group.scope_spans:
                    for span in scope.spans:
                        self.spans.append(
                            Seen(
                                span.trace_id.hex(),
                                span.span_id.hex(),
                                span.parent_span_id.hex(),
                                span.name,
                                about["service.name"],
                                about["service.instance.id"],
                                tuple(link.span_id.hex() for link in span.links),
                                span.status.code == ERROR,
                                {a.key: a.value.string_value for a in span.attributes},
                            )
                        )
            self._news.notify_all()

    def traces(self) -> dict[str, list[Seen]]:
        """Spans by trace."""
        found: defaultdict[str, list[Seen]] = defaultdict(list)
        for span in self.spans:
            found[span.trace].append(span)
        return found

    def wait_for(self, right: Callable[[list[Seen]], bool]) -> list[Seen]:
        """The first trace that is right, once it has come; AssertionError if none does."""
        until = time.monotonic() + WAIT_S_MAX
        with self._news:
            while True:
                for spans in self.traces().values():
                    if right(spans):
                        return spans
                left = until - time.monotonic()
                assert left > 0, sorted({(span.part, span.name) for span in self.spans})
                self._news.wait(left)


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.serve)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.close()
        thread.join()
