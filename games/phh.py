"""Poker hand histories in PHH (arXiv:2312.11753), and their replay through the rules.

Read: the format's own fields for no-limit hold'em ("NT") and ``_rake``, the amount taken.
"""

import tomllib
from collections.abc import Iterator
from typing import Any

import msgspec

from games.cards import DECK_SIZE, parse_cards
from games.evaluate import strength
from games.holdem import hand as rules
from games.holdem import records as r
from games.rake import RakeSpec

UNKNOWN = "????"


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """One hand of a PHH file. Players are p1..pn, left of the button first."""

    name: str
    antes: tuple[int, ...]
    blinds: tuple[int, ...]
    min_bet: int
    starting_stacks: tuple[int, ...]
    finishing_stacks: tuple[int, ...]
    actions: tuple[str, ...]
    rake: int


class Mismatch(Exception):
    """The rules and the recorded hand disagree."""


def load(text: str) -> Iterator[Recorded]:
    """The hands of a PHH or PHHS document; ValueError if one is not no-limit hold'em."""
    data = tomllib.loads(text)
    documents = {"1": data} if "variant" in data else data
    for name, fields in documents.items():
        yield _record(name, fields)


def _record(name: str, fields: dict[str, Any]) -> Recorded:
    if fields.get("variant") != "NT":
        raise ValueError(f"hand {name}: variant {fields.get('variant')!r} is not 'NT'")
    try:
        blinds = list(fields["blinds_or_straddles"])
        if len(blinds) == 2:
            # Heads-up the format names the small blind first but p2 is the button.
            blinds.reverse()
        return Recorded(
            name=str(fields.get("hand", name)),
            antes=tuple(fields["antes"]),
            blinds=tuple(blinds),
            min_bet=fields["min_bet"],
            starting_stacks=tuple(fields["starting_stacks"]),
            finishing_stacks=tuple(fields["finishing_stacks"]),
            actions=tuple(fields["actions"]),
            rake=fields.get("_rake", 0),
        )
    except KeyError as missing:
        raise ValueError(f"hand {name}: no field {missing.args[0]!r}") from None


def posts_of(hand: Recorded) -> list[r.Post]:
    """Antes and blinds as forced bets; the largest live ones beyond two are straddles, and one
    that is negative is the post of a player who has just sat down."""
    # One player's ante (the big blind's, for all) would else come back to him as a side pot.
    ante_kind = r.PostKind.ANTE if len(set(hand.antes)) == 1 else r.PostKind.DEAD
    posts = [r.Post(i, ante_kind, ante) for i, ante in enumerate(hand.antes) if ante]
    levels = sorted({blind for blind in hand.blinds if blind > 0})
    kinds = (r.PostKind.SMALL_BLIND, r.PostKind.BIG_BLIND)
    for seat, blind in enumerate(hand.blinds):
        if blind < 0:
            posts.append(r.Post(seat, r.PostKind.JOIN, -blind))
        elif blind:
            level = levels.index(blind)
            kind = kinds[level] if level < 2 else r.PostKind.STRADDLE
            posts.append(r.Post(seat, kind, blind))
    return posts


def deck_of(hand: Recorded) -> tuple[int, ...]:
    """A deck that deals the recorded cards.

    Cards that the record does not know are filled from the rest of the deck: their owners
    folded or mucked, so they must lose; where one reaches a showdown, the weakest are used.
    """
    holes: list[tuple[int, ...]] = [()] * len(hand.starting_stacks)
    board: list[int] = []
    for action in hand.actions:
        match action.split():
            case ["d", "dh", player, cards] if cards != UNKNOWN:
                holes[_seat(player)] = parse_cards(cards)
            case ["d", "db", cards]:
                board.extend(parse_cards(cards))
            case [player, "sm", cards] if cards not in ("-", UNKNOWN):
                holes[_seat(player)] = parse_cards(cards)
    used = set(board).union(*holes)
    rest = [card for card in range(DECK_SIZE) if card not in used]
    for seat, known in enumerate(holes):
        if not known:
            holes[seat] = _weakest(rest, board) if len(board) == 5 else tuple(rest[:2])
            rest = [card for card in rest if card not in holes[seat]]
    dealt = [hole[round_] for round_ in (0, 1) for hole in holes]
    return (*dealt, *board, *rest)


def _weakest(rest: list[int], board: list[int]) -> tuple[int, ...]:
    pairs = ((a, b) for i, a in enumerate(rest) for b in rest[:i])
    return max(pairs, key=lambda pair: strength((*pair, *board)))


def _seat(player: str) -> int:
    return int(player[1:]) - 1


def moves_of(hand: Recorded) -> Iterator[tuple[int, str, int]]:
    """The betting as (seat, "f" | "cc" | "cbr", amount), deals and showdowns left out."""
    for action in hand.actions:
        match action.split():
            case ["d", *_] | [_, "sm", *_]:
                continue
            case [player, "cbr", to, *_]:
                yield _seat(player), "cbr", int(to)
            case [player, "f" | "cc" as code, *_]:
                yield _seat(player), code, 0
            case _:
                raise ValueError(f"hand {hand.name}: cannot read action {action!r}")


def action_of(code: str, amount: int, can_check: bool) -> r.Action:
    """The rules' action for a PHH action code."""
    match code:
        case "f":
            return r.Fold()
        case "cc":
            return r.Check() if can_check else r.Call()
        case _:
            return r.Raise(amount)


def begin(hand: Recorded) -> tuple[rules.Hand, list[r.Event]]:
    """Start the recorded hand: same stacks, posts and cards."""
    seats = range(len(hand.starting_stacks))
    return rules.start(
        number=1,
        button=seats[-1],
        order=seats,
        stacks=hand.starting_stacks,
        posts=posts_of(hand),
        deck=deck_of(hand),
        big_blind=hand.min_bet,
        rake_spec=RakeSpec(),
        rake_fixed=hand.rake,
    )


def replay(recorded: Recorded) -> rules.Hand:
    """Play a recorded hand; raises Mismatch where the rules refuse or pay differently."""
    hand, _ = begin(recorded)
    for seat, code, amount in moves_of(recorded):
        options = rules.legal(hand)
        if options is None or options.seat != seat:
            raise Mismatch(f"p{seat + 1} {code} is out of turn")
        action = action_of(code, amount, options.can_check)
        refused = rules.verify(hand, seat, action)
        if refused:
            raise Mismatch(f"p{seat + 1} {code} {amount or ''}: {refused.message}")
        rules.apply(hand, seat, action)
    if not hand.over:
        raise Mismatch("the record ends before the hand does")
    if tuple(hand.stacks) != recorded.finishing_stacks:
        raise Mismatch(f"stacks {tuple(hand.stacks)}, recorded {recorded.finishing_stacks}")
    return hand
