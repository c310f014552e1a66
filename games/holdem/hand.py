"""One hand of no-limit hold'em, from the posts to the payout.

``verify`` says whether an action is legal, ``apply`` plays it and returns what happened. The
state is changed in place: at thirty thousand actions a second a copy per step would be most of
the cost, and the events say everything that an older copy could.
"""

from collections.abc import Sequence

import msgspec

from games import refusal
from games.evaluate import category, strength
from games.holdem import records as r
from games.pots import build_pots, share
from games.protocol import NO_SEAT
from games.rake import RakeSpec, spread
from games.refusal import Refusal

BOARD_BY_STREET = (0, 3, 4, 5)


class Legal(msgspec.Struct, frozen=True):
    """What the seat to act may do; ``raise_min``/``raise_max`` are totals, 0 if it may not."""

    seat: int
    can_check: bool
    call: int
    raise_min: int
    raise_max: int


class Hand(msgspec.Struct, kw_only=True):
    """State of one hand. Lists are indexed by seat; ``order`` is the deal order.

    ``paid`` is what a seat put in for a share of the pot, ``dead`` what belongs to nobody: the
    main pot has it, whoever paid it.
    """

    number: int
    button: int
    order: tuple[int, ...]
    big_blind: int
    rake_spec: RakeSpec
    rake_fixed: int | None
    deck: tuple[int, ...]
    chips: int
    stacks: list[int]
    bets: list[int]
    paid: list[int]
    live: list[bool]
    acted: list[bool]
    hole: list[tuple[int, ...]]
    shown: list[bool]
    board: list[int]
    street: int = 0
    to_match: int = 0
    min_raise: int = 0
    aggressor: int = NO_SEAT
    turn: int = NO_SEAT
    over: bool = False
    rake: int = 0
    dead: int = 0


def start(
    *,
    number: int,
    button: int,
    order: Sequence[int],
    stacks: Sequence[int],
    posts: Sequence[r.Post],
    deck: Sequence[int],
    big_blind: int,
    rake_spec: RakeSpec,
    rake_fixed: int | None = None,
) -> tuple[Hand, list[r.Event]]:
    """Begin a hand: take the posts, deal the hole cards, find who acts first.

    ``order`` lists the seats dealt in, left of the button first; ``stacks`` is indexed by seat.
    ``deck`` is dealt from the front: one card to each seat in order, twice, then the board;
    nothing is burnt (a burn guards paper cards against marking). ``rake_fixed`` takes that
    amount instead of the spec's, for the replay of recorded hands.
    """
    width = len(stacks)
    assert len(order) >= 2
    assert all(stacks[seat] > 0 for seat in order)
    count = len(order)
    hand = Hand(
        number=number,
        button=button,
        order=tuple(order),
        big_blind=big_blind,
        rake_spec=rake_spec,
        rake_fixed=rake_fixed,
        deck=tuple(deck),
        chips=sum(stacks[seat] for seat in order),
        stacks=[stacks[seat] if seat in order else 0 for seat in range(width)],
        bets=[0] * width,
        paid=[0] * width,
        live=[seat in order for seat in range(width)],
        acted=[False] * width,
        hole=[()] * width,
        shown=[False] * width,
        board=[],
    )
    events: list[r.Event] = [
        r.HandStarted(number, button, hand.order, tuple(stacks[s] for s in order))
    ]
    last_live = _take_posts(hand, posts, events)
    for i, seat in enumerate(order):
        hand.hole[seat] = (deck[i], deck[i + count])
        events.append(r.HoleDealt(seat, hand.hole[seat]))
    # The call is the full blind even if the blind itself was posted short.
    hand.to_match = max([big_blind, *(p.amount for p in posts if p.live)])
    hand.min_raise = hand.to_match
    _next(hand, last_live, events)
    _assert_conserved(hand)
    return hand, events


def _take_posts(hand: Hand, posts: Sequence[r.Post], events: list[r.Event]) -> int:
    """Take dead posts first, then live ones; the seat after which the betting starts."""
    last_live = hand.order[-1]
    # Joining players post as much as the big blind, but the betting starts left of the blinds.
    forced = (r.PostKind.SMALL_BLIND, r.PostKind.BIG_BLIND, r.PostKind.STRADDLE)
    rank = {kind: number for number, kind in enumerate((*forced, r.PostKind.JOIN))}
    for post in sorted(posts, key=lambda p: (p.live, rank.get(p.kind, 0))):
        amount = min(post.amount, hand.stacks[post.seat])
        if amount:
            _pay(hand, post.seat, amount)
            if not post.live:
                hand.bets[post.seat] -= amount
            if post.kind is r.PostKind.DEAD:
                hand.paid[post.seat] -= amount
                hand.dead += amount
            events.append(r.Posted(post.seat, post.kind, amount))
        if post.kind in forced:
            last_live = post.seat
    return last_live


def legal(hand: Hand) -> Legal | None:
    """The options of the seat to act, or None when nobody is to act."""
    seat = hand.turn
    if seat == NO_SEAT:
        return None
    owed = hand.to_match - hand.bets[seat]
    stack = hand.stacks[seat]
    top = hand.bets[seat] + stack
    may_raise = stack > owed and _may_raise(hand, seat, owed)
    low = min(hand.to_match + hand.min_raise, top) if may_raise else 0
    return Legal(seat, owed == 0, min(owed, stack), low, top if may_raise else 0)


def _may_raise(hand: Hand, seat: int, owed: int) -> bool:
    """Whether betting is open to a seat: not after an all-in short of a full raise (TDA 47).

    A seat that has acted faces a full raise again as soon as what it owes amounts to one, by
    one wager or by several short ones together.
    """
    if hand.acted[seat] and owed < hand.min_raise:
        return False
    # A raise that nobody could pay a chip of is none: it would only come back.
    level = hand.to_match
    return any(
        hand.live[s] and s != seat and hand.bets[s] + hand.stacks[s] > level for s in hand.order
    )


def verify(hand: Hand, seat: int, action: r.Action) -> Refusal | None:
    """Why ``seat`` may not play ``action`` now, or None if it may."""
    if hand.over or hand.turn == NO_SEAT:
        return refusal.NO_HAND
    if seat != hand.turn:
        return refusal.NOT_YOUR_TURN
    owed = hand.to_match - hand.bets[seat]
    match action:
        case r.Fold():
            return None
        case r.Check():
            return refusal.CANNOT_CHECK if owed else None
        case r.Call():
            return None if owed else refusal.NOTHING_TO_CALL
        case r.Raise(to=to):
            return _verify_raise(hand, seat, owed, to)


def _verify_raise(hand: Hand, seat: int, owed: int, to: int) -> Refusal | None:
    top = hand.bets[seat] + hand.stacks[seat]
    if to > top:
        return refusal.ABOVE_STACK
    if to < min(hand.to_match + hand.min_raise, top) or to <= hand.to_match:
        return refusal.BELOW_MINIMUM
    if _may_raise(hand, seat, owed):
        return None
    return refusal.BETTING_CLOSED if hand.acted[seat] else refusal.NO_ONE_TO_RAISE


def apply(hand: Hand, seat: int, action: r.Action) -> list[r.Event]:
    """Play a verified action; everything that followed from it, up to the next decision."""
    assert seat == hand.turn
    owed = hand.to_match - hand.bets[seat]
    paid = 0
    match action:
        case r.Fold():
            hand.live[seat] = False
            name = "fold"
        case r.Check():
            assert owed == 0
            name = "check"
        case r.Call():
            paid = min(owed, hand.stacks[seat])
            name = "call"
        case r.Raise(to=to):
            paid = to - hand.bets[seat]
            name = "raise" if hand.to_match else "bet"
            _raise_level(hand, seat, to)
    if paid:
        _pay(hand, seat, paid)
    hand.acted[seat] = True
    events: list[r.Event] = [
        r.Acted(seat, name, paid, hand.bets[seat], bool(paid) and hand.stacks[seat] == 0)
    ]
    _next(hand, seat, events)
    _assert_conserved(hand)
    return events


def _raise_level(hand: Hand, seat: int, to: int) -> None:
    by = to - hand.to_match
    assert by > 0
    hand.min_raise = max(hand.min_raise, by)
    hand.to_match = to
    hand.aggressor = seat


def _pay(hand: Hand, seat: int, amount: int) -> None:
    assert 0 < amount <= hand.stacks[seat]
    hand.stacks[seat] -= amount
    hand.bets[seat] += amount
    hand.paid[seat] += amount


def _assert_conserved(hand: Hand) -> None:
    assert sum(hand.stacks) + sum(hand.paid) + hand.dead + hand.rake == hand.chips


def _next(hand: Hand, after: int, events: list[r.Event]) -> None:
    """Move the turn on from ``after``, dealing streets and ending the hand as needed."""
    contenders = [s for s in hand.order if hand.live[s]]
    if len(contenders) == 1:
        _finish(hand, events, contenders)
        return
    hand.turn = _to_act(hand, after, contenders)
    while hand.turn == NO_SEAT:
        _return_uncalled(hand, events)
        if hand.street == 3:
            _finish(hand, events, contenders)
            return
        if sum(1 for s in contenders if hand.stacks[s]) <= 1:
            _show_all(hand, events, contenders)
        _deal_street(hand, events)
        hand.turn = _to_act(hand, hand.order[-1], contenders)


def _to_act(hand: Hand, after: int, contenders: list[int]) -> int:
    """The next seat with a decision, or NO_SEAT when the betting round is over."""
    able = [s for s in contenders if hand.stacks[s]]
    if len(able) == 1:
        owed = hand.to_match - hand.bets[able[0]]
        behind = max(hand.bets[s] for s in contenders if s != able[0])
        # Alone against all-ins: a decision only if somebody put in more than he did.
        return able[0] if owed > 0 and behind > hand.bets[able[0]] else NO_SEAT
    start_at = hand.order.index(after) + 1
    for seat in hand.order[start_at:] + hand.order[:start_at]:
        if not hand.live[seat] or not hand.stacks[seat]:
            continue
        if not hand.acted[seat] or hand.bets[seat] < hand.to_match:
            return seat
    return NO_SEAT


def _deal_street(hand: Hand, events: list[r.Event]) -> None:
    hand.street += 1
    first = 2 * len(hand.order) + len(hand.board)
    count = BOARD_BY_STREET[hand.street] - len(hand.board)
    cards = hand.deck[first : first + count]
    hand.board.extend(cards)
    events.append(r.BoardDealt(r.STREETS[hand.street], tuple(cards)))
    for seat in hand.order:
        hand.bets[seat] = 0
        hand.acted[seat] = False
    hand.to_match = 0
    hand.min_raise = hand.big_blind
    hand.aggressor = NO_SEAT


def _return_uncalled(hand: Hand, events: list[r.Event]) -> None:
    """Give back the part of the highest bet that nobody matched."""
    top, second = sorted(hand.order, key=lambda s: hand.bets[s])[-1:-3:-1]
    extra = hand.bets[top] - hand.bets[second]
    if extra > 0 and hand.live[top]:
        hand.bets[top] -= extra
        hand.paid[top] -= extra
        hand.stacks[top] += extra
        events.append(r.BetReturned(top, extra))


def _show(hand: Hand, seat: int, events: list[r.Event]) -> None:
    hand.shown[seat] = True
    complete = len(hand.board) == 5
    made = category(strength((*hand.hole[seat], *hand.board))) if complete else ""
    events.append(r.HandShown(seat, hand.hole[seat], made))


def _show_all(hand: Hand, events: list[r.Event], contenders: list[int]) -> None:
    """All-in before the river: every hand is tabled and stays so (TDA 16)."""
    for seat in contenders:
        if not hand.shown[seat]:
            _show(hand, seat, events)


def _finish(hand: Hand, events: list[r.Event], contenders: list[int]) -> None:
    hand.turn = NO_SEAT
    hand.over = True
    _return_uncalled(hand, events)
    ranks: dict[int, int] = {}
    if len(contenders) > 1:
        ranks = {s: strength((*hand.hole[s], *hand.board)) for s in contenders}
        _showdown(hand, events, contenders, ranks)
    _pay_out(hand, events, contenders, ranks)
    stacks = tuple(hand.stacks[s] for s in hand.order)
    events.append(r.HandEnded(hand.number, stacks, hand.rake))


def _showdown(
    hand: Hand, events: list[r.Event], contenders: list[int], ranks: dict[int, int]
) -> None:
    """Last aggressor first, else left of the button; a hand that is beaten is mucked."""
    first = contenders.index(hand.aggressor) if hand.aggressor in contenders else 0
    for seat in contenders[first:] + contenders[:first]:
        if hand.shown[seat]:
            continue
        rivals = [s for s in contenders if hand.shown[s] and hand.paid[s] >= hand.paid[seat]]
        if any(ranks[s] < ranks[seat] for s in rivals):
            events.append(r.HandMucked(seat))
        else:
            _show(hand, seat, events)


def _pay_out(
    hand: Hand, events: list[r.Event], contenders: list[int], ranks: dict[int, int]
) -> None:
    pots = build_pots({s: hand.paid[s] for s in hand.order}, contenders, hand.dead)
    total = sum(pot.amount for pot in pots)
    hand.rake = hand.rake_fixed or 0
    if hand.rake_fixed is None:
        hand.rake = hand.rake_spec.take(total, len(hand.order), hand.street > 0)
    for number, (pot, rake) in enumerate(zip(pots, spread(hand.rake, pots), strict=True)):
        winners = pot.seats
        if ranks:
            best = min(ranks[s] for s in pot.seats)
            winners = tuple(s for s in pot.seats if ranks[s] == best)
        shares = share(pot.amount - rake, winners)
        for seat, chips in shares:
            hand.stacks[seat] += chips
        events.append(r.PotAwarded(number, pot.amount, rake, tuple(shares)))
    for seat in hand.order:
        hand.paid[seat] = hand.bets[seat] = 0
    hand.dead = 0
