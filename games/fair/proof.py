"""What one viewer can prove of a hand, and its verification: offline, without any server.

The same steps, with the same names for what is wrong, are in ``client/web/verify.mjs``.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

import msgspec

from games.cards import DECK_SIZE
from games.fair.deal import HASH_BYTES, SCHEME, SEED_BYTES, commitment_of, entropy_hash
from games.fair.records import Opening
from games.fair.seal import SealedDeck, root_of
from games.protocol import RAIL

SEATS_MAX: Final = 23
"""Two cards each and a board: more hands one deck does not have."""


class Fault(StrEnum):
    """What is wrong with a proof."""

    MALFORMED = "malformed"
    """A field has the wrong form, or a card comes without an opening."""
    CARD_TWICE = "card_twice"
    """One card or one place of the deck is there twice."""
    POSITION_WRONG = "position_wrong"
    """A card was not dealt from the place where the order of the deal has it."""
    OPENING_WRONG = "opening_wrong"
    """A card, its salt or its path does not lead to the root."""
    ENTROPY_MISSING = "entropy_missing"
    """Your entropy is not in the list that was dealt with."""
    COMMITMENT_CHANGED = "commitment_changed"
    """The hand was not dealt with the seed that had been announced."""
    SEED_WRONG = "seed_wrong"
    """The seed is not the one committed to."""
    DECK_WRONG = "deck_wrong"
    """Seed and entropies make another deck than the one that was sealed."""


class Hole(msgspec.Struct, frozen=True):
    """The hole cards of a seat that the viewer was shown."""

    seat: int
    cards: tuple[int, ...]
    openings: tuple[Opening, ...]


class HandProof(msgspec.Struct, frozen=True, kw_only=True):
    """A hand as far as its viewer may prove it; cards are numbers, bytes are base64 in JSON.

    ``order`` are the seats in the order of the deal. ``entropy`` is the viewer's own text and
    ``announced`` the commitment that he was told before the hand, if he kept them; ``seed`` is set
    where he has a right to it.
    """

    scheme: int = SCHEME
    table: str
    hand: int
    seat: int = RAIL
    order: tuple[int, ...]
    commitment: bytes
    entropies: tuple[tuple[int, bytes], ...]
    root: bytes
    holes: tuple[Hole, ...] = ()
    board: tuple[int, ...] = ()
    board_openings: tuple[Opening, ...] = ()
    entropy: str | None = None
    announced: bytes | None = None
    seed: bytes | None = None


class Verdict(msgspec.Struct, frozen=True):
    """``cards`` were proved; ``faults`` is empty if nothing is wrong."""

    cards: int
    faults: tuple[Fault, ...]
    entropy_checked: bool
    commitment_checked: bool
    seed_checked: bool


def hole_positions(order: tuple[int, ...], seat: int) -> tuple[int, ...]:
    """Where the hole cards of a seat lie: one card to each seat in order, twice."""
    return order.index(seat), order.index(seat) + len(order)


def board_positions(order: tuple[int, ...], count: int, first: int = 0) -> tuple[int, ...]:
    """Where the board's cards lie: behind the hole cards, nothing is burnt."""
    start = 2 * len(order) + first
    return tuple(range(start, start + count))


def verify(proof: HandProof) -> Verdict:
    """Check everything that the proof claims; nothing raises, whatever is in it."""
    faults = set(_form(proof))
    cards = 0
    if not faults:
        cards = len(proof.board) + sum(len(hole.cards) for hole in proof.holes)
        faults |= set(_cards(proof))
        faults |= set(_origins(proof))
    return Verdict(
        cards,
        tuple(fault for fault in Fault if fault in faults),
        proof.entropy is not None,
        proof.announced is not None,
        proof.seed is not None,
    )


class ProofUnreadable(ValueError):
    """The file is not JSON, or has no proof of a hand in it."""


def read_proof(data: bytes) -> HandProof:
    """The proof in a file: by itself, or under ``proof``. Raises ProofUnreadable."""
    try:
        loose = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise ProofUnreadable(f"it is not JSON: {wrong}") from None
    inside = isinstance(loose, dict) and "proof" in loose
    try:
        return msgspec.convert(loose["proof"] if inside else loose, HandProof)
    except msgspec.ValidationError as wrong:
        raise ProofUnreadable(f"it has no proof of a hand: {wrong}") from None


def _form(proof: HandProof) -> Iterator[Fault]:
    digests = [proof.commitment, proof.root, *(digest for _, digest in proof.entropies)]
    seats = [seat for seat, _ in proof.entropies]
    sound = (
        proof.scheme == SCHEME,
        0 <= proof.hand < 1 << 64,
        len(proof.table.encode()) < 1 << 16,
        all(len(digest) == HASH_BYTES for digest in digests),
        all(0 <= seat < 256 for seat in seats),
        seats == sorted(set(seats)),
        len(seats) < 256,
        len(set(proof.order)) == len(proof.order) <= SEATS_MAX,
        set(proof.order) <= set(seats),
        len(proof.board) == len(proof.board_openings) <= 5,
        len({hole.seat for hole in proof.holes}) == len(proof.holes),
        all(hole.seat in proof.order for hole in proof.holes),
        all(len(hole.cards) == len(hole.openings) == 2 for hole in proof.holes),
        all(0 <= card < DECK_SIZE for hole in proof.holes for card in hole.cards),
        all(0 <= card < DECK_SIZE for card in proof.board),
        proof.seed is None or len(proof.seed) == SEED_BYTES,
    )
    if not all(sound):
        yield Fault.MALFORMED


def _places(proof: HandProof) -> Iterator[tuple[int, int, Opening]]:
    """(where it should lie, card, opening) of every card that is claimed."""
    for hole in proof.holes:
        yield from zip(
            hole_positions(proof.order, hole.seat), hole.cards, hole.openings, strict=True
        )
    board = board_positions(proof.order, len(proof.board))
    yield from zip(board, proof.board, proof.board_openings, strict=True)


def _cards(proof: HandProof) -> Iterator[Fault]:
    places = list(_places(proof))
    if len({card for _, card, _ in places}) < len(places):
        yield Fault.CARD_TWICE
    for place, card, opening in places:
        if opening.position != place:
            yield Fault.POSITION_WRONG
        if root_of(opening, card) != proof.root:
            yield Fault.OPENING_WRONG


def _origins(proof: HandProof) -> Iterator[Fault]:
    if proof.entropy is not None:
        own = entropy_hash(proof.entropy)
        if (proof.seat, own) not in proof.entropies:
            yield Fault.ENTROPY_MISSING
    if proof.announced is not None and proof.announced != proof.commitment:
        yield Fault.COMMITMENT_CHANGED
    if proof.seed is None:
        return
    if commitment_of(proof.seed) != proof.commitment:
        yield Fault.SEED_WRONG
    remade = SealedDeck(proof.seed, proof.table, proof.hand, proof.entropies)
    same = all(remade.deck[place] == card for place, card, _ in _places(proof))
    if remade.root != proof.root or not same:
        yield Fault.DECK_WRONG
