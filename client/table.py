"""A live line to one table: it comes back by itself, and nothing is asked twice by accident."""

import asyncio
import contextlib
import logging
import random
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Final

import httpx
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Subprotocol

from client.api import Api
from client.errors import ApiError, OutOfSequence, RefusedError, TableClosed
from client.fair import FairDeal
from client.state import TableState
from games.fair.records import SeedCommitted
from games.holdem.records import Action
from games.protocol import NO_SEAT
from wire import client_frames as f
from wire.codec import CODECS, MSGPACK
from wire.codes import Code, may_resume, wants_ticket
from wire.events import Event
from wire.server_frames import Accepted, Refused, ServerFrame, Update, Welcome

log = logging.getLogger(__name__)

BACKOFF_S_FIRST: Final = 0.05
BACKOFF_S_MAX: Final = 5.0
LOST: Final = 1006
OPEN_S_MAX: Final = 5.0
PING_S: Final = 4.0
"""A server that hangs is left after twice this; one that dies is noticed at once."""
ENTROPY_BYTES: Final = 16
LATER_TRIES: Final = 20
LATER_S_FIRST: Final = 0.1
LATER_S_MAX: Final = 1.0
TRANSIENT = (OSError, InvalidHandshake, InvalidMessage, httpx.TransportError, TimeoutError)
FATAL_CODES = frozenset({"not_signed_in", "session_ended", "refresh_invalid", "refresh_reused",
                         "account_disabled", "table_unknown", "token_invalid"})  # fmt: skip


class Table:
    """``state`` is always what the server has said so far; ``events()`` is what is new."""

    def __init__(
        self,
        api: Api,
        table: str,
        *,
        rail: bool = False,
        codec: str = MSGPACK,
        on_frame: Callable[[bytes], None] | None = None,
        fresh_entropy: bool = True,
    ) -> None:
        """``on_frame`` sees the bytes of every frame that comes in. With ``fresh_entropy`` every
        hand is dealt with a new random value of ours, else with that of the sitting."""
        self.table = table
        self.state = TableState()
        self.fair = FairDeal(table)
        self.connected = False
        self._api = api
        self._rail = rail
        self._codec = CODECS[codec]
        self._on_frame = on_frame
        self._socket: ClientConnection | None = None
        self._asked: dict[str, tuple[f.ClientFrame, asyncio.Future[Accepted]]] = {}
        self._listeners: list[asyncio.Queue[Event | None]] = []
        self._welcomed = asyncio.Event()
        self._changed = asyncio.Event()
        self._missing = 0
        self._ended: TableClosed | None = None
        self._fresh_entropy = fresh_entropy
        self._mixing: asyncio.Task[None] | None = None
        self._task = asyncio.create_task(self._run())

    # Asking

    async def sit(self, buy_in: int, seat: int | None = None, post_now: bool = False) -> int:
        """Take a seat; returns its number. Raises RefusedError, TableClosed."""
        taken = (await self._ask(f.Sit(_ref(), buy_in, seat, post_now))).seat
        self._mix_soon()
        return taken

    async def act(self, action: Action) -> None:
        """Play an action in the hand that this client is looking at."""
        await self._ask(f.Act(_ref(), self.state.hand, self.state.turn_number, action))

    async def top_up(self, amount: int) -> None:
        """Bring more chips; they are in play from the next hand on."""
        await self._ask(f.TopUp(_ref(), amount))

    async def sit_out(self, on: bool = True) -> None:
        """Skip the coming hands, or play again."""
        await self._ask(f.SitOut(_ref(), on))

    async def straddle(self, on: bool = True) -> None:
        """Straddle whenever the seat may."""
        await self._ask(f.Straddle(_ref(), on))

    async def mix(self, value: str) -> None:
        """Have the next deals mixed with ``value``: printable ASCII, up to 64 characters."""
        self.fair.sent(value)
        await self._ask(f.Entropy(_ref(), value))

    def _mix_soon(self) -> None:
        """The server's seed is fixed by now: whatever we send, it did not know it."""
        if self.state.me == NO_SEAT or self.fair.announced is None:
            return
        if self._mixing is None or self._mixing.done():
            self._mixing = asyncio.create_task(self._mix())

    async def _mix(self) -> None:
        # Refused or cut off, the hand is dealt with the value before.
        with contextlib.suppress(RefusedError, TableClosed):
            await self.mix(secrets.token_hex(ENTROPY_BYTES))

    async def stand(self) -> None:
        """Leave the seat; the chips go to the wallet after the hand."""
        await self._ask(f.Stand(_ref()))

    async def _ask(self, frame: f.ClientFrame) -> Accepted:
        """What was refused for the moment, with nothing done, is sent again later."""
        pause = LATER_S_FIRST
        for _ in range(LATER_TRIES):
            try:
                return await self._ask_once(frame)
            except RefusedError as refused:
                if refused.code == Code.TABLE_PAUSED:
                    await self._resumed()
                    # The table remembers this answer: by the same reference it would give it again.
                    frame = msgspec.structs.replace(frame, ref=_ref())
                elif refused.code not in (Code.TOO_FAST, Code.TABLE_BUSY):
                    raise
            await asyncio.sleep(pause)
            pause = min(2 * pause, LATER_S_MAX)
        return await self._ask_once(frame)

    async def _resumed(self) -> None:
        while self.state.paused and self._ended is None:
            await self._changed.wait()

    async def _ask_once(self, frame: f.ClientFrame) -> Accepted:
        if self._ended is not None:
            raise self._ended
        future: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._asked[frame.ref] = (frame, future)
        try:
            await self._send(frame)
            return await future
        finally:
            self._asked.pop(frame.ref, None)

    async def _send(self, frame: f.ClientFrame) -> None:
        """Without a line it waits in ``_asked`` and goes out after the next welcome."""
        if self._socket is None or not self.connected:
            return
        data = self._codec.encode_client(frame)
        try:
            await self._socket.send(data.decode() if self._codec.text else data)
        except ConnectionClosed:
            self.connected = False

    # Listening

    async def ready(self) -> None:
        """Wait for the first snapshot. Raises TableClosed."""
        await self._welcomed.wait()
        if self._ended is not None:
            raise self._ended

    async def changed(self) -> None:
        """Wait until something has happened: an event, a break, a return. Raises TableClosed."""
        if self._ended is not None:
            raise self._ended
        await self._changed.wait()

    async def events(self) -> AsyncIterator[Event]:
        """Everything that happens from now on; ends with the line."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listeners.append(queue)
        try:
            while self._ended is None or not queue.empty():
                event = await queue.get()
                if event is None:
                    return
                yield event
        finally:
            self._listeners.remove(queue)

    def _notify(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    # The line

    async def close(self) -> None:
        """Hang up; the seat, if there is one, stays taken."""
        tasks = [task for task in (self._task, self._mixing) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._socket is not None:
            await self._socket.close()
        self._end(TableClosed(1000, "closed here"))

    def _end(self, why: TableClosed) -> None:
        if self._ended is not None:
            return
        self._ended = why
        self.connected = False
        for _, future in self._asked.values():
            if not future.done():
                future.set_exception(why)
        for queue in self._listeners:
            queue.put_nowait(None)
        self._welcomed.set()
        self._notify()

    @property
    def closed(self) -> bool:
        """Whether the line has ended for good."""
        return self._ended is not None

    async def _run(self) -> None:
        try:
            await self._come_back_forever()
        except Exception as fault:
            # Nobody awaits this task: those who wait for the table must hear of it.
            log.exception("the line to %s failed", self.table)
            self._end(TableClosed(LOST, f"the client failed: {fault!r}"))

    async def _come_back_forever(self) -> None:
        pause = BACKOFF_S_FIRST
        while True:
            try:
                code, reason = await self._one_line()
            except ApiError as refused:
                if refused.code in FATAL_CODES:
                    self._end(TableClosed(refused.status, refused.message))
                    return
                code, reason = LOST, refused.message
            except OutOfSequence:
                self.state.epoch = -1  # ask for a snapshot
                code, reason = LOST, "an update was missing"
            except TRANSIENT as failure:
                code, reason = LOST, str(failure)
            if self.connected:
                pause = BACKOFF_S_FIRST
            self.connected = False
            self._notify()
            if not (may_resume(code) or wants_ticket(code)):
                self._end(TableClosed(code, reason))
                return
            # Jitter: a thousand clients that lost one server must not come back as one.
            await asyncio.sleep(random.uniform(0.5, 1.0) * pause)
            pause = min(2 * pause, BACKOFF_S_MAX)

    async def _one_line(self) -> tuple[int, str]:
        """One connection, from its ticket to its end; how it ended."""
        url = (await self._api.ticket(self.table, self._rail)).url
        if self.state.epoch > 0:
            url += f"&epoch={self.state.epoch}&seq={self.state.seq}"
        subprotocol = Subprotocol(self._codec.name)
        async with connect(
            url,
            subprotocols=[subprotocol],
            compression=None,
            open_timeout=OPEN_S_MAX,
            ping_interval=PING_S,
            ping_timeout=PING_S,
        ) as socket:
            self._socket = socket
            try:
                async for data in socket:
                    await self._receive(data.encode() if isinstance(data, str) else data)
            except ConnectionClosed:
                pass  # its code is read below, as for an orderly end
            finally:
                self._socket = None
            return socket.close_code or LOST, socket.close_reason or ""

    async def _receive(self, data: bytes) -> None:
        if self._on_frame is not None:
            self._on_frame(data)
        frame: ServerFrame = self._codec.decode_server(data)
        now = time.monotonic()
        match frame:
            case Welcome():
                self.state.welcome(frame, now)
                if frame.view is not None:
                    self.fair.welcome(frame.view.fair, frame.seat)
                    if self._fresh_entropy:
                        self._mix_soon()
                self._missing = frame.missed
                await self._welcome_done()
            case Update():
                self.state.update(frame, now)
                for event in frame.events:
                    self.fair.apply(event, self.state.me)
                    for queue in self._listeners:
                        queue.put_nowait(event)
                    if isinstance(event, SeedCommitted) and self._fresh_entropy:
                        self._mix_soon()
                if self._missing:
                    self._missing -= 1
                    await self._welcome_done()
            case Accepted(ref=ref):
                self._settle(ref, frame)
            case Refused(ref=ref):
                self._settle(ref, frame)
        self._notify()

    async def _welcome_done(self) -> None:
        """Up to date: ask again what has not been answered, by the same references."""
        if self._missing:
            return
        self.connected = True
        self._welcomed.set()
        for frame, _ in list(self._asked.values()):
            await self._send(frame)

    def _settle(self, ref: str | None, answer: Accepted | Refused) -> None:
        waiting = self._asked.get(ref or "")
        if waiting is None or waiting[1].done():
            return
        if isinstance(answer, Accepted):
            if isinstance(waiting[0], f.Sit):
                # Here and not where it is awaited: the next frames may be about this seat.
                self.state.me = answer.seat
                self.fair.seated()
            elif isinstance(waiting[0], f.Entropy):
                self.fair.accepted(waiting[0].value)
            waiting[1].set_result(answer)
        else:
            waiting[1].set_exception(RefusedError(answer.code, answer.message, answer.limit))


def _ref() -> str:
    return uuid.uuid4().hex
