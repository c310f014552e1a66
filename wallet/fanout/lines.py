"""What goes over Redis: lines of forty bytes, one an account, as Postgres packs them.

Owner (16 bytes), account, balance and version (8 bytes each, big-endian), for as many accounts as
were changed together. A message without lines says that something was lost: read the truth again.
No reader needs more than this: what is unknown to him, he reads.
"""

import struct
from collections.abc import Iterator
from typing import Final

CHANNEL: Final = "balances.v1"
READ_AGAIN: Final = b""
NO_ACCOUNT: Final = 0
"""Nobody has it: whoever follows the owner reads again."""
LINE: Final = struct.Struct(">16sqqq")


def unpacked(message: bytes) -> Iterator[tuple[bytes, int, int, int]]:
    """(owner, account, balance, version); nothing of a message that is no such thing."""
    if len(message) % LINE.size:
        return iter(())
    return LINE.iter_unpack(message)
