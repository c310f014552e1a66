"""A finished hand as other programs want it told: from its events to a story in order."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from games.holdem import records as r
from games.holdem.positions import Blinds
from games.protocol import RAIL


class NotWritable(Exception):
    """The format has no words for what happened in this hand."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """One hand. ``names`` by seat; ``hero`` is the seat whose view it is (RAIL: everybody's);
    ``order`` the deal order. ``events`` are the hand's own, as that viewer saw them."""

    table: str
    hand: int
    ended: datetime
    seats: int
    blinds: Blinds
    names: dict[int, str]
    hero: int
    button: int
    order: tuple[int, ...]
    stacks: dict[int, int]
    finishing: dict[int, int]
    events: tuple[r.Event, ...]
    rake: int
    holes: dict[int, tuple[int, ...]]
    board: tuple[int, ...]


def history(
    *,
    table: str,
    hand: int,
    ended: datetime,
    seats: int,
    blinds: Blinds,
    names: Sequence[tuple[int, str]],
    hero: int,
    events: Sequence[Any],
) -> History:
    """Gather a hand. Raises NotWritable for one that does not count or is not whole."""
    own = tuple(event for event in events if isinstance(event, r.Event))
    started = next((event for event in own if isinstance(event, r.HandStarted)), None)
    over = next((event for event in own if isinstance(event, r.HandEnded)), None)
    if started is None or over is None:
        raise NotWritable("The hand was voided: it has no result")
    holes: dict[int, tuple[int, ...]] = {}
    board: tuple[int, ...] = ()
    for event in own:
        match event:
            case r.HoleDealt(seat=seat, cards=cards) | r.HandShown(seat=seat, cards=cards) if cards:
                holes[seat] = cards
            case r.BoardDealt(cards=cards):
                board += cards
    return History(
        table=table,
        hand=hand,
        ended=ended,
        seats=seats,
        blinds=blinds,
        names=dict(names),
        hero=hero if hero in started.seats else RAIL,
        button=started.button,
        order=started.seats,
        stacks=dict(zip(started.seats, started.stacks, strict=True)),
        finishing=dict(zip(started.seats, over.stacks, strict=True)),
        events=own,
        rake=over.rake,
        holes=holes,
        board=board,
    )
