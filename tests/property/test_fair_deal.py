"""Every deal can be proved, and nothing that was changed in a proof goes unnoticed."""

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from games.cards import DECK_SIZE
from games.fair.proof import Fault, HandProof, read_proof, verify
from games.fair.records import DeckSealed, SeedCommitted
from games.holdem import records as r
from games.protocol import RAIL
from tests.fairness import SEATS, Session, complete_proof, node

F = Fault


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def plain(proof: HandProof) -> Any:
    return msgspec.to_builtins(proof)


@pytest.mark.parametrize("seed", range(6))
def test_each_viewer_can_prove_each_card_he_saw_and_no_other(seed: int) -> None:
    session = Session(seed)
    for number in range(12):
        over = session.hand(passive=number % 2 == 0)
        shown: set[int] = set()
        for viewer in (RAIL, *range(SEATS)):
            proof = session.proof(viewer)
            verdict = verify(proof)
            assert verdict.faults == ()
            assert verdict.cards == len(proof.board) + 2 * len(proof.holes)
            if viewer == RAIL:
                shown = {hole.seat for hole in proof.holes}
            else:
                assert {hole.seat for hole in proof.holes} == shown | {viewer}
                assert proof.entropy == f"the value of {viewer}"
            # The auditor, who has the seed, sees that the whole deck was the one it makes.
            whole = verify(msgspec.structs.replace(proof, seed=over.seed))
            assert whole.faults == ()
            assert whole.seed_checked
    assert all(not follower.faults for follower in session.followers.values())
    assert all(follower.checked == 12 for follower in session.followers.values())


def test_commitment_and_seal_come_before_the_first_card_and_the_next_seed_with_them() -> None:
    session = Session(1)
    committed = [
        event for events in session.updates for event in events if isinstance(event, SeedCommitted)
    ]
    assert len(committed) == 1
    for _ in range(5):
        session.hand()
        dealt = next(each for each in reversed(session.updates) if type(each[0]) is r.HandStarted)
        kinds = [type(event) for event in dealt]
        assert kinds.index(DeckSealed) < kinds.index(r.HoleDealt)
        sealed = dealt[kinds.index(DeckSealed)]
        assert sealed.commitment == committed[-1].commitment
        committed.append(dealt[kinds.index(SeedCommitted)])
    assert len({event.commitment for event in committed}) == 6


def changes(proof: HandProof) -> Iterator[tuple[str, HandProof, set[Fault]]]:
    """Every part of a proof, changed by a little: a name, the changed proof, what must be found."""
    to = msgspec.structs.replace
    whole = {F.OPENING_WRONG, F.DECK_WRONG}
    yield "root", to(proof, root=flipped(proof.root, 9)), whole
    yield "commitment", to(proof, commitment=flipped(proof.commitment, 200)), {
        F.SEED_WRONG, F.COMMITMENT_CHANGED}  # fmt: skip
    assert proof.announced is not None
    yield "announced", to(proof, announced=flipped(proof.announced, 0)), {F.COMMITMENT_CHANGED}
    assert proof.seed is not None
    yield "seed", to(proof, seed=flipped(proof.seed, 255)), {F.SEED_WRONG, F.DECK_WRONG}
    yield "table", to(proof, table="u"), {F.DECK_WRONG}
    yield "hand", to(proof, hand=proof.hand + 1), {F.DECK_WRONG}
    yield "own entropy", to(proof, entropy="another"), {F.ENTROPY_MISSING}
    yield "own seat", to(proof, seat=(proof.seat + 1) % SEATS), {F.ENTROPY_MISSING}
    for at, (seat, digest) in enumerate(proof.entropies):
        listed = list(proof.entropies)
        listed[at] = (seat, flipped(digest, 77))
        found = {F.DECK_WRONG} | ({F.ENTROPY_MISSING} if seat == proof.seat else set())
        yield f"entropy of {seat}", to(proof, entropies=tuple(listed)), found
    yield "an entropy left out", to(proof, entropies=proof.entropies[:-1]), {F.MALFORMED}
    yield "order", to(proof, order=proof.order[1:] + proof.order[:1]), {
        F.POSITION_WRONG, F.DECK_WRONG}  # fmt: skip
    for at in range(5):
        opening = proof.board_openings[at]
        for what, changed in (
            ("salt", to(opening, salt=flipped(opening.salt, 100))),
            *((f"path {n}", to(opening, path=flipped(opening.path, 256 * n))) for n in range(6)),
        ):
            openings = list(proof.board_openings)
            openings[at] = changed
            yield f"{what} of board {at}", to(proof, board_openings=tuple(openings)), {
                F.OPENING_WRONG}  # fmt: skip
        board = list(proof.board)
        board[at] = next(
            card for card in range(DECK_SIZE)
            if card not in board and all(card not in hole.cards for hole in proof.holes)
        )  # fmt: skip
        yield f"board card {at}", to(proof, board=tuple(board)), whole
    swapped = to(
        proof,
        board=(proof.board[1], proof.board[0], *proof.board[2:]),
        board_openings=(
            proof.board_openings[1],
            proof.board_openings[0],
            *proof.board_openings[2:],
        ),
    )
    yield "two cards with their proofs swapped", swapped, {F.POSITION_WRONG, F.DECK_WRONG}
    hole = proof.holes[0]
    twice = to(hole, cards=(hole.cards[0], hole.cards[0]))
    yield "a card twice", to(proof, holes=(twice, *proof.holes[1:])), {F.CARD_TWICE} | whole
    yield "no opening", to(proof, board_openings=proof.board_openings[:-1]), {F.MALFORMED}
    yield "short salt", to(
        proof, board_openings=(to(proof.board_openings[0], salt=b""), *proof.board_openings[1:])
    ), {F.OPENING_WRONG}  # fmt: skip
    yield "no such card", to(proof, board=(52, *proof.board[1:])), {F.MALFORMED}
    yield "another scheme", to(proof, scheme=2), {F.MALFORMED}


def test_each_changed_part_of_a_proof_is_caught_in_python_and_in_the_browser() -> None:
    proof = complete_proof()
    assert verify(proof).faults == ()
    cases = list(changes(proof))
    for name, changed, expected in cases:
        assert set(verify(changed).faults) == expected, name
    proofs = [proof, *(changed for _, changed, _ in cases)]
    found = node("verify", [plain(each) for each in proofs])
    for (name, _, _), mine, theirs in zip([("whole", 0, 0), *cases], proofs, found, strict=True):
        assert theirs["faults"] == list(verify(mine).faults), name
        assert theirs["cards"] == verify(mine).cards, name


@pytest.mark.parametrize("seed", range(3))
def test_whatever_bit_flips_in_a_proof_it_fails_or_says_the_same(seed: int) -> None:
    chance = random.Random(seed)
    proof = complete_proof(seed)
    text = msgspec.json.encode(proof)
    caught = 0
    for _ in range(400):
        try:
            changed = read_proof(flipped(text, chance.randrange(8 * len(text))))
        except ValueError:
            caught += 1
            continue
        # Base64 has spare bits, and an unknown field in place of one that may be missing is none.
        leaves_out = changed.entropy is None or changed.seed is None or changed.announced is None
        assert verify(changed).faults or changed == proof or leaves_out
        caught += bool(verify(changed).faults)
    assert caught > 300
