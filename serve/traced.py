"""Around everything that the gateway answers: a request has an id, a span, a line in the log."""

import logging
import re
import secrets
import time
from collections.abc import Sequence
from typing import Any, Final, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from telemetry import traces
from telemetry.carried import REQUEST

log = logging.getLogger(__name__)

ANSWERED: Final = b"squaredeal-request-id"
"""Serve answers with an X-Request-ID of its own, whoever has chosen it: ours has another name."""
GIVEN: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
TRACE_CHARS_MAX: Final = 55
NOWHERE: Final = "-"
"""What no route has answered: pages, and what is at no address of ours; a method that is none."""
METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
UNTRACED: Final = ("/metrics", "/healthz", "/readyz", "/v1/wallet/stream")


class Traced:
    """The outermost middleware. What a trusted proxy says of a request is taken over
    (``x-request-id``, ``traceparent``); what anybody else says is not: he could have everything
    traced, or send us looking for somebody else's request."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self._app = app
        self._trusted = ProxyHeadersMiddleware(cast(Any, app), list(proxies)).trusted_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, parent = self._given(scope)
        began, status = time.perf_counter(), 500

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message.get("headers", ()), (ANSWERED, request.encode())]
                message = {**message, "headers": headers}
            await send(message)

        before = REQUEST.set(request)
        quiet = scope["path"] in UNTRACED
        span = None if quiet else traces.begin(method_of(scope), parent=parent)
        try:
            with traces.within(span):
                await self._app(scope, receive, named)
                seconds = round(time.perf_counter() - began, 6)
                log.log(
                    logging.WARNING if status >= 500 and not quiet else logging.DEBUG,
                    "answered",
                    extra={"method": method_of(scope), "path": template_of(scope),
                           "status": status, "seconds": seconds},
                )  # fmt: skip
        finally:
            traces.rename(span, f"{method_of(scope)} {template_of(scope)}")
            traces.end(span, f"answered {status}" if status >= 500 else "")
            REQUEST.reset(before)

    def _given(self, scope: Scope) -> tuple[str, str]:
        """The id of the request, and the trace that it is part of."""
        client = scope.get("client")
        if client is not None and client[0] in self._trusted:
            headers = dict(scope["headers"])
            told = headers.get(b"x-request-id", b"").decode("latin-1")
            trace = headers.get(b"traceparent", b"").decode("latin-1")[:TRACE_CHARS_MAX]
            if GIVEN.fullmatch(told):
                return told, trace
            return secrets.token_hex(16), trace
        return secrets.token_hex(16), ""


def template_of(scope: Scope) -> str:
    """Where a request was routed to: ``/v1/hands/{table}/{hand}``. What somebody has put into the
    address himself is in no log, and no span has it in its name."""
    return str(getattr(scope.get("route"), "path", NOWHERE))


def method_of(scope: Scope) -> str:
    """One of those that there are; HTTP lets anybody make up another."""
    method = str(scope["method"])
    return method if method in METHODS else NOWHERE
