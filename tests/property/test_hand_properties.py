"""What must hold in every hand, for random stacks, posts and actions, legal or not."""

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
        refused = rules.verify(hand, seat, wanted)
        if options is None or seat != options.seat:
            assert refused is not None
            continue
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
