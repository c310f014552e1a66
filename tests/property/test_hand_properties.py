"""What must hold in every hand, for random stacks, posts and actions, legal or not."""

import copy
import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from games.cards import deck_from_seed
from games.holdem import hand as rules
from games.holdem import records as r
from games.holdem.view import own_cards, public_view, redact
from games.protocol import RAIL
from games.rake import RakeSpec

KINDS = (r.PostKind.SMALL_BLIND, r.PostKind.BIG_BLIND)
ACTIONS = st.one_of(
    st.builds(r.Fold),
    st.builds(r.Check),
    st.builds(r.Call),
    st.builds(r.Raise, st.integers(-10, 500)),
    st.sampled_from(["least", "most"]),
)


@st.composite
def beginnings(draw: st.DrawFn) -> tuple[rules.Hand, list[r.Event]]:
    stacks = draw(st.lists(st.integers(1, 400), min_size=2, max_size=10))
    count = len(stacks)
    blinds = (0, 1) if count > 2 else (1, 0)
    posts = [
        r.Post(seat, kind, size) for seat, kind, size in zip(blinds, KINDS, (5, 10), strict=True)
    ]
    ante = draw(st.sampled_from([0, 0, 3]))
    posts += [r.Post(seat, r.PostKind.ANTE, ante) for seat in range(count) if ante]
    if count > 3 and draw(st.booleans()):
        posts.append(r.Post(2, r.PostKind.STRADDLE, 20))
    if count > 4 and draw(st.booleans()):
        posts += [r.Post(4, r.PostKind.JOIN, 10), r.Post(4, r.PostKind.DEAD, 5)]
    if count > 3 and draw(st.booleans()):
        # The small blind is dead: nobody posts it.
        posts = [post for post in posts if post.kind is not r.PostKind.SMALL_BLIND]
    return rules.start(
        number=1,
        button=count - 1,
        order=range(count),
        stacks=stacks,
        posts=posts,
        deck=deck_from_seed(draw(st.binary(min_size=32, max_size=32))),
        big_blind=10,
        rake_spec=RakeSpec(version="t", rate_bp=draw(st.sampled_from([0, 500])), caps=((2, 7),)),
    )


@settings(max_examples=400, deadline=None)
@given(beginnings(), st.lists(st.tuples(st.integers(0, 9), ACTIONS), max_size=60))
def test_chips_are_conserved_turns_are_kept_and_nobody_sees_too_much(
    beginning: tuple[rules.Hand, list[r.Event]], tries: list[tuple[int, r.Action | str]]
) -> None:
    hand, events = beginning
    for seat, wanted in tries:
        options = rules.legal(hand)
        if isinstance(wanted, str):
            if options is None or not options.raise_max:
                continue
            seat = options.seat
            wanted = r.Raise(options.raise_min if wanted == "least" else options.raise_max)
            assert rules.verify(hand, seat, wanted) is None
        before = msgspec.json.encode(hand)
        refused = rules.verify(hand, seat, wanted)
        assert msgspec.json.encode(hand) == before, "to ask changes nothing"
        if options is None or seat != options.seat:
            assert refused is not None
            continue
        assert (refused is None) == is_option(options, wanted)
        if refused is None:
            events = events + rules.apply(hand, seat, wanted)
        check_views(hand, events)
    while (options := rules.legal(hand)) is not None:
        events = events + rules.apply(
            hand, options.seat, r.Check() if options.can_check else r.Call()
        )
    assert hand.over
    assert isinstance(events[-1], r.HandEnded)
    assert sum(hand.stacks) + hand.rake == hand.chips
    check_views(hand, events)


def is_option(options: rules.Legal, action: r.Action) -> bool:
    """Whether the options that a player is told include this."""
    match action:
        case r.Fold():
            return True
        case r.Check():
            return options.can_check
        case r.Call():
            return options.call > 0
        case r.Raise(to=to):
            return bool(options.raise_max) and options.raise_min <= to <= options.raise_max


@settings(max_examples=150, deadline=None)
@given(st.data(), st.randoms(use_true_random=False))
def test_the_same_deck_and_actions_make_the_same_events(
    data: st.DataObject, chance: random.Random
) -> None:
    hand, events = data.draw(beginnings())
    twin, again = copy.deepcopy(hand), list(events)
    while (options := rules.legal(hand)) is not None:
        action: r.Action = r.Check() if options.can_check else r.Call()
        roll = chance.random()
        if roll < 0.4 and options.raise_max:
            action = r.Raise(chance.randint(options.raise_min, options.raise_max))
        elif roll < 0.5:
            action = r.Fold()
        assert rules.legal(twin) == options
        events = events + rules.apply(hand, options.seat, action)
        again = again + rules.apply(twin, options.seat, action)
    assert events == again
    assert hand == twin
    check_story(hand, events)


def check_story(hand: rules.Hand, events: list[r.Event]) -> None:
    """The events alone tell where every chip went."""
    started = events[0]
    assert isinstance(started, r.HandStarted)
    stacks = dict(zip(started.seats, started.stacks, strict=True))
    rake = 0
    for event in events:
        match event:
            case r.Posted(seat=seat, amount=amount):
                stacks[seat] -= amount
            case r.Acted(seat=seat, paid=paid):
                stacks[seat] -= paid
            case r.BetReturned(seat=seat, amount=amount):
                stacks[seat] += amount
            case r.PotAwarded(amount=amount, rake=taken, shares=shares):
                assert amount == taken + sum(chips for _, chips in shares)
                rake += taken
                for seat, chips in shares:
                    stacks[seat] += chips
        assert all(chips >= 0 for chips in stacks.values())
    assert tuple(stacks.values()) == tuple(hand.stacks[seat] for seat in hand.order)
    assert rake == hand.rake
    assert isinstance(events[-1], r.HandEnded)


def check_views(hand: rules.Hand, events: list[r.Event]) -> None:
    """Everybody's view holds his own cards, the board and what was shown: nothing else."""
    board = set(hand.board)
    shown = {card for seat in hand.order if hand.shown[seat] for card in hand.hole[seat]}
    view = public_view(hand)
    assert {card for cards in view.shown for card in cards} <= shown
    assert set(view.board) == board
    for viewer in (RAIL, *hand.order):
        own = set(own_cards(hand, viewer))
        seen: set[int] = set()
        for event in events:
            cards = getattr(redact(event, viewer), "cards", ())
            seen.update(cards)
        assert seen <= board | shown | own
    assert sum(view.stacks) + sum(view.bets) + sum(view.pots) + hand.rake == hand.chips
