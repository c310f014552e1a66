"""A wallet that dies between commit and message, a Redis that dies or crawls, a reader cut off."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from serve.embedded_valkey import EmbeddedValkey
from tests.fanout import all_told, client, hears, reader, table, until, wallet
from wallet.fanout.feed import Feed
from wallet.fanout.limits import FanoutLimits
from wallet.fanout.lines import CHANNEL
from wallet.ledger import Balance, Ledger

Players = list[tuple[UUID, UUID]]


@asynccontextmanager
async def silent_redis() -> AsyncIterator[str]:
    """Takes every line and says nothing."""
    done = asyncio.Event()

    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"redis://127.0.0.1:{server.sockets[0].getsockname()[1]}/0"
    finally:
        done.set()
        server.close()
        await server.wait_closed()


async def pid_of(valkey: EmbeddedValkey) -> int:
    async with client(valkey.url) as redis:
        return int((await redis.info("server"))["process_id"])


async def play(ledger: Ledger, seated: Players, hands: range) -> None:
    """The first wins a chip from the second, hand by hand."""
    for hand in hands:
        (_, a), (_, b) = seated
        assert (await ledger.settle("oak", hand, 1, [(a, 1), (b, -1)], 0)).done


async def has_line(feed: Feed, number: int) -> None:
    await until(lambda: feed.connected >= number)


async def test_a_wallet_killed_between_commit_and_message_has_told_after_a_restart(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, redis_url: str
) -> None:
    async with wallet(pool, app_dsn, redis_url) as (ledger, _):
        seated = await table(ledger, "oak")
        await all_told(pool)
    (who, a), (_, b) = seated
    async with reader(pool, redis_url) as feed, silent_redis() as silence:
        with feed.follow(who) as follower:
            before = await follower.next()
            assert before.at_tables == 1_000
            victim = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.integration.fanout_victim",
                app_dsn, silence, "oak", str(a), str(b), stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            assert victim.stdout is not None
            assert await victim.stdout.readline() == b"applied\n"
            victim.kill()
            await victim.wait()
            committed = await Ledger(pool).balance(who)
            assert committed.at_tables == 1_007
            assert follower.latest == before, "nobody can have told him"
            async with wallet(pool, app_dsn, redis_url):
                await hears(follower, committed)
                await all_told(pool)
        assert feed.connected == 1, "he was told, he did not find out by himself"


async def test_money_goes_on_without_redis_and_readers_catch_up(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, valkey: EmbeddedValkey
) -> None:
    async with (
        wallet(pool, app_dsn, valkey.url, settlers=1) as (ledger, publisher),
        reader(pool, valkey.url) as feed,
    ):
        seated = await table(ledger, "oak")
        with feed.follow(seated[0][0]) as follower:
            await play(ledger, seated, range(1, 20))
            os.kill(await pid_of(valkey), signal.SIGKILL)
            await until(lambda: valkey.has_died)
            await play(ledger, seated, range(20, 80))
            more = await ledger.buy_in(seated[0][0], "oak", seated[0][1], 50, "more", 1)
            assert more.done
            # The outbox is in Postgres: the cursor stands, and nothing waits in memory for Redis.
            chain = "SELECT number FROM wallet.published WHERE chain > 0"
            assert await pool.fetchval(chain) < 79
            await until(lambda: publisher.waiting == 0)
            # Without Redis he is told from the ledger.
            await hears(follower, await ledger.balance(seated[0][0]))
            valkey.revive()
            await all_told(pool)
            lines = feed.connected
            await until(lambda: feed.connected > lines or lines > 1)
            await play(ledger, seated, range(80, 90))
            await hears(follower, await ledger.balance(seated[0][0]))
            assert feed.connected >= 2
        assert publisher.forgotten


async def test_a_redis_that_hangs_holds_no_commit_up(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, valkey: EmbeddedValkey
) -> None:
    """While one message waits for its answer, hands are settled; all that waits is bounded."""
    limits = FanoutLimits(
        look_s=0.02, mark_s=0.02, redis_s_max=60.0, abandoned_s=61.0, batches_waiting_max=2,
    )  # fmt: skip
    async with wallet(pool, app_dsn, valkey.url, limits, settlers=1) as (ledger, publisher):
        seated = await table(ledger, "oak")
        await all_told(pool)
        pid = await pid_of(valkey)
        os.kill(pid, signal.SIGSTOP)
        try:
            await play(ledger, seated, range(1, 50))
            assert publisher.waiting <= limits.batches_waiting_max
        finally:
            os.kill(pid, signal.SIGCONT)
        await play(ledger, seated, range(50, 60))


async def test_a_reader_who_is_cut_off_reads_the_truth_when_he_is_back(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, valkey: EmbeddedValkey
) -> None:
    async with (
        wallet(pool, app_dsn, valkey.url) as (ledger, _),
        reader(pool, valkey.url) as feed,
        client(valkey.url) as redis,
    ):
        seated = await table(ledger, "oak")
        with feed.follow(seated[0][0]) as follower:
            await hears(follower, await ledger.balance(seated[0][0]))
            for first in (1, 11, 21):
                next_line = feed.connected + 1
                assert await redis.client_kill_filter(_type="pubsub") == 1
                await play(ledger, seated, range(first, first + 10))
                await hears(follower, await ledger.balance(seated[0][0]))
                # He may have read the truth without a line: the next cut waits for one.
                await has_line(feed, next_line)


async def test_a_reader_who_does_not_read_costs_the_others_nothing(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, valkey: EmbeddedValkey
) -> None:
    async with client(valkey.url) as redis:
        await redis.config_set("client-output-buffer-limit", "pubsub 65536 0 0")
        host, port = "127.0.0.1", valkey.port
        idle, out = await asyncio.open_connection(host, port, limit=1_024)
        password = valkey.url.partition("://:")[2].partition("@")[0]
        out.write(f"AUTH {password}\r\nSUBSCRIBE {CHANNEL}\r\n".encode())
        await idle.readuntil(CHANNEL.encode())

        async def deaf() -> int:
            return int((await redis.pubsub_numsub(CHANNEL))[0][1])

        assert await deaf() == 1
        async with wallet(pool, app_dsn, valkey.url) as (ledger, publisher):
            seated = await table(ledger, "oak")
            async with reader(pool, valkey.url) as feed:
                # What he does not read fills the sockets between, then Redis's patience.
                noise = bytes(1_000_001)
                for _ in range(40):
                    await redis.publish(CHANNEL, noise)
                with feed.follow(seated[0][0]) as follower:
                    await play(ledger, seated, range(1, 20))
                    await hears(follower, await ledger.balance(seated[0][0]))
                await until(lambda: feed.connected)
            assert publisher.forgotten == 0
        assert await deaf() == 0, "Redis has hung up on him"
        out.close()


async def test_a_message_that_is_none_changes_nothing(
    pool: "asyncpg.Pool[asyncpg.Record]", redis_url: str
) -> None:
    async with reader(pool, redis_url) as feed, client(redis_url) as redis:
        seated = await table(Ledger(pool), "oak")
        with feed.follow(seated[0][0]) as follower:
            first = await follower.next()
            await redis.publish(CHANNEL, b"x" * 39)
            await redis.publish(CHANNEL, b"x" * 80)
            (who, a), (_, b) = seated
            assert (await Ledger(pool).settle("oak", 1, 1, [(a, 1), (b, -1)], 0)).done
            await redis.publish(CHANNEL, b"")
            told = await hears(follower, await Ledger(pool).balance(who))
            assert told == [Balance(first.amount, first.version + 1, 1_001)]
