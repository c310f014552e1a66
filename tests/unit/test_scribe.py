"""Group commit: one batch at a time, everybody told in order, stalls said aloud."""

import asyncio
from collections.abc import Sequence

import pytest

from actors import scribe as module
from actors.journal import Row
from actors.scribe import Scribe
from actors.spec import TableSpec
from tests.integration.table_bench import table_spec
from tests.simulation.journal_twin import JournalTwin
from tests.simulation.ledger_twin import LedgerTwin

SPEC: TableSpec = table_spec()


class Author:
    """A table that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def durable(self, seq: int) -> None:
        self.told.append(seq)

    def stalled(self, on: bool) -> None:
        self.told.append("stalled" if on else "flows")

    def taken_over(self) -> None:
        self.told.append("taken over")

    def not_written(self, why: str) -> None:
        self.told.append("not written")


class Slow(JournalTwin):
    """Appends wait for the test; ``batches`` are their sizes."""

    def __init__(self) -> None:
        super().__init__(LedgerTwin())
        self.go = asyncio.Event()
        self.batches: list[int] = []
        self.failures = 0

    async def append(self, rows: Sequence[Row]) -> frozenset[str]:
        await self.go.wait()
        if self.failures:
            self.failures -= 1
            raise ConnectionResetError("the line broke")
        self.batches.append(len(rows))
        return await super().append(rows)


def row(table: str, seq: int, epoch: int = 1) -> Row:
    return Row(table, seq, epoch, 0, "Act", b"", b"%d" % seq)


async def until_idle() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_what_queues_while_a_batch_is_written_goes_with_the_next() -> None:
    journal, a, b = Slow(), Author(), Author()
    for table in ("a", "b"):
        await journal.take_over(table, "o", "x:1", 15.0, SPEC)
    scribe = Scribe(journal)
    task = asyncio.create_task(scribe.run())
    scribe.write(a, row("a", 1))
    await until_idle()
    for seq in (2, 3):
        scribe.write(a, row("a", seq))
    scribe.write(b, row("b", 1))
    assert (a.told, b.told) == ([], [])
    journal.go.set()
    await until_idle()
    assert journal.batches == [1, 3]
    assert (a.told, b.told) == ([1, 3], [1])
    task.cancel()


async def test_a_stale_table_is_told_and_the_others_go_on() -> None:
    journal, a, b = Slow(), Author(), Author()
    for table in ("a", "b", "a"):
        await journal.take_over(table, "o", "x:1", 15.0, SPEC)
    scribe = Scribe(journal)
    task = asyncio.create_task(scribe.run())
    scribe.write(a, row("a", 1))
    scribe.write(b, row("b", 1))
    journal.go.set()
    await until_idle()
    assert (a.told, b.told) == (["taken over"], [1])
    task.cancel()


async def test_rows_that_storage_refuses_halt_their_own_table_and_no_other() -> None:
    journal, a, b = Slow(), Author(), Author()
    for table in ("a", "b"):
        await journal.take_over(table, "o", "x:1", 15.0, SPEC)
    await JournalTwin.append(journal, [row("a", 1)])
    scribe = Scribe(journal)
    task = asyncio.create_task(scribe.run())
    scribe.write(a, row("a", 1)._replace(digest=b"another"))
    scribe.write(b, row("b", 1))
    await until_idle()
    scribe.write(a, row("a", 2))
    journal.go.set()
    await until_idle()
    assert (a.told, b.told) == (["not written"], [1])
    assert [each.seq for each in await journal.rows("a")] == [1], "nothing follows a gap"
    scribe.write(b, row("b", 2))
    await until_idle()
    assert b.told == [1, 2]
    task.cancel()


async def test_an_unknown_outcome_is_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actors.bank.RETRY_S_FIRST", 0.0)
    journal, a = Slow(), Author()
    await journal.take_over("a", "o", "x:1", 15.0, SPEC)
    journal.failures = 3
    journal.go.set()
    scribe = Scribe(journal)
    task = asyncio.create_task(scribe.run())
    scribe.write(a, row("a", 1))
    while not a.told:
        await until_idle()
    assert a.told == [1]
    task.cancel()


async def test_a_batch_has_an_upper_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH_ROWS_MAX", 10)
    journal, a = Slow(), Author()
    await journal.take_over("a", "o", "x:1", 15.0, SPEC)
    scribe = Scribe(journal)
    for seq in range(25):
        scribe.write(a, row("a", seq + 1))
    journal.go.set()
    task = asyncio.create_task(scribe.run())
    await until_idle()
    assert journal.batches == [10, 10, 5]
    assert a.told == [10, 20, 25]
    task.cancel()


async def test_a_stall_is_told_to_all_who_wait_and_its_end_too() -> None:
    journal, a, b = Slow(), Author(), Author()
    for table in ("a", "b"):
        await journal.take_over(table, "o", "x:1", 15.0, SPEC)
    scribe = Scribe(journal, stall_s=0.0)
    task = asyncio.create_task(scribe.run())
    scribe.write(a, row("a", 1))
    while not a.told:
        await until_idle()
    scribe.write(b, row("b", 1))
    assert (a.told, b.told) == (["stalled"], ["stalled"])
    journal.go.set()
    while len(b.told) < 3:
        await until_idle()
    assert a.told == ["stalled", 1, "flows"]
    assert b.told[0] == "stalled"
    assert b.told[-1] in (1, "flows")
    task.cancel()


async def test_a_process_that_stood_still_blames_nobody() -> None:
    journal, a = Slow(), Author()
    await journal.take_over("a", "o", "x:1", 15.0, SPEC)
    scribe = Scribe(journal)
    task = asyncio.create_task(scribe.run())
    scribe.write(a, row("a", 1))
    await until_idle()
    loop = asyncio.get_running_loop()
    scribe._timer.cancel()
    scribe._note_stall([(a, row("a", 1))], loop.time() - 2 * module.LATE_S)
    assert a.told == []
    # Storage has its time again, from now on.
    assert loop.time() < scribe._timer.when() <= loop.time() + module.STALL_S
    scribe._timer.cancel()
    scribe._note_stall([(a, row("a", 1))], loop.time())
    assert a.told == ["stalled"]
    journal.go.set()
    await until_idle()
    task.cancel()
