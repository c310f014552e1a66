"""Whoever is signed out, banned or sent away loses his open lines too."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from actors import commands as c
from auth.bans import Ban
from auth.errors import (
    AccountBanned,
    AccountUnknown,
    RefreshInvalid,
    RoleHeld,
    SentAway,
    SessionUnknown,
)
from auth.rights import Role
from auth.seals import Seals
from auth.service import Auth
from auth.sessions import ended_sessions
from auth.tickets import mint_ticket
from auth.tokens import Identity, Tokens
from games.protocol import NO_SEAT
from serve.embedded_valkey import EmbeddedValkey
from tests.fanout import client
from tests.integration.rail_bench import QUICK, RailBench, open_rail
from tests.integration.seated import seated
from tests.integration.table_bench import KEYS, Bench, Player, open_bench, table_spec
from wire.codes import Close
from wire.server_frames import Pong, Welcome

if TYPE_CHECKING:
    from auth.accounts import Pool

SEALS = Seals.in_memory()
PASSWORD = "correct horse battery"
FOR_EVER = Ban(None, "chip dumping")


@pytest.fixture
async def auth(pool: "Pool", valkey: EmbeddedValkey) -> AsyncIterator[Auth]:
    async with Redis.from_url(valkey.url) as redis:
        yield Auth(pool, redis, KEYS, SEALS)


@pytest.fixture
async def bench(
    pool: "Pool", app_dsn: str, tmp_path: Path, valkey: EmbeddedValkey
) -> AsyncIterator[Bench]:
    opened = open_bench(pool, app_dsn, tmp_path, table_spec(), redis_url=valkey.url, rail=QUICK)
    async with opened as running:
        yield running


@pytest.fixture
async def rail(pool: "Pool", valkey: EmbeddedValkey) -> AsyncIterator[RailBench]:
    async with open_rail(valkey.url, over=partial(ended_sessions, pool)) as running:
        yield running


async def signed_in(auth: Auth) -> Tokens:
    return await auth.register(f"p{uuid4().hex[:12]}", PASSWORD, uuid4().hex)


def seat_ticket(bench: Bench, who: Identity) -> str:
    at = bench.status
    return mint_ticket(KEYS, who, table=bench.table, epoch=at.epoch, addr="127.0.0.1",
                       port=at.port, role="seat", now=time.time())  # fmt: skip


async def at_table(bench: Bench, stack: AsyncExitStack, who: Identity) -> Player:
    line = bench.line(who.account, seat_ticket(bench, who))
    player = await stack.enter_async_context(line)
    assert isinstance(await player.read(), Welcome)
    return player


async def is_there(player: Player) -> bool:
    await player.send(type="ping", ref="still")
    return isinstance(await player.read(), Pong)


async def test_who_signs_out_leaves_tables_and_rails(
    bench: Bench, rail: RailBench, auth: Auth
) -> None:
    ann, bob = await signed_in(auth), await signed_in(auth)
    async with AsyncExitStack() as stack:
        here = await at_table(bench, stack, ann.identity)
        other = await at_table(bench, stack, bob.identity)
        at = rail.rail.status()
        ticket = mint_ticket(KEYS, ann.identity, table="oak", epoch=at.epoch, addr=at.addr,
                             port=at.port, role="rail", now=time.time())  # fmt: skip
        watching = await stack.enter_async_context(rail.spectator(ticket=ticket))
        assert isinstance(await watching.read(), Welcome)
        await auth.logout(ann.identity.sid)
        assert await here.closed() == Close.SESSION_ENDED
        assert await watching.closed() == Close.SESSION_ENDED
        assert await is_there(other)


async def test_one_device_is_signed_out_from_another(bench: Bench, auth: Auth) -> None:
    phone = await auth.register("Ann-2", PASSWORD, "10.0.0.1", "Phone/1.0")
    desk = await auth.login("ann-2", PASSWORD, "10.0.0.2", "x" * 500)
    account = desk.identity.account
    listed = await auth.sessions(account)
    assert [(each.address, each.device) for each in listed] == [
        ("10.0.0.2", "x" * 120), ("10.0.0.1", "Phone/1.0")
    ]  # fmt: skip
    async with AsyncExitStack() as stack:
        playing = await at_table(bench, stack, phone.identity)
        stranger = await signed_in(auth)
        with pytest.raises(SessionUnknown):
            await auth.revoke_own(stranger.identity.account, phone.identity.sid)
        await auth.revoke_own(account, phone.identity.sid)
        assert await playing.closed() == Close.SESSION_ENDED
    with pytest.raises(SessionUnknown):
        await auth.revoke_own(account, phone.identity.sid)
    assert [each.id for each in await auth.sessions(account)] == [desk.identity.sid]
    await auth.logout_everywhere(account)
    assert await auth.sessions(account) == []
    assert not await auth.is_active(desk.identity.sid)


async def test_a_word_that_redis_lost_is_found_in_postgres(
    bench: Bench, auth: Auth, pool: "Pool", valkey: EmbeddedValkey
) -> None:
    ann = await signed_in(auth)
    async with AsyncExitStack() as stack:
        player = await at_table(bench, stack, ann.identity)
        await pool.execute(
            "UPDATE auth.sessions SET revoked_at = now(), revoked_why = 'logout' WHERE id = $1",
            ann.identity.sid,
        )
        async with client(valkey.url) as redis:
            await redis.client_kill_filter(_type="pubsub")
        assert await player.closed() == Close.SESSION_ENDED


async def test_without_redis_postgres_is_asked(
    pool: "Pool", app_dsn: str, tmp_path: Path, auth: Auth
) -> None:
    ann = await signed_in(auth)
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec()) as bench,
        AsyncExitStack() as stack,
    ):
        player = await at_table(bench, stack, ann.identity)
        await auth.logout(ann.identity.sid)
        assert await player.closed() == Close.SESSION_ENDED


async def test_who_is_banned_is_out_and_stays_out(bench: Bench, auth: Auth) -> None:
    ann = await signed_in(auth)
    account, name = ann.identity.account, ann.identity.name
    async with AsyncExitStack() as stack:
        player = await at_table(bench, stack, ann.identity)
        changed = await auth.ban(account, FOR_EVER)
        assert (changed.before, changed.after) == (None, FOR_EVER)
        assert await player.closed() == Close.SESSION_ENDED
    with pytest.raises(AccountBanned):
        await auth.login(name, PASSWORD, "10.0.0.1")
    with pytest.raises(RefreshInvalid):
        await auth.refresh(ann.refresh)
    assert not await auth.is_active(ann.identity.sid)
    (found,) = await auth.find(name.upper(), 10)
    assert (found.name, found.ban_reason, found.banned_until) == (name, "chip dumping", None)
    assert (await auth.lift_ban(account)).before == FOR_EVER
    assert (await auth.login(name, PASSWORD, "10.0.0.1")).identity.account == account


async def test_a_ban_ends_by_itself(pool: "Pool", valkey: EmbeddedValkey) -> None:
    now = time.time()
    async with Redis.from_url(valkey.url) as redis:
        auth = Auth(pool, redis, KEYS, SEALS, clock=lambda: now)
        ann = (await signed_in(auth)).identity
        until = datetime.fromtimestamp(now, UTC) + timedelta(hours=1)
        await auth.ban(ann.account, Ban(until, "shouting"))
        now += 3_599
        with pytest.raises(AccountBanned):
            await auth.login(ann.name, PASSWORD, "10.0.0.1")
        now += 1
        assert (await auth.login(ann.name, PASSWORD, "10.0.0.1")).identity.account == ann.account


async def test_operators_bots_and_nobody_are_not_banned(auth: Auth) -> None:
    officer = (await signed_in(auth)).identity
    await auth.roles.grant(officer.name, Role.FLOOR, "root")
    with pytest.raises(RoleHeld):
        await auth.ban(officer.account, FOR_EVER)
    bot = await auth.ensure_bot(f"bot{uuid4().hex[:8]}")
    for account in (bot.account, uuid4()):
        with pytest.raises(AccountUnknown):
            await auth.ban(account, FOR_EVER)
        with pytest.raises(AccountUnknown):
            await auth.bans.keep_away(account, "oak", FOR_EVER)
    with pytest.raises(AccountUnknown):
        await auth.lift_ban(uuid4())


async def test_who_is_sent_away_stands_up_and_does_not_come_back(bench: Bench, auth: Auth) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        out = players[0]
        spare = bench.ticket(out.id)
        assert await bench.room.operate(c.StandUp(0, str(out.id))) is None
        assert await out.closed() == Close.SENT_AWAY
        async with bench.line(out.id, spare) as again:
            assert await again.closed() == Close.SENT_AWAY
        await bench.settled()
        assert bench.room.machine.seat_of(str(out.id)) == NO_SEAT
        balance = await bench.ledger.balance(out.id)
        assert (balance.at_tables, balance.amount > 0) == (0, True)
        # Who only watches is sent away as well.
        eye = await stack.enter_async_context(bench.player())
        assert await bench.room.operate(c.StandUp(0, str(eye.id))) is None
        assert await eye.closed() == Close.SENT_AWAY


async def test_who_is_kept_away_gets_no_ticket_until_then(
    pool: "Pool", valkey: EmbeddedValkey
) -> None:
    now = time.time()
    async with Redis.from_url(valkey.url) as redis:
        auth = Auth(pool, redis, KEYS, SEALS, clock=lambda: now)
        ann = (await signed_in(auth)).identity
        until = datetime.fromtimestamp(now, UTC) + timedelta(minutes=1)
        await auth.bans.keep_away(ann.account, "oak", Ban(until, "rude"))
        await auth.may_enter(ann.account, "elm", True)
        with pytest.raises(SentAway) as sent:
            await auth.may_enter(ann.account, "oak", True)
        assert 0 < sent.value.retry_after_s <= 60
        now += 60
        await auth.may_enter(ann.account, "oak", True)
        await auth.sweep()
        assert await pool.fetchval("SELECT count(*) FROM auth.table_bans") == 0


@pytest.mark.parametrize("part", ["a%", "a_b\\", "x" * 21, "ä", "a b"])
async def test_names_are_looked_for_by_what_they_are_made_of(auth: Auth, part: str) -> None:
    assert await auth.find(part, 10) == []
