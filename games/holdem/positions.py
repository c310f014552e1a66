"""Who is dealt in, who posts what: the button and the blinds from hand to hand.

The big blind always moves to the next player; the small blind falls where the last big blind
was and the button where the last small blind was, even if nobody sits there any more (dead
button, TDA 32). So nobody escapes or pays a blind twice. Heads-up the button is the small
blind (TDA 34).
"""

from collections.abc import Sequence

import msgspec

from games.holdem.records import Post, PostKind
from games.protocol import NO_SEAT, Entrant


class Blinds(msgspec.Struct, frozen=True, kw_only=True):
    """Forced bets of a table, in minor units; ``straddle`` allows one of twice the big blind."""

    small: int
    big: int
    ante: int = 0
    straddle: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.small <= self.big:
            raise ValueError("the small blind is positive and at most the big blind")
        if self.ante < 0:
            raise ValueError("the ante is not negative")


class Positions(msgspec.Struct, kw_only=True):
    """The last hand's positions and what each seat owes; lists are indexed by seat."""

    button: int = NO_SEAT
    small: int = NO_SEAT
    big: int = NO_SEAT
    waiting: list[bool]
    owes_big: list[bool]
    owes_small: list[bool]


class Lineup(msgspec.Struct, frozen=True):
    """A hand about to start: seats in deal order (left of the button first) and forced bets."""

    button: int
    order: tuple[int, ...]
    posts: tuple[Post, ...]


def fresh(seats: int) -> Positions:
    """Positions of a table where no hand has been played."""
    return Positions(waiting=[False] * seats, owes_big=[False] * seats, owes_small=[False] * seats)


def take_seat(positions: Positions, seat: int) -> None:
    """A newcomer waits for the big blind (or posts it), unless no hand has been played yet."""
    positions.waiting[seat] = positions.big != NO_SEAT
    positions.owes_big[seat] = positions.owes_small[seat] = False


def leave_seat(positions: Positions, seat: int) -> None:
    """Forget what the seat owed; the next one there is a newcomer."""
    positions.waiting[seat] = positions.owes_big[seat] = positions.owes_small[seat] = False


def next_lineup(
    positions: Positions, entrants: Sequence[Entrant], occupied: Sequence[int], blinds: Blinds
) -> Lineup | None:
    """Move the button and say who is dealt in and who posts; None if fewer than two can play.

    ``occupied`` are all seats with a player, sitting out or not: those passed by a blind owe it.
    """
    ready = {e.seat: e for e in entrants if e.stack > 0}
    if len(ready) < 2:
        return None
    seats = len(positions.waiting)
    if all(positions.waiting[seat] for seat in occupied):
        # Everybody of the last hand has left: the next ones find a new table.
        positions.button = positions.small = positions.big = NO_SEAT
    regulars = [s for s in ready if not _waits_or_owes(positions, s)]
    first = positions.big == NO_SEAT
    if first or len(regulars) < 2:
        # Too few who need not wait: the table starts (again), everybody plays, nobody owes.
        playing = list(ready)
        _settle_debts(positions, playing)
        button, small, big = _afresh(positions, playing, seats)
    else:
        big = _next_in(positions.big, list(ready), seats)
        playing = _dealt_in(positions, ready, big, seats)
        button, small = _button_and_small(positions, playing, big, seats)
    absent = [seat for seat in occupied if seat not in playing]
    if first:
        # Who lets the first hand go by is a newcomer: the blinds may have begun behind him.
        for seat in absent:
            positions.waiting[seat] = True
    else:
        _note_missed(positions, absent, big, seats)
    positions.button, positions.small, positions.big = button, small, big
    order = tuple(sorted(playing, key=lambda s: (s - button - 1) % seats))
    posts = _posts(positions, order, ready, blinds)
    _settle_debts(positions, playing)
    return Lineup(button, order, posts)


def _waits_or_owes(positions: Positions, seat: int) -> bool:
    return positions.waiting[seat] or positions.owes_big[seat] or positions.owes_small[seat]


def _settle_debts(positions: Positions, playing: Sequence[int]) -> None:
    for seat in playing:
        positions.waiting[seat] = positions.owes_big[seat] = positions.owes_small[seat] = False


def _afresh(positions: Positions, playing: list[int], seats: int) -> tuple[int, int, int]:
    """Button, small and big blind at a table that starts (again): the lowest seat has the first
    button; later the big blind moves on, so that nobody posts it twice running."""
    if positions.big == NO_SEAT:
        button = min(playing)
        small = button if len(playing) == 2 else _next_in(button, playing, seats)
        return button, small, _next_in(small, playing, seats)
    big = _next_in(positions.big, playing, seats)
    small = _next_back(big, playing, seats)
    button = small if len(playing) == 2 else _next_back(small, playing, seats)
    return button, small, big


def _next_in(after: int, seats_in: Sequence[int], seats: int) -> int:
    """The first of ``seats_in`` clockwise from ``after``, itself last."""
    return min(seats_in, key=lambda s: (s - after - 1) % seats)


def _dealt_in(positions: Positions, ready: dict[int, Entrant], big: int, seats: int) -> list[int]:
    """Those who need not wait, the big blind, and those who post to come in, except on the coming
    button or small blind or between them: there a hand would cost less than a round."""
    playing = []
    for seat, entrant in ready.items():
        between = _in_arc(seat, positions.small, positions.big, seats)
        free = not _waits_or_owes(positions, seat)
        if seat == big or free or (entrant.post_now and not between):
            playing.append(seat)
    return playing


def _in_arc(seat: int, first: int, last: int, seats: int) -> bool:
    """Whether ``seat`` is one of those from ``first`` clockwise to ``last``, both included."""
    return (seat - first) % seats <= (last - first) % seats


def _button_and_small(
    positions: Positions, playing: list[int], big: int, seats: int
) -> tuple[int, int]:
    if len(playing) == 2:
        other = next(s for s in playing if s != big)
        return other, other
    small = positions.big
    if positions.button != positions.small:
        return positions.small, small
    # After heads-up the last small blind's seat may be the new big blind's, or not be last.
    return _next_back(small, [s for s in playing if s not in (big, small)], seats), small


def _next_back(before: int, seats_in: Sequence[int], seats: int) -> int:
    """The first of ``seats_in`` counter-clockwise from ``before``, itself last."""
    return min(seats_in, key=lambda s: (before - s - 1) % seats)


def _note_missed(positions: Positions, absent: Sequence[int], big: int, seats: int) -> None:
    """Seats that a blind moves on to or past without them owe it, if they had been dealt in.

    The small blind moves from where it was to where the big blind was, whoever posts it.
    """
    for seat in absent:
        if positions.waiting[seat]:
            continue
        if seat != positions.big and _in_arc(seat, positions.big, big, seats):
            positions.owes_big[seat] = True
        if seat != positions.small and _in_arc(seat, positions.small, positions.big, seats):
            positions.owes_small[seat] = True


def _posts(
    positions: Positions, order: Sequence[int], ready: dict[int, Entrant], blinds: Blinds
) -> tuple[Post, ...]:
    posts = []
    for seat in order:
        if blinds.ante:
            posts.append(Post(seat, PostKind.ANTE, blinds.ante))
        if seat == positions.small:
            posts.append(Post(seat, PostKind.SMALL_BLIND, blinds.small))
        elif seat == positions.big:
            posts.append(Post(seat, PostKind.BIG_BLIND, blinds.big))
        else:
            if positions.owes_small[seat] and not positions.waiting[seat]:
                posts.append(Post(seat, PostKind.DEAD, blinds.small))
            if positions.owes_big[seat] or positions.waiting[seat]:
                posts.append(Post(seat, PostKind.JOIN, blinds.big))
    straddler = order[(order.index(positions.big) + 1) % len(order)]
    if blinds.straddle and len(order) > 2 and ready[straddler].straddle:
        others = [p for p in posts if p.seat != straddler or p.kind is not PostKind.JOIN]
        straddle = Post(straddler, PostKind.STRADDLE, 2 * blinds.big)
        # A straddle is posted in full or not at all: a short one would double the price for all.
        if ready[straddler].stack >= sum(
            p.amount for p in (*others, straddle) if p.seat == straddler
        ):
            posts = [*others, straddle]
    return tuple(posts)
