"""What we hand out and know again: once, and for a while.

It is not kept anywhere: the value is its own sealed proof (AES-256-GCM, bound to what it is for),
and only its use is written down, in the transaction of whatever it was used for. So a flood of
questions costs no row, and nothing here depends on Redis.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from auth.accounts import QUERIES
from auth.seals import SealBroken, Seals

if TYPE_CHECKING:
    from auth.accounts import Connection

UNTIL_BYTES: Final = 8


class Spent(Exception):
    """Not one of ours, for something else, too old, or used before."""


class Once:
    """Makes and takes such values."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals

    def make(self, purpose: str, now: datetime, ttl: timedelta, content: bytes = b"") -> bytes:
        """Good until ``now + ttl``, for this purpose alone; ``content`` is sealed in it."""
        until = int((now + ttl).timestamp()).to_bytes(UNTIL_BYTES, "big")
        return self._seals.seal(until + content, _place(purpose))

    def read(self, value: bytes, purpose: str, now: datetime) -> tuple[bytes, datetime]:
        """What is sealed in it, and until when it is good; it is not used up by that.

        Raises:
            Spent: not one of ours, for something else, or too old.
        """
        try:
            plain = self._seals.open(value, _place(purpose))
        except SealBroken as wrong:
            raise Spent from wrong
        until = datetime.fromtimestamp(int.from_bytes(plain[:UNTIL_BYTES], "big"), UTC)
        if until <= now:
            raise Spent
        return plain[UNTIL_BYTES:], until

    async def use(self, conn: "Connection", value: bytes, purpose: str, now: datetime) -> bytes:
        """As ``read``, in the caller's transaction; never again if that commits.

        Raises:
            Spent: as ``read``, or used before.
        """
        content, until = self.read(value, purpose, now)
        digest = hashlib.sha256(value).digest()
        if await QUERIES.use_once(conn, digest=digest, until=until) is None:
            raise Spent
        return content


def _place(purpose: str) -> str:
    return f"once:{purpose}"


def b64url(data: bytes) -> str:
    """Without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text: str) -> bytes | None:
    """None unless it is base64url in its one form."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    return data if b64url(data) == text else None
