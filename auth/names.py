"""Which names people may play under, and the names guests are given."""

import re
import secrets
from typing import Final

from auth.errors import NameInvalid

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,19}")
_RESERVED: Final = frozenset(
    (
        *("admin", "administrator", "mod", "moderator", "official", "owner", "root", "security"),
        *("server", "squaredeal", "staff", "support", "system"),
        *("bank", "cashier", "dealer", "floor", "guest", "house", "rail", "wallet"),
        *("anonymous", "me", "null", "undefined", "unknown", "you"),
    )
)
_RESERVED_PREFIXES: Final = ("guest-", "bot-")
# No 0/O, 1/I/L: a guest may read his name aloud.
_GUEST_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def check_name(name: str) -> None:
    """Refuse a name that a player may not choose.

    Raises:
        NameInvalid: wrong length or characters, or reserved.
    """
    check_form(name)
    folded = name.lower()
    if folded in _RESERVED or folded.startswith(_RESERVED_PREFIXES):
        raise NameInvalid


def check_form(name: str) -> None:
    """Refuse a name that no account may have, a bot's included.

    Raises:
        NameInvalid: wrong length or characters.
    """
    if not has_form(name):
        raise NameInvalid


def has_form(name: str) -> bool:
    """Whether any account could have this name."""
    return _NAME.fullmatch(name) is not None


def begins_name(text: str) -> bool:
    """Whether any account's name could begin like this."""
    return re.fullmatch(r"[A-Za-z0-9_-]{0,20}", text) is not None


def guest_name(attempt: int) -> str:
    """A name such as ``Guest-7F3K``; longer ones once short ones have collided twice."""
    length = 4 if attempt < 2 else 8
    return "Guest-" + "".join(secrets.choice(_GUEST_ALPHABET) for _ in range(length))
