"""What players are told of the deal: public records, and the opening of one card."""

import msgspec


class Opening(msgspec.Struct, frozen=True, array_like=True):
    """Proves one card: its place in the deck, its salt, and the six hashes from its leaf up to the
    root, the lowest first, one after the other."""

    position: int
    salt: bytes
    path: bytes


class SeedCommitted(msgspec.Struct, frozen=True, tag="seed_committed"):
    """The hash of the seed with which the next hand will be dealt: the server can't change it any
    more, you can still change your entropy."""

    commitment: bytes


class DeckSealed(msgspec.Struct, frozen=True, tag="deck_sealed"):
    """Before the first card: the root over all 52 salted cards, the commitment of the seed, and
    (seat, hash of its entropy) of everybody at the table."""

    hand: int
    commitment: bytes
    root: bytes
    entropies: tuple[tuple[int, bytes], ...]


FairEvent = SeedCommitted | DeckSealed
