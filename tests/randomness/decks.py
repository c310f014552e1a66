"""Decks for the battery: ours, and those of shuffles that are wrong in ways people got wrong."""

import random
from collections.abc import Callable, Iterator
from itertools import chain, islice

import numpy as np

from games.cards import DECK_SIZE as N
from games.fair.deal import deal_key, deck_of, entropy_hash, stream
from tests.randomness.battery import Decks

TABLE = "battery"


def ours(seed: int, count: int) -> Decks:
    """As a table deals them: a seed a hand, six players with entropy of their own."""
    chance = random.Random(seed)
    found = []
    for hand in range(1, count + 1):
        entropies = [(seat, entropy_hash(f"{seed}/{seat}/{hand}")) for seat in range(6)]
        found.append(deck_of(deal_key(chance.randbytes(32), TABLE, hand, entropies)))
    return np.array(found)


def raw(seed: int) -> Iterator[bytes]:
    """The bytes behind the decks, hand after hand, without end."""
    chance = random.Random(seed)
    hand = 0
    while True:
        hand += 1
        # Seven blocks are what a shuffle takes.
        yield from islice(stream(deal_key(chance.randbytes(32), TABLE, hand, ())), 7)


def modulo(chance: random.Random) -> list[int]:
    """One byte, modulo the bound: low places are likelier."""
    deck = list(range(N))
    for last in range(N - 1, 0, -1):
        pick = chance.randbytes(1)[0] % (last + 1)
        deck[last], deck[pick] = deck[pick], deck[last]
    return deck


def swap_all(chance: random.Random) -> list[int]:
    """Every card changes places with any: N^N ways do not divide into N! orders."""
    deck = list(range(N))
    for place in range(N):
        pick = chance.randrange(N)
        deck[place], deck[pick] = deck[pick], deck[place]
    return deck


def sattolo(chance: random.Random) -> list[int]:
    """Off by one: a card never stays where it was (ASF Software, 1999, was off by one too)."""
    deck = list(range(N))
    for last in range(N - 1, 0, -1):
        pick = chance.randrange(last)
        deck[last], deck[pick] = deck[pick], deck[last]
    return deck


def small_seed(chance: random.Random) -> list[int]:
    """A good shuffle from a seed of 16 bits."""
    deck = list(range(N))
    random.Random(chance.randrange(1 << 16)).shuffle(deck)
    return deck


def in_memory(chance: random.Random) -> list[int]:
    """Good, for comparison."""
    deck = list(range(N))
    chance.shuffle(deck)
    return deck


def made(shuffle: Callable[[random.Random], list[int]], seed: int, count: int) -> Decks:
    chance = random.Random(seed)
    return np.array([shuffle(chance) for _ in range(count)])


def repeated(seed: int, count: int) -> Decks:
    """Each deck is dealt twice running."""
    decks = ours(seed, count // 2)
    return np.array(list(chain.from_iterable((deck, deck) for deck in decks)))


def half_shuffled(seed: int, count: int) -> Decks:
    """The cards of one hand go under the deck and are not shuffled away from each other."""
    chance = random.Random(seed)
    deck = list(range(N))
    chance.shuffle(deck)
    found = []
    for _ in range(count):
        cut = chance.randrange(20, 32)
        left, right = deck[:cut], deck[cut:]
        deck = []
        while left or right:
            side = left if chance.randrange(len(left) + len(right)) < len(left) else right
            deck.append(side.pop(0))
        found.append(list(deck))
    return np.array(found)
