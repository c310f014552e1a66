"""A connection on which nothing is said: when it breaks, the process behind it is gone."""

import asyncio


class Lifeline:
    """Listens for those who want to know of our death; the kernel tells them, not we."""

    def __init__(self) -> None:
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self, host: str) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._hold, host, 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _hold(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await reader.read()
        except OSError:
            pass  # a watcher that went away hard is gone all the same
        finally:
            self._writers.discard(writer)
            writer.close()

    def close(self) -> None:
        """Stop listening, hang up."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in list(self._writers):
            writer.close()


async def until_gone(host: str, port: int) -> None:
    """Returns when the process behind a lifeline is gone, at once if it is already."""
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError:
        return
    try:
        await reader.read()
    except OSError:
        pass
    finally:
        writer.close()
