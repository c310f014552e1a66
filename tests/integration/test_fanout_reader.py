"""The reader: old news are dropped, unknown accounts are read, and he follows only so many."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import pytest

from tests.fanout import LIMITS, client, ended, hears, until
from wallet.fanout.feed import Feed, TooManyFollowed
from wallet.fanout.holdings import Holdings, Purse
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.lines import LINE, READ_AGAIN
from wallet.ledger import Balance

WALLET, STAKE = 1, 2


class Books:
    """The truth, as the test has it; every read is counted and may be held up."""

    def __init__(self) -> None:
        self.who = uuid4()
        self.purses = {WALLET: Purse(True, 100, 5, "PLAY")}
        self.past: dict[str, int] = {}
        self.reads: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def read(self, players: Sequence[UUID]) -> dict[UUID, Holdings]:
        self.reads.append(len(players))
        found = {p: Holdings(dict(self.purses), dict(self.past)) for p in players}
        await self.gate.wait()
        return found

    def line(self, account: int, balance: int, version: int) -> bytes:
        return LINE.pack(self.who.bytes, account, balance, version)


@asynccontextmanager
async def reading(
    books: Books, redis_url: str, limits: FanoutLimits = LIMITS
) -> AsyncIterator[Feed]:
    async with client(redis_url) as line:
        feed = Feed(line, books.read, limits)
        task = asyncio.create_task(feed.run())
        await until(lambda: feed.connected)
        yield feed
        await ended(task)


async def test_older_news_are_dropped(redis_url: str) -> None:
    books = Books()
    async with reading(books, redis_url) as feed:
        with feed.follow(books.who) as follower:
            assert await hears(follower, Balance(100, 5, 0))
            feed.hear(books.line(WALLET, 130, 8))
            feed.hear(books.line(WALLET, 110, 6))
            feed.hear(books.line(WALLET, 130, 8))
            assert await follower.next() == Balance(130, 8, 0)
            assert feed.dropped == 2
            feed.hear(books.line(WALLET, 90, 9))
            assert await follower.next() == Balance(90, 9, 0)
    assert books.reads == [1]


async def test_a_slow_follower_gets_the_latest_and_nothing_piles_up(redis_url: str) -> None:
    books = Books()
    async with reading(books, redis_url) as feed:
        with feed.follow(books.who) as follower:
            assert await hears(follower, Balance(100, 5, 0))
            for version in range(6, 1_006):
                feed.hear(books.line(WALLET, version, version))
            assert await follower.next() == Balance(1_005, 1_005, 0)


async def test_news_of_an_unknown_account_are_a_reason_to_read(redis_url: str) -> None:
    books = Books()
    async with reading(books, redis_url) as feed:
        with feed.follow(books.who) as follower:
            assert await hears(follower, Balance(100, 5, 0))
            books.purses = {WALLET: Purse(True, 60, 6, "PLAY"), STAKE: Purse(False, 40, 1, "PLAY")}
            feed.hear(books.line(WALLET, 60, 6) + books.line(STAKE, 40, 1))
            # Never 60 without the 40 at the table.
            assert await follower.next() == Balance(60, 7, 40)
    assert books.reads == [1, 1]


async def test_news_that_come_while_the_truth_is_read_are_kept(redis_url: str) -> None:
    books = Books()
    async with reading(books, redis_url) as feed:
        with feed.follow(books.who) as follower:
            assert await hears(follower, Balance(100, 5, 0))
            books.gate.clear()
            feed.hear(READ_AGAIN)
            await until(lambda: len(books.reads) == 2)
            feed.hear(books.line(WALLET, 170, 7))
            books.gate.set()
            assert await follower.next() == Balance(170, 7, 0)
            feed.hear(books.line(WALLET, 180, 8))
            assert await follower.next() == Balance(180, 8, 0)


async def test_news_that_come_before_the_first_truth_make_it_read_again(redis_url: str) -> None:
    books = Books()
    books.gate.clear()
    async with reading(books, redis_url) as feed:
        with feed.follow(books.who) as follower:
            await until(lambda: len(books.reads) == 1)
            books.purses = {WALLET: Purse(True, 200, 6, "PLAY")}
            feed.hear(books.line(WALLET, 200, 6))
            books.gate.set()
            assert await follower.next() == Balance(200, 6, 0), "never the hundred of before"


async def test_a_stake_that_went_home_counts_in_the_version(redis_url: str) -> None:
    books = Books()
    books.purses[STAKE] = Purse(False, 0, 4, "PLAY")
    async with reading(books, redis_url) as feed:
        with feed.follow(books.who) as follower:
            assert await hears(follower, Balance(100, 9, 0))
            books.purses, books.past = {WALLET: Purse(True, 100, 5, "PLAY")}, {"PLAY": 4}
            feed.hear(READ_AGAIN)
            await until(lambda: len(books.reads) == 2)
            feed.hear(books.line(WALLET, 120, 6))
            assert (await hears(follower, Balance(120, 10, 0)))[-1].version == 10


async def test_a_truth_that_can_not_be_read_is_asked_for_again(redis_url: str) -> None:
    books = Books()
    failures = [RuntimeError("no database"), TimeoutError("late")]

    async def read(players: Sequence[UUID]) -> dict[UUID, Holdings]:
        if failures:
            raise failures.pop()
        return await Books.read(books, players)

    books.read = read  # type: ignore[method-assign]
    async with reading(books, redis_url) as feed:
        with feed.follow(books.who) as follower:
            assert await hears(follower, Balance(100, 5, 0))


async def test_a_reader_follows_so_many_players_and_reads_so_many_at_once(redis_url: str) -> None:
    books = Books()
    limits = FanoutLimits(players_followed_max=3, read_players_max=2)
    async with reading(books, redis_url, limits) as feed:
        players = [uuid4() for _ in range(3)]
        with feed.follow(players[0]), feed.follow(players[0]), feed.follow(players[1]):
            with feed.follow(players[2]) as third:
                with pytest.raises(TooManyFollowed), feed.follow(uuid4()):
                    raise AssertionError("one too many")
                await third.next()
            with feed.follow(uuid4()) as another:
                await another.next()
        assert max(books.reads) == 2
        assert not feed.followed, "who is not followed any more is forgotten"


async def test_the_truth_is_read_now_and_then_whatever_is_said(redis_url: str) -> None:
    books = Books()
    async with reading(books, redis_url, FanoutLimits(reread_s=0.05)) as feed:
        with feed.follow(books.who) as follower:
            assert await hears(follower, Balance(100, 5, 0))
            books.purses = {WALLET: Purse(True, 300, 9, "PLAY")}
            assert await follower.next() == Balance(300, 9, 0)


async def test_currencies_do_not_mix(redis_url: str) -> None:
    books = Books()
    books.purses[STAKE] = Purse(False, 7, 2, "EUR")
    async with reading(books, redis_url) as feed:
        with feed.follow(books.who) as play, feed.follow(books.who, "EUR") as euro:
            assert await hears(play, Balance(100, 5, 0))
            assert await hears(euro, Balance(0, 2, 7))
            feed.hear(books.line(STAKE, 9, 3))
            assert await euro.next() == Balance(0, 3, 9)
            assert play.latest == Balance(100, 5, 0)
