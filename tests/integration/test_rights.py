"""What the application may call is a closed list; two currencies never meet, whoever forges it."""

import re
import uuid
from datetime import date
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.limits import EUR, Postgres
from wallet.batch import Hand, netted
from wallet.currencies import Currency, currencies, open_currencies
from wallet.errors import CurrencyChanged
from wallet.ledger import Ledger
from wallet.payments import PaymentKind, PaymentState
from wallet.settler import BATCH, Settler, _literal

DOCUMENT = Path(__file__).parents[2] / "docs" / "wallet.md"


async def test_the_application_may_call_what_is_documented_and_nothing_else(admin: Any) -> None:
    """There is no function that moves chips from one player to another."""
    rows = await admin.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'wallet'::regnamespace"
        " AND has_function_privilege('squaredeal_app', oid, 'EXECUTE')"
    )
    text = DOCUMENT.read_text("utf-8")
    listed = text.partition("<!-- functions: begin -->")[2].partition("<!-- functions: end -->")[0]
    documented = set(re.findall(r"^\| `(\w+)`", listed, re.MULTILINE))
    assert {row["proname"] for row in rows} == documented


async def test_everything_belongs_to_the_owner_and_is_pinned(admin: Any) -> None:
    """Functions of the owner's run in the wallet's schema, whatever the caller's search path."""
    loose = await admin.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'wallet'::regnamespace"
        " AND (proowner <> 'squaredeal_owner'::regrole OR NOT EXISTS (SELECT 1 FROM"
        " unnest(proconfig) c WHERE c LIKE 'search_path=%'))"
    )
    assert [row[0] for row in loose] == []
    tables = await admin.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'wallet'::regnamespace"
        " AND relkind IN ('r', 'p') AND relname <> 'migrations'"
        " AND relowner <> 'squaredeal_owner'::regrole"
    )
    assert [row[0] for row in tables] == []


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE wallet.players SET excluded_until = NULL",
        "UPDATE wallet.limits SET amount = NULL",
        "DELETE FROM wallet.limits",
        "UPDATE wallet.player_days SET deposited = 0",
        "DELETE FROM wallet.player_days",
        "UPDATE wallet.sittings SET brought = 0",
        "INSERT INTO wallet.currencies VALUES ('XXX', 0)",
        "UPDATE wallet.payments SET state = 'posted'",
        "INSERT INTO wallet.operations DEFAULT VALUES",
        "UPDATE wallet.operations SET state = 'applied'",
        "DELETE FROM wallet.limit_changes",
        "SELECT wallet.carry_out(1, 'ann', '')",
        "SELECT wallet.count_day(gen_random_uuid(), 'PLAY', now(), -5, 0, 0)",
        "SELECT wallet.hold_player(gen_random_uuid())",
        "SELECT wallet.contra('cash', 'PLAY')",
        "SELECT wallet.reversible('k')",
    ],
)
async def test_the_application_can_t_write_past_the_functions(pool: Any, deed: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(deed)


# Currencies


async def test_a_currency_is_opened_once_and_its_exponent_stays(pool: Any) -> None:
    for _ in range(2):
        await open_currencies(pool, [Currency(EUR, 2)])
    assert await currencies(pool) == [Currency(EUR, 2), Currency("PLAY", 0)]
    with pytest.raises(CurrencyChanged):
        await open_currencies(pool, [Currency(EUR, 3)])
    with pytest.raises(asyncpg.CheckViolationError):
        await open_currencies(pool, [Currency("euro", 2)])


async def seated(world: Postgres, currency: str, table: str) -> uuid.UUID:
    player, session = uuid.uuid4(), uuid.uuid4()
    await world.books.open_wallet(player, currency)
    assert (await world.begin(PaymentKind.DEPOSIT, player, 500, "d", currency)).done
    assert (await world.decide(PaymentKind.DEPOSIT, player, "d", PaymentState.POSTED)).done
    key = f"in:{session}"
    assert (await world.books.buy_in(player, table, session, 500, key, 1, currency)).done
    return session


@pytest.fixture
async def world(pool: Any, admin: Any) -> Postgres:
    made = await Postgres(pool, admin).open()
    await made.books.raise_fence("oak", 1)
    return made


async def test_a_forged_batch_across_currencies_is_refused(
    world: Postgres, pool: Any, admin: Any, app_dsn: str
) -> None:
    """The house in another currency than the stakes, or stakes of two, made to look right."""
    one, two = [await seated(world, "PLAY", "oak") for _ in range(2)]
    euro = await seated(world, EUR, "elm")
    await admin.execute("UPDATE wallet.accounts SET table_id = 'oak' WHERE session = $1", euro)
    rows = await pool.fetch("SELECT session, account_id FROM wallet.accounts WHERE kind = 'stake'")
    accounts = {row["session"]: row["account_id"] for row in rows}
    house = {code: await pool.fetchval("SELECT wallet.open_house(7, $1)", code)
             for code in ("PLAY", EUR)}  # fmt: skip
    for sessions, rake, at in (((one, two), 5, EUR), ((one, euro), 5, EUR), ((one, euro), 0, EUR)):
        hand = Hand("oak", 1, 1, tuple(sorted(zip(sessions, (9, -9 - rake), strict=True))), rake)
        names, keys, payloads, *numbers = netted([hand], accounts, house[at])
        with pytest.raises(asyncpg.PostgresError) as refused:
            await pool.execute(
                BATCH, 7, names, keys, payloads, *(_literal(each) for each in numbers)
            )
        assert refused.value.sqlstate == "SD001"
    for rake in (0, 5):
        alone = await Ledger(pool).settle("oak", 1, 1, [(one, 9), (euro, -9 - rake)], rake)
        assert alone.code == "unknown_account"


async def test_every_other_writer_refuses_it_too(world: Postgres, admin: Any) -> None:
    """The one way for chips to get from account to account is ``post``, and it looks."""
    session = await seated(world, EUR, "oak")
    ids = await admin.fetchrow(
        "SELECT (SELECT account_id FROM wallet.accounts WHERE session = $1) AS euro,"
        " wallet.contra('cash', 'PLAY') AS play",
        session,
    )
    with pytest.raises(asyncpg.RaiseError, match="cross currencies"):
        await admin.execute(
            "SELECT wallet.post('k', '', 'deposit', NULL, NULL, NULL, 5, $1::bigint[], '{5,-5}')",
            [ids["euro"], ids["play"]],
        )
    callers = await admin.fetch(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'wallet'::regnamespace"
        " AND prosrc ~ 'INSERT INTO entries'"
    )
    assert {row[0] for row in callers} == {"post", "settle_batch"}


FORGERIES: dict[str, tuple[str, Any]] = {
    "a net that its moves do not make": ("nets", lambda nets: [nets[0] + 1, *nets[1:]]),
    "a count that is too high": ("counts", lambda counts: [counts[0] + 1, *counts[1:]]),
    "moves of another hand": ("of", lambda of: [2, *of[1:]]),
    "moves of another account": ("on", lambda on: [on[-1], *on[1:]]),
    "a move that is larger": ("moves", lambda moves: [moves[0] * 2, *moves[1:]]),
    "a sum that is another": ("running", lambda running: [*running[:-1], running[-1] + 1]),
    "an amount that was not won": ("amounts", lambda amounts: [amounts[0] + 1, *amounts[1:]]),
    "another table's stake": ("places", lambda places: [places[0], *[0] * len(places[1:])]),
    "a hand from before": ("hands", lambda hands: [0, *hands[1:]]),
    "an epoch from before": ("epochs", lambda epochs: [0, *epochs[1:]]),
}


@pytest.mark.parametrize("what", FORGERIES)
async def test_a_forged_batch_is_refused(world: Postgres, pool: Any, what: str) -> None:
    sessions = [await seated(world, "PLAY", "oak") for _ in range(3)]
    rows = await pool.fetch("SELECT session, account_id FROM wallet.accounts WHERE kind = 'stake'")
    accounts = {row["session"]: row["account_id"] for row in rows}
    house = await pool.fetchval("SELECT wallet.open_house(1)")
    moves = [(sessions[0], 9), (sessions[1], -10), (sessions[2], 0)]
    hands = [Hand("oak", n, 1, tuple(sorted(moves)), 1) for n in (1, 2)]
    good = netted(hands, accounts, house)
    field, forge = FORGERIES[what]
    idle = good.counts.index(0)
    forged = [
        good._replace(**{field: forge(getattr(good, field))}),
        # A stake that has no part in the hands must not change with them.
        good._replace(nets=[5 if n == idle else net for n, net in enumerate(good.nets)]),
    ]

    async def write(batch: Any) -> None:
        names, keys, payloads, *numbers = batch
        await pool.execute(BATCH, 1, names, keys, payloads, *(_literal(each) for each in numbers))

    for batch in forged:
        with pytest.raises(asyncpg.PostgresError) as refused:
            await write(batch)
        assert refused.value.sqlstate in ("SD001", "23514"), what
    assert (await Ledger(pool).check()).problems == []
    await write(good)
    assert (await Ledger(pool).check()).problems == []


async def test_entries_across_currencies_are_found(world: Postgres, admin: Any, pool: Any) -> None:
    await seated(world, EUR, "oak")
    books = Ledger(pool)
    assert (await books.check()).problems == []
    await admin.execute("SET session_replication_role = replica")
    await admin.execute(
        "UPDATE wallet.entries SET account_id = wallet.contra('cash', 'PLAY')"
        " WHERE account_id = wallet.contra('cash', 'EUR')"
    )
    assert any("2 currencies" in problem for problem in (await books.check()).problems)


async def test_a_player_without_a_wallet_gets_one_a_currency(world: Postgres, pool: Any) -> None:
    player = uuid.uuid4()
    for code in ("PLAY", EUR, EUR):
        await world.books.open_wallet(player, code)
    count = "SELECT count(*) FROM wallet.accounts WHERE owner = $1"
    assert await pool.fetchval(count, player) == 2
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await world.books.open_wallet(player, "GBP")
    assert (await world.books.grant_daily(player, 5, date(2026, 1, 2))).done


async def test_a_settler_sorts_hands_by_currency(app_dsn: str, pool: Any, world: Postgres) -> None:
    """One batch a currency, one house account a currency."""
    at = {code: [await seated(world, code, table) for _ in range(2)]
          for code, table in (("PLAY", "oak"), (EUR, "elm"))}  # fmt: skip
    settler = Settler(app_dsn)
    hands = [
        Hand(table, n, 1, tuple(sorted([(at[code][0], 9), (at[code][1], -10)])), 1)
        for code, table in (("PLAY", "oak"), (EUR, "elm"))
        for n in (1, 2)
    ]
    try:
        await settler._connect()
        await settler._find({session for hand in hands for session, _ in hand.moves})
        parts = settler._by_currency([(hand, None) for hand in hands])  # type: ignore[misc]
        assert {code: [hand.table for hand, _ in part] for code, part in parts} == {
            "PLAY": ["oak"] * 2,
            EUR: ["elm"] * 2,
        }
    finally:
        settler._hang_up()
