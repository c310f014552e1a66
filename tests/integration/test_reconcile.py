"""Books, stakes, seats, journal and archive: every difference that is planted is found."""

import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import pytest

from auth.seals import Seals
from serve.reconcile import CHECKS, DEEP_EVERY_S, Reconciled, Reconciler, reconcile
from tests.integration.seated import act, begun, next_hand, seated
from tests.integration.table_bench import Bench, Player, open_bench, table_spec


class Room:
    """A table in the middle of its second hand, and somebody who may change anything."""

    def __init__(self, bench: Bench, players: list[Player], pool: Any, admin: Any) -> None:
        self.bench = bench
        self.players = players
        self._pool = pool
        self._admin = admin

    async def found(self, deep: bool = False) -> set[str]:
        seals = Seals(Path(self.bench._config.journal_keys))
        return {drift.check for drift in await reconcile(self._pool, seals, deep)}

    async def tamper(self, *statements: str) -> None:
        """With the triggers off; nothing else holds a superuser back."""
        async with self._admin.transaction():
            await self._admin.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                await self._admin.execute(statement)

    async def long_ago(self) -> None:
        """Whatever was written was written before the grace."""
        await self.tamper("UPDATE wallet.entries SET at = at - interval '3 minutes'")

    def session(self, player: Player) -> UUID:
        found = self.bench.room.session_of(str(player.id))
        assert found is not None
        return UUID(found)


@pytest.fixture
async def room(
    pool: "asyncpg.Pool[asyncpg.Record]", app_dsn: str, tmp_path: Path, admin: Any
) -> AsyncIterator[Room]:
    async with (
        open_bench(pool, app_dsn, tmp_path, table_spec()) as bench,
        AsyncExitStack() as lines,
    ):
        players = await seated(bench, lines)
        room = Room(bench, players, pool, admin)
        assert await room.found(deep=True) == set()
        await act(bench, players[(await begun(players[0])).seat], type="fold")
        for player in players:
            await next_hand(player, 1)
        yield room


async def test_nothing_is_found_at_a_table_at_play(room: Room) -> None:
    bench, players = room.bench, room.players
    assert await room.found(deep=True) == set()
    await act(bench, players[(await begun(players[0])).seat], type="raise", to=400)
    assert await room.found(deep=True) == set()
    await players[0].ask(type="top_up", amount=300)
    assert await room.found(deep=True) == set()
    await players[1].ask(type="stand")
    assert await room.found(deep=True) == set()


async def test_chips_on_their_way_to_a_seat_are_no_difference_until_they_are_late(
    room: Room,
) -> None:
    ledger, player = room.bench.ledger, room.players[0]
    await ledger.buy_in(player.id, "oak", uuid4(), 500, "in:new", room.bench.room.epoch)
    await ledger.buy_in(
        player.id, "oak", room.session(player), 70, "in:more", room.bench.room.epoch
    )
    assert await room.found() == set()
    await room.long_ago()
    assert await room.found() == {"stake_without_seat", "stake_differs"}


async def test_chips_that_left_a_stake_behind_the_tables_back_are_missed(room: Room) -> None:
    a, b = (room.session(player) for player in room.players)
    epoch = room.bench.room.epoch
    await room.bench.ledger.settle("oak", 900, epoch, [(a, 50), (b, -50)], 0)
    assert "stake_differs" in await room.found()


async def test_a_seat_whose_stake_has_gone_home_is_missed(room: Room) -> None:
    player = room.players[0]
    await room.bench.ledger.cash_out(player.id, "oak", room.session(player), "out:behind")
    assert await room.found() == {"seat_without_stake"}


WALLET = "kind = 'wallet' AND balance > 0"


@pytest.mark.parametrize(
    ("what", "changed", "back", "expected"),
    [
        (f"wallet.accounts SET balance = %s WHERE {WALLET}", "balance + 1", "balance - 1",
         {"sum_not_zero", "balance_differs", "books"}),
        ("wallet.entries SET balance = %s WHERE amount > 0", "balance + 1", "balance - 1",
         {"balance_differs", "books", "chain"}),
        ("wallet.transfers SET payload = %s WHERE kind = 'grant'", "'x'", "'y'", {"chain"}),
        ("actors.journal SET digest = %s WHERE kind = 'Deal'", "'x'", "'y'",
         {"journal_unreadable"}),
        ("actors.journal SET body = %s", "'x'", "'y'", {"journal_unreadable"}),
        ("wallet.fences SET settled = %s", "0", "1", {"hand_not_settled", "books"}),
    ],
)  # fmt: skip
async def test_what_is_changed_behind_our_back_is_found(
    room: Room, what: str, changed: str, back: str, expected: set[str]
) -> None:
    await room.tamper(f"UPDATE {what % changed}")
    assert await room.found(deep=True) == expected
    await room.tamper(f"UPDATE {what % back}")


async def test_a_balance_below_its_floor_is_found(room: Room, admin: Any) -> None:
    checks = await admin.fetch(
        "SELECT conname FROM pg_constraint"
        " WHERE conrelid = 'wallet.accounts'::regclass AND contype = 'c'"
    )
    for check in checks:
        await admin.execute(f'ALTER TABLE wallet.accounts DROP CONSTRAINT "{check["conname"]}"')
    await room.tamper(f"UPDATE wallet.accounts SET floor = balance + 1 WHERE {WALLET}")
    assert await room.found() == {"below_floor"}
    await room.tamper("UPDATE wallet.accounts SET floor = 0 WHERE floor IS NOT NULL")


async def test_a_settled_hand_without_a_record_is_found_when_it_is_late(room: Room) -> None:
    await room.tamper("DELETE FROM actors.hand_players", "DELETE FROM actors.hands")
    assert await room.found() == set()
    await room.tamper("UPDATE wallet.transfers SET created_at = created_at - interval '3 minutes'")
    assert await room.found() == {"hand_not_archived"}


async def test_a_payment_that_should_have_ended_is_found(room: Room, admin: Any) -> None:
    begun = (
        "SELECT wallet.begin_payment('late', 'x', 'deposit', $1, 'PLAY', 5, 'p',"
        " now() - interval '3 minutes')"
    )
    assert await admin.fetchval(begun, room.players[0].id) == "applied"
    assert await room.found() == {"payment_overdue"}


def test_every_check_is_counted_also_when_it_found_nothing() -> None:
    assert Reconciled(1.0, 1.0, ()).count() == dict.fromkeys(CHECKS, 0)


def test_a_floor_that_is_restarted_every_day_reads_everything_too(tmp_path: Path) -> None:
    runtime = SimpleNamespace(
        dsn_file=str(tmp_path / "dsn"), host=SimpleNamespace(journal_keys=""), reconcile_s=60.0
    )
    before = time.monotonic()
    assert Reconciler(cast(Any, runtime))._deep_at - before < DEEP_EVERY_S / 2
