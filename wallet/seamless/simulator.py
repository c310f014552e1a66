"""An operator to test against: right in what it decides, unreliable in how it says so.

``squaredeal seamless simulate`` serves it. It must itself pass ``squaredeal seamless check``.
"""

import asyncio
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from wallet.seamless.errors import SignatureInvalid, Stale
from wallet.seamless.faults import Fault, Faults
from wallet.seamless.limits import BODY_BYTES_MAX
from wallet.seamless.operator_book import OperatorBook
from wallet.seamless.protocol import Answer, Code, decode_request, encode, type_of
from wallet.seamless.signing import Verifier

SLOW_S: Final = 1.0
_SILENT: Final = (Fault.SILENT_BEFORE, Fault.SILENT_AFTER, Fault.LATE)


class Call(NamedTuple):
    """One call as it came in."""

    type: str
    headers: Mapping[str, str]
    body: bytes


class Reply(NamedTuple):
    """What goes back, and what happens to it on the way."""

    status: int
    body: bytes
    fault: Fault | None

    @property
    def silent(self) -> bool:
        """Nothing goes back at all."""
        return self.fault in _SILENT


class Simulator:
    """Decides by the book; faults happen around it. Has no network of its own."""

    def __init__(self, book: OperatorBook, verifier: Verifier, faults: Faults) -> None:
        self.book = book
        self._verifier = verifier
        self._faults = faults
        self._held: list[tuple[int, Call]] = []

    def serve(self, call: Call) -> Reply:
        """One call, with whatever befalls it."""
        fault = self._faults.draw()
        reply = self._reply(call, fault)
        self._let_go()
        if fault in (Fault.LATE, Fault.DUPLICATE):
            self._held.append((self._faults.later(), call))
        return reply

    def flush(self) -> None:
        """Process everything that is still held back."""
        held, self._held = self._held, []
        for _, call in held:
            self.process(call)

    def _let_go(self) -> None:
        due = [call for calls, call in self._held if calls == 1]
        self._held = [(calls - 1, call) for calls, call in self._held if calls > 1]
        for call in due:
            self.process(call)

    def _reply(self, call: Call, fault: Fault | None) -> Reply:
        match fault:
            case Fault.SILENT_BEFORE | Fault.LATE:
                return Reply(0, b"", fault)
            case Fault.ERROR_BEFORE:
                return Reply(503, b"", fault)
            case Fault.UNAVAILABLE:
                return Reply(200, encode(_about(call, Code.UNAVAILABLE)), fault)
        body = encode(self.process(call))
        match fault:
            case Fault.ERROR_AFTER:
                return Reply(502, body, fault)
            case Fault.GARBAGE:
                return Reply(200, b"<html>It works!</html>", fault)
            case Fault.CUT:
                return Reply(200, body[: len(body) // 2], fault)
        return Reply(200, body, fault)

    def process(self, call: Call) -> Answer:
        """One call without faults: signature, time, form, then the book."""
        try:
            self._verifier.verify(call.headers, call.body)
            message = decode_request(call.body)
        except SignatureInvalid:
            return Answer(request_uuid=None, code=Code.BAD_SIGNATURE)
        except Stale:
            return _about(call, Code.STALE_REQUEST)
        except msgspec.DecodeError as wrong:
            return Answer(request_uuid=None, code=Code.BAD_REQUEST, message=str(wrong))
        if type_of(message) != call.type:
            return _about(call, Code.BAD_REQUEST)
        return self.book.decide(message)


def _about(call: Call, code: Code) -> Answer:
    try:
        return Answer(request_uuid=decode_request(call.body).request_uuid, code=code)
    except msgspec.DecodeError:
        return Answer(request_uuid=None, code=code)


def simulator_app(simulator: Simulator, slow_s: float = SLOW_S) -> Starlette:
    """The simulator over HTTP: ``POST /balance``, ``/debit``, ``/credit``, ``/rollback``."""

    async def endpoint(request: Request) -> Response:
        body = await _read(request)
        if body is None:
            return Response(encode(Answer(request_uuid=None, code=Code.BAD_REQUEST)))
        call = Call(request.path_params["type"], request.headers, body)
        reply = simulator.serve(call)
        if reply.silent:
            await _until_gone(request)
        if reply.fault is Fault.SLOW:
            await asyncio.sleep(slow_s)
        if reply.fault is Fault.CUT:
            # More is promised than comes: the server has to break the line.
            return Response(reply.body, headers={"content-length": str(2 * len(reply.body))})
        return Response(reply.body, reply.status or 504, media_type="application/json")

    return Starlette(routes=[Route("/{type}", endpoint, methods=["POST"])])


async def _read(request: Request) -> bytes | None:
    """The body, or None if it is larger than any message."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY_BYTES_MAX:
            return None
    return body


async def _until_gone(request: Request) -> None:
    """Say nothing until the caller gives up."""
    try:
        while (await request.receive())["type"] != "http.disconnect":
            pass
    except ClientDisconnect:
        return
