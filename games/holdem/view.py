"""What each viewer may see: the one place where other people's cards are removed."""

import msgspec

from games.holdem import records as r
from games.holdem.hand import Hand, Legal, legal
from games.pots import build_pots
from games.protocol import RAIL


class PublicHand(msgspec.Struct, frozen=True):
    """What everybody sees of a hand. Lists are parallel to ``seats`` (deal order)."""

    hand: int
    button: int
    street: r.Street
    board: tuple[int, ...]
    seats: tuple[int, ...]
    stacks: tuple[int, ...]
    bets: tuple[int, ...]
    folded: tuple[bool, ...]
    shown: tuple[tuple[int, ...], ...]
    pots: tuple[int, ...]
    turn: int
    options: Legal | None


def public_view(hand: Hand) -> PublicHand:
    """The hand as the rail sees it: shown cards only."""
    order = hand.order
    return PublicHand(
        hand.number,
        hand.button,
        r.STREETS[hand.street],
        tuple(hand.board),
        order,
        tuple([hand.stacks[s] for s in order]),
        tuple([hand.bets[s] for s in order]),
        tuple([not hand.live[s] for s in order]),
        tuple([hand.hole[s] if hand.shown[s] else () for s in order]),
        pots_in_play(hand),
        hand.turn,
        legal(hand),
    )


def own_cards(hand: Hand, seat: int) -> tuple[int, ...]:
    """The hole cards a seat may see besides the public view: its own."""
    return hand.hole[seat] if seat != RAIL else ()


def pots_in_play(hand: Hand) -> tuple[int, ...]:
    """Main and side pots in minor units, this street's bets not yet gathered in."""
    gathered = {s: hand.paid[s] - hand.bets[s] for s in hand.order}
    contenders = [s for s in hand.order if hand.live[s] and gathered[s]]
    total = sum(gathered.values()) + hand.dead
    if not contenders:
        return (total,) if total else ()
    if all(hand.stacks[s] for s in contenders):
        # Side pots exist only where somebody is all-in.
        return (total,)
    main, *side = (pot.amount for pot in build_pots(gathered, contenders))
    return (main + hand.dead, *side)


def redact(event: r.Event, viewer: int) -> r.Event:
    """The event as ``viewer`` (a seat, or RAIL) may see it."""
    if isinstance(event, r.HoleDealt) and event.seat != viewer:
        return r.HoleDealt(event.seat, ())
    return event
