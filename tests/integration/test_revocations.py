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
from auth.sessions import AWAY_CHANNEL, ended_sessions
from auth.tickets import mint_ticket
from auth.tokens import Identity, Tokens
from games.protocol import NO_SEAT
from serve.embedded_valkey import EmbeddedValkey
from tests.fanout import client
from tests.integration.rail_bench import QUICK, RailBench, open_rail
from tests.integration.seated import act, begun, seated
from tests.integration.table_bench import KEYS, Bench, Player, open_bench, table_spec
from wire.codes import Close
from wire.server_frames import Accepted, Pong, Welcome

if TYPE_CHECKING:
    import asyncpg

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
    """His ping is answered, whatever else he is told before that."""
    await player.send(type="ping", ref="still")
    while not isinstance(await player.read(), Pong):
        pass
    return True


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


async def test_who_is_sent_away_watches_that_table_no_longer(
    bench: Bench, rail: RailBench, auth: Auth, valkey: EmbeddedValkey
) -> None:
    ann, bob = (await signed_in(auth)).identity, (await signed_in(auth)).identity
    at = rail.rail.status()
    an_hour = Ban(datetime.now(UTC) + timedelta(hours=1), "rude")

    def present() -> set[str]:
        return {line.claims.name for line in rail.rail._lines() if line.claims is not None}

    async with AsyncExitStack() as stack, Redis.from_url(valkey.url) as redis:
        lines = []
        for who in (ann, bob):
            ticket = mint_ticket(KEYS, who, table=bench.table, epoch=at.epoch, addr=at.addr,
                                 port=at.port, role="rail", now=time.time())  # fmt: skip
            lines.append(await stack.enter_async_context(rail.spectator(ticket=ticket)))
            assert isinstance(await lines[-1].read(), Welcome)
        for nonsense in (b"oak", b"oak nobody", b"\xff \xff"):
            await redis.publish(AWAY_CHANNEL, nonsense)
        await auth.keep_away(bob.account, "elm", an_hour, sooner=True)
        await auth.keep_away(ann.account, bench.table, an_hour, sooner=True)
        assert await lines[0].closed() == Close.SENT_AWAY
        assert present() == {bob.name}
        await auth.keep_away(bob.account, bench.table, an_hour, sooner=True)
        assert await lines[1].closed() == Close.SENT_AWAY


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
            await auth.keep_away(account, "oak", FOR_EVER, sooner=True)
    with pytest.raises(AccountUnknown):
        await auth.lift_ban(uuid4())


async def test_who_is_sent_away_stands_up_and_does_not_come_back(bench: Bench, auth: Auth) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        turn = (await begun(players[0])).seat
        out = players[1 - turn]
        spare = bench.ticket(out.id)
        assert bench.host.holds_seat("oak", str(out.id))
        assert await bench.room.operate(c.StandUp(0, str(out.id))) is None
        # He folds when the turn is his, and comes back to nothing.
        assert bench.room.machine.seat_of(str(out.id)) != NO_SEAT
        assert bench.host.holds_seat("oak", str(out.id)) is False
        assert await out.closed() == Close.SENT_AWAY
        async with bench.line(out.id, spare) as again:
            assert await again.closed() == Close.SENT_AWAY
        assert isinstance(await act(bench, players[turn], type="call"), Accepted)
        await bench.settled()
        assert bench.room.machine.seat_of(str(out.id)) == NO_SEAT
        balance = await bench.ledger.balance(out.id)
        assert (balance.at_tables, balance.amount > 0) == (0, True)
        # Who only watches is sent away as well.
        eye = await stack.enter_async_context(bench.player())
        assert await bench.room.operate(c.StandUp(0, str(eye.id))) is None
        assert await eye.closed() == Close.SENT_AWAY


async def test_a_host_sends_nobody_out_of_his_hand(bench: Bench) -> None:
    async with AsyncExitStack() as stack:
        players = await seated(bench, stack)
        out = players[(await begun(players[0])).seat]
        first, second = bench.ticket(out.id), bench.ticket(out.id)
        away = c.StandUp(0, str(out.id), after_hand=True)
        assert await bench.room.operate(away) is None
        assert bench.host.holds_seat("oak", str(out.id))
        # It is his turn still, also on another line, and he has the answer before it ends.
        again = await stack.enter_async_context(bench.line(out.id, first))
        assert isinstance(await again.read(), Welcome)
        assert isinstance(await act(bench, again, type="fold"), Accepted)
        assert await again.closed() == Close.SENT_AWAY
        async with bench.line(out.id, second) as late:
            assert await late.closed() == Close.SENT_AWAY
        await bench.settled()
        assert bench.host.holds_seat("oak", str(out.id)) is False
        assert bench.host.holds_seat("elm", str(out.id)) is None, "it is not here"
        assert (await bench.ledger.balance(out.id)).at_tables == 0


@pytest.mark.parametrize("after_hand", [False, True])
async def test_who_is_sent_away_while_he_buys_in_takes_no_seat_and_has_his_chips(
    bench: Bench, admin: "asyncpg.Connection[asyncpg.Record]", after_hand: bool
) -> None:
    """By an operator or by his host; also when the wallet takes longer than his tickets live."""
    front = bench.room.front
    async with bench.player() as player:
        async with admin.transaction():
            await admin.execute("LOCK TABLE wallet.transfers IN ACCESS EXCLUSIVE MODE")
            for ref in ("first", "second"):
                await player.send(type="sit", ref=ref, buy_in=1_000, seat=0)
            assert await is_there(player)
            away = c.StandUp(0, str(player.id), after_hand=after_hand)
            assert await bench.room.operate(away) is None
            assert await player.closed() == Close.SENT_AWAY
            front._turned_out[str(player.id)] = 0.0  # as it is two minutes later
            async with bench.line(player.id) as again:
                assert await again.closed() == Close.SENT_AWAY
        await front.idle.wait()
        await bench.settled()
        assert bench.room.machine.seats.free() == [0, 1, 2]
        balance = await bench.ledger.balance(player.id)
        assert (balance.amount, balance.at_tables) == (10_000, 0)
        moved = "SELECT split_part(key, ':', 1) FROM wallet.transfers WHERE key ~ '^(in|out):'"
        assert [row[0] for row in await admin.fetch(moved)] == ["in", "out"]
        # Nothing of it stays behind: later he may sit down.
        async with bench.line(player.id) as later:
            assert isinstance(await later.read(), Welcome)
            assert isinstance(await later.ask(type="sit", buy_in=1_000, seat=0), Accepted)


async def test_his_chair_is_not_his_again_before_his_line_is_closed(bench: Bench) -> None:
    """Whom his host sends away is out with the step that stands him up, before it is on disk."""
    async with bench.player() as player, bench.player() as other:
        for each in (player, other):
            assert isinstance(await each.ask(type="sit", buy_in=1_000), Accepted)
        await begun(player)
        room, who = bench.room, str(player.id)
        room.submit(c.StandUp(room.now(), who, after_hand=True))
        hand = room.machine.hand
        room.submit(c.VoidHand(room.now(), hand, "a test", "ann"))
        assert room.machine.seat_of(who) == NO_SEAT
        assert room.is_turned_out(who)
        await bench.settled()


async def test_a_table_forgets_whom_it_sent_away(bench: Bench) -> None:
    front = bench.room.front
    for number in range(3):
        assert await bench.room.operate(c.StandUp(0, str(number))) is None
    assert list(front._turned_out) == ["0", "1", "2"]
    for number in range(2):
        front._turned_out[str(number)] = 0.0  # as it is two minutes later
    await bench.room.operate(c.StandUp(0, "3"))
    assert list(front._turned_out) == ["2", "3"]


async def test_who_is_kept_away_gets_no_ticket_until_then(
    pool: "Pool", valkey: EmbeddedValkey
) -> None:
    now = time.time()
    async with Redis.from_url(valkey.url) as redis:
        auth = Auth(pool, redis, KEYS, SEALS, clock=lambda: now)
        ann = (await signed_in(auth)).identity
        until = datetime.fromtimestamp(now, UTC) + timedelta(minutes=1)
        await auth.keep_away(ann.account, "oak", Ban(until, "rude"), sooner=False)
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
