"""What every answer carries, and what no request may: headers that keep browsers strict, limits on
what is sent before anything of it is looked at."""

from collections.abc import Iterable
from typing import Final

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wire.http import ErrorBody

TARGET_BYTES_MAX: Final = 4_096
"""Path and query together."""
HEADER_BYTES_MAX: Final = 16_384
HEADERS_MAX: Final = 100
STRICT: Final = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    b"cache-control": b"no-store",
}
"""An answer's own header counts, if it has one: pages say their own policy, keys may be cached."""
HSTS: Final = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")
"""Only over TLS, which ends at the edge: it says so in X-Forwarded-Proto."""


class Armour:
    """Middleware around everything that the gateway answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                own = {name.lower() for name, _ in headers}
                headers += [(name, value) for name, value in STRICT.items() if name not in own]
                if scope.get("scheme") == "https":
                    headers.append(HSTS)
                message = {**message, "headers": headers}
            await send(message)

        refused = _refusal(scope)
        if refused is None:
            await self._app(scope, receive, strict)
        else:
            await _answer(*refused, strict)


def _refusal(scope: Scope) -> tuple[int, ErrorBody] | None:
    headers: list[tuple[bytes, bytes]] = list(scope["headers"])
    target = len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
    if target > TARGET_BYTES_MAX:
        return 414, ErrorBody("address_too_long", "The address is too long.")
    if len(headers) > HEADERS_MAX or _size(headers) > HEADER_BYTES_MAX:
        return 431, ErrorBody("headers_too_large", "There are too many headers, or too large ones.")
    coding = dict(headers).get(b"content-encoding", b"identity")
    if coding.lower() != b"identity":
        # Nothing is unpacked: a small body could not be a large one.
        return 415, ErrorBody("encoding_unknown", "Send the body as it is, not compressed.")
    return None


def _size(headers: Iterable[tuple[bytes, bytes]]) -> int:
    return sum(len(name) + len(value) for name, value in headers)


async def _answer(status: int, error: ErrorBody, send: Send) -> None:
    body = msgspec.json.encode({"error": error})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body)),
               (b"connection", b"close")]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
