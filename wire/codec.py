"""Bytes to frames and back, in JSON or MessagePack, chosen by WebSocket subprotocol."""

from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from wire.client_frames import ClientFrame
from wire.codes import Code
from wire.limits import REF_CHARS_MAX
from wire.server_frames import ServerFrame

JSON: Final = "squaredeal.v1.json"
MSGPACK: Final = "squaredeal.v1.msgpack"
SUBPROTOCOLS: Final = (MSGPACK, JSON)
"""In the order of the server's preference."""


class BadFrame(Exception):
    """The frame can't be read."""

    def __init__(self, code: Code, message: str, ref: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.ref = ref


class Codec(NamedTuple):
    """One encoding of both directions; ``text`` says which WebSocket opcode carries it."""

    name: str
    text: bool
    encode: Callable[[ServerFrame], bytes]
    decode: Callable[[bytes], ClientFrame]
    encode_client: Callable[[ClientFrame], bytes]
    decode_server: Callable[[bytes], ServerFrame]
    loose: Callable[[bytes], object]


def _json() -> Codec:
    encoder = msgspec.json.Encoder()
    return Codec(
        JSON,
        True,
        encoder.encode,
        msgspec.json.Decoder(ClientFrame).decode,
        encoder.encode,
        msgspec.json.Decoder(ServerFrame).decode,
        msgspec.json.Decoder().decode,
    )


def _msgpack() -> Codec:
    encoder = msgspec.msgpack.Encoder()
    return Codec(
        MSGPACK,
        False,
        encoder.encode,
        msgspec.msgpack.Decoder(ClientFrame).decode,
        encoder.encode,
        msgspec.msgpack.Decoder(ServerFrame).decode,
        msgspec.msgpack.Decoder().decode,
    )


CODECS: Final = {JSON: _json(), MSGPACK: _msgpack()}


def read_client(codec: Codec, data: bytes) -> ClientFrame:
    """The client's frame; raises BadFrame with what is wrong and, if it is there, the ref."""
    try:
        return codec.decode(data)
    except msgspec.ValidationError as wrong:
        raise _explain(codec, data, wrong) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        message = f"The frame is not {codec.name.rsplit('.', 1)[1]}."
        raise BadFrame(Code.FRAME_UNREADABLE, message) from None


def _explain(codec: Codec, data: bytes, wrong: msgspec.ValidationError) -> BadFrame:
    """Tell an unknown type from a wrong field; find the reference so the client can match it."""
    try:
        loose = codec.loose(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return BadFrame(Code.FRAME_UNREADABLE, "The frame can't be read.")
    fields = loose if isinstance(loose, dict) else {}
    ref = fields.get("ref")
    kind = fields.get("type")
    known = isinstance(kind, str) and kind in FRAME_TYPES
    code = Code.FRAME_INVALID if known else Code.FRAME_UNKNOWN
    short = ref if isinstance(ref, str) and 0 < len(ref) <= REF_CHARS_MAX else None
    return BadFrame(code, f"{wrong}.", short)


FRAME_TYPES: Final = frozenset(str(kind.__struct_config__.tag) for kind in ClientFrame.__args__)
