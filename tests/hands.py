"""Hands for tests: a deck that deals given cards, a hand begun, moves played from short codes."""

from collections.abc import Sequence

from actors.machine import TableMachine
from games.cards import DECK_SIZE, parse_cards
from games.holdem import hand as rules
from games.holdem import records as r
from games.holdem.game import Holdem
from games.holdem.hand import Hand
from games.rake import RakeSpec

K = r.PostKind


def deck(holes: str, board: str = "") -> tuple[int, ...]:
    """A deck that deals ``"AhAd KsKc"`` in order, then the board."""
    hands = [parse_cards(hole) for hole in holes.split()]
    first = [cards[n] for n in (0, 1) for cards in hands] + list(parse_cards(board))
    return (*first, *(card for card in range(DECK_SIZE) if card not in first))


def begin(
    stacks: Sequence[int],
    cards: tuple[int, ...] | None = None,
    posts: Sequence[r.Post] = (),
    rake: RakeSpec | None = None,
) -> Hand:
    """Blinds 5/10, the last seat has the button; heads-up the button posts the small blind."""
    count = len(stacks)
    small, big = (0, 1) if count > 2 else (1, 0)
    hand, _ = rules.start(
        number=1,
        button=count - 1,
        order=range(count),
        stacks=stacks,
        posts=[*posts, r.Post(small, K.SMALL_BLIND, 5), r.Post(big, K.BIG_BLIND, 10)],
        deck=cards or tuple(range(DECK_SIZE)),
        big_blind=10,
        rake_spec=rake or RakeSpec(),
    )
    return hand


def play(hand: Hand, *moves: str) -> list[r.Event]:
    """``f``, ``x`` (check), ``c`` (call) or an amount to raise to, for whoever is to act."""
    events: list[r.Event] = []
    for move in moves:
        action: r.Action
        match move:
            case "f":
                action = r.Fold()
            case "x":
                action = r.Check()
            case "c":
                action = r.Call()
            case amount:
                action = r.Raise(int(amount))
        assert rules.verify(hand, hand.turn, action) is None, (move, rules.legal(hand))
        events += rules.apply(hand, hand.turn, action)
    return events


def hand_of(machine: TableMachine) -> Hand:
    """The hold'em hand in play, or the last one."""
    game = machine.game
    assert isinstance(game, Holdem)
    assert game.hand is not None
    return game.hand
