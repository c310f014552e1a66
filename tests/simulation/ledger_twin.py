"""The ledger in memory: the same answers as Postgres, each call one indivisible step.

``tests/contract/test_ledger_contract.py`` runs one suite on both.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from tests.simulation.limits_twin import BIRTH, LimitsTwin
from wallet.currencies import PLAY, in_currency
from wallet.errors import AmountInvalid, Unbalanced
from wallet.ledger import AMOUNT_MAX, Balance, CheckReport, Stake
from wallet.payments import PaymentKind, PaymentState
from wallet.results import LedgerResult, Reached, Result


class Account(msgspec.Struct):
    """``name`` is wallet:…, stake:…, house, cash, promotional or pending; with :CODE behind it in
    another currency than PLAY."""

    name: str
    floor: int | None
    owner: UUID | None = None
    table: str = ""
    balance: int = 0
    version: int = 0
    closed: bool = False
    currency: str = PLAY

    def is_stake_at(self, table: str) -> bool:
        return self.name.startswith("stake:") and self.table == table


class Transfer(msgspec.Struct, frozen=True):
    """``entries`` are (account, amount) and sum to zero."""

    key: str
    payload: tuple[object, ...]
    kind: str
    table: str
    hand: int
    epoch: int
    amount: int
    entries: tuple[tuple[str, int], ...]


class Payment(msgspec.Struct):
    payload: tuple[PaymentKind, UUID, str, int]
    state: PaymentState = PaymentState.PENDING


class LedgerTwin:
    """``transfers`` by key and ``accounts`` by name are there for an auditor."""

    def __init__(self, clock: Callable[[], datetime] = lambda: BIRTH) -> None:
        self.accounts: dict[str, Account] = {}
        self.protection = LimitsTwin(clock)
        self.payments: dict[str, Payment] = {}
        self.open_currency(PLAY)
        self.transfers: dict[str, Transfer] = {}
        self.refusals: dict[str, tuple[tuple[object, ...], LedgerResult]] = {}
        self.reached: dict[str, Reached] = {}
        self.fences: dict[str, int] = {}

    def open_currency(self, currency: str) -> None:
        for kind in ("house", "cash", "promotional", "pending"):
            name = _named(kind, currency)
            floor = 0 if kind == "pending" else None
            self.accounts.setdefault(name, Account(name, floor, currency=currency))

    async def open_wallet(self, player: UUID, currency: str = PLAY) -> None:
        name = _named(f"wallet:{player}", currency)
        self.accounts.setdefault(name, Account(name, 0, player, currency=currency))

    async def balance(self, player: UUID, currency: str = PLAY) -> Balance:
        own = [
            account
            for account in self.accounts.values()
            if (account.owner, account.currency) == (player, currency)
        ]
        wallet = self.accounts.get(_named(f"wallet:{player}", currency))
        return Balance(
            wallet.balance if wallet else 0,
            sum(account.version for account in own),
            sum(account.balance for account in own if account.name.startswith("stake:")),
        )

    async def grant_daily(self, player: UUID, amount: int, day: date) -> Result:
        _must_be_amount(amount)
        key, payload = f"grant:{player}:{day}", ("grant", player, day)
        seen = self._seen(key, payload)
        if seen is not None:
            return _result(seen, amount)
        wallet = f"wallet:{player}"
        if wallet not in self.accounts:
            return Result(LedgerResult.UNKNOWN_ACCOUNT)
        entries = ((wallet, amount), ("promotional", -amount))
        return self._post(Transfer(key, payload, "grant", "", 0, 0, amount, entries), amount)

    async def buy_in(
        self,
        player: UUID,
        table: str,
        session: UUID,
        amount: int,
        key: str,
        epoch: int = 0,
        currency: str = PLAY,
    ) -> Result:
        _must_be_amount(amount)
        payload = ("buy_in", player, table, session, amount, *in_currency(currency))
        seen = self._seen(key, payload)
        if seen is not None:
            return self._again(key, seen, amount)
        if self.fences.get(table, epoch) > epoch:
            return Result(LedgerResult.STALE_EPOCH)
        wallet = self.accounts.get(_named(f"wallet:{player}", currency))
        name = f"stake:{session}"
        stake = self.accounts.get(name, Account(name, 0, player, table, currency=currency))
        if wallet is None or stake.closed or stake.owner != player or stake.table != table:
            return Result(LedgerResult.UNKNOWN_ACCOUNT)
        if stake.currency != currency or self._plays_for(table) not in (None, currency):
            return Result(LedgerResult.UNKNOWN_ACCOUNT)
        if wallet.balance < amount:
            return self._refuse(key, payload, LedgerResult.INSUFFICIENT)
        reached = self.protection.refuses_buy_in(player, currency, session, amount)
        if reached is not None:
            return self._refuse(key, payload, LedgerResult.LIMIT_REACHED, reached)
        self.accounts[name] = stake
        self.protection.buy_in(player, currency, session, amount)
        entries = ((wallet.name, -amount), (name, amount))
        made = Transfer(key, payload, "buy_in", table, 0, epoch, amount, entries)
        return self._post(made, amount)

    def _plays_for(self, table: str) -> str | None:
        at = (a for a in self.accounts.values() if a.is_stake_at(table) and not a.closed)
        return next((account.currency for account in at), None)

    async def begin(
        self, kind: PaymentKind, player: UUID, currency: str, amount: int, key: str
    ) -> Result:
        """A deposit or withdrawal: pending."""
        payload = (kind, player, currency, amount)
        seen = self._seen(key, payload)
        if key in self.payments:
            same = self.payments[key].payload == payload
            code = LedgerResult.DUPLICATE if same else LedgerResult.PAYLOAD_MISMATCH
            return _result(code, amount)
        if seen is not None:
            return self._again(key, seen, amount)
        wallet = _named(f"wallet:{player}", currency)
        if wallet not in self.accounts:
            return Result(LedgerResult.UNKNOWN_ACCOUNT)
        if kind is PaymentKind.DEPOSIT:
            reached = self.protection.refuses_deposit(player, currency, amount)
            if reached is not None:
                return self._refuse(key, payload, LedgerResult.LIMIT_REACHED, reached)
            self.protection.day(player, currency).deposited += amount
        else:
            entries = ((wallet, -amount), (_named("pending", currency), amount))
            result = self._post(
                Transfer(key, payload, "withdrawal", "", 0, 0, amount, entries), amount
            )
            if not result.done:
                return result
        self.payments[key] = Payment(payload)
        return Result(LedgerResult.APPLIED, amount)

    async def decide(self, key: str, state: PaymentState) -> Result:
        """Post or void, once."""
        payment = self.payments.get(key)
        if payment is None:
            return Result(LedgerResult.UNKNOWN_ACCOUNT)
        if payment.state is not PaymentState.PENDING:
            same = payment.state is state
            return Result(LedgerResult.DUPLICATE if same else LedgerResult.PAYLOAD_MISMATCH)
        kind, player, currency, amount = payment.payload
        wallet, cash = _named(f"wallet:{player}", currency), _named("cash", currency)
        posted = state is PaymentState.POSTED
        entries: tuple[tuple[str, int], ...] = ()
        if kind is PaymentKind.WITHDRAWAL:
            to = cash if posted else wallet
            entries = ((to, amount), (_named("pending", currency), -amount))
        elif posted:
            entries = ((wallet, amount), (cash, -amount))
        else:
            self.protection.day(player, currency).deposited -= amount
        if entries:
            name = f"{key}:{state}"
            made = Transfer(name, payment.payload, "decided", "", 0, 0, amount, entries)
            assert self._post(made, amount).done
        payment.state = state
        return Result(LedgerResult.APPLIED)

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result:
        if sum(change for _, change in moves) != -rake or rake < 0:
            raise Unbalanced(f"{table} hand {hand}")
        if len({session for session, _ in moves}) != len(moves):
            raise Unbalanced(f"one session twice in {table} hand {hand}")
        for _, change in moves:
            if abs(change) > AMOUNT_MAX:
                raise AmountInvalid(change)
        ordered = tuple(sorted((session, change) for session, change in moves))
        key, payload = f"hand:{table}:{hand}", ("hand", table, hand, ordered, rake)
        seen = self._seen(key, payload)
        if seen is not None:
            return _result(seen, rake)
        if self.fences.get(table, epoch) > epoch:
            return Result(LedgerResult.STALE_EPOCH)
        for session, _ in moves:
            stake = self.accounts.get(f"stake:{session}")
            if stake is None or stake.closed or stake.table != table:
                return Result(LedgerResult.UNKNOWN_ACCOUNT)
        currencies = {self.accounts[f"stake:{session}"].currency for session, _ in moves}
        if len(currencies) > 1:
            return Result(LedgerResult.UNKNOWN_ACCOUNT)
        house = _named("house", next(iter(currencies), PLAY))
        won = sum(change for _, change in moves if change > 0)
        entries = (*((f"stake:{session}", change) for session, change in moves), (house, rake))
        made = Transfer(key, payload, "hand", table, hand, epoch, won + rake, entries)
        return self._post(made, rake)

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result:
        payload = ("cash_out", player, table, session)
        seen = self._seen(key, payload)
        if seen is LedgerResult.DUPLICATE:
            return Result(seen, self.transfers[key].amount)
        if seen is not None:
            return Result(seen)
        stake = self.accounts.get(f"stake:{session}")
        if stake is None or stake.owner != player or stake.table != table:
            return Result(LedgerResult.UNKNOWN_ACCOUNT)
        wallet = self.accounts[_named(f"wallet:{player}", stake.currency)]
        if stake.closed:
            return Result(LedgerResult.DUPLICATE)
        moved = stake.balance
        entries = ((stake.name, -moved), (wallet.name, moved))
        result = self._post(Transfer(key, payload, "cash_out", table, 0, 0, moved, entries), moved)
        stake.closed = True
        self.protection.cash_out(session, moved)
        return result

    async def open_stakes(self, table: str) -> list[Stake]:
        return [
            Stake(account.owner, UUID(account.name.removeprefix("stake:")), account.balance)
            for account in self.accounts.values()
            if account.owner is not None and account.is_stake_at(table) and not account.closed
        ]

    async def buy_in_keys(self, table: str) -> frozenset[str]:
        return frozenset(
            made.key
            for made in self.transfers.values()
            if made.kind == "buy_in" and made.table == table
            and not self.accounts[made.entries[1][0]].closed
        )  # fmt: skip

    async def raise_fence(self, table: str, epoch: int) -> bool:
        if table in self.fences and self.fences[table] >= epoch:
            return False
        self.fences[table] = epoch
        return True

    async def check(self) -> CheckReport:
        """Every account against the entries of all transfers."""
        lines = [line for made in self.transfers.values() for line in made.entries if line[1]]
        problems = [*self._wrong_transfers(), *self._wrong_accounts(lines)]
        for currency in {account.currency for account in self.accounts.values()}:
            of = (a.balance for a in self.accounts.values() if a.currency == currency)
            if sum(of):
                problems.append("balances do not sum to zero")
        return CheckReport(len(self.accounts), len(self.transfers), len(lines), problems)

    def _wrong_transfers(self) -> Iterator[str]:
        for made in self.transfers.values():
            amounts = [amount for _, amount in made.entries]
            moved = sum(amount for amount in amounts if amount > 0)
            if sum(amounts):
                yield f"{made.key}: entries sum to {sum(amounts)}"
            if moved != made.amount:
                yield f"{made.key}: says {made.amount}, its entries move {moved}"

    def _wrong_accounts(self, lines: Sequence[tuple[str, int]]) -> Iterator[str]:
        sums, counts = Counter[str](), Counter[str]()
        for name, amount in lines:
            sums[name] += amount
            counts[name] += 1
        for name, account in self.accounts.items():
            if account.balance != sums[name]:
                yield f"{name}: balance {account.balance}, its entries sum to {sums[name]}"
            if account.version != counts[name]:
                yield f"{name}: version {account.version}, {counts[name]} entries"
            if account.floor is not None and account.balance < account.floor:
                yield f"{name}: balance {account.balance} is below its floor"
            if account.closed and account.balance:
                yield f"{name}: closed with {account.balance}"

    def _seen(self, key: str, payload: tuple[object, ...]) -> LedgerResult | None:
        made = self.transfers.get(key)
        before = (made.payload, LedgerResult.DUPLICATE) if made else self.refusals.get(key)
        if before is None:
            return None
        return before[1] if before[0] == payload else LedgerResult.PAYLOAD_MISMATCH

    def _refuse(
        self,
        key: str,
        payload: tuple[object, ...],
        code: LedgerResult,
        reached: Reached | None = None,
    ) -> Result:
        self.refusals[key] = payload, code
        if reached is not None:
            self.reached[key] = reached
        return Result(code, 0, reached)

    def _again(self, key: str, code: LedgerResult, amount: int) -> Result:
        if code is LedgerResult.LIMIT_REACHED:
            return Result(code, 0, self.reached[key])
        return _result(code, amount)

    def _post(self, made: Transfer, told: int) -> Result:
        assert sum(amount for _, amount in made.entries) == 0
        assert len({self.accounts[name].currency for name, _ in made.entries}) == 1
        for name, amount in made.entries:
            account = self.accounts[name]
            if account.floor is not None and account.balance + amount < account.floor:
                return self._refuse(made.key, made.payload, LedgerResult.INSUFFICIENT)
        for name, amount in made.entries:
            if amount:
                self.accounts[name].balance += amount
                self.accounts[name].version += 1
        self.transfers[made.key] = made
        assert sum(account.balance for account in self.accounts.values()) == 0
        return Result(LedgerResult.APPLIED, told)


def _named(name: str, currency: str) -> str:
    return name if currency == PLAY else f"{name}:{currency}"


def _must_be_amount(amount: int) -> None:
    if not 0 < amount <= AMOUNT_MAX:
        raise AmountInvalid(amount)


def _result(code: LedgerResult, amount: int) -> Result:
    return Result(code, amount if code is LedgerResult.DUPLICATE else 0)
