"""Cards as small integers, and a deck from a seed.

A card is ``rank * 4 + suit`` with rank 0..12 for 2..A and suit 0..3 for c, d, h, s: the
encoding of the hand evaluator, so nothing is converted on the way to a showdown.
"""

import hashlib
from collections.abc import Iterable

RANKS = "23456789TJQKA"
SUITS = "cdhs"
CARD_NAMES = tuple(rank + suit for rank in RANKS for suit in SUITS)
CARD_BY_NAME = {name: card for card, name in enumerate(CARD_NAMES)}
DECK_SIZE = 52

_WORD_BYTES = 4
_WORD_SPAN = 1 << (8 * _WORD_BYTES)
# 51 draws; a word is rejected with probability below 52 / 2**32, so the spare ones suffice.
_WORDS = DECK_SIZE + 12


def parse_cards(text: str) -> tuple[int, ...]:
    """Cards from text such as ``"AhTc"``; raises ValueError on anything else."""
    names = [text[i : i + 2] for i in range(0, len(text), 2)]
    try:
        return tuple(CARD_BY_NAME[name] for name in names)
    except KeyError as unknown:
        raise ValueError(f"not a card: {unknown.args[0]!r}") from None


def format_cards(cards: Iterable[int]) -> str:
    """The text form of cards, as ``parse_cards`` reads it."""
    return "".join(CARD_NAMES[card] for card in cards)


def deck_from_seed(seed: bytes) -> tuple[int, ...]:
    """A permutation of the 52 cards, fixed by the seed.

    Fisher-Yates over the words of SHAKE-256(seed); words beyond the last whole multiple of the
    bound are skipped, so every order of the deck is equally likely for a uniform seed.
    """
    assert len(seed) >= 16, "a seed of at least 128 bits"
    stream = hashlib.shake_256(seed).digest(_WORDS * _WORD_BYTES)
    deck = list(range(DECK_SIZE))
    at = 0
    for last in range(DECK_SIZE - 1, 0, -1):
        bound = last + 1
        limit = _WORD_SPAN - _WORD_SPAN % bound
        word = limit
        while word >= limit:
            word = int.from_bytes(stream[at : at + _WORD_BYTES], "big")
            at += _WORD_BYTES
        pick = word % bound
        deck[last], deck[pick] = deck[pick], deck[last]
    return tuple(deck)
