"""The pure rules on one core: actions a second with every viewer's view, beside PokerKit.

``python -m benchmarks.bench_rules`` plays the same random hands in both, in turns, several rounds,
and quotes the ratio of the medians. "With views" makes the public view and the redacted events of
every seat after every action; PokerKit only plays (it has no views), so the ratio is modest.
"""

import random
import statistics
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import eval7
from pokerkit import Automation, Mode, NoLimitTexasHoldem

from benchmarks.report import Figure, arguments, publish
from games.cards import CARD_NAMES, deck_from_seed, format_cards
from games.evaluate import strength
from games.holdem import hand as rules
from games.holdem import records as r
from games.holdem.view import public_view, redact
from games.rake import RakeSpec

ROUNDS = 5
HANDS = 1_500
PEER_HANDS = 60
SEATS = 6
STACK = 2_000
AUTOMATIONS = (
    Automation.ANTE_POSTING,
    Automation.BET_COLLECTION,
    Automation.BLIND_OR_STRADDLE_POSTING,
    Automation.HOLE_CARDS_SHOWING_OR_MUCKING,
    Automation.HAND_KILLING,
    Automation.CHIPS_PUSHING,
    Automation.CHIPS_PULLING,
    Automation.RUNOUT_COUNT_SELECTION,
    Automation.CARD_BURNING,
)


class Script(NamedTuple):
    """A hand decided beforehand: the deck and the actions."""

    deck: tuple[int, ...]
    actions: tuple[tuple[int, r.Action], ...]


def begin(deck: Sequence[int]) -> rules.Hand:
    posts = [r.Post(0, r.PostKind.SMALL_BLIND, 5), r.Post(1, r.PostKind.BIG_BLIND, 10)]
    hand, _ = rules.start(
        number=1,
        button=SEATS - 1,
        order=range(SEATS),
        stacks=[STACK] * SEATS,
        posts=posts,
        deck=deck,
        big_blind=10,
        rake_spec=RakeSpec(),
    )
    return hand


def scripts(count: int) -> list[Script]:
    """Random hands, some raised, most checked or called: about 16 actions each."""
    chance = random.Random(1)
    made = []
    for _ in range(count):
        deck = deck_from_seed(chance.randbytes(32))
        hand, actions = begin(deck), []
        while (options := rules.legal(hand)) is not None:
            action: r.Action = r.Check() if options.can_check else r.Call()
            roll = chance.random()
            if options.raise_max and roll < 0.12:
                action = r.Raise(min(options.raise_max, options.raise_min * 2))
            elif roll < 0.3 and options.call:
                action = r.Fold()
            rules.apply(hand, options.seat, action)
            actions.append((options.seat, action))
        made.append(Script(deck, tuple(actions)))
    return made


def ours(hands: Sequence[Script], views: bool) -> None:
    for script in hands:
        hand = begin(script.deck)
        for seat, action in script.actions:
            if rules.verify(hand, seat, action) is not None:
                raise RuntimeError("the script is not legal")
            events = rules.apply(hand, seat, action)
            rules.legal(hand)
            if views:
                public_view(hand)
                for viewer in range(SEATS):
                    for event in events:
                        redact(event, viewer)


def theirs(hands: Sequence[Script]) -> None:
    for script in hands:
        state: Any = NoLimitTexasHoldem.create_state(
            AUTOMATIONS, True, 0, (5, 10), 10, STACK, SEATS, mode=Mode.CASH_GAME
        )
        deck = script.deck
        for seat in range(SEATS):
            state.deal_hole(format_cards((deck[seat], deck[seat + SEATS])))
        for _, action in script.actions:
            match action:
                case r.Fold():
                    state.fold()
                case r.Raise(to=to):
                    state.complete_bet_or_raise_to(to)
                case _:
                    state.check_or_call()
            while state.status and state.actor_index is None:
                board = len(state.board_cards)
                first = 2 * SEATS + board
                state.deal_board(format_cards(deck[first : first + (1 if board else 3)]))


def rate(run: Callable[[], object], units: int) -> float:
    began = time.perf_counter()
    run()
    return units / (time.perf_counter() - began)


def evaluators(rounds: int) -> tuple[float, float]:
    """Seven-card evaluations a second: ours (phevaluator's tables) and eval7."""
    chance = random.Random(2)
    hands = [chance.sample(range(52), 7) for _ in range(20_000)]
    peer = [[eval7.Card(CARD_NAMES[card]) for card in cards] for cards in hands]
    mine, other = [], []
    for _ in range(rounds):
        mine.append(rate(lambda: [strength(cards) for cards in hands], len(hands)))
        other.append(rate(lambda: [eval7.evaluate(cards) for cards in peer], len(hands)))
    return statistics.median(mine), statistics.median(other)


def main() -> None:
    """Measure, print a table, save it as JSON."""
    options = arguments(__doc__).parse_args()
    warnings.simplefilter("ignore")
    rounds = 2 if options.quick else ROUNDS
    hands = scripts(HANDS)
    actions = sum(len(script.actions) for script in hands)
    peer_hands = hands[:PEER_HANDS]
    peer_actions = sum(len(script.actions) for script in peer_hands)
    with_views, bare, peer = [], [], []
    for _ in range(rounds):
        with_views.append(rate(lambda: ours(hands, views=True), actions))
        bare.append(rate(lambda: ours(hands, views=False), actions))
        peer.append(rate(lambda: theirs(peer_hands), peer_actions))
    phevaluator, other = evaluators(rounds)
    base = statistics.median(peer)
    figures = {
        "rules_with_all_views": Figure(statistics.median(with_views), "actions/s"),
        "rules_alone": Figure(statistics.median(bare), "actions/s"),
        "pokerkit": Figure(base, "actions/s"),
        "ratio_with_views": Figure(statistics.median(with_views) / base, "ratio"),
        "ratio_alone": Figure(statistics.median(bare) / base, "ratio"),
        "phevaluator": Figure(phevaluator, "hands/s"),
        "eval7": Figure(other, "hands/s"),
    }
    mean = round(actions / HANDS, 1)
    publish("bench_rules", options, figures, rounds, seats=SEATS, actions_a_hand=mean)


if __name__ == "__main__":
    main()
