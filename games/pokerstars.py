"""Hands written as PokerStars writes play-money hands: the text that trackers read."""

from collections.abc import Iterator

from games.cards import CARD_NAMES
from games.history import History
from games.holdem import records as r

K = r.PostKind
POSTS = {
    K.ANTE: "posts the ante",
    K.SMALL_BLIND: "posts small blind",
    K.BIG_BLIND: "posts big blind",
    K.STRADDLE: "posts straddle",
    K.JOIN: "posts big blind",
    K.DEAD: "posts dead small blind",
}
STREETS = {r.Street.FLOP: "FLOP", r.Street.TURN: "TURN", r.Street.RIVER: "RIVER"}


def _cards(cards: tuple[int, ...]) -> str:
    return f"[{' '.join(CARD_NAMES[card] for card in cards)}]"


def write_pokerstars(story: History) -> str:
    """The whole text, amounts in minor units."""
    return "\n".join([*_head(story), *_play(story), *_summary(story)]) + "\n\n\n"


def _head(story: History) -> Iterator[str]:
    when = story.ended.strftime("%Y/%m/%d %H:%M:%S")
    stakes = f"{story.blinds.small}/{story.blinds.big}"
    yield f"PokerStars Hand #{story.hand}:  Hold'em No Limit ({stakes}) - {when} UTC"
    yield f"Table '{story.table}' {story.seats}-max Seat #{story.button + 1} is the button"
    for seat in sorted(story.order):
        yield f"Seat {seat + 1}: {story.names[seat]} ({story.stacks[seat]} in chips)"


def _play(story: History) -> Iterator[str]:
    dealt, shown, level = False, False, 0
    for event in story.events:
        if not dealt and not isinstance(event, r.HandStarted | r.Posted):
            dealt = True
            yield "*** HOLE CARDS ***"
        match event:
            case r.Posted(seat=seat, kind=kind, amount=amount):
                level = max(level, amount if kind in (K.BIG_BLIND, K.STRADDLE) else 0)
                level = max(level, story.blinds.big)
                yield f"{story.names[seat]}: {POSTS[kind]} {amount}"
            case r.HoleDealt(seat=seat):
                if story.hero in (seat, -1) and seat in story.holes:
                    yield f"Dealt to {story.names[seat]} {_cards(story.holes[seat])}"
            case r.Acted(seat=seat, bet=bet):
                yield f"{story.names[seat]}: {_action(event, level)}"
                level = max(level, bet)
            case r.BoardDealt(street=street, cards=cards):
                level = 0
                before = story.board[: story.board.index(cards[0])]
                turned = f"{_cards(before)} {_cards(cards)}" if before else _cards(cards)
                yield f"*** {STREETS[street]} *** {turned}"
            case r.BetReturned(seat=seat, amount=amount):
                yield f"Uncalled bet ({amount}) returned to {story.names[seat]}"
            case r.HandShown(seat=seat) | r.HandMucked(seat=seat):
                if not shown and len(story.board) == 5 and _complete(story, event):
                    shown = True
                    yield "*** SHOW DOWN ***"
                yield f"{story.names[seat]}: {_turned_up(event)}"
            case r.PotAwarded():
                yield from _collected(story, event)


def _complete(story: History, event: r.Event) -> bool:
    """Whether no card of the board comes after this event."""
    rest = story.events[story.events.index(event) :]
    return not any(isinstance(each, r.BoardDealt) for each in rest)


def _action(event: r.Acted, level: int) -> str:
    last = " and is all-in" if event.all_in else ""
    match event.action:
        case "fold":
            return "folds"
        case "check":
            return "checks"
        case "call":
            return f"calls {event.paid}{last}"
        case "bet":
            return f"bets {event.bet}{last}"
        case _:
            return f"raises {event.bet - level} to {event.bet}{last}"


def _turned_up(event: r.HandShown | r.HandMucked) -> str:
    if isinstance(event, r.HandMucked):
        return "mucks hand"
    return f"shows {_cards(event.cards)} ({event.made or 'all-in'})"


def _pot(story: History, number: int) -> str:
    count = sum(isinstance(event, r.PotAwarded) for event in story.events)
    if count == 1:
        return "pot"
    return "main pot" if number == 0 else f"side pot-{number}" if count > 2 else "side pot"


def _collected(story: History, event: r.PotAwarded) -> Iterator[str]:
    for seat, chips in event.shares:
        if chips:
            yield f"{story.names[seat]} collected {chips} from {_pot(story, event.pot)}"


def _summary(story: History) -> Iterator[str]:
    pots = [event for event in story.events if isinstance(event, r.PotAwarded)]
    yield "*** SUMMARY ***"
    yield f"Total pot {sum(pot.amount for pot in pots)} | Rake {story.rake}"
    if story.board:
        yield f"Board {_cards(story.board)}"
    won = dict.fromkeys(story.order, 0)
    for pot in pots:
        for seat, chips in pot.shares:
            won[seat] += chips
    for seat in sorted(story.order):
        yield f"Seat {seat + 1}: {story.names[seat]}{_role(story, seat)} {_end(story, seat, won)}"


def _role(story: History, seat: int) -> str:
    posted = {
        event.kind for event in story.events if isinstance(event, r.Posted) and event.seat == seat
    }
    roles = ["button"] if seat == story.button else []
    roles += [name for kind, name in ((K.SMALL_BLIND, "small blind"), (K.BIG_BLIND, "big blind"))
              if kind in posted]  # fmt: skip
    return "".join(f" ({role})" for role in roles)


def _end(story: History, seat: int, won: dict[int, int]) -> str:
    street = "before Flop"
    for event in story.events:
        match event:
            case r.BoardDealt(street=reached):
                street = f"on the {reached.value.capitalize()}"
            case r.Acted(seat=who, action="fold") if who == seat:
                return f"folded {street}"
            case r.HandMucked(seat=who) if who == seat:
                return "mucked"
    shown = [e for e in story.events if isinstance(e, r.HandShown) and e.seat == seat]
    if shown:
        result = f"won ({won[seat]})" if won[seat] else "lost"
        return f"showed {_cards(shown[-1].cards)} and {result}"
    return f"collected ({won[seat]})"
