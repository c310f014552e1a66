"""Forgeries that leave every sum as it was: whose an account is, what a month holds, what waits."""

from typing import Any
from uuid import uuid4

import pytest

from tests.integration.test_ledger import TABLE, player, seated
from tests.limits import EUR, Postgres
from wallet.ledger import Ledger
from wallet.operations import Operations
from wallet.payments import PaymentKind, PaymentState
from wallet.seamless.cash import LedgerCash
from wallet.settler import settling

PAYMENTS = (
    (PaymentKind.DEPOSIT, "one", 500, EUR, PaymentState.POSTED),
    (PaymentKind.DEPOSIT, "two", 200, EUR, PaymentState.POSTED),
    (PaymentKind.DEPOSIT, "not", 300, "PLAY", PaymentState.VOIDED),
    (PaymentKind.DEPOSIT, "open", 300, "PLAY", None),
    (PaymentKind.WITHDRAWAL, "one", 100, EUR, PaymentState.POSTED),
    (PaymentKind.WITHDRAWAL, "not", 100, "PLAY", PaymentState.VOIDED),
    (PaymentKind.WITHDRAWAL, "open", 100, "PLAY", None),
)


@pytest.fixture
async def books(pool: Any, admin: Any, app_dsn: str) -> Ledger:
    """At least one transfer of each kind, in two currencies."""
    world = await Postgres(pool, admin).open()
    ledger, desk, cash = Ledger(pool), Operations(pool), LedgerCash(pool)
    (a, at_a), (_, at_b), (_, at_c) = [await seated(ledger) for _ in range(3)]
    async with settling(app_dsn, 1) as settlers:
        for hand in (1, 2, 3):
            result = await Ledger(pool, settlers).settle(
                TABLE, hand, 1, [(at_a, 9), (at_b, -10)], 1
            )
            assert result.done
    assert (await ledger.settle(TABLE, 4, 1, [(at_a, 9), (at_b, -10), (at_c, 0)], 1)).done
    assert (await ledger.cash_out(a, TABLE, at_a, f"out:{at_a}")).done
    await ledger.open_wallet(a, EUR)
    for kind, ref, amount, currency, state in PAYMENTS:
        assert (await world.begin(kind, a, amount, ref, currency)).done
        if state is not None:
            assert (await world.decide(kind, a, ref, state)).done
    elm = uuid4()
    assert (await ledger.buy_in(a, "elm", elm, 300, f"in:{elm}", 0, EUR)).done
    other = await player(ledger)
    assert (await desk.promote("p", other, 30, "Ein „Geschenk“", "ann")).code == "applied"
    for ref, amount in (("up", 70), ("down", -20)):
        proposed = await desk.adjust(ref, other, amount, "a mistake", "ann")
        assert proposed.id is not None
        assert (await desk.decide(proposed.id, True, "bob")).code == "applied"
    reversal = await desk.reverse("r", f"deposit:{a}:two:posted", "not paid", "ann")
    assert reversal.id is not None
    assert (await desk.decide(reversal.id, True, "bob")).code == "applied"
    guest = uuid4()
    assert (await cash.deposit(guest, 50, "seamless:in:x")).done
    assert (await cash.withdraw(guest, 50, "seamless:out:x")).done
    assert await found(ledger) == []
    return ledger


async def found(ledger: Ledger) -> list[str]:
    return (await ledger.check()).problems + (await ledger.verify()).problems


TWO_WALLETS = (
    "(SELECT array_agg(account_id ORDER BY account_id) AS ids,"
    " array_agg(owner ORDER BY account_id) AS owners FROM (SELECT * FROM wallet.accounts"
    " WHERE kind = 'wallet' AND currency = 'PLAY' ORDER BY account_id LIMIT 2) w) two"
)
THIS_MONTH = "date_trunc('month', now(), 'UTC')::date"


@pytest.mark.parametrize(
    ("forgery", "problem"),
    [
        pytest.param(
            "DROP INDEX wallet.one_wallet; UPDATE wallet.accounts a SET owner = CASE a.account_id"
            f" WHEN ids[1] THEN owners[2] ELSE owners[1] END FROM {TWO_WALLETS}"
            " WHERE a.account_id = ANY (ids)",
            "it was asked for somebody else", id="two wallets change owners",
        ),
        pytest.param(
            "UPDATE wallet.accounts SET owner = gen_random_uuid() WHERE kind = 'stake'",
            "it was asked for somebody else", id="a stake of somebody else's",
        ),
        pytest.param(
            "UPDATE wallet.accounts a SET session = n.new FROM (SELECT session AS old,"
            " gen_random_uuid() AS new FROM wallet.sittings) n WHERE session = n.old",
            "it was asked for somebody else", id="another session",
        ),
        pytest.param(
            "UPDATE wallet.accounts SET table_id = 'oak' WHERE kind = 'stake';"
            " UPDATE wallet.sittings SET table_id = 'oak'",
            "moves account", id="a stake at another table",
        ),
        pytest.param(
            "DROP INDEX wallet.one_contra; UPDATE wallet.accounts SET kind = CASE kind"
            " WHEN 'house' THEN 'promotional' ELSE 'house' END WHERE kind IN ('house',"
            " 'promotional') AND settler = 0",
            "moves account", id="gifts become revenue",
        ),
        pytest.param(
            "ALTER TABLE wallet.accounts DROP CONSTRAINT accounts_check;"
            " UPDATE wallet.accounts SET floor = -1000 WHERE kind = 'wallet'",
            "its floor is -1000", id="a floor lowered",
        ),
        pytest.param(
            "UPDATE wallet.accounts SET closed = false WHERE closed",
            "it is not its stake", id="a stake opened again",
        ),
        pytest.param("DELETE FROM wallet.sittings", "it is not its stake", id="a sitting gone"),
        pytest.param("UPDATE wallet.fences SET settled = 0", "settled up to hand 0",
                     id="a watermark lowered"),
        pytest.param(
            "UPDATE wallet.payments SET state = 'voided', decided_at = now()"
            " WHERE state = 'pending' AND kind = 'withdrawal'",
            "pending withdrawals are", id="a withdrawal voided and not paid back",
        ),
        pytest.param(
            "UPDATE wallet.payments SET state = 'posted' WHERE state = 'voided'",
            "its transfer is missing", id="a payment posted by hand",
        ),
        pytest.param(
            "UPDATE wallet.operations SET amount = amount + 1 WHERE kind = 'promotion'",
            "applied, its transfer is missing", id="another gift than was given",
        ),
        pytest.param("UPDATE wallet.links SET entries = entries + 1", "not those that were written",
                     id="a link's count"),
        pytest.param(
            f"INSERT INTO wallet.detached_months VALUES ({THIS_MONTH}, 0);"
            " UPDATE wallet.transfers SET payload = sha256('x') WHERE kind = 'hand'",
            "its entries are here", id="a month is said to be detached",
        ),
        pytest.param(
            "INSERT INTO wallet.openings SELECT account_id, sum(amount), count(*)"
            " FROM wallet.entries GROUP BY 1;"
            f" INSERT INTO wallet.detached_months VALUES ({THIS_MONTH}, 1);"
            " DELETE FROM wallet.entries",
            "its links are of", id="a month is gone",
        ),
    ],
)  # fmt: skip
async def test_a_forgery_that_keeps_every_sum_is_found(
    books: Ledger, admin: Any, forgery: str, problem: str
) -> None:
    await admin.execute("SET session_replication_role = replica")  # the triggers sleep
    await admin.execute(forgery)
    assert any(problem in each for each in await found(books))
