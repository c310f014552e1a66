"""The truth about players' chips, read from the ledger, and how news change it."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from wallet.fanout.outbox import QUERIES
from wallet.ledger import Balance


class Purse(NamedTuple):
    """One account: ``free`` in the wallet, or a stake at a table."""

    free: bool
    balance: int
    version: int
    currency: str


class Holdings(msgspec.Struct):
    """A player's accounts that can still change; ``past`` is how often the others did, and
    ``elsewhere`` what is free at an operator who keeps the money, both by currency."""

    accounts: dict[int, Purse]
    past: dict[str, int] = {}
    elsewhere: dict[str, int] = {}

    def change(self, account: int, balance: int, version: int) -> bool | None:
        """Take news in. False if they are old, None if there is no such account here."""
        known = self.accounts.get(account)
        if known is None:
            return None
        if version <= known.version:
            return False
        self.accounts[account] = known._replace(balance=balance, version=version)
        return True

    def newer(self, truth: "Holdings") -> "Holdings":
        """What was read, with what was heard while it was read."""
        for account, heard in self.accounts.items():
            if (read := truth.accounts.get(account)) and read.version < heard.version:
                truth.accounts[account] = heard
        return truth

    def balance(self, currency: str) -> Balance:
        """As the ledger would say it."""
        purses = [purse for purse in self.accounts.values() if purse.currency == currency]
        return Balance(
            self.elsewhere.get(currency, 0) + sum(p.balance for p in purses if p.free),
            self.past.get(currency, 0) + sum(p.version for p in purses),
            sum(p.balance for p in purses if not p.free),
        )


async def read_holdings(
    pool: "asyncpg.Pool[asyncpg.Record]", players: Sequence[UUID]
) -> dict[UUID, Holdings]:
    """The truth about these players, in one snapshot."""
    found = {player: Holdings({}) for player in players}
    async with pool.acquire() as conn:
        async for row in QUERIES.holdings(conn, players=list(players)):
            held, currency = found[row["owner"]], row["currency"]
            if row["account_id"] == 0:
                held.past[currency] = row["version"]
            else:
                purse = Purse(row["free"], row["balance"], row["version"], currency)
                held.accounts[row["account_id"]] = purse
    return found
