"""From a seed and the players' entropy to a deck: ``docs/fairness.md``, scheme 1, word for word.

Everything is SHA-256 (FIPS 180-4) and HMAC (RFC 2104), so that any language can repeat it.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import Final

from games.cards import DECK_SIZE

SCHEME: Final = 1
SEED_BYTES: Final = 32
HASH_BYTES: Final = 32
SALT_BYTES: Final = 16
ENTROPY_CHARS_MAX: Final = 64

_SEED_LABEL: Final = b"squaredeal/seed/1\0"
_ENTROPY_LABEL: Final = b"squaredeal/entropy/1\0"
_DEAL_LABEL: Final = b"squaredeal/deal/1\0"
_WORD_SPAN: Final = 1 << 32

Entropies = Sequence[tuple[int, bytes]]
"""(seat, hash of its player's entropy), by seat."""


def commitment_of(seed: bytes) -> bytes:
    """What the server says of its seed ahead."""
    assert len(seed) == SEED_BYTES
    return hashlib.sha256(_SEED_LABEL + seed).digest()


def entropy_hash(value: str) -> bytes:
    """What enters the deal of a player's entropy; the empty text is everybody's default."""
    return hashlib.sha256(_ENTROPY_LABEL + value.encode()).digest()


NO_ENTROPY: Final = entropy_hash("")


def deal_key(seed: bytes, table: str, hand: int, entropies: Entropies) -> bytes:
    """The secret of one hand: every seated player has a part in it."""
    name = table.encode()
    message = bytearray(_DEAL_LABEL)
    message += len(name).to_bytes(2, "big") + name + hand.to_bytes(8, "big")
    message.append(len(entropies))
    for seat, digest in entropies:
        assert len(digest) == HASH_BYTES
        message.append(seat)
        message += digest
    return hmac.digest(seed, bytes(message), "sha256")


def stream(key: bytes) -> Iterator[bytes]:
    """The blocks of 32 bytes that the shuffle reads; they never end."""
    number = 0
    while True:
        yield hmac.digest(key, b"deck" + number.to_bytes(4, "big"), "sha256")
        number += 1


def words(key: bytes) -> Iterator[int]:
    """The stream as big-endian words of 32 bits."""
    for block in stream(key):
        for at in range(0, len(block), 4):
            yield int.from_bytes(block[at : at + 4], "big")


def shuffled(source: Iterator[int]) -> tuple[int, ...]:
    """Fisher-Yates (Durstenfeld) over uniform words. A word beyond the last whole multiple of the
    bound is skipped: every order of the deck is equally likely."""
    deck = list(range(DECK_SIZE))
    for last in range(DECK_SIZE - 1, 0, -1):
        bound = last + 1
        limit = _WORD_SPAN - _WORD_SPAN % bound
        word = next(source)
        while word >= limit:
            word = next(source)
        pick = word % bound
        deck[last], deck[pick] = deck[pick], deck[last]
    return tuple(deck)


def deck_of(key: bytes) -> tuple[int, ...]:
    """The deck of a hand, dealt from the front."""
    return shuffled(words(key))


def salt_of(key: bytes, position: int) -> bytes:
    """What hides the card at a position from those who would try all 52."""
    return hmac.digest(key, b"salt" + bytes((position,)), "sha256")[:SALT_BYTES]
