"""Buy-ins and cash-outs with the money at an operator: every state, every doubt."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from actors.bank import TRANSIENT, Bank
from tests.seamless import CURRENCY, LIMITS, RICH, Operator, newcomer, process, seamless
from wallet.errors import AmountInvalid
from wallet.ledger import AMOUNT_MAX, Ledger
from wallet.protection import Exclusion, Protections
from wallet.results import LedgerResult as Result
from wallet.seamless.errors import HeldElsewhere, OutcomeUnknown, PlayerHasChips
from wallet.seamless.faults import Fault
from wallet.seamless.open import Seamless
from wallet.seamless.protocol import Code
from wallet.seamless.states import Begun, Kind, Person, State

TABLE = "oak"
UNKNOWN = (
    Fault.SILENT_BEFORE,
    Fault.SILENT_AFTER,
    Fault.LATE,
    Fault.ERROR_BEFORE,
    Fault.ERROR_AFTER,
    Fault.GARBAGE,
    Fault.CUT,
    Fault.UNAVAILABLE,
)


@pytest.fixture
def operator() -> Operator:
    return Operator()


@pytest.fixture
async def wallet(pool: Any, operator: Operator) -> AsyncIterator[Seamless]:
    async with process(pool, operator) as running:
        yield running
    report = await Ledger(pool).check()
    assert report.problems == []
    assert await cash(pool) == operator.total() - sum(
        RICH for each in operator.book.customers if each
    )


async def cash(pool: Any) -> int:
    """What is in our books, negative: the contra account of everything in play."""
    return int(await pool.fetchval("SELECT balance FROM wallet.accounts WHERE kind = 'cash'"))


async def state(wallet: Seamless, key: str) -> State:
    return (await wallet.store.read(key)).state


async def seated(wallet: Seamless, operator: Operator, amount: int = 1_000) -> tuple[UUID, UUID]:
    player, session = await newcomer(wallet, operator), uuid4()
    bought = await wallet.bank.buy_in(player, TABLE, session, amount, f"in:{session}", 1)
    assert (bought.code, bought.amount) == (Result.APPLIED, amount)
    return player, session


async def test_it_is_a_bank_for_tables(wallet: Seamless) -> None:
    bank: Bank = wallet.bank
    assert isinstance(HeldElsewhere("k"), TRANSIENT)
    assert bank


async def test_chips_come_from_the_operator_and_go_back(
    wallet: Seamless, operator: Operator, pool: Any
) -> None:
    (a, at_a), (b, at_b) = await seated(wallet, operator), await seated(wallet, operator, 500)
    assert operator.book.customers[str(a)].balance == RICH - 1_000
    assert await cash(pool) == -1_500
    settled = await wallet.bank.settle(TABLE, 1, 1, [(at_a, 290), (at_b, -300)], 10)
    assert settled.code is Result.APPLIED
    for player, session, left in ((a, at_a, 1_290), (b, at_b, 200)):
        home = await wallet.bank.cash_out(player, TABLE, session, f"out:{session}")
        assert (home.code, home.amount) == (Result.APPLIED, left)
    await wallet.adapter.settled()
    assert operator.book.customers[str(a)].balance == RICH + 290
    assert operator.book.customers[str(b)].balance == RICH - 300
    assert await cash(pool) == -10  # the rake stays
    assert await wallet.store.outstanding() == []


async def test_a_repeated_call_is_answered_as_the_first(
    wallet: Seamless, operator: Operator
) -> None:
    player, session = await seated(wallet, operator)
    key = f"in:{session}"
    again = await wallet.bank.buy_in(player, TABLE, session, 1_000, key, 1)
    assert (again.code, again.amount) == (Result.DUPLICATE, 1_000)
    other = await wallet.bank.buy_in(player, TABLE, session, 999, key, 1)
    assert (other.code, other.amount) == (Result.PAYLOAD_MISMATCH, 0)
    elsewhere = await wallet.bank.cash_out(player, TABLE, session, key)
    assert elsewhere.code is Result.PAYLOAD_MISMATCH
    for code in (Result.APPLIED, Result.DUPLICATE):
        home = await wallet.bank.cash_out(player, TABLE, session, "out")
        assert (home.code, home.amount) == (code, 1_000)
    late = await wallet.bank.cash_out(player, TABLE, session, "out again")
    assert (late.done, late.amount) == (True, 0)
    await wallet.adapter.settled()
    assert operator.line.calls == ["debit", "credit"]


async def test_who_is_excluded_here_gets_his_money_back_from_a_buy_in(
    wallet: Seamless, operator: Operator, pool: Any
) -> None:
    player, session = await seated(wallet, operator)
    await Protections(pool).exclude(player, Exclusion.SELF_EXCLUSION, None)
    refused = await wallet.bank.buy_in(player, TABLE, session, 50, "more", 1)
    assert refused.code is Result.LIMIT_REACHED
    elsewhere = await wallet.bank.buy_in(player, TABLE, session, 50, "euro", 1, "EUR")
    assert elsewhere.code is Result.UNKNOWN_ACCOUNT
    await wallet.adapter.settled()
    assert operator.book.customers[str(player)].balance == RICH - 1_000
    home = await wallet.bank.cash_out(player, TABLE, session, "out")
    assert (home.code, home.amount) == (Result.APPLIED, 1_000)
    await wallet.adapter.settled()
    assert operator.book.customers[str(player)].balance == RICH


async def test_two_calls_at_once_are_one_debit(wallet: Seamless, operator: Operator) -> None:
    player, session = await newcomer(wallet, operator), uuid4()
    results = await asyncio.gather(
        *(wallet.bank.buy_in(player, TABLE, session, 100, "same", 1) for _ in range(10))
    )
    assert all(result.done for result in results)
    assert operator.line.calls == ["debit"]


@pytest.mark.parametrize(
    ("reason", "result"),
    [
        ("poor", Result.INSUFFICIENT),
        ("blocked", Result.LIMIT_REACHED),
        ("limit", Result.LIMIT_REACHED),
        ("token", Result.INSUFFICIENT),
        ("currency", Result.UNKNOWN_ACCOUNT),
        ("unknown", Result.UNKNOWN_ACCOUNT),
    ],
)
async def test_a_refusal_of_the_operator_is_final_for_its_key(
    wallet: Seamless, operator: Operator, reason: str, result: Result
) -> None:
    player = await newcomer(wallet, operator)
    customer = operator.book.customers[str(player)]
    match reason:
        case "poor":
            customer.balance = 0
        case "blocked":
            customer.blocked = True
        case "limit":
            customer.amount_max = 99
        case "token":
            customer.tokens.clear()
        case "currency":
            customer.currency = "SEK"
        case "unknown":
            del operator.book.customers[str(player)]
    session = uuid4()
    for _ in range(2):
        bought = await wallet.bank.buy_in(player, TABLE, session, 100, "k", 1)
        assert (bought.code, bought.amount) == (result, 0)
    assert await state(wallet, "k") is State.REFUSED
    assert operator.line.calls == ["debit"]
    customer.balance = RICH
    operator.book.customers[str(player)] = customer


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_a_debit_in_doubt_is_asked_again_by_the_same_id(
    wallet: Seamless, operator: Operator, fault: Fault
) -> None:
    operator.hit_next(fault)
    player, _ = await seated(wallet, operator)
    assert operator.line.calls == ["debit", "debit"]
    operator.line.simulator.flush()
    assert operator.book.customers[str(player)].balance == RICH - 1_000


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_a_debit_that_stays_in_doubt_is_rolled_back(
    wallet: Seamless, operator: Operator, fault: Fault
) -> None:
    operator.hit_next(*[fault] * LIMITS.debit_attempts_max)
    player, session = await newcomer(wallet, operator), uuid4()
    bought = await wallet.bank.buy_in(player, TABLE, session, 100, "k", 1)
    assert bought.code is Result.INSUFFICIENT
    await wallet.adapter.settled()
    assert operator.line.calls == ["debit"] * LIMITS.debit_attempts_max + ["rollback"]
    operator.line.simulator.flush()  # what was held back meets the tombstone
    assert operator.book.customers[str(player)].balance == RICH
    assert await state(wallet, "k") is State.ROLLED_BACK
    again = await wallet.bank.buy_in(player, TABLE, session, 100, "k", 1)
    assert again.code is Result.INSUFFICIENT


async def test_a_refusal_after_doubt_leaves_a_tombstone(
    wallet: Seamless, operator: Operator
) -> None:
    """The first attempt is still on its way when the second is refused."""
    player = await newcomer(wallet, operator)
    operator.hit_next(Fault.LATE)
    operator.faults.later = lambda: 99  # type: ignore[method-assign]
    customer = operator.book.customers[str(player)]
    customer.blocked = True
    refused = await wallet.bank.buy_in(player, TABLE, uuid4(), 100, "k", 1)
    assert refused.code is Result.LIMIT_REACHED
    await wallet.adapter.settled()
    assert operator.line.calls == ["debit", "debit", "rollback"]
    customer.blocked = False
    operator.line.simulator.flush()
    assert customer.balance == RICH


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_a_rollback_is_repeated_until_it_is_acknowledged(
    wallet: Seamless, operator: Operator, fault: Fault
) -> None:
    operator.hit_next(*[Fault.SILENT_AFTER] * LIMITS.debit_attempts_max, fault, fault)
    player = await newcomer(wallet, operator)
    assert not (await wallet.bank.buy_in(player, TABLE, uuid4(), 100, "k", 1)).done
    await wallet.adapter.settled()
    assert await state(wallet, "k") is State.ROLLING_BACK
    for after in (State.ROLLING_BACK, State.ROLLED_BACK):
        operator.clock.now += LIMITS.claim_s
        assert await wallet.sweeper.sweep() == 1
        assert await state(wallet, "k") is after
    assert operator.book.customers[str(player)].balance == RICH


@pytest.mark.parametrize("fault", UNKNOWN)
async def test_a_credit_is_repeated_until_it_is_acknowledged(
    wallet: Seamless, operator: Operator, fault: Fault
) -> None:
    player, session = await seated(wallet, operator)
    operator.hit_next(*[fault] * 5)
    home = await wallet.bank.cash_out(player, TABLE, session, "out")
    assert home.done  # the table does not wait for the operator
    await wallet.adapter.settled()
    for _ in range(4):
        assert await state(wallet, "out") is State.CREDITING
        operator.clock.now += LIMITS.retry_s_max
        assert await wallet.sweeper.sweep() == 1
    operator.clock.now += LIMITS.retry_s_max
    await wallet.sweeper.sweep()
    assert await state(wallet, "out") is State.DONE
    operator.line.simulator.flush()
    assert operator.book.customers[str(player)].balance == RICH


async def test_a_refused_credit_comes_again(wallet: Seamless, operator: Operator) -> None:
    player, session = await seated(wallet, operator)
    customer = operator.book.customers.pop(str(player))
    await wallet.bank.cash_out(player, TABLE, session, "out")
    await wallet.adapter.settled()
    row = await wallet.store.read("out")
    assert (row.state, row.answer) == (State.CREDITING, Code.UNKNOWN_PLAYER)
    operator.book.customers[str(player)] = customer
    operator.clock.now += LIMITS.retry_s_max
    await wallet.sweeper.sweep()
    assert customer.balance == RICH


async def test_an_expired_token_stops_no_credit_and_no_rollback(
    wallet: Seamless, operator: Operator
) -> None:
    player, session = await seated(wallet, operator)
    customer = operator.book.customers[str(player)]
    customer.tokens.clear()
    assert (await wallet.bank.cash_out(player, TABLE, session, "out")).done
    refused = await wallet.bank.buy_in(player, TABLE, uuid4(), 5, "k", 1)
    assert refused.code is Result.INSUFFICIENT
    await wallet.adapter.settled()
    assert customer.balance == RICH
    customer.tokens.add("fresh")
    assert await wallet.bank.bind(player, Person(str(player), CURRENCY, "fresh"))
    assert (await wallet.bank.buy_in(player, TABLE, uuid4(), 5, "k2", 1)).done


async def test_what_the_ledger_refuses_goes_back(
    wallet: Seamless, operator: Operator, pool: Any
) -> None:
    player = await newcomer(wallet, operator)
    await Ledger(pool).raise_fence(TABLE, 2)
    stale = await wallet.bank.buy_in(player, TABLE, uuid4(), 100, "k", 1)
    assert (stale.code, stale.amount) == (Result.STALE_EPOCH, 0)
    await wallet.adapter.settled()
    assert await state(wallet, "k") is State.ROLLED_BACK
    assert operator.book.customers[str(player)].balance == RICH
    assert await cash(pool) == 0
    kinds = await pool.fetch("SELECT kind FROM wallet.transfers ORDER BY transfer_id")
    assert [row["kind"] for row in kinds] == ["deposit", "withdrawal"]


async def test_a_stake_that_was_lost_owes_nothing(wallet: Seamless, operator: Operator) -> None:
    (a, at_a), (_, at_b) = await seated(wallet, operator), await seated(wallet, operator)
    await wallet.bank.settle(TABLE, 1, 1, [(at_a, -1_000), (at_b, 1_000)], 0)
    home = await wallet.bank.cash_out(a, TABLE, at_a, "out")
    assert (home.code, home.amount) == (Result.APPLIED, 0)
    assert await state(wallet, "out") is State.DONE
    assert operator.line.calls == ["debit", "debit"]


async def test_a_stake_that_went_home_past_the_adapter_is_credited_once(
    wallet: Seamless, operator: Operator, pool: Any
) -> None:
    """As a table's recovery does it: straight at the ledger."""
    (a, at_a), (b, at_b) = await seated(wallet, operator), await seated(wallet, operator)
    await wallet.bank.settle(TABLE, 1, 1, [(at_a, -1_000), (at_b, 1_000)], 0)
    for player, session in ((a, at_a), (b, at_b)):
        assert (await Ledger(pool).cash_out(player, TABLE, session, f"out:{session}")).done
    assert await wallet.sweeper.sweep() == 1
    assert await wallet.sweeper.sweep() == 0
    home = await wallet.bank.cash_out(b, TABLE, at_b, f"out:{at_b}")
    assert (home.code, home.amount) == (Result.DUPLICATE, 2_000)
    await wallet.adapter.settled()
    assert operator.book.customers[str(b)].balance == RICH + 1_000
    assert await cash(pool) == 0


async def test_play_chips_never_become_the_operators(
    wallet: Seamless, operator: Operator, pool: Any
) -> None:
    ledger, bot = Ledger(pool), uuid4()
    await ledger.open_wallet(bot)
    await ledger.grant_daily(bot, 500, date(2026, 1, 2))
    unbound = await wallet.bank.buy_in(bot, TABLE, uuid4(), 100, "k", 1)
    assert unbound.code is Result.UNKNOWN_ACCOUNT
    session = uuid4()
    assert (await ledger.buy_in(bot, TABLE, session, 500, "k2", 1)).done
    with pytest.raises(PlayerHasChips):
        await wallet.bank.bind(bot, Person("bot", CURRENCY, "t"))
    home = await wallet.bank.cash_out(bot, TABLE, session, "out")
    assert (home.code, home.amount) == (Result.APPLIED, 500)
    assert (await ledger.balance(bot)).amount == 500
    assert operator.line.calls == []


async def test_a_player_is_bound_to_one_name(wallet: Seamless, operator: Operator) -> None:
    player, other = await newcomer(wallet, operator), uuid4()
    name = str(player)
    assert await wallet.bank.bind(player, Person(name, CURRENCY, "renewed"))
    assert not await wallet.bank.bind(player, Person("somebody else", CURRENCY, "t"))
    assert not await wallet.bank.bind(player, Person(name, "SEK", "t"))
    assert not await wallet.bank.bind(other, Person(name, CURRENCY, "t"))


async def test_the_balance_is_the_operators(wallet: Seamless, operator: Operator) -> None:
    player, _ = await seated(wallet, operator)
    answer = await wallet.bank.operator_balance(player)
    assert answer is not None
    assert (answer.code, answer.balance) == (Code.OK, RICH - 1_000)
    assert await wallet.bank.operator_balance(uuid4()) is None
    operator.hit_next(Fault.GARBAGE)
    with pytest.raises(OutcomeUnknown):
        await wallet.bank.operator_balance(player)


@pytest.mark.parametrize("amount", [0, -1, AMOUNT_MAX + 1])
async def test_impossible_amounts_are_raised(wallet: Seamless, amount: int) -> None:
    with pytest.raises(AmountInvalid):
        await wallet.bank.buy_in(uuid4(), TABLE, uuid4(), amount, "k", 1)


async def test_a_transaction_belongs_to_one_process(
    wallet: Seamless, operator: Operator, pool: Any
) -> None:
    player, session = await newcomer(wallet, operator), uuid4()
    asked = asyncio.Event()

    class Hanging(Ledger):
        async def buy_in(self, *args: Any, **kwargs: Any) -> Any:
            asked.set()
            await asyncio.Event().wait()

    dying = seamless(pool, operator, Hanging(pool))
    call = asyncio.create_task(dying.bank.buy_in(player, TABLE, session, 100, "k", 1))
    await asked.wait()
    with pytest.raises(HeldElsewhere):
        await wallet.bank.buy_in(player, TABLE, session, 100, "k", 1)
    await dying.aclose()
    with pytest.raises(HeldElsewhere):
        await call
    operator.clock.now += LIMITS.claim_s
    assert await wallet.sweeper.sweep() == 0  # it is left to whoever waits for it
    done = await wallet.bank.buy_in(player, TABLE, session, 100, "k", 1)
    assert (done.code, done.amount) == (Result.APPLIED, 100)
    assert operator.line.calls == ["debit"]


@pytest.mark.parametrize("sent", [False, True])
async def test_a_debit_that_nobody_asks_for_again_is_rolled_back(
    wallet: Seamless, operator: Operator, pool: Any, sent: bool
) -> None:
    player, session = await newcomer(wallet, operator), uuid4()
    dead = seamless(pool, operator)
    await dead.store.begin(Kind.DEBIT, "k", player, TABLE, session, 1, 100)
    if sent:
        await dead.store.attempt(await dead.store.read("k"))
    operator.clock.now += LIMITS.claim_s + LIMITS.orphan_s - 1
    assert await wallet.sweeper.sweep() == 0
    operator.clock.now += 1
    assert await wallet.sweeper.sweep() == 1
    assert await state(wallet, "k") is (State.ROLLED_BACK if sent else State.REFUSED)
    assert operator.line.calls == (["rollback"] if sent else [])
    late = await wallet.bank.buy_in(player, TABLE, session, 100, "k", 1)
    assert late.code is Result.INSUFFICIENT
    await dead.aclose()


async def test_a_sweep_takes_no_more_than_it_may(wallet: Seamless, operator: Operator) -> None:
    player, session = await newcomer(wallet, operator), uuid4()
    for n in range(LIMITS.sweep_rows_max + 3):
        await wallet.store.begin(Kind.DEBIT, f"k{n}", player, TABLE, session, 1, 1)
    operator.clock.now += LIMITS.claim_s + LIMITS.orphan_s
    assert await wallet.sweeper.sweep() == LIMITS.sweep_rows_max
    assert await wallet.sweeper.sweep() == 3
    assert await wallet.sweeper.sweep() == 0


async def test_no_more_calls_are_in_flight_than_may_be(
    wallet: Seamless, operator: Operator
) -> None:
    player = await newcomer(wallet, operator)
    count = LIMITS.in_flight_max + 9
    results = await asyncio.gather(
        *(wallet.bank.buy_in(player, TABLE, uuid4(), 1, f"k{n}", 1) for n in range(count))
    )
    assert all(result.done for result in results)
    assert len(operator.line.calls) == count
    assert operator.line.at_once_most <= LIMITS.in_flight_max


async def test_what_is_under_way_is_said(wallet: Seamless, operator: Operator) -> None:
    player, session = await seated(wallet, operator)
    operator.hit_next(Fault.SILENT_BEFORE)
    await wallet.bank.cash_out(player, TABLE, session, "out")
    await wallet.adapter.settled()
    (line,) = await wallet.store.outstanding()
    assert (line.kind, line.state, line.transactions, line.amount) == (
        "credit",
        "crediting",
        1,
        1_000,
    )
    operator.clock.now += LIMITS.retry_s_max
    await wallet.sweeper.sweep()


@pytest.mark.parametrize("table", ["seamless_transactions", "seamless_players"])
async def test_the_application_writes_only_through_functions(pool: Any, table: str) -> None:
    for statement in (f"DELETE FROM wallet.{table}", f"TRUNCATE wallet.{table}"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


async def test_the_application_can_list_no_tokens(pool: Any) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.fetch("SELECT token FROM wallet.seamless_players")


async def test_a_state_can_only_go_forward(wallet: Seamless, operator: Operator) -> None:
    _, session = await seated(wallet, operator)
    row = await wallet.store.read(f"in:{session}")
    with pytest.raises(asyncpg.RaiseError, match="no way from done to started"):
        await wallet.store.advance(row, State.STARTED, "")


async def test_many_processes_begin_one_transaction(
    wallet: Seamless, operator: Operator, pool: Any
) -> None:
    """Many times, because all have to be there before any is."""
    player, session = await newcomer(wallet, operator), uuid4()
    others = [seamless(pool, operator).store for _ in range(8)]
    for number in range(150):
        asked: Any = (Kind.DEBIT, f"k{number}", player, TABLE, session, 1, 10)
        begun = await asyncio.gather(*(each.begin(*asked) for each in others))
        assert sorted(begun) == [Begun.HELD] * 7 + [Begun.NEW]
    operator.clock.now += LIMITS.claim_s + LIMITS.orphan_s
    while await wallet.sweeper.sweep():
        pass


async def test_who_has_lost_a_transaction_changes_it_no_more(
    wallet: Seamless, operator: Operator, pool: Any
) -> None:
    """A process that hung over its claim, and comes back."""
    player, session = await newcomer(wallet, operator), uuid4()
    hung = seamless(pool, operator).store
    await hung.begin(Kind.DEBIT, "k", player, TABLE, session, 1, 10)
    old = await hung.read("k")
    assert await hung.attempt(old) == 1
    operator.clock.now += LIMITS.claim_s
    asked: Any = (Kind.DEBIT, "k", player, TABLE, session, 1, 10)
    assert await wallet.store.begin(*asked) is Begun.CLAIMED
    before = await wallet.store.read("k")
    for change in (hung.attempt(old), hung.advance(old, State.DEBITED, "ok")):
        with pytest.raises(HeldElsewhere):
            await change
    await hung.delay(old, "late", 0)
    assert await wallet.store.read("k") == before
    moved = await wallet.store.advance(before, State.ROLLING_BACK, "", Result.INSUFFICIENT)
    for change in (wallet.store.attempt(before), wallet.store.advance(before, State.DEBITED, "")):
        with pytest.raises(HeldElsewhere):
            await change
    assert (await wallet.store.read("k")).state is moved.state
    operator.clock.now += LIMITS.claim_s
    await wallet.sweeper.sweep()
    assert await state(wallet, "k") is State.ROLLED_BACK
