"""Button and blinds over random arrivals, leavings and absences."""

from hypothesis import given, settings
from hypothesis import strategies as st

from games.holdem.positions import Blinds, Positions, fresh, leave_seat, next_lineup, take_seat
from games.holdem.records import PostKind
from games.protocol import Entrant

BLINDS = Blinds(small=5, big=10)
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["hand", "hand", "hand", "arrive", "leave", "away", "back"]),
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
