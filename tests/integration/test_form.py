"""Two releases over one database: who can't read a journal leaves the table as it is."""

import asyncpg
import pytest

from actors import postgres_journal
from actors.journal import FORM_READ, FORM_WRITTEN, JournalNewer
from actors.postgres_journal import PostgresJournal
from tests.integration.table_bench import table_spec

SPEC = table_spec()
STATE = """
SELECT t.epoch, t.last_hand, t.owner, t.form, f.epoch AS fence
FROM actors.tables t JOIN wallet.fences f USING (table_id) WHERE table_id = 'ash'"""


async def test_a_journal_of_a_newer_form_is_not_taken_over_and_nothing_changes(
    app_dsn: str, pool: "asyncpg.Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = PostgresJournal(app_dsn, pool)

    async def take_over(owner: str) -> int:
        return (await journal.take_over("ash", owner, "x:1", 15.0, SPEC)).epoch

    async def state() -> asyncpg.Record:
        found = await pool.fetchrow(STATE)
        assert found is not None
        return found

    assert await take_over("old") == 1
    with monkeypatch.context() as newer:
        newer.setattr(postgres_journal, "FORM_READ", FORM_READ + 1)
        # The release between reads the new form and writes the old one: either may go on.
        assert await take_over("between") == 2
        assert (await state())["form"] == FORM_WRITTEN
        newer.setattr(postgres_journal, "FORM_WRITTEN", FORM_WRITTEN + 1)
        assert await take_over("new") == 3
    before = await state()
    assert before["form"] == FORM_READ + 1
    with pytest.raises(
        JournalNewer, match=f"form {FORM_READ + 1}, this release reads up to {FORM_READ}"
    ):
        await take_over("old")
    assert await state() == before
    with monkeypatch.context() as between:
        between.setattr(postgres_journal, "FORM_READ", FORM_READ + 1)
        assert await take_over("between") == 4
    # Rows of the new form may still be there.
    assert (await state())["form"] == FORM_READ + 1


async def test_a_process_from_before_there_were_forms_takes_over_as_it_did(
    pool: "asyncpg.Pool[asyncpg.Record]",
) -> None:
    take = "SELECT epoch FROM actors.take_over('ash', 'a', 'x:1', 15000, '{}')"
    assert await pool.fetchval(take) == 1
    assert await pool.fetchval(take) == 2
    assert await pool.fetchval("SELECT epoch FROM wallet.fences") == 2


async def test_and_leaves_what_it_can_t_read(
    admin: "asyncpg.Connection[asyncpg.Record]", pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    take = "SELECT epoch FROM actors.take_over('ash', 'a', 'x:1', 15000, '{}')"
    await pool.fetchval(take)
    await admin.execute("UPDATE actors.tables SET form = 3")
    with pytest.raises(asyncpg.PostgresError) as refused:
        await pool.fetchval(take)
    assert refused.value.sqlstate == postgres_journal.NEWER
