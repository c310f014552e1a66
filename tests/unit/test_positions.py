"""The button, the blinds and what is owed, from hand to hand, rule by rule."""

from collections.abc import Iterable

import pytest

from games.holdem.positions import Blinds, Lineup, fresh, leave_seat, next_lineup, take_seat
from games.holdem.records import Post, PostKind
from games.protocol import Entrant

K = PostKind
BLINDS = Blinds(small=5, big=10)


class Table:
    """Seats of a table; everybody has 1,000 chips unless ``stacks`` says otherwise."""

    def __init__(self, seats: int, players: Iterable[int] = (), blinds: Blinds = BLINDS) -> None:
        self.positions = fresh(seats)
        self.blinds = blinds
        self.here: list[int] = []
        self.out: set[int] = set()
        self.posting: set[int] = set()
        self.straddling: set[int] = set()
        self.stacks: dict[int, int] = {}
        for seat in players:
            self.arrive(seat)

    def arrive(self, *seats: int, post: bool = False) -> None:
        for seat in seats:
            self.here.append(seat)
            take_seat(self.positions, seat)
            if post:
                self.posting.add(seat)

    def leave(self, *seats: int) -> None:
        for seat in seats:
            self.here.remove(seat)
            self.out.discard(seat)
            self.posting.discard(seat)
            leave_seat(self.positions, seat)

    def maybe_hand(self) -> Lineup | None:
        entrants = [
            Entrant(s, self.stacks.get(s, 1_000), s in self.posting, s in self.straddling)
            for s in self.here
            if s not in self.out
        ]
        return next_lineup(self.positions, entrants, self.here, self.blinds)

    def hand(self) -> Lineup:
        lineup = self.maybe_hand()
        assert lineup is not None
        return lineup

    def hands(self, count: int) -> list[tuple[int, int | None, int]]:
        return [where(self.hand()) for _ in range(count)]


def where(lineup: Lineup) -> tuple[int, int | None, int]:
    """Button, small blind (None: nobody posts it) and big blind of a hand."""
    by_kind = {post.kind: post.seat for post in lineup.posts}
    return lineup.button, by_kind.get(K.SMALL_BLIND), by_kind[K.BIG_BLIND]


def extras(lineup: Lineup) -> list[Post]:
    """Everything posted beyond the two blinds."""
    return [p for p in lineup.posts if p.kind not in (K.SMALL_BLIND, K.BIG_BLIND)]


def test_the_first_hand_lets_everybody_in_with_no_extra_posts() -> None:
    lineup = Table(6, [1, 3, 5]).hand()
    assert where(lineup) == (1, 3, 5)
    assert lineup.order == (3, 5, 1)
    assert extras(lineup) == []


def test_fewer_than_two_with_chips_is_no_hand_and_moves_nothing() -> None:
    table = Table(6, [1, 3])
    table.stacks[3] = 0
    assert table.maybe_hand() is None
    del table.stacks[3]
    assert where(table.hand()) == (1, 1, 3)
    table.out.add(1)
    assert table.maybe_hand() is None
    table.out.clear()
    assert where(table.hand()) == (3, 3, 1)


def test_heads_up_the_button_posts_the_small_blind_and_they_alternate() -> None:
    table = Table(6, [1, 4])
    assert table.hands(4) == [(1, 1, 4), (4, 4, 1), (1, 1, 4), (4, 4, 1)]
    assert table.hand().order == (4, 1)


def test_button_and_blinds_move_one_player_a_hand() -> None:
    assert Table(9, [0, 3, 5, 8]).hands(5) == [
        (0, 3, 5),
        (3, 5, 8),
        (5, 8, 0),
        (8, 0, 3),
        (0, 3, 5),
    ]


def test_when_the_small_blind_leaves_the_next_button_is_dead() -> None:
    table = Table(6, [0, 1, 2, 3, 4])
    assert table.hands(1) == [(0, 1, 2)]
    table.leave(1)
    assert table.hands(2) == [(1, 2, 3), (2, 3, 4)]


def test_when_the_big_blind_leaves_nobody_posts_the_small_blind_then_the_button_is_dead() -> None:
    table = Table(6, [0, 1, 2, 3, 4])
    assert table.hands(1) == [(0, 1, 2)]
    table.leave(2)
    assert table.hands(3) == [(1, None, 3), (2, 3, 4), (3, 4, 0)]


def test_when_both_blinds_leave_the_big_blind_still_moves_one_player() -> None:
    table = Table(6, [0, 1, 2, 3, 4])
    table.hand()
    table.leave(1, 2)
    assert table.hands(3) == [(1, None, 3), (2, 3, 4), (3, 4, 0)]


@pytest.mark.parametrize(
    ("leaver", "after"),
    [(0, (2, 2, 1)), (1, (2, 2, 0)), (2, (1, 1, 0))],
)
def test_from_three_to_two_nobody_posts_the_big_blind_twice_running(
    leaver: int, after: tuple[int, int, int]
) -> None:
    table = Table(3, [0, 1, 2])
    assert table.hands(1) == [(0, 1, 2)]
    table.leave(leaver)
    assert table.hands(1) == [after]


@pytest.mark.parametrize(
    ("newcomer", "hands"),
    [
        # Left of the big blind: he is the next one.
        (4, [(0, 3, 4), (3, 4, 0), (4, 0, 3)]),
        # Between the blinds to be: he waits until the big blind reaches him.
        (1, [(3, 3, 0), (3, 0, 1), (0, 1, 3)]),
    ],
)
def test_from_two_to_three_the_newcomer_comes_in_on_the_big_blind(
    newcomer: int, hands: list[tuple[int, int, int]]
) -> None:
    table = Table(6, [0, 3])
    assert table.hands(1) == [(0, 0, 3)]
    table.arrive(newcomer)
    assert table.hands(3) == hands


def test_a_newcomer_waits_for_the_big_blind() -> None:
    table = Table(6, [0, 1, 2, 3])
    table.hand()
    table.arrive(5)
    assert 5 not in table.hand().order
    lineup = table.hand()
    assert where(lineup) == (2, 3, 5)
    assert extras(lineup) == []


def test_a_newcomer_who_posts_is_dealt_in_for_a_live_big_blind() -> None:
    table = Table(6, [0, 1, 2, 3])
    table.hand()
    table.arrive(5, post=True)
    lineup = table.hand()
    assert 5 in lineup.order
    assert extras(lineup) == [Post(5, K.JOIN, 10)]
    assert extras(table.hand()) == []


def test_nobody_comes_in_by_posting_on_the_button_the_small_blind_or_between_them() -> None:
    table = Table(9, [0, 1, 4, 6])
    assert table.hands(1) == [(0, 1, 4)]
    table.arrive(2, 3, post=True)
    table.leave(1)
    table.arrive(1, post=True)
    lineup = table.hand()
    assert where(lineup) == (1, 4, 6)
    assert lineup.order == (4, 6, 0)
    lineup = table.hand()
    assert where(lineup) == (4, 6, 0)
    assert extras(lineup) == [Post(seat, K.JOIN, 10) for seat in (1, 2, 3)]


def test_one_who_lets_the_first_hand_go_by_is_not_dealt_in_between_the_blinds() -> None:
    table = Table(6, [0, 2, 3, 4])
    table.out.add(3)
    assert table.hands(1) == [(0, 2, 4)]
    table.out.clear()
    lineup = table.hand()
    assert where(lineup) == (2, 4, 0)
    assert lineup.order == (4, 0, 2)


@pytest.mark.parametrize("absent", [0, 1])
def test_one_who_misses_no_blind_comes_back_for_nothing(absent: int) -> None:
    table = Table(6, [0, 1, 2, 3, 4, 5])
    assert table.hands(1) == [(0, 1, 2)]
    table.out.add(absent)
    assert absent not in table.hand().order
    table.out.clear()
    lineup = table.hand()
    assert absent in lineup.order
    assert extras(lineup) == []


def test_one_who_missed_blinds_and_comes_back_as_the_big_blind_pays_just_that() -> None:
    table = Table(6, [0, 1, 2, 3])
    table.hand()
    table.out.add(3)
    assert table.hands(3) == [(1, 2, 0), (2, 0, 1), (0, 1, 2)]
    table.out.clear()
    table.posting.add(3)
    lineup = table.hand()
    assert where(lineup) == (1, 2, 3)
    assert extras(lineup) == []
    assert extras(table.hand()) == []


def test_one_who_missed_both_blinds_posts_the_big_live_and_the_small_dead() -> None:
    table = Table(6, [0, 1, 2, 3, 4])
    table.hand()
    table.out.add(3)
    assert table.hands(2) == [(1, 2, 4), (2, 4, 0)]
    table.out.clear()
    assert 3 not in table.hand().order, "he waits for the big blind unless he posts"
    table.posting.add(3)
    lineup = table.hand()
    assert where(lineup) == (0, 1, 2)
    assert extras(lineup) == [Post(3, K.DEAD, 5), Post(3, K.JOIN, 10)]
    assert extras(table.hand()) == []


def test_one_who_missed_only_the_small_blind_posts_that_dead() -> None:
    table = Table(6, [0, 1, 2, 3, 4])
    assert table.hands(1) == [(0, 1, 2)]
    table.out.add(2)
    assert table.hands(1) == [(1, None, 3)]
    table.out.clear()
    table.posting.add(2)
    assert 2 not in table.hand().order, "the button is his"
    lineup = table.hand()
    assert extras(lineup) == [Post(2, K.DEAD, 5)]


def test_what_a_player_owes_goes_with_him_and_not_to_the_next_in_his_seat() -> None:
    table = Table(6, [0, 1, 2, 3, 4])
    table.hand()
    table.out.add(3)
    table.hands(2)
    assert table.positions.owes_big[3]
    table.leave(3)
    table.arrive(3, post=True)
    assert extras(table.hand()) == [Post(3, K.JOIN, 10)]


def test_a_table_that_everybody_has_left_starts_like_a_new_one() -> None:
    table = Table(6, [0, 1, 2])
    table.hands(2)
    table.leave(0, 1, 2)
    table.arrive(2, 4, 5, post=True)
    lineup = table.hand()
    assert where(lineup) == where(Table(6, [2, 4, 5]).hand())
    assert extras(lineup) == []


def test_a_table_where_one_has_stayed_starts_again_with_everybody_and_moves_the_big_blind() -> None:
    table = Table(6, [0, 1, 2])
    assert table.hands(1) == [(0, 1, 2)]
    table.leave(0, 1)
    table.arrive(4, 5, post=True)
    lineup = table.hand()
    assert where(lineup) == (5, 2, 4)
    assert extras(lineup) == []


def test_everybody_posts_the_ante() -> None:
    table = Table(6, [0, 1, 2], Blinds(small=5, big=10, ante=2))
    antes = [post for post in table.hand().posts if post.kind is K.ANTE]
    assert antes == [Post(seat, K.ANTE, 2) for seat in (1, 2, 0)]


def test_only_the_player_left_of_the_big_blind_straddles_and_with_three_or_more() -> None:
    table = Table(6, [0, 1, 2, 3], Blinds(small=5, big=10, straddle=True))
    table.straddling = {0, 3}
    assert extras(table.hand()) == [Post(3, K.STRADDLE, 20)]
    assert extras(table.hand()) == [Post(0, K.STRADDLE, 20)]
    table.leave(1, 2)
    assert extras(table.hand()) == []
    table = Table(6, [0, 1, 2, 3])
    table.straddling = {3}
    assert extras(table.hand()) == [], "the table has no straddle"


def test_a_straddle_that_the_stack_does_not_cover_is_not_posted() -> None:
    table = Table(6, [0, 1, 2, 3], Blinds(small=5, big=10, ante=1, straddle=True))
    table.straddling = {3}
    table.stacks[3] = 20
    assert all(post.kind is K.ANTE for post in extras(table.hand()))


def test_a_newcomer_who_straddles_posts_the_straddle_instead_of_the_big_blind() -> None:
    table = Table(6, [0, 1, 2, 3], Blinds(small=5, big=10, straddle=True))
    table.hand()
    table.arrive(4, post=True)
    table.straddling = {4}
    assert extras(table.hand()) == [Post(4, K.STRADDLE, 20)]


@pytest.mark.parametrize(("small", "big", "ante"), [(0, 10, 0), (11, 10, 0), (5, 10, -1)])
def test_blinds_that_make_no_sense_are_refused(small: int, big: int, ante: int) -> None:
    with pytest.raises(ValueError, match=r"blind|ante"):
        Blinds(small=small, big=big, ante=ante)
