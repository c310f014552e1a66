"""A hand's record as somebody may see it: his own view, or an auditor's."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from actors.archive import ArchivedHand, HandGame
from games.fair.proof import HandProof, Hole, board_positions, hole_positions
from games.fair.records import DeckSealed
from games.fair.seal import SealedDeck
from games.holdem import records as r
from games.holdem.view import redact
from games.protocol import RAIL
from wire import http as h

AUDITOR = -2
"""A viewer who may see every card."""


def record_of(
    hand: ArchivedHand, viewer: int, reveal_s: float, now: datetime | None = None
) -> h.HandRecord:
    """The record with its proof; the seed is in it ``reveal_s`` seconds after the end, where the
    viewer (a seat, or AUDITOR) has a right to it."""
    old = (now or datetime.now(UTC)) - hand.ended >= timedelta(seconds=reveal_s)
    return msgspec.structs.replace(listed(hand, viewer), proof=_proof(hand, viewer, old))


def listed(hand: ArchivedHand, viewer: int) -> h.HandRecord:
    """The record without its proof."""
    net, pot = _result(hand, viewer)
    return h.HandRecord(
        hand.table,
        hand.hand,
        hand.ended,
        hand.names,
        RAIL if viewer == AUDITOR else viewer,
        msgspec.Raw(msgspec.json.encode(seen(hand, viewer))),
        epoch=hand.epoch,
        voided=hand.voided,
        rules=_rules(hand.rules) if hand.rules is not None else None,
        times=hand.times,
        platform=tuple(h.PlatformDecision(number, why) for number, why in hand.platform),
        settlement=hand.settlement,
        digest=hand.digest,
        net=net,
        pot=pot,
    )


def _result(hand: ArchivedHand, viewer: int) -> tuple[int | None, int]:
    """What the viewer won or lost, and the pots: as ``actors.hand_results`` in the database."""
    began = next((e for e in hand.events if isinstance(e, r.HandStarted)), None)
    over = next((e for e in hand.events if isinstance(e, r.HandEnded)), None)
    pot = sum(e.amount for e in hand.events if isinstance(e, r.PotAwarded))
    if hand.voided is not None or began is None or over is None or viewer not in began.seats:
        return None, pot
    at = began.seats.index(viewer)
    return over.stacks[at] - began.stacks[at], pot


def seen(hand: ArchivedHand, viewer: int) -> list[Any]:
    """The events as the viewer saw them."""
    if viewer == AUDITOR:
        return list(hand.events)
    return [redact(e, viewer) if isinstance(e, r.Event) else e for e in hand.events]


def _rules(spec: HandGame) -> h.HandRules:
    blinds, rake = spec.blinds, spec.rake
    return h.HandRules(
        game="nlhe",
        seats=spec.seats,
        small_blind=blinds.small,
        big_blind=blinds.big,
        ante=blinds.ante,
        straddle=blinds.straddle,
        rake_version=rake.version,
        rake_bp=rake.rate_bp,
        rake_caps=rake.caps,
        no_flop_no_drop=rake.no_flop_no_drop,
        currency=spec.currency,
    )


def _proof(hand: ArchivedHand, viewer: int, old: bool) -> HandProof | None:
    """Made again of the seed; none for hands of before the fair deal or of given decks."""
    events = seen(hand, viewer)
    sealed = next((event for event in events if isinstance(event, DeckSealed)), None)
    started = next((event for event in events if isinstance(event, r.HandStarted)), None)
    if sealed is None or started is None or not hand.seed:
        return None
    deck = SealedDeck(hand.seed, hand.table, hand.hand, sealed.entropies)
    if deck.root != sealed.root:
        return None
    order = started.seats
    cards: dict[int, tuple[int, ...]] = {}
    board: tuple[int, ...] = ()
    for event in events:
        match event:
            case r.HoleDealt(seat=seat, cards=held) | r.HandShown(seat=seat, cards=held) if held:
                cards[seat] = held
            case r.BoardDealt(cards=more):
                board += more
    # A seed opens mucked hands: it goes to those who have seen every one.
    entitled = viewer == AUDITOR or len(cards) == len(order)
    return HandProof(
        table=hand.table,
        hand=hand.hand,
        seat=RAIL if viewer == AUDITOR else viewer,
        order=order,
        commitment=sealed.commitment,
        entropies=sealed.entropies,
        root=sealed.root,
        holes=tuple(
            Hole(seat, held, deck.open(hole_positions(order, seat)))
            for seat, held in sorted(cards.items())
        ),
        board=board,
        board_openings=deck.open(board_positions(order, len(board))),
        seed=hand.seed if old and entitled else None,
    )
