"""The WebSocket side of a table: tickets at the door, size and rate limits, a bounded outbox."""

import asyncio
import errno
import logging
import secrets
from collections.abc import Callable, Mapping
from typing import Protocol, cast
from urllib.parse import parse_qs, urlsplit

from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from auth.errors import AuthError
from auth.tickets import TicketClaims
from wire.client_frames import ClientFrame
from wire.codec import CODECS, SUBPROTOCOLS, BadFrame, Codec, read_client
from wire.codes import Close, Code
from wire.limits import Limits
from wire.server_frames import Refused, ServerFrame

log = logging.getLogger(__name__)

HARD_FRAME_BYTES_MAX = 65_536  # beyond this picows drops the connection itself (1009)
READ_BUFFER_BYTES = 2_048
"""Per connection, and it grows when it must: frames of players are small."""
ABORT_AFTER_S = 2.0
ANY_PORT = (0, 0)
HEADER = "Sec-WebSocket-Protocol"

TICKET_CLOSES = {
    "ticket_invalid": Close.TICKET_INVALID,
    "ticket_expired": Close.TICKET_EXPIRED,
    "ticket_used": Close.TICKET_USED,
    "ticket_elsewhere": Close.TICKET_ELSEWHERE,
    "ticket_rush": Close.TABLE_CROWDED,
    "session_ended": Close.SESSION_ENDED,
}


class Room(Protocol):
    """What a connection needs of the table behind it."""

    limits: Limits

    def redeem(self, ticket: str) -> TicketClaims: ...

    def enter(self, connection: "Connection", epoch: int, seq: int) -> None: ...

    def leave(self, connection: "Connection") -> None: ...

    def receive(self, connection: "Connection", frame: ClientFrame) -> None: ...


class Connection(WSListener):
    """One client's line."""

    def __init__(self, room: Room, codec: Codec, query: dict[str, list[str]]) -> None:
        self.room = room
        self.codec = codec
        self.claims: TicketClaims | None = None
        self.player_id = ""
        """Of the ticket, once it is redeemed."""
        self.seen = ""
        """The span of his coming, as a ``traceparent``: what he does is linked to it."""
        self._query = query
        self._transport: WSTransport | None = None
        self._waiting: Callable[[], int] = int
        """Bytes in the outbox."""
        self._opcode = WSMsgType.TEXT if codec.text else WSMsgType.BINARY
        self._parts = b""
        self._bad_frames = 0
        self._outbox_bytes_max = room.limits.outbox_bytes_max
        self._tokens = float(room.limits.frames_burst)
        self._refilled = 0.0
        self._slowed = False
        """Nothing is read: the client's own buffers fill, and it waits."""
        self._slowdowns = 0
        """In a row: a bucket that was full again ends the row."""
        self._closed = False

    @property
    def gone(self) -> bool:
        """Whether the line is closed, from either side."""
        return self._closed

    # From picows

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        self._waiting = transport.underlying_transport.get_write_buffer_size
        self._refilled = asyncio.get_running_loop().time()
        try:
            self.claims = self.room.redeem(self._first("ticket"))
        except AuthError as refused:
            self.close(TICKET_CLOSES[refused.code], str(refused))
            return
        self.player_id = str(self.claims.sub)
        self.room.enter(self, self._number("epoch"), self._number("seq"))

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(frame.get_close_code(), frame.get_close_message())
            transport.disconnect()
            return
        # Every frame costs a token, control frames and fragments too: none of them is free work.
        paid = not self._closed and self._take_token()
        if self._closed or frame.msg_type == WSMsgType.PONG:
            return
        if frame.msg_type == WSMsgType.PING:
            if paid and self._room_for(frame.payload_size):
                transport.send_pong(frame.get_payload_as_bytes())
            return
        self._parts += frame.get_payload_as_bytes()
        if len(self._parts) > self.room.limits.frame_bytes_max:
            self.close(Close.FRAME_TOO_BIG, "The frame is too big.")
            return
        if frame.fin:
            data, self._parts = self._parts, b""
            self._receive(data, paid)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._closed = True
        if self.claims is not None:
            self.room.leave(self)

    # Inbound

    def _receive(self, data: bytes, paid: bool) -> None:
        try:
            frame = read_client(self.codec, data)
        except BadFrame as bad:
            self._bad_frames += 1
            self.send(Refused(bad.ref, bad.code, bad.message))
            if self._bad_frames >= self.room.limits.bad_frames_max:
                self.close(Close.BAD_FRAMES, "Too many frames that can't be read.")
            return
        if paid:
            self.room.receive(self, frame)
        elif not self._closed:
            self.send(Refused(frame.ref, Code.TOO_FAST, "Too many frames; slow down."))

    def _take_token(self) -> bool:
        """A token bucket: who empties it is read more slowly, and cut if that teaches nothing."""
        self._refill()
        self._tokens -= 1
        if self._tokens >= 0:
            return True
        limits = self.room.limits
        if not self._slowed:
            self._slowdowns += 1
            self._slow()
        if self._tokens < -limits.frames_burst or self._slowdowns > limits.slowdowns_max:
            self.close(Close.TOO_FAST, "Too many frames.")
        return False

    def _refill(self) -> None:
        limits = self.room.limits
        now = asyncio.get_running_loop().time()
        self._tokens += (now - self._refilled) * limits.frames_per_second
        self._refilled = now
        if self._tokens >= limits.frames_burst:
            self._tokens, self._slowdowns = float(limits.frames_burst), 0

    def _slow(self) -> None:
        """Read nothing more until a token is there; what has been read already is refused."""
        assert self._transport is not None
        self._slowed = True
        self._transport.underlying_transport.pause_reading()
        self._read_on_later()

    def _read_on_later(self) -> None:
        debt_s = (1 - self._tokens) / self.room.limits.frames_per_second
        asyncio.get_running_loop().call_later(debt_s, self._read_on)

    def _read_on(self) -> None:
        assert self._transport is not None
        if self._transport.underlying_transport.is_closing():
            return
        self._refill()
        if self._tokens < 1 and not self._closed:
            self._read_on_later()
            return
        self._slowed = False
        self._transport.underlying_transport.resume_reading()

    # Outbound

    def send(self, frame: ServerFrame) -> None:
        """Encode and send one frame."""
        self.send_bytes(self.codec.encode(frame))

    def send_bytes(self, data: bytes) -> None:
        """Send encoded bytes; a client whose outbox is full is cut, the others feel nothing."""
        if self._closed or self._transport is None:
            return
        if self._waiting() + len(data) <= self._outbox_bytes_max or self._room_for(len(data)):
            self._transport.send(self._opcode, data)

    def _room_for(self, size: int) -> bool:
        """Whether the outbox takes this much more; the line is closed if not."""
        if self._waiting() + size <= self._outbox_bytes_max:
            return True
        self.close(Close.SLOW_CLIENT, "You read too slowly.")
        return False

    def close(self, code: Close, reason: str) -> None:
        """Send a close code; a client that does not hang up itself is dropped soon after."""
        if self._closed or self._transport is None:
            return
        self._closed = True
        self._transport.send_close(cast(WSCloseCode, code), reason.encode()[:120])
        loop = asyncio.get_running_loop()
        loop.call_later(ABORT_AFTER_S, self._transport.underlying_transport.abort)

    # The request line

    def _first(self, name: str) -> str:
        return self._query.get(name, [""])[0]

    def _number(self, name: str) -> int:
        text = self._first(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


class Door:
    """The listener of an actor: leads each connection to its table by path, ``/t/<table>``."""

    def __init__(self, limits: Limits, find: Callable[[str], Room | None] | None = None) -> None:
        """``find`` leads to the room of a table; without it those in ``rooms`` are there."""
        self.rooms: dict[str, Room] = {}
        self._find = find or self.rooms.get
        self._limits = limits
        self._server: asyncio.Server | None = None

    async def open(self, host: str, ports: tuple[int, int] = ANY_PORT) -> int:
        """Listen on a port from the first to the last of ``ports``; returns it. Raises OSError if
        none is free."""
        first, last = ports
        count = last - first + 1
        # Not the lowest: whoever has a ticket to a process that died should not meet its successor.
        begin = secrets.randbelow(count)
        for turn in range(count):
            try:
                return await self._listen(host, first + (begin + turn) % count)
            except OSError as failure:
                if failure.errno != errno.EADDRINUSE or turn == count - 1:
                    raise
        raise AssertionError("a range of ports is not empty")

    async def _listen(self, host: str, port: int) -> int:
        self._server = await ws_create_server(
            self._answer,
            host,
            port,
            enable_auto_ping=True,
            enable_auto_pong=False,  # answered by the connection, within its limits
            auto_ping_idle_timeout=self._limits.heartbeat_seconds,
            auto_ping_reply_timeout=self._limits.heartbeat_timeout_seconds,
            max_frame_size=HARD_FRAME_BYTES_MAX,
            backlog=1_024,
            read_buffer_init_size=READ_BUFFER_BYTES,
        )
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    def _may_come(self, headers: Mapping[str, str]) -> bool:
        """Programs send no origin; a page's is the host that it asks, or one that was allowed."""
        origin = headers.get("Origin", "")
        if not origin or origin in self._limits.allowed_origins:
            return True
        try:
            return urlsplit(origin).hostname == urlsplit(f"//{headers.get('Host', '')}").hostname
        except ValueError:
            return False

    def _answer(self, request: WSUpgradeRequest) -> WSUpgradeResponseWithListener | None:
        target = urlsplit(request.path.decode("ascii", "replace"))
        room = self._find(target.path.removeprefix("/t/"))
        if room is None:
            return None
        if not self._may_come(request.headers):
            refusal = WSUpgradeResponse.create_error_response(
                403, b"Pages of this origin may not open sockets here."
            )
            return WSUpgradeResponseWithListener(refusal, None)
        offered = [name.strip() for name in request.headers.get(HEADER, "").split(",")]
        chosen = next((name for name in SUBPROTOCOLS if name in offered), None)
        if chosen is None:
            refusal = WSUpgradeResponse.create_error_response(
                400, f"Offer one of: {', '.join(SUBPROTOCOLS)}.".encode()
            )
            return WSUpgradeResponseWithListener(refusal, None)
        accepted = WSUpgradeResponse.create_101_response({HEADER: chosen})
        connection = Connection(room, CODECS[chosen], parse_qs(target.query))
        return WSUpgradeResponseWithListener(accepted, connection)
