"""Python and the browser's module make the same deals, and those that are written down."""

import json
from pathlib import Path

from tests.fairness import VECTORS, node
from tests.fairness_vectors import vectors

STEPS = Path(__file__).parent / "fairness_steps.mjs"
SAID = json.loads(VECTORS.read_text("utf-8"))


def test_python_makes_the_vectors() -> None:
    assert json.loads(json.dumps(vectors())) == SAID


def test_a_word_beyond_the_last_whole_multiple_is_skipped_and_not_folded_in() -> None:
    words, deck = SAID["shuffle"]["words"], SAID["shuffle"]["deck"]
    assert max(words) >= 2**32 - 2**32 % 52
    # Without those words the deck is the same: they were never used.
    kept = [word for word in words if word < 2**32 - 1]
    assert node("shuffle", [words, kept], STEPS) == [deck, deck]
    assert sorted(deck) == list(range(52))


def test_the_browsers_module_makes_the_same_deals_step_by_step() -> None:
    for said, made in zip(SAID["deals"], node("steps", SAID["deals"], STEPS), strict=True):
        assert made == {name: said[name] for name in made}
    assert node("hashed", SAID["entropy"], STEPS) == SAID["entropy"]


def test_the_browsers_module_says_of_the_proofs_what_is_written_down() -> None:
    assert SAID["proofs"][0]["faults"] == []
    assert SAID["proofs"][1]["faults"] == ["opening_wrong", "deck_wrong"]
    for said, made in zip(SAID["proofs"], node("check", SAID["proofs"], STEPS), strict=True):
        assert made["faults"] == said["faults"]
        proof = said["proof"]
        assert made["cards"] == len(proof["board"]) + 2 * len(proof["holes"]) > 5
