"""The audit log on real Postgres, and hands that try to change it."""

import asyncio

import asyncpg
import pytest

from auth.audit import READ_AT_ONCE, Audit, Wanted


@pytest.fixture
def audit(pool: "asyncpg.Pool[asyncpg.Record]") -> Audit:
    return Audit(pool)


async def test_acts_and_what_came_of_them_are_found(audit: Audit) -> None:
    first = await audit.asked("ann", "10.0.0.1", "POST /v1/a", '{"reason":"é\\u0000"}')
    second = await audit.asked("machine:bob", "10.0.0.2", "POST /v1/b", "{}")
    await audit.ended(first, "ann", "done", '{"id":1}')
    newest, oldest = await audit.search(Wanted(), 10)
    assert (newest.number, newest.who, newest.outcome) == (second, "machine:bob", None)
    assert (oldest.outcome, oldest.answer, oldest.address) == ("done", '{"id":1}', "10.0.0.1")
    for wanted in (
        Wanted(who="ann"), Wanted(act="v1/a"), Wanted(before=second), Wanted(until=newest.at),
    ):  # fmt: skip
        assert await audit.search(wanted, 10) == [oldest]
    assert await audit.search(Wanted(since=newest.at), 10) == [newest]
    assert await audit.search(Wanted(), 1) == [newest]
    assert await audit.verify() == (3, [])


async def test_what_was_before_and_after_is_in_the_chain_and_older_lines_still_are(
    audit: Audit, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    old = await audit.asked("ann", "a", "b", "{}")
    number = await audit.asked("ann", "a", "b", "{}", '{"paused":false}')
    await audit.ended(number, "ann", "done", "", '{"paused":true}')
    new, before = await audit.search(Wanted(), 10)
    assert (new.before, new.after) == ('{"paused":false}', '{"paused":true}')
    assert (before.before, before.after) == (None, None)
    # The line without a state is hashed as before there were any: its nine parts alone.
    row = await admin.fetchrow("SELECT * FROM auth.audit WHERE number = $1", old)
    assert row is not None
    assert row["hash"] == await admin.fetchval(
        "SELECT sha256(convert_to(string_agg(auth.netstring(part), '' ORDER BY place), 'UTF8'))"
        " FROM unnest($1::text[]) WITH ORDINALITY AS p (part, place)",
        [str(old), str(int(row["at"].timestamp() * 1_000_000 + 0.5)), "ann", "a", "b", "{}",
         None, None, ""],
    )  # fmt: skip
    assert await audit.verify() == (3, [])


async def test_a_chain_has_no_forks_when_many_write_at_once(audit: Audit) -> None:
    numbers = await asyncio.gather(*(audit.asked("ann", "", f"act {n}", "") for n in range(60)))
    assert sorted(numbers) == list(range(1, 61))
    assert await audit.verify() == (60, [])


async def test_the_chain_is_read_page_by_page(
    audit: Audit, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await pool.execute(
        "SELECT auth.append_audit('ann', '', '', '', NULL, NULL, '') FROM generate_series(1, $1)",
        READ_AT_ONCE + 1,
    )
    assert await audit.verify() == (READ_AT_ONCE + 1, [])


CHANGES = (
    "UPDATE auth.audit SET who = 'eve' WHERE number = 2",
    "UPDATE auth.audit SET at = at + interval '1 microsecond' WHERE number = 2",
    "UPDATE auth.audit SET address = 'b', act = '' WHERE number = 2",
    "UPDATE auth.audit SET asked = asked || ' ' WHERE number = 2",
    "UPDATE auth.audit SET answer = 'x' WHERE number = 3",
    "UPDATE auth.audit SET outcome = 'done' WHERE number = 3",
    "UPDATE auth.audit SET state = 'x' WHERE number = 2",
    "UPDATE auth.audit SET state = NULL WHERE number = 4",
    "DELETE FROM auth.audit WHERE number = 2",
    "DELETE FROM auth.audit WHERE number = 1",
)


@pytest.mark.parametrize("change", [*CHANGES, "TRUNCATE auth.audit"])
async def test_nobody_changes_it_and_the_chain_shows_who_did(
    audit: Audit,
    pool: "asyncpg.Pool[asyncpg.Record]",
    admin: "asyncpg.Connection[asyncpg.Record]",
    change: str,
) -> None:
    first = await audit.asked("ann", "a", "b", "{}")
    await audit.asked("bob", "a", "b", "{}")
    await audit.ended(first, "ann", "not_allowed", "")
    await audit.asked("cyd", "a", "b", "{}", "before")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(change)
    with pytest.raises(asyncpg.RaiseError, match="written once"):
        await admin.execute(change)
    assert await audit.verify() == (4, [])
    if "TRUNCATE" in change:
        return
    # Whoever can take the triggers and keys away can change it, and is seen.
    await admin.execute("ALTER TABLE auth.audit DROP CONSTRAINT audit_outcome_of_fkey")
    await admin.execute("ALTER TABLE auth.audit DISABLE TRIGGER USER")
    await admin.execute(change)
    assert len((await audit.verify())[1]) == 1


async def test_the_application_appends_through_the_function_alone(
    pool: "asyncpg.Pool[asyncpg.Record]",
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(
            "INSERT INTO auth.audit VALUES (1, now(), 'a', '', '', '', NULL, NULL, '', $1)",
            b"0" * 32,
        )
