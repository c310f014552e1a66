"""Writes ``docs/fairness.vectors.json``: what every implementation of the fair deal must give.

``python -m tests.fairness_vectors``; what is written once does not change within a scheme.
"""

import json
from itertools import islice
from typing import Any

import msgspec

from games.fair.deal import (
    SCHEME,
    commitment_of,
    deal_key,
    deck_of,
    entropy_hash,
    salt_of,
    shuffled,
    stream,
)
from games.fair.proof import verify
from games.fair.seal import SealedDeck
from tests.fairness import VECTORS, complete_proof

VALUES = ("", "squaredeal", "00112233445566778899aabbccddeeff", "~" * 64)
TABLES = (("lantern", 1, ()), ("lantern", 2, (0, 1)), ("höhle", 2**40, (0, 3, 5, 6, 8, 9)))
BEYOND = 0xFFFFFFFF
"""A word that the first draws of a shuffle must skip: it lies beyond the last multiple of 52."""


def deal(seed: bytes, table: str, hand: int, values: dict[int, str]) -> dict[str, Any]:
    """One deal, every step of it in hex."""
    entropies = tuple((seat, entropy_hash(value)) for seat, value in values.items())
    key = deal_key(seed, table, hand, entropies)
    sealed = SealedDeck(seed, table, hand, entropies)
    opening = sealed.open((51,))[0]
    return {
        "seed": seed.hex(),
        "table": table,
        "hand": hand,
        "values": [[seat, value] for seat, value in values.items()],
        "commitment": commitment_of(seed).hex(),
        "entropies": [[seat, digest.hex()] for seat, digest in entropies],
        "key": key.hex(),
        "stream": [block.hex() for block in islice(stream(key), 2)],
        "deck": list(deck_of(key)),
        "salts": [salt_of(key, position).hex() for position in (0, 51)],
        "root": sealed.root.hex(),
        "path_of_51": opening.path.hex(),
    }


def vectors() -> dict[str, Any]:
    """The whole document."""
    words = [BEYOND, *range(1_000, 1_010), BEYOND, *range(90_000, 90_060)]
    seeds = (bytes(32), bytes(range(32)), b"\xff" * 32)
    proof = complete_proof()
    changed = msgspec.structs.replace(proof, board=proof.board[::-1])
    return {
        "scheme": SCHEME,
        "entropy": [[value, entropy_hash(value).hex()] for value in VALUES],
        "shuffle": {"words": words, "deck": list(shuffled(iter(words)))},
        "deals": [
            deal(seed, table, hand, {seat: VALUES[seat % 4] for seat in seats})
            for seed, (table, hand, seats) in zip(seeds, TABLES, strict=True)
        ],
        "proofs": [
            {"proof": msgspec.to_builtins(each), "faults": list(verify(each).faults)}
            for each in (proof, changed)
        ],
    }


if __name__ == "__main__":
    VECTORS.write_text(json.dumps(vectors(), indent=1) + "\n", "utf-8")
