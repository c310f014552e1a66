"""The floor over the last hour: what a sample counts, and that nothing grows without end."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from actors.host import TableStatus
from serve.pulse import SAMPLES_MAX, Pulse

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def table(players: int, bots: int, hands: int, playing: bool) -> TableStatus:
    listing = SimpleNamespace(players=players, bots=bots, hands=hands)
    return cast(TableStatus, SimpleNamespace(listing=listing, playing=playing))


class Books:
    def __init__(self) -> None:
        self.held = {"EUR": 1, "PLAY": 10}
        self.away = False

    async def house(self) -> dict[str, int]:
        if self.away:
            raise OSError
        return self.held


def pulse(books: Books, *tables: TableStatus) -> Pulse:
    return Pulse(lambda: list(tables), lambda: 12.34, books.house)


async def test_a_sample_counts_every_table_and_each_currency() -> None:
    one = pulse(Books(), table(2, 1, 7, True), table(0, 3, 5, False))
    await one.sample(BEGAN)
    (seen,) = one.concurrency(None).samples
    assert (seen.tables, seen.playing, seen.players, seen.bots) == (2, 1, 2, 4)
    assert (seen.hands, seen.lag_ms) == (12, 12.3)
    assert [(s.currency, s.house) for s in one.revenue(None).samples] == [("EUR", 1), ("PLAY", 10)]


async def test_books_that_are_away_leave_a_gap_and_the_floor_goes_on() -> None:
    books = Books()
    one = pulse(books)
    books.away = True
    await one.sample(BEGAN)
    books.away = False
    await one.sample(BEGAN + timedelta(seconds=5))
    assert len(one.concurrency(None).samples) == 2
    assert {s.at for s in one.revenue(None).samples} == {BEGAN + timedelta(seconds=5)}
    assert one.revenue(BEGAN + timedelta(seconds=5)).samples == ()


async def test_no_more_than_an_hour_is_kept() -> None:
    one = pulse(Books())
    for number in range(SAMPLES_MAX + 3):
        await one.sample(BEGAN + timedelta(seconds=number))
    kept: Any = one.concurrency(None).samples
    assert len(kept) == SAMPLES_MAX
    assert kept[0].at == BEGAN + timedelta(seconds=3)
    assert len(one.concurrency(kept[-2].at).samples) == 1
