"""Money of an account that was given back to its owner: for a while it goes nowhere."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from auth.accounts import QUERIES
from auth.errors import MoneyLocked

if TYPE_CHECKING:
    from auth.accounts import Connection


async def refuse_if_locked(conn: "Connection", account: UUID, now: datetime) -> None:
    """Raises MoneyLocked. In a transaction nobody can lock it before that has ended."""
    until = await QUERIES.money_locked_until(conn, id=account)
    if until is not None and now < until:
        raise MoneyLocked(retry_after_s=max(1, int((until - now).total_seconds())))
