"""Afterwards: the archive and the ledger against everything that players were shown and promised.

Knows nothing of how tables work: it reads the database and the gamblers' notes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import asyncpg
import msgspec

from games.fair.records import SeedCommitted
from games.holdem import records as r
from tests.chaos.gambler import Acknowledged, Gambler
from wire import events as e
from wire.events import Event

PASSING = (e.WentAway, e.CameBack, e.TablePaused, e.TableResumed, e.SeatTaken, e.SeatVacated,
           e.ChipsAdded, e.SatOut, e.SatIn, SeedCommitted)  # fmt: skip
"""Events about seats, not about the hand: some come between hands, and are not archived."""
ACTION_NAMES = {
    r.Fold: ("fold",),
    r.Check: ("check",),
    r.Call: ("call",),
    r.Raise: ("bet", "raise"),
}


class Hand(NamedTuple):
    """A hand as archived."""

    events: list[Event]
    voided: str | None


async def archive(dsn: str) -> dict[tuple[str, int], Hand]:
    """Every hand of every table."""
    conn = await asyncpg.connect(dsn)
    try:
        rows = await conn.fetch("SELECT table_id, hand, events, voided FROM actors.hands")
    finally:
        await conn.close()
    decoder = msgspec.json.Decoder(list[Event])
    return {
        (row["table_id"], row["hand"]): Hand(decoder.decode(row["events"]), row["voided"])
        for row in rows
    }


def problems(gamblers: Sequence[Gambler], hands: dict[tuple[str, int], Hand]) -> list[str]:
    """Everything that must hold and does not."""
    found = [line for gambler in gamblers for line in gambler.wrong]
    found += [f"voided: {key}: {hand.voided}" for key, hand in hands.items() if hand.voided]
    for hand_key, hand in hands.items():
        if not isinstance(hand.events[-1], r.HandEnded | r.HandVoided | e.SeatVacated | e.SatOut
                          | e.ChipsAdded):  # fmt: skip
            found.append(f"{hand_key} ends with {hand.events[-1]}")
    for gambler in gamblers:
        found += [line for each in gambler.acknowledged if (line := _unkept(each, hands))]
        found += _taken_back(gambler, hands)
    return found


def _unkept(promise: Acknowledged, hands: dict[tuple[str, int], Hand]) -> str:
    """An acknowledged action must follow its turn in the record."""
    hand = hands.get((promise.table, promise.hand))
    if hand is None:
        return f"no record of {promise}"
    turns = [
        n for n, event in enumerate(hand.events)
        if isinstance(event, e.TurnBegan) and event.turn == promise.turn
    ]  # fmt: skip
    if not turns:
        return f"no such turn in the record: {promise}"
    acted = next((x for x in hand.events[turns[0] :] if isinstance(x, r.Acted)), None)
    wanted = ACTION_NAMES[type(promise.action)]
    if acted is None or acted.seat != promise.seat or acted.action not in wanted:
        return f"the record has {acted}, promised was {promise}"
    if isinstance(promise.action, r.Raise) and acted.bet != promise.action.to:
        return f"the record has {acted}, promised was {promise}"
    return ""


def _taken_back(gambler: Gambler, hands: dict[tuple[str, int], Hand]) -> list[str]:
    """What was shown of a hand is in its record, in the same order."""
    found = []
    for number in {sighting.hand for sighting in gambler.seen}:
        shown = [s.event for s in gambler.seen if s.hand == number]
        shown = [event for event in shown if not isinstance(event, PASSING)]
        hand = hands.get((gambler.at, number))
        if hand is None:
            found.append(f"{gambler.at}/{number} was shown and has no record")
            continue
        record = iter([event for event in hand.events if not isinstance(event, PASSING)])
        for event in shown:
            if not any(_same(event, kept) for kept in record):
                found.append(f"{gambler.at}/{number}: shown and not in the record: {event}")
                break
    return found


def _same(shown: Event, kept: Event) -> bool:
    if isinstance(shown, r.HoleDealt) and isinstance(kept, r.HoleDealt):
        return shown.seat == kept.seat and shown.cards in ((), kept.cards)
    return bool(r.bare(shown) == kept)
