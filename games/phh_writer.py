"""Hands written as PHH (arXiv:2312.11753), for PokerKit and everything that reads its format."""

from collections.abc import Iterator

import msgspec

from games.cards import format_cards
from games.history import History, NotWritable
from games.holdem import records as r
from games.phh import UNKNOWN

K = r.PostKind


def write_phh(story: History) -> str:
    """The hand in TOML; a joining post is negative, as PokerKit has it. Raises NotWritable: the
    format knows no dead posts, and a short blind makes it a cheaper one."""
    players = {seat: f"p{number}" for number, seat in enumerate(story.order, 1)}
    blinds = {K.SMALL_BLIND: story.blinds.small, K.BIG_BLIND: story.blinds.big}
    antes, forced = dict.fromkeys(story.order, 0), dict.fromkeys(story.order, 0)
    for event in story.events:
        if not isinstance(event, r.Posted):
            continue
        if event.kind is K.DEAD:
            raise NotWritable("PHH has no dead posts")
        if event.kind in blinds and event.amount < blinds[event.kind]:
            raise NotWritable("PHH has no short blinds at full price")
        amount = -event.amount if event.kind is K.JOIN else event.amount
        (antes if event.kind is K.ANTE else forced)[event.seat] += amount
    wagers = [forced[seat] for seat in story.order]
    if len(wagers) == 2:
        wagers.reverse()  # heads-up the format names the button's small blind first
    when = story.ended
    fields = {
        "variant": "NT",
        "ante_trimming_status": True,
        "antes": [antes[seat] for seat in story.order],
        "blinds_or_straddles": wagers,
        "min_bet": story.blinds.big,
        "starting_stacks": [story.stacks[seat] for seat in story.order],
        "actions": list(_actions(story, players)),
        "author": "Squaredeal",
        "venue": "Squaredeal",
        "time": when.timetz().replace(tzinfo=None, microsecond=0).isoformat(),
        "time_zone": "UTC",
        "day": when.day,
        "month": when.month,
        "year": when.year,
        "hand": story.hand,
        "seats": [seat + 1 for seat in story.order],
        "seat_count": story.seats,
        "table": story.table,
        "players": [story.names[seat] for seat in story.order],
        "finishing_stacks": [story.finishing[seat] for seat in story.order],
        "_rake": story.rake,
    }
    return "".join(f"{name} = {_toml(name, value)}\n" for name, value in fields.items())


def _toml(name: str, value: object) -> str:
    if name == "time":
        return str(value)  # TOML has times of its own
    # JSON's numbers, strings, booleans and lists are TOML's too.
    return msgspec.json.encode(value).decode()


def _actions(story: History, players: dict[int, str]) -> Iterator[str]:
    for event in story.events:
        match event:
            case r.HoleDealt(seat=seat):
                # A card that is turned up later is only known then.
                known = story.holes.get(seat) if story.hero in (seat, -1) else None
                yield f"d dh {players[seat]} {format_cards(known) if known else UNKNOWN}"
            case r.BoardDealt(cards=cards):
                yield f"d db {format_cards(cards)}"
            case r.Acted(seat=seat, action="fold"):
                yield f"{players[seat]} f"
            case r.Acted(seat=seat, action="check" | "call"):
                yield f"{players[seat]} cc"
            case r.Acted(seat=seat, bet=bet):
                yield f"{players[seat]} cbr {bet}"
            case r.HandShown(seat=seat, cards=cards):
                yield f"{players[seat]} sm {format_cards(cards)}"
            case r.HandMucked(seat=seat):
                yield f"{players[seat]} sm"
