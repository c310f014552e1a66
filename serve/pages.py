"""The web client's pages, as the gateway serves them: files, each page with a policy of its own."""

import base64
import hashlib
import os
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

HASHED: Final = "_next/static/"
"""Below it a file's name changes with what is in it."""
PACKED_BYTES_MIN: Final = 1_024
PAGES_MAX: Final = 256
PathLike = str | os.PathLike[str]
_ARRIVAL: Final = re.compile(r"oidc/[A-Za-z0-9-]+")
"""Back from another site: one page for all of them."""
_CROOKED: Final = re.compile(rb"//|.*(?:\\|%2f|%5c|/(?:\.|%2e){1,2}(?:/|\Z))", re.I)
"""An address that a file would answer, but a script may take for another site's: two slashes at its
beginning, a slash that is encoded, a segment of dots."""
_INLINE: Final = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)


def inline_hashes(page: str) -> list[str]:
    """The CSP sources of a page's inline scripts."""
    digests = {hashlib.sha256(script.encode()).digest() for script in _INLINE.findall(page)}
    return sorted(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def policy_of(page: str, sockets: Sequence[str]) -> str:
    """The Content-Security-Policy of a page: our own scripts, and of the inline ones those that it
    was built with. ``sockets`` are sources of WebSockets. Styles may be inline, since libraries set
    them; with nothing to load from elsewhere they can tell nobody anything."""
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *inline_hashes(page))),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self'",
            "media-src 'self'",
            "manifest-src 'self'",
            " ".join(("connect-src 'self'", *sockets)),
            "form-action 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


@lru_cache(maxsize=PAGES_MAX)
def _policy_of_file(file: str, changed_ns: int, sockets: tuple[str, ...]) -> str:
    """Read again only when the file has changed."""
    return policy_of(Path(file).read_text("utf-8"), sockets)


class Pages(StaticFiles):
    """The exported client. Raises HTTPException for what is no page, which the gateway answers."""

    def __init__(self, folder: Path, sockets: Sequence[str] = ()) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._sockets = tuple(sockets)

    async def get_response(self, path: str, scope: Scope) -> Response:
        if _ARRIVAL.fullmatch(path):
            path = "oidc/index.html"
        response = await super().get_response(path, scope)
        hashed = path.startswith(HASHED) and response.status_code < 400
        response.headers["cache-control"] = (
            "public, max-age=31536000, immutable" if hashed else "no-cache"
        )
        if isinstance(response, FileResponse) and response.stat_result is not None:
            self._say_policy(response, response.path, response.stat_result)
        return response

    def file_response(
        self, full_path: PathLike, stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Also a 304 says the policy: a browser takes its headers for those of what it has."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        self._say_policy(response, full_path, stat_result)
        return response

    def _say_policy(self, response: Response, file: PathLike, stat: os.stat_result) -> None:
        if str(file).endswith(".html"):
            policy = _policy_of_file(str(file), stat.st_mtime_ns, self._sockets)
            response.headers["content-security-policy"] = policy


class Fallback:
    """Whatever no endpoint answers: a page, if it is none of the API's addresses. Pages may come
    later than the server."""

    def __init__(self, folder: Path, sockets: Sequence[str]) -> None:
        self._index = folder / "index.html"
        self._pages = GZipMiddleware(Pages(folder, sockets), minimum_size=PACKED_BYTES_MIN)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        readable = scope["method"] in ("GET", "HEAD")
        ours = scope["path"].startswith(("/v1/", "/.well-known/"))
        crooked = _CROOKED.match(scope["raw_path"])
        if not readable or ours or crooked or not self._index.is_file():
            raise HTTPException(404)
        await self._pages(scope, receive, send)


def sockets_of(edge_url: str, address: str) -> tuple[str, ...]:
    """Where pages may open sockets: at the edge, or wherever the tables' own listeners are. On
    one's own machine by both of its names: a page opens them by the name that it has itself."""
    if edge_url:
        return (edge_url,)
    hosts = ("127.0.0.1", "localhost") if address == "127.0.0.1" else (address or "*",)
    return tuple(f"{scheme}://{host}:*" for host in hosts for scheme in ("ws", "wss"))


def pages_in(folder: str, sockets: Sequence[str]) -> ASGIApp | None:
    """The pages in a folder, as soon as they are there."""
    return Fallback(Path(folder), sockets) if folder else None
