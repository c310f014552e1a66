"""The Merkle tree over a deck: 52 salted cards, padded to 64 leaves.

Leaves and nodes are hashed under different first bytes (as in RFC 6962), so neither passes for the
other.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from games.cards import DECK_SIZE
from games.fair.deal import (
    HASH_BYTES,
    SALT_BYTES,
    Entropies,
    commitment_of,
    deal_key,
    deck_of,
    salt_of,
)
from games.fair.records import DeckSealed, Opening

LEAVES: Final = 64
DEPTH: Final = 6
PATH_BYTES: Final = DEPTH * HASH_BYTES
_PADDING: Final = (bytes(HASH_BYTES),) * (LEAVES - DECK_SIZE)


def leaf_of(position: int, card: int, salt: bytes) -> bytes:
    return hashlib.sha256(bytes((0, position, card)) + salt).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(opening: Opening, card: int) -> bytes | None:
    """The root that an opening of ``card`` leads to; None if it is no opening at all."""
    if not 0 <= opening.position < DECK_SIZE or not 0 <= card < DECK_SIZE:
        return None
    if len(opening.salt) != SALT_BYTES or len(opening.path) != PATH_BYTES:
        return None
    digest = leaf_of(opening.position, card, opening.salt)
    for level in range(DEPTH):
        beside = opening.path[level * HASH_BYTES : (level + 1) * HASH_BYTES]
        right = opening.position >> level & 1
        digest = node_of(beside, digest) if right else node_of(digest, beside)
    return digest


class SealedDeck:
    """A deck, its salts and its tree. All of it is secret but the root and single openings."""

    def __init__(
        self,
        seed: bytes,
        table: str,
        hand: int,
        entropies: Entropies,
        fixed: Sequence[int] | None = None,
    ) -> None:
        """``fixed`` is dealt instead of the seed's deck (tests): nobody can verify it then."""
        key = deal_key(seed, table, hand, entropies)
        self.seed = seed
        self.deck = deck_of(key) if fixed is None else tuple(fixed)
        self._salts = [salt_of(key, position) for position in range(DECK_SIZE)]
        leaves = map(leaf_of, range(DECK_SIZE), self.deck, self._salts)
        self._levels: list[Sequence[bytes]] = [(*leaves, *_PADDING)]
        while len(below := self._levels[-1]) > 1:
            self._levels.append(list(map(node_of, below[::2], below[1::2])))
        root = self._levels[-1][0]
        self.sealed = DeckSealed(hand, commitment_of(seed), root, tuple(entropies))

    @property
    def root(self) -> bytes:
        return self.sealed.root

    def open(self, positions: Iterable[int]) -> tuple[Opening, ...]:
        """Proofs for these places of the deck."""
        return tuple([self._open(position) for position in positions])

    def _open(self, position: int) -> Opening:
        path = [self._levels[level][position >> level ^ 1] for level in range(DEPTH)]
        return Opening(position, self._salts[position], b"".join(path))
