"""The ledger with limits and payments, in memory and in Postgres, and time that can pass."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from tests.simulation.ledger_twin import LedgerTwin
from wallet.cashier import Cashier
from wallet.currencies import PLAY, Currency, open_currencies
from wallet.ledger import Ledger
from wallet.payments import ManualProvider, PaymentKind, PaymentState
from wallet.protection import By, Exclusion, Kind, Protections, Span, When
from wallet.results import Result

EUR = "EUR"
AGE = """
UPDATE wallet.limits SET next_at = next_at - $1::interval;
UPDATE wallet.players SET excluded_until = excluded_until - $1::interval,
       playing_since = playing_since - $1::interval, played_until = played_until - $1::interval;
UPDATE wallet.player_days SET day = day - extract(day FROM $1::interval)::integer;
"""


class Sets(Protocol):
    async def set_limit(
        self, player: UUID, kind: Kind, span: Span, amount: int | None, *,
        currency: str = PLAY, by: By = By.PLAYER,
    ) -> When: ...  # fmt: skip

    async def exclude(
        self, player: UUID, kind: Exclusion, duration: timedelta | None
    ) -> datetime | None: ...


class World:
    """``books`` and ``limits`` answer the same in both kinds. PLAY and EUR are open."""

    books: Ledger | LedgerTwin
    limits: Sets

    async def begin(
        self, kind: PaymentKind, player: UUID, amount: int, ref: str, currency: str = PLAY
    ) -> Result:
        raise NotImplementedError

    async def decide(
        self, kind: PaymentKind, player: UUID, ref: str, state: PaymentState
    ) -> Result:
        raise NotImplementedError

    async def pass_time(self, time: timedelta) -> None:
        """Everything that was is so much longer ago."""
        raise NotImplementedError


class Memory(World):
    def __init__(self) -> None:
        self.ahead = timedelta(0)
        self.twin = self.books = LedgerTwin(lambda: datetime.now(UTC) + self.ahead)
        self.twin.open_currency(EUR)
        self.limits = self.twin.protection

    async def begin(
        self, kind: PaymentKind, player: UUID, amount: int, ref: str, currency: str = PLAY
    ) -> Result:
        return await self.twin.begin(kind, player, currency, amount, f"{kind}:{player}:{ref}")

    async def decide(
        self, kind: PaymentKind, player: UUID, ref: str, state: PaymentState
    ) -> Result:
        return await self.twin.decide(f"{kind}:{player}:{ref}", state)

    async def pass_time(self, time: timedelta) -> None:
        self.ahead += time


class Postgres(World):
    def __init__(self, pool: Any, admin: Any, books: Ledger | None = None) -> None:
        self._admin = admin
        self._pool = pool
        self.books = books or Ledger(pool)
        self.limits = Protections(pool)
        self.cashier = Cashier(pool, ManualProvider())

    async def open(self) -> "Postgres":
        await open_currencies(self._pool, [Currency(EUR, 2)])
        return self

    async def begin(
        self, kind: PaymentKind, player: UUID, amount: int, ref: str, currency: str = PLAY
    ) -> Result:
        deposit = kind is PaymentKind.DEPOSIT
        ask = self.cashier.deposit if deposit else self.cashier.withdraw
        return (await ask(player, currency, amount, ref))[0]

    async def decide(
        self, kind: PaymentKind, player: UUID, ref: str, state: PaymentState
    ) -> Result:
        return await self.cashier.decide(f"{kind}:{player}:{ref}", state, "test")

    async def pass_time(self, time: timedelta) -> None:
        for statement in AGE.strip().split(";\n"):
            await self._admin.execute(statement.removesuffix(";"), time)
