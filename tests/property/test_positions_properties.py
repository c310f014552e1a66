"""Button and blinds over random arrivals, leavings and absences."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.holdem.positions import Blinds, Positions, fresh, leave_seat, next_lineup, take_seat
from games.holdem.records import PostKind
from games.protocol import Entrant

BLINDS = Blinds(small=5, big=10)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["hand", "hand", "hand", "arrive", "arrive", "leave", "away", "back"]),
        st.integers(0, 9),
        st.booleans(),
    ),
    max_size=80,
)


class Room:
    """Who sits where, and what the rules say hand by hand."""

    def __init__(self, seats: int) -> None:
        self.seats = seats
        self.positions: Positions = fresh(seats)
        self.here: dict[int, bool] = {}
        self.posting: dict[int, bool] = {}
        self.last_big = -1
        self.hungry: dict[int, int] = {}

    def move(self, what: str, seat: int, flag: bool) -> None:
        seat %= self.seats
        if what == "arrive" and seat not in self.here:
            self.here[seat], self.posting[seat] = True, flag
            take_seat(self.positions, seat)
        elif what == "leave" and seat in self.here:
            del self.here[seat]
            self.hungry.pop(seat, None)
            if seat == self.last_big:
                self.last_big = -1
            leave_seat(self.positions, seat)
        elif what in ("away", "back") and seat in self.here:
            self.here[seat] = what == "back"
            self.hungry.pop(seat, None)
        elif what == "hand":
            self.hand()

    def hand(self) -> None:
        ready = [s for s, plays in self.here.items() if plays]
        entrants = [Entrant(s, 1_000, self.posting[s]) for s in ready]
        lineup = next_lineup(self.positions, entrants, list(self.here), BLINDS)
        if lineup is None:
            assert len(ready) < 2
            return
        order = lineup.order
        assert 2 <= len(order) == len(set(order))
        assert set(order) <= set(ready)
        kinds = [post.kind for post in lineup.posts]
        assert kinds.count(PostKind.BIG_BLIND) == 1
        assert kinds.count(PostKind.SMALL_BLIND) <= 1
        big = next(p.seat for p in lineup.posts if p.kind is PostKind.BIG_BLIND)
        assert big != self.last_big, "nobody posts the big blind twice running"
        self.last_big = big
        small = next((p.seat for p in lineup.posts if p.kind is PostKind.SMALL_BLIND), None)
        if len(order) == 2:
            assert small == lineup.button
            assert order == (big, small)
        else:
            assert [s for s in order if s in (small, big)][-1] == big
            assert order.index(big) <= 1, "nobody is dealt in between the blinds"
        assert list(order) == sorted(order, key=lambda s: (s - lineup.button - 1) % self.seats)
        extra = {p.seat for p in lineup.posts if p.kind in (PostKind.JOIN, PostKind.DEAD)}
        assert all(self.posting[seat] for seat in extra), "nobody posts to come in unasked"
        assert not extra & {big, small}
        for seat in ready:
            self.hungry[seat] = 0 if seat in order else self.hungry.get(seat, 0) + 1
            assert self.hungry[seat] <= self.seats, "everybody is dealt in within one round"


@settings(max_examples=600, deadline=None)
@given(st.integers(2, 10), MOVES)
def test_blinds_move_on_and_everybody_gets_his_turn(
    seats: int, moves: list[tuple[str, int, bool]]
) -> None:
    room = Room(seats)
    for move in moves:
        room.move(*move)


@pytest.mark.parametrize("seats", range(2, 11))
def test_blinds_move_on_over_long_evenings(seats: int) -> None:
    # Longer than hypothesis draws: who comes back between the blinds needs many moves.
    chance = random.Random(seats)
    moves = ["hand"] * 6 + ["arrive"] * 4 + ["leave", "away", "away", "back", "back"]
    for _ in range(60):
        room = Room(seats)
        for _ in range(200):
            room.move(chance.choice(moves), chance.randrange(seats), chance.random() < 0.5)


@settings(max_examples=300, deadline=None)
@given(st.integers(2, 10), MOVES)
def test_once_nobody_comes_or_goes_everybody_posts_in_turn_and_equally(
    seats: int, moves: list[tuple[str, int, bool]]
) -> None:
    room = Room(seats)
    for move in moves:
        room.move(*move)
    players = sorted(room.here)
    if len(players) < 2:
        return
    room.here = dict.fromkeys(players, True)
    room.posting = dict.fromkeys(players, False)
    entrants = [Entrant(seat, 1_000) for seat in players]
    for _ in range(2 * seats):
        next_lineup(room.positions, entrants, players, BLINDS)
    count = len(players)
    for _ in range(2 * count):
        before = (room.positions.small, room.positions.big)
        lineup = next_lineup(room.positions, entrants, players, BLINDS)
        assert lineup is not None
        assert sorted(lineup.order) == players
        assert len(lineup.posts) == 2
        following = players[(players.index(before[1]) + 1) % count]
        assert (room.positions.small, room.positions.big) == (before[1], following)
        assert lineup.button == (before[0] if count > 2 else before[1])


@settings(max_examples=300, deadline=None)
@given(st.integers(4, 10), st.data())
def test_one_who_misses_a_round_of_blinds_pays_both_to_come_back_by_posting(
    seats: int, data: st.DataObject
) -> None:
    players = sorted(data.draw(st.sets(st.integers(0, seats - 1), min_size=4)))
    positions = fresh(seats)
    everybody = [Entrant(seat, 1_000, post_now=True) for seat in players]
    for _ in range(data.draw(st.integers(1, 2 * seats))):
        next_lineup(positions, everybody, players, BLINDS)
    absent = data.draw(st.sampled_from(players))
    others = [entrant for entrant in everybody if entrant.seat != absent]
    for _ in range(data.draw(st.integers(len(players), 3 * seats))):
        next_lineup(positions, others, players, BLINDS)
    paid: list[tuple[PostKind, int]] = []
    for _ in range(seats):
        lineup = next_lineup(positions, everybody, players, BLINDS)
        assert lineup is not None
        paid = [(post.kind, post.amount) for post in lineup.posts if post.seat == absent]
        if absent in lineup.order:
            break
    posted = [(PostKind.DEAD, BLINDS.small), (PostKind.JOIN, BLINDS.big)]
    assert paid in (posted, [(PostKind.BIG_BLIND, BLINDS.big)])
