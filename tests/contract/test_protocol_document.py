"""The documented protocol is the one that is spoken."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from games.holdem.records import Raise
from wire import client_frames as f
from wire.codec import CODECS
from wire.limits import Limits
from wire.schema import rendered, schema, schema_text
from wire.server_frames import Refused, Update

DOCS = Path(__file__).parents[2] / "docs"
FRAMES: list[f.ClientFrame] = [
    f.Sit("r", 1_000, 3, True),
    f.Act("r", 7, 3, Raise(300)),
    f.TopUp("r", 5),
    f.SitOut("r", True),
    f.Straddle("r", False),
    f.Stand("r"),
    f.Ping("r"),
]


def test_the_page_is_current() -> None:
    page = (DOCS / "protocol.md").read_text("utf-8")
    assert rendered(page) == page, "run python -m wire.schema"


def test_the_schema_is_current() -> None:
    assert (DOCS / "protocol.schema.json").read_text("utf-8") == schema_text()


def validator(direction: str) -> Any:
    document = schema()
    return jsonschema.Draft202012Validator({"$defs": document["$defs"], **document[direction]})


@pytest.mark.parametrize("codec", CODECS.values(), ids=list(CODECS))
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: type(frame).__name__)
def test_every_client_frame_survives_every_codec(frame: f.ClientFrame, codec: Any) -> None:
    data = codec.encode_client(frame)
    assert codec.decode(data) == frame
    validator("client").validate(codec.loose(data))


def test_the_schema_refuses_what_the_codec_refuses() -> None:
    check = validator("client")
    for wrong in ({"type": "sit", "ref": "r"}, {"type": "zap"}, {"type": "stand", "ref": ""}):
        assert not check.is_valid(wrong)


@pytest.mark.parametrize("codec", CODECS.values(), ids=list(CODECS))
def test_server_frames_survive_every_codec(codec: Any) -> None:
    for frame in (Update(1, 2, ()), Refused(None, "too_fast", "Slow down.")):
        data = codec.encode(frame)
        assert codec.decode_server(data) == frame
        validator("server").validate(codec.loose(data))


def test_limits_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(AssertionError):
        Limits(frames_per_second=50, frames_burst=40)
    with pytest.raises(AssertionError):
        Limits(frame_bytes_max=300_000)
