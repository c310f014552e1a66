"""Thousands of buy-ins and cash-outs, faults at every step: no chip is lost or doubled."""

from collections import Counter
from typing import Any

import pytest

from tests.property.seamless_world import MONEY, RATES, World
from wallet.ledger import Ledger
from wallet.results import LedgerResult as Result
from wallet.seamless.faults import Fault
from wallet.seamless.protocol import transaction_uuid

ACTS = 800


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_every_chip_is_at_one_place_whatever_breaks(pool: Any, seed: int) -> None:
    print(f"seed {seed}")
    world = World(pool, seed)
    await world.open_up()
    for _ in range(ACTS):
        await world.act()
        await world.never_both()
    await world.calm()
    await sums_are_exact(world)
    await every_row_did_what_it_says(world)
    await every_answer_is_true(world)
    assert (await Ledger(pool).check()).problems == []
    await world.close()
    print(dict(world.happened))
    assert world.happened["killed"] > 50
    for code in (Result.APPLIED, Result.DUPLICATE, Result.INSUFFICIENT, Result.STALE_EPOCH):
        assert world.happened[code], code
    rows = await pool.fetch("SELECT DISTINCT kind, state FROM wallet.seamless_transactions")
    assert len(rows) >= 4, "every end of a debit, and a credit's"


async def sums_are_exact(world: World) -> None:
    """What the operator lacks is what we have, and that is in stakes and rake."""
    assert world.operator.total() + await world.in_books() == len(world.players) * MONEY
    in_wallets = await world.pool.fetchval(
        "SELECT coalesce(sum(balance), 0) FROM wallet.accounts WHERE kind = 'wallet'"
    )
    assert in_wallets == 0


async def every_row_did_what_it_says(world: World) -> None:
    """Each transaction against the operator's own record of what he moved."""
    moved: Counter[Any] = Counter()
    times: Counter[Any] = Counter()
    for name, kind, _, change in world.operator.book.moves:
        moved[name] += change
        times[name, kind] += 1
    assert set(times.values()) == {1}
    rows = await world.pool.fetch("SELECT * FROM wallet.seamless_transactions")
    expected: Counter[Any] = Counter()
    for row in rows:
        back = transaction_uuid("test", "rollback", row["key"])
        posted = await world.pool.fetchval(
            "SELECT count(*) FROM wallet.transfers WHERE key = $1", row["key"]
        )
        match (row["kind"], row["state"]):
            case ("debit", "done"):
                assert posted == 1
                expected[row["transaction_uuid"]] -= row["amount"]
            case ("debit", "refused" | "rolled_back"):
                assert posted == 0
                assert moved[row["transaction_uuid"]] + moved[back] == 0
                expected[row["transaction_uuid"]] += moved[row["transaction_uuid"]]
                expected[back] += moved[back]
            case ("credit", "done"):
                assert posted == 1 or row["amount"] == 0
                expected[row["transaction_uuid"]] += row["amount"]
            case other:
                raise AssertionError(f"{row['key']} is left in {other}")
    assert {k: v for k, v in expected.items() if v} == {k: v for k, v in moved.items() if v}


async def every_answer_is_true(world: World) -> None:
    """What the tables were told is what the rows say; nobody sits without having paid."""
    states = {
        row["key"]: row["state"]
        for row in await world.pool.fetch("SELECT key, state FROM wallet.seamless_transactions")
    }
    for key, result in world.told.items():
        assert (states[key] == "done") == result.done, (key, result, states[key])
    for seat in world.seats.values():
        assert states[seat.key] == "done"


def test_every_fault_is_among_those_that_happen() -> None:
    assert set(RATES) == set(Fault)
