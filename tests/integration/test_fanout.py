"""Balances over Redis: what is told is what the ledger says, in order, and nothing is left out."""

import asyncio
import random
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.fanout import LIMITS, PATIENCE_S, all_told, client, hears, reader, table, wallet
from tests.integration.test_ledger import player
from wallet.fanout.channel import Channel
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.lines import CHANNEL, READ_AGAIN, unpacked
from wallet.fanout.outbox import Outbox, Span
from wallet.fanout.publisher import Publisher
from wallet.ledger import Balance, Ledger

CHIPS = 100_000


async def test_every_change_reaches_a_reader_as_the_ledger_has_it(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, redis_url: str
) -> None:
    async with wallet(pool, app_dsn, redis_url) as (ledger, _), reader(pool, redis_url) as feed:
        who = await player(ledger, 5_000)
        session = uuid4()
        with feed.follow(who) as follower:
            assert await hears(follower, await ledger.balance(who))
            await ledger.buy_in(who, "oak", session, 1_000, f"in:{session}", 1)
            assert (await hears(follower, Balance(4_000, 3, 1_000)))[-1].at_tables == 1_000
            (_, other), *_ = await table(ledger, "oak", 1)
            await ledger.settle("oak", 1, 1, [(session, 95), (other, -100)], 5)
            await hears(follower, Balance(4_000, 4, 1_095))
            await ledger.cash_out(who, "oak", session, f"out:{session}")
            await hears(follower, Balance(5_095, 6, 0))
        assert await ledger.balance(who) == Balance(5_095, 6, 0)


async def test_a_buy_in_is_never_shown_by_half(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, redis_url: str
) -> None:
    async with wallet(pool, app_dsn, redis_url) as (ledger, _), reader(pool, redis_url) as feed:
        who = await player(ledger, 5_000)
        with feed.follow(who) as follower:
            await hears(follower, Balance(5_000, 1, 0))
            for number in range(1, 11):
                session = uuid4()
                await ledger.buy_in(who, "oak", session, 100, f"in:{session}", 1)
                told = await hears(follower, Balance(5_000 - 100 * number, 1 + 2 * number,
                                                     100 * number))  # fmt: skip
                assert all(each.amount + each.at_tables == 5_000 for each in told)


async def test_versions_only_grow_while_everything_happens_at_once(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, redis_url: str
) -> None:
    """Two wallet processes, four settlers, hands and top-ups: readers see no step back."""
    async with (
        wallet(pool, app_dsn, redis_url) as (one, _),
        wallet(pool, app_dsn, redis_url) as (two, _),
        reader(pool, redis_url) as feed,
    ):
        tables = {f"t{n}": await table(one, f"t{n}") for n in range(6)}
        seen: dict[UUID, list[Balance]] = {who: [] for at in tables.values() for who, _ in at}

        async def watch(who: UUID) -> None:
            with feed.follow(who) as follower:
                while True:
                    seen[who].append(await follower.next())

        watching = [asyncio.create_task(watch(who)) for who in seen]
        chance = random.Random(11)

        async def play(name: str, ledger: Ledger) -> None:
            for hand in range(1, 60):
                (who, a), (_, b) = tables[name]
                move = chance.choice((-3, 3))
                assert (await ledger.settle(name, hand, 1, [(a, move), (b, -move)], 0)).done
                if hand % 7 == 0:
                    key = f"more:{name}:{hand}"
                    assert (await ledger.buy_in(who, name, a, 10, key, 1)).done

        await asyncio.gather(*(play(n, chance.choice((one, two))) for n in tables))
        for who, told in seen.items():
            truth = await one.balance(who)
            async with asyncio.timeout(PATIENCE_S):
                while not told or told[-1] != truth:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)
            versions = [each.version for each in told]
            assert versions == sorted(set(versions)), who
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)


async def test_what_was_told_is_not_told_again(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, redis_url: str
) -> None:
    """Two wallet processes look into one outbox; when it is empty, both are silent."""
    async with (
        wallet(pool, app_dsn, redis_url) as (ledger, _),
        wallet(pool, app_dsn, redis_url),
    ):
        seated = await table(ledger, "oak")
        for hand in range(1, 20):
            await ledger.settle("oak", hand, 1, [(seated[0][1], 1), (seated[1][1], -1)], 0)
        await all_told(pool)
    async with client(redis_url) as redis, redis.pubsub(ignore_subscribe_messages=True) as line:
        await line.subscribe(CHANNEL)
        await line.get_message(timeout=PATIENCE_S)
        for _ in range(2):
            assert await Outbox(pool, Channel(redis, LIMITS), LIMITS).round(0.0)
        await redis.publish(CHANNEL, b"the end")
        message = await line.get_message(timeout=PATIENCE_S)
        assert message is not None
        assert message["data"] == b"the end"


async def test_a_cursor_goes_neither_over_a_gap_nor_back_nor_beyond_the_end(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, redis_url: str
) -> None:
    limits = FanoutLimits(mark_s=1_000, abandoned_s=2_000)  # nobody marks but the test
    async with wallet(pool, app_dsn, redis_url, limits, settlers=1) as (ledger, _):
        seated = await table(ledger, "oak")
        for hand in range(1, 11):
            await ledger.settle("oak", hand, 1, [(seated[0][1], 1), (seated[1][1], -1)], 0)
        chain = await pool.fetchval("SELECT chain FROM wallet.chains WHERE chain > 0")

        async def marked(first: int, last: int) -> int:
            async with client(redis_url) as redis:
                await Outbox(pool, Channel(redis, limits), limits).mark({chain: Span(first, last)})
            return int(
                await pool.fetchval("SELECT number FROM wallet.published WHERE chain = $1", chain)
            )

        assert await marked(2, 4) == 0, "link 1 was not told"
        assert await marked(1, 4) == 4
        assert await marked(6, 8) == 4
        assert await marked(1, 3) == 4
        assert await marked(3, 7) == 7
        assert await marked(8, 11) == 7, "there is no link 11"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute("UPDATE wallet.published SET number = 10")


class Recorder(Channel):
    """Keeps what is told, and takes it if it is to."""

    def __init__(self, takes: bool = True) -> None:
        self.told: list[bytes] = []
        self.takes = takes

    @property
    def away(self) -> bool:
        return False

    async def tell(self, messages: list[bytes]) -> bool:  # type: ignore[override]
        self.told += messages
        return self.takes


async def test_what_does_not_fit_is_forgotten_and_left_to_the_outbox() -> None:
    limits = FanoutLimits(batches_waiting_max=2)
    publisher = Publisher(None, Recorder(), limits)  # type: ignore[arg-type]
    publisher.batch(1, 1, b"")
    publisher.batch(1, 2, b"")
    assert (publisher.waiting, publisher.forgotten) == (2, 0)
    publisher.batch(1, 3, b"")
    assert (publisher.waiting, publisher.forgotten) == (0, 3)


async def test_messages_have_a_limit_of_lines(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    ledger, recorder = Ledger(pool), Recorder()
    players = {(await player(ledger)).bytes for _ in range(5)}
    assert await Outbox(pool, recorder, FanoutLimits(message_lines_max=2)).round(0.0)
    lines = [list(unpacked(message)) for message in recorder.told]
    assert max(len(each) for each in lines) == 2
    assert sum(len(each) for each in lines) == 5
    assert {owner for each in lines for owner, *_ in each} == players


async def test_a_long_backlog_is_one_word(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    """However long Redis was away, catching up costs the same."""
    ledger, recorder = Ledger(pool), Recorder()
    who, session = await player(ledger, CHIPS), uuid4()
    for number in range(80):
        assert (await ledger.buy_in(who, "oak", session, 1, f"in:{number}", 0)).done
    outbox = Outbox(pool, recorder, FanoutLimits(links_max=2))
    recorder.takes = False
    assert not await outbox.round(0.0)
    assert recorder.told == [READ_AGAIN]
    recorder.takes = True
    assert await outbox.round(0.0)
    assert recorder.told[:2] == [READ_AGAIN, READ_AGAIN]
    count = len(recorder.told)
    assert await outbox.round(0.0)
    assert len(recorder.told) == count, "nothing was left"


async def test_what_redis_did_not_take_is_told_again(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    recorder = Recorder(takes=False)
    who = await player(Ledger(pool))
    outbox = Outbox(pool, recorder, LIMITS)
    assert not await outbox.round(0.0)
    recorder.takes = True
    assert await outbox.round(0.0)
    owners = [owner for message in recorder.told for owner, *_ in unpacked(message)]
    assert owners == [who.bytes, who.bytes]
