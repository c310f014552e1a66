"""The same tests for the journal in memory and the one in Postgres: the simulation believes in
the twin as far as this goes."""

import random
from collections.abc import AsyncIterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import asyncpg
import pytest

from actors.archive import Archive, FinishedHand
from actors.journal import SNAPSHOT, Journal, Row
from actors.postgres_journal import PostgresJournal
from tests.integration.table_bench import table_spec
from tests.simulation.journal_twin import JournalTwin
from tests.simulation.ledger_twin import LedgerTwin
from wallet.ledger import Ledger
from wallet.results import LedgerResult

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
SPEC = table_spec()


class Stores(NamedTuple):
    """A journal, and the ledger and the archive beside it."""

    journal: Journal
    ledger: Ledger | LedgerTwin
    archive: Archive | JournalTwin


def row(table: str, seq: int, epoch: int, digest: bytes = b"d", kind: str = "Act") -> Row:
    return Row(table, seq, epoch, 1, kind, b"body", digest)


async def taken(storage: Stores, table: str = "ash", owner: str = "a") -> int:
    """The epoch of a take-over."""
    return (await storage.journal.take_over(table, owner, "x:1", 15.0, SPEC)).epoch


class Contract:
    """What every journal does."""

    async def test_epochs_grow_by_one_and_last_hands_skip_one(self, storage: Stores) -> None:
        first = await storage.journal.take_over("ash", "a", "x:1", 15.0, SPEC)
        second = await storage.journal.take_over("ash", "b", "x:1", 15.0, SPEC)
        assert (first.epoch, first.last_hand) == (1, 0)
        assert (second.epoch, second.last_hand) == (2, 1)
        hand = FinishedHand("ash", 9, 2, (), ())
        await storage.archive.save(hand)
        assert (await storage.journal.take_over("ash", "c", "x:1", 15.0, SPEC)).last_hand == 10
        # An old owner's hand is kept; what it says of the table is not.
        await storage.archive.save(FinishedHand("ash", 50, 2, (), ()))
        assert (await storage.journal.take_over("ash", "d", "x:1", 15.0, SPEC)).last_hand == 11

    async def test_rows_come_back_as_they_were_in_order(self, storage: Stores) -> None:
        epoch = await taken(storage)
        rows = [row("ash", seq, epoch, bytes([seq])) for seq in (1, 2, 3)]
        assert await storage.journal.append(rows[1:]) == frozenset()
        assert await storage.journal.append(rows[:1]) == frozenset()
        assert await storage.journal.rows("ash") == rows
        assert await storage.journal.rows("elm") == []

    async def test_an_append_may_be_repeated_but_not_changed(self, storage: Stores) -> None:
        epoch = await taken(storage)
        rows = [row("ash", 1, epoch), row("ash", 2, epoch)]
        for _ in range(3):
            assert await storage.journal.append(rows) == frozenset()
        assert await storage.journal.rows("ash") == rows
        with pytest.raises(asyncpg.RaiseError, match="another row"):
            await storage.journal.append([row("ash", 3, epoch), row("ash", 2, epoch, b"else")])
        assert await storage.journal.rows("ash") == rows

    async def test_an_append_is_fenced_table_by_table(self, storage: Stores) -> None:
        ash, birch = await taken(storage, "ash"), await taken(storage, "birch")
        newer = await taken(storage, "ash", "b")
        late = [row("ash", 1, ash), row("birch", 1, birch), row("elm", 1, 1)]
        assert await storage.journal.append(late) == {"ash", "elm"}
        assert await storage.journal.rows("ash") == []
        assert await storage.journal.rows("birch") == [late[1]]
        ahead = [row("ash", 1, newer + 1)]
        assert await storage.journal.append(ahead) == {"ash"}
        assert await storage.journal.append([row("ash", 1, newer)]) == frozenset()

    async def test_an_old_row_beside_a_new_one_has_both_refused(self, storage: Stores) -> None:
        old, new = await taken(storage), await taken(storage, owner="b")
        assert await storage.journal.append([row("ash", 1, old), row("ash", 2, new)]) == {"ash"}
        assert await storage.journal.rows("ash") == []

    async def test_a_repeated_append_of_an_old_owner_is_stale(self, storage: Stores) -> None:
        epoch = await taken(storage)
        rows = [row("ash", 1, epoch)]
        assert await storage.journal.append(rows) == frozenset()
        await taken(storage, owner="b")
        assert await storage.journal.append(rows) == {"ash"}
        assert await storage.journal.rows("ash") == rows

    async def test_the_next_owner_hears_of_a_fault_once(self, storage: Stores) -> None:
        old = await taken(storage)
        await storage.journal.note_fault("ash", old, "Act: boom")
        claim = await storage.journal.take_over("ash", "b", "x:1", 15.0, SPEC)
        assert claim.fault == "Act: boom"
        await storage.journal.note_fault("ash", old, "too late")
        assert (await storage.journal.take_over("ash", "c", "x:1", 15.0, SPEC)).fault == ""

    async def test_a_take_over_raises_the_fence_of_the_ledger(self, storage: Stores) -> None:
        player, session = UUID(int=1), UUID(int=2)
        await storage.ledger.open_wallet(player)
        await storage.ledger.grant_daily(player, 1_000, date(2026, 1, 2))
        old = await taken(storage)
        new = await taken(storage, owner="b")
        refused = await storage.ledger.buy_in(player, "ash", session, 100, "k", old)
        assert refused.code is LedgerResult.STALE_EPOCH
        settled = await storage.ledger.settle("ash", 1, old, [], 0)
        assert settled.code is LedgerResult.STALE_EPOCH
        accepted = await storage.ledger.buy_in(player, "ash", session, 100, "k", new)
        assert accepted.code is LedgerResult.APPLIED

    async def test_a_lease_is_renewed_only_by_its_owner(self, storage: Stores) -> None:
        old, birch = await taken(storage), await taken(storage, "birch")
        assert await storage.journal.renew([("ash", old), ("birch", birch)], 15.0) == {
            "ash",
            "birch",
        }
        await storage.journal.release("birch", birch)
        assert await storage.journal.renew([("birch", birch)], 15.0) == {"birch"}
        new = await taken(storage, owner="b")
        await storage.journal.release("ash", old)
        assert await storage.journal.renew([("ash", old), ("elm", 1)], 15.0) == frozenset()
        assert await storage.journal.renew([("ash", new)], 15.0) == {"ash"}

    async def test_a_replay_begins_at_the_last_snapshot(self, storage: Stores) -> None:
        epoch = await taken(storage)
        kinds = ("Act", SNAPSHOT, "Act", SNAPSHOT, "Act")
        rows = [row("ash", seq, epoch, b"d", kind) for seq, kind in enumerate(kinds, 1)]
        await storage.journal.append(rows)
        await storage.journal.prune("elm")
        assert await storage.journal.rows("ash") == rows[3:]
        await storage.journal.prune("ash")
        assert await storage.journal.rows("ash") == rows[3:]
        # Late repeats of pruned rows are harmless: nobody reads before the snapshot.
        assert await storage.journal.append(rows[:2]) == frozenset()
        assert await storage.journal.rows("ash") == rows[3:]

    async def test_nothing_is_pruned_without_a_snapshot(self, storage: Stores) -> None:
        epoch = await taken(storage)
        rows = [row("ash", seq, epoch) for seq in (1, 2)]
        await storage.journal.append(rows)
        await storage.journal.prune("ash")
        assert await storage.journal.rows("ash") == rows

    async def test_the_first_record_of_a_hand_stays(self, storage: Stores) -> None:
        epoch = await taken(storage)
        for hand in (4, 4, 3):
            await storage.archive.save(FinishedHand("ash", hand, epoch, (), ()))
        # The second record of hand 4 changed nothing; that of hand 3 did.
        assert (await storage.journal.take_over("ash", "b", "x:1", 15.0, SPEC)).last_hand == 4


class TestTwin(Contract):
    """In memory."""

    @pytest.fixture
    def storage(self) -> Stores:
        ledger = LedgerTwin()
        journal = JournalTwin(ledger)
        return Stores(journal, ledger, journal)


class TestPostgres(Contract):
    """For real."""

    @pytest.fixture
    async def storage(self, pool: "Pool", app_dsn: str) -> AsyncIterator[Stores]:
        journal = PostgresJournal(app_dsn, pool)
        yield Stores(journal, Ledger(pool), Archive(pool))
        journal.close()


async def told(storage: Stores, seed: int) -> list[object]:
    """What a journal answers to a random history."""
    chance = random.Random(seed)
    epochs = {"ash": 0, "birch": 0}
    answers: list[object] = []
    for _ in range(400):
        table = chance.choice(sorted(epochs))
        epoch = max(1, epochs[table] - chance.choice((0, 0, 0, 1, -1)))
        number = chance.randrange(24)
        if number == 0:
            claim = await storage.journal.take_over(table, "o", "x:1", 15.0, SPEC)
            epochs[table] = claim.epoch
            answers.append(claim)
        elif number < 4:
            answers.append(await storage.journal.rows(table))
        elif number == 4:
            await storage.journal.prune(table)
        elif number == 5 and epochs[table]:
            await storage.archive.save(FinishedHand(table, chance.randrange(9), epoch, (), ()))
        elif number == 6:
            answers.append(await storage.journal.renew([(table, epoch)], 15.0))
        else:
            kind = SNAPSHOT if chance.randrange(9) == 0 else "Act"
            digest = b"e" if chance.randrange(6) == 0 else b"d"
            rows = [row(table, chance.randrange(1, 30), epoch, digest, kind)]
            try:
                answers.append(await storage.journal.append(rows))
            except asyncpg.RaiseError:
                answers.append("another row")
    return answers


@pytest.mark.parametrize("seed", range(4))
async def test_both_answer_alike_whatever_is_asked(seed: int, pool: "Pool", app_dsn: str) -> None:
    ledger = LedgerTwin()
    twin = JournalTwin(ledger)
    real = PostgresJournal(app_dsn, pool)
    expected = await told(Stores(real, Ledger(pool), Archive(pool)), seed)
    real.close()
    assert await told(Stores(twin, ledger, twin), seed) == expected
    assert "another row" in expected
