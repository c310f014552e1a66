"""A hand of the record, reduced to what the detectors look at."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from actors.archive import ArchivedHand
from actors.commands import Player
from games.cards import CARD_NAMES
from games.holdem import records as r
from wire.events import Event, TurnBegan

BUCKETS = 5


class Deed(msgspec.Struct, frozen=True):
    """A decision: by whom, with whom still in the hand, whether it put chips to others. Of those
    that the table made for somebody there is none. ``thought_ms`` is None if it is not known."""

    player: str
    rivals: frozenset[str]
    preflop: bool
    aggressive: bool
    folded: bool
    thought_ms: int | None


class Facts(msgspec.Struct, frozen=True):
    """``net`` is what everybody won or lost in big blinds, the rake aside; ``bucket`` how good his
    first two cards were, 0 (worst) to ``BUCKETS`` - 1."""

    table: str
    hand: int
    ended: datetime
    net: dict[str, float]
    bucket: dict[str, int]
    deeds: tuple[Deed, ...]

    @property
    def name(self) -> str:
        return f"{self.table}/{self.hand}"


def facts_of(hand: ArchivedHand) -> Facts | None:
    """None for hands that do not count, and for house bots' own."""
    if hand.voided is not None or hand.rules is None:
        return None
    return reduced(
        hand.table, hand.hand, hand.ended, hand.players, hand.events, hand.times,
        frozenset(number for number, _ in hand.platform), hand.rules.blinds.big,
    )  # fmt: skip


def reduced(
    table: str,
    number: int,
    ended: datetime,
    players: Sequence[tuple[int, Player]],
    events: Sequence[Event],
    times: Sequence[int],
    platform: frozenset[int],
    big_blind: int,
) -> Facts | None:
    """The same from its parts. None if fewer than two people were in it, or it has no end."""
    people = {seat: player.id for seat, player in players if player.kind != "bot"}
    begun = next((e for e in events if isinstance(e, r.HandStarted)), None)
    over = next((e for e in events if isinstance(e, r.HandEnded)), None)
    if begun is None or over is None or len(people) < 2:
        return None
    stacks = zip(begun.seats, begun.stacks, over.stacks, strict=True)
    net = {people[s]: (after - before) / big_blind for s, before, after in stacks if s in people}
    bucket = {
        people[e.seat]: bucket_of(e.cards)
        for e in events
        if isinstance(e, r.HoleDealt) and e.seat in people
    }
    deeds = tuple(_deeds(events, times, platform, people, begun.seats))
    return Facts(table, number, ended, net, bucket, deeds)


def _deeds(
    events: Sequence[Event],
    times: Sequence[int],
    platform: frozenset[int],
    people: dict[int, str],
    seats: Sequence[int],
) -> Iterator[Deed]:
    live, preflop, turn_at = set(seats), True, None
    for number, event in enumerate(events):
        match event:
            case TurnBegan():
                turn_at = times[number] if number < len(times) else None
            case r.BoardDealt():
                preflop = False
            case r.Acted(seat=seat, action=action):
                if seat in people and number not in platform:
                    thought = None
                    if turn_at is not None and number < len(times):
                        thought = times[number] - turn_at
                    rivals = frozenset(people.get(s, "") for s in live if s != seat)
                    aggressive = action in ("bet", "raise")
                    yield Deed(people[seat], rivals, preflop, aggressive, action == "fold", thought)
                if action == "fold":
                    live.discard(seat)
            case _:
                pass


def bucket_of(cards: Sequence[int]) -> int:
    """How good two cards are to begin with, in five steps: pairs, high cards, suits, neighbours."""
    first, second = (CARD_NAMES[card] for card in cards)
    high, low = sorted(((cards[0] // 4), (cards[1] // 4)), reverse=True)
    points = high + low / 2 + (6 + high / 2 if high == low else 0)
    points += 1.5 if first[1] == second[1] else 0
    points += max(0, 2 - (high - low)) if high != low else 0
    return min(BUCKETS - 1, int(points // 4.5))
