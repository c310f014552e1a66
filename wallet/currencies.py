"""Currencies: each with its minor unit and accounts of its own; nothing changes one for another."""

from collections.abc import Iterable
from typing import Annotated, Final

import asyncpg
import msgspec

from wallet.errors import CurrencyChanged

PLAY: Final = "PLAY"
"""Play chips: always there, whole."""
Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Z][A-Z0-9]{2,7}(?![\s\S])")]
EXPONENT_MAX: Final = 8


class Currency(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``exponent`` is how many digits the minor unit is away: 2 for cents."""

    code: Code
    exponent: Annotated[int, msgspec.Meta(ge=0, le=EXPONENT_MAX)] = 0


async def open_currencies(pool: "asyncpg.Pool[asyncpg.Record]", wanted: Iterable[Currency]) -> None:
    """Give each its accounts; again changes nothing. Raises CurrencyChanged."""
    for currency in wanted:
        code = await pool.fetchval(
            "SELECT wallet.open_currency($1, $2)", currency.code, currency.exponent
        )
        if code == "mismatch":
            raise CurrencyChanged(f"{currency.code}: {CurrencyChanged.__doc__}")


async def currencies(pool: "asyncpg.Pool[asyncpg.Record]") -> list[Currency]:
    """All that are open, by code."""
    rows = await pool.fetch("SELECT currency, exponent FROM wallet.currencies ORDER BY currency")
    return [Currency(row["currency"], row["exponent"]) for row in rows]


def in_currency(currency: str) -> tuple[str, ...]:
    """What a currency adds to a payload: nothing for PLAY, whose keys are older than the others."""
    return () if currency == PLAY else (currency,)
