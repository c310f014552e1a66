"""What a player may do: limits, cooling-off and self-exclusion (GLI-19 §2.5.5, §A.3.7-8).

They are enforced where money moves, in the functions of the database and under the player's row;
this sets and shows them. ``041_limits.sql`` says what each counts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final
from uuid import UUID

import aiosql
import asyncpg
import msgspec

from wallet.currencies import PLAY
from wallet.errors import ExclusionInvalid, LimitInvalid
from wallet.results import LimitName

QUERIES: Any = aiosql.from_path(str(files("wallet") / "protection.sql"), "asyncpg")
AMOUNT_MAX: Final = 2**53 - 1
SESSION_S_MIN: Final = 60
COOLING_OFF_MAX: Final = timedelta(days=42)
SELF_EXCLUSION_MIN: Final = timedelta(days=180)
"""Shorter is a cooling-off."""
EXCLUSION_MAX: Final = timedelta(days=36_500)
"""Longer is for ever."""


class Kind(StrEnum):
    """What is limited. ``session`` counts seconds, the others minor units."""

    DEPOSIT = "deposit"
    LOSS = "loss"
    BUY_IN = "buy_in"
    SESSION = "session"


class Span(StrEnum):
    """The UTC calendar's, or of session time the session itself."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SESSION = "session"


class By(StrEnum):
    """Who set a limit. Both count: the strictest wins."""

    PLAYER = "player"
    OPERATOR = "operator"


class When(StrEnum):
    """From when a new limit counts."""

    AT_ONCE = "at_once"
    LATER = "later"
    """After 24 hours: it is looser."""
    SAME = "same"
    """It was so already."""


class Exclusion(StrEnum):
    """Both stop deposits and buy-ins at once, and never a withdrawal or a cash-out."""

    SELF_EXCLUSION = "self_exclusion"
    COOLING_OFF = "cooling_off"


class Limit(msgspec.Struct, frozen=True):
    """``amount`` is in force (None: no limit); ``next_amount`` comes at ``next_at``, if that is
    set."""

    kind: Kind
    span: Span
    currency: str
    by: By
    amount: int | None
    next_amount: int | None = None
    next_at: datetime | None = None


class Room(msgspec.Struct, frozen=True):
    """``left`` minor units until the limit is reached; the window ends at ``until``."""

    limit: LimitName
    left: int
    until: datetime


class Protection(msgspec.Struct, frozen=True):
    """Everything that is set. ``excluded_until`` None with ``excluded`` set is for ever;
    ``play_until`` is when the session of play is over."""

    limits: list[Limit]
    rooms: list[Room]
    excluded: Exclusion | None = None
    excluded_until: datetime | None = None
    play_until: datetime | None = None


class Protections:
    """Limits of all players, in Postgres."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    async def of(self, player: UUID, currency: str = PLAY) -> Protection:
        """All limits, what those in ``currency`` leave, and whether he is excluded."""
        async with (
            self._pool.acquire() as conn,
            conn.transaction(isolation="repeatable_read", readonly=True),
        ):
            limits = [
                Limit(Kind(kind), Span(span), of, By(by), *amounts)
                async for kind, span, of, by, *amounts in QUERIES.limits(conn, player=player)
            ]
            rooms = [
                Room(LimitName(name), max(0, left), until)
                async for name, left, until in QUERIES.rooms(conn, player=player, currency=currency)
            ]
            state = await QUERIES.state(conn, player=player)
        if state is None:
            return Protection(limits, rooms)
        excluded = Exclusion(state["excluded_as"]) if state["excluded"] else None
        return Protection(limits, rooms, excluded, state["excluded_until"], state["play_until"])

    async def set_limit(
        self,
        player: UUID,
        kind: Kind,
        span: Span,
        amount: int | None,
        *,
        currency: str = PLAY,
        by: By = By.PLAYER,
        who: str = "",
        reason: str = "",
    ) -> When:
        """Tighter at once, looser after 24 hours; None takes the limit away.

        ``amount`` is in minor units, of session time in seconds. Raises LimitInvalid.
        """
        session = kind is Kind.SESSION
        if session != (span is Span.SESSION):
            raise LimitInvalid("session time has the span session, and nothing else has")
        if amount is not None and not (SESSION_S_MIN if session else 0) <= amount <= AMOUNT_MAX:
            raise LimitInvalid(f"{amount}")
        async with self._pool.acquire() as conn:
            code = await QUERIES.set_limit(
                conn,
                player=player,
                kind=kind.value,
                span=span.value,
                currency="" if session else currency,
                by=by.value,
                who=who,
                reason=reason,
                amount=amount,
            )
        return When(code)

    async def exclude(
        self,
        player: UUID,
        kind: Exclusion,
        duration: timedelta | None,
        *,
        by: By = By.PLAYER,
        who: str = "",
        reason: str = "",
    ) -> datetime | None:
        """From now on; None is for ever. Its end, which is later than asked for if he was
        excluded for longer already. Raises ExclusionInvalid.

        When this returns, no buy-in or deposit that is not written yet will be.
        """
        _must_be_duration(kind, duration)
        async with self._pool.acquire() as conn:
            until: datetime | None = await QUERIES.exclude(
                conn,
                player=player,
                kind=kind.value,
                by=by.value,
                who=who,
                reason=reason,
                seconds=None if duration is None else duration.total_seconds(),
            )
        return until

    async def barred(self, tables: Sequence[str]) -> dict[str, set[UUID]]:
        """Who sits at these tables and must not be dealt into another hand."""
        found: dict[str, set[UUID]] = {}
        async with self._pool.acquire() as conn:
            async for table, player in QUERIES.barred(conn, tables=list(tables)):
                found.setdefault(table, set()).add(player)
        return found


def _must_be_duration(kind: Exclusion, duration: timedelta | None) -> None:
    if kind is Exclusion.COOLING_OFF:
        if duration is None or not timedelta(0) < duration <= COOLING_OFF_MAX:
            raise ExclusionInvalid(f"a cooling-off is at most {COOLING_OFF_MAX.days} days")
    elif duration is not None and not SELF_EXCLUSION_MIN <= duration <= EXCLUSION_MAX:
        raise ExclusionInvalid(f"a self-exclusion is {SELF_EXCLUSION_MIN.days} days or more")
