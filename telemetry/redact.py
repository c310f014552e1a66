"""What must never be read in a log: secrets, and cards that somebody may still play with.

Two nets. Fields go by their names; text goes by what secrets look like, wherever it comes from: the
message of an exception, a frame, a line of Ray's. Who logs should not rely on either.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

REMOVED: Final = "[removed]"
NAMES: Final = (
    r"pass(?:word|wd|phrase)|secret|token|ticket|bearer|authorization|cookie|dsn|seeds?|entropy|salt"
    r"|totp|otp|credential|private_key|signature|api_key|recovery_codes?|assertion|challenge"
    r"|cards?|decks?|hole|board|openings?"
)
FIELD: Final = re.compile(rf"(?:^|[_\-.])(?:{NAMES})(?:$|[_\-.])", re.IGNORECASE)
ONE_TIME: Final = re.compile(r"^(?:\d{6,8}|[a-z2-7]{4,}(?:-[a-z2-7]{4,})+|[a-z2-7]{16,})$", re.I)
"""A ``code`` that opens something. Others are words, such as ``not_signed_in``."""
_VALUE: Final = r"""b?"(?:[^"\\]|\\.)*"|b?'(?:[^'\\]|\\.)*'|[\[({][^\])}]*[\])}]?|[^\s,;&)\]}]+"""
SHAPES: Final = (
    # cards as people write them, two or more together
    (re.compile(r"\b(?:[2-9TJQKA][cdhs]){2,}\b"), REMOVED),
    (re.compile(r"\b[2-9TJQKA][cdhs](?:[ ,]+[2-9TJQKA][cdhs]\b)+"), REMOVED),
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)[\w\-.~+/=]+"), rf"\1{REMOVED}"),
    (re.compile(r"(?i)(\bcookie[\"']?\s*[=:]\s*).*"), rf"\1{REMOVED}"),
    # name=value, "name": value, as Python, JSON and addresses write it
    (re.compile(rf"""(?i)((?:\b|_)(?:{NAMES})["']?\s*[=:]\s*)(?:{_VALUE})"""), rf"\1{REMOVED}"),
    (re.compile(r"""(?i)(\bcode["']?\s*[=:]\s*)["']?(?:\d{6,8}|[a-z2-7]{4,}-[a-z2-7-]{4,})["']?"""),
     rf"\1{REMOVED}"),
    # user:password@host in any address
    (re.compile(r"(\b[a-z][a-z0-9+.\-]*://)[^\s/@]*@", re.IGNORECASE), rf"\1{REMOVED}@"),
    (re.compile(r"\beyJ[\w\-]+\.[\w\-]+(?:\.[\w\-]*)?"), REMOVED),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL),
     REMOVED),
    (re.compile(r"""\bb(?:"(?:[^"\\]|\\.){16,}"|'(?:[^'\\]|\\.){16,}')"""), REMOVED),
    # 32 random bytes in hex, or 24 and more in base64: no word is so long and so mixed
    (re.compile(r"\b[0-9a-fA-F]{64,}\b"), REMOVED),
    (re.compile(r"(?<![\w\-+/])(?=[\w\-+]*[a-z])(?=[\w\-+]*[A-Z])(?=[\w\-+]*\d)[\w\-+]{32,}={0,2}"),
     REMOVED),
)  # fmt: skip


def clean_text(text: str) -> str:
    """The text without what looks like a secret or like cards."""
    for shape, instead in SHAPES:
        text = shape.sub(instead, text)
    return text


def clean(value: Any, name: str = "") -> Any:
    """A value for a log, all the way down; ``name`` is the field that it stands in."""
    if name and FIELD.search(name):
        return REMOVED
    match value:
        case str():
            if name == "code" and ONE_TIME.match(value):
                return REMOVED
            return clean_text(value)
        case bool() | int() | float() | None:
            return value
        case Mapping():
            return {str(key): clean(each, str(key)) for key, each in value.items()}
        case bytes() | bytearray() | memoryview():
            return REMOVED
        case list() | tuple() | set() | frozenset():
            return [clean(each) for each in value]
        case _:
            return clean_text(str(value))
