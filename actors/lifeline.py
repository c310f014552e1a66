"""A connection on which nothing is said: when it breaks, the process behind it is gone.

The kernel tells of a death at once, where asking every second would tell half a second late.
Whoever holds one shows a token first, which only the pool was told.
"""

import asyncio
import contextlib
import hmac
import secrets
from typing import Final

TOKEN_BYTES: Final = 32
TOKEN_S_MAX: Final = 2.0


class Lifeline:
    """Listens for those who want to know of our death."""

    def __init__(self) -> None:
        self.port = 0
        self.token = secrets.token_hex(TOKEN_BYTES // 2)
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self, host: str) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._hold, host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        # A watcher that is wrong, slow or goes away hard is gone all the same.
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(TOKEN_S_MAX):
                shown = await reader.readexactly(TOKEN_BYTES)
            if hmac.compare_digest(shown, self.token.encode()):
                await reader.read(1)
        self._writers.discard(writer)
        writer.close()

    def close(self) -> None:
        """Stop listening, hang up."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.close()


async def until_gone(host: str, port: int, token: str) -> None:
    """Returns when the process behind a lifeline is gone, at once if it is already."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return
    with contextlib.suppress(OSError):
        writer.write(token.encode())
        await reader.read(1)
    writer.close()
