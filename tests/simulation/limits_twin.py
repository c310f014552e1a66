"""What players may do, in memory: the same answers as the functions of ``041_limits.sql``."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec

from wallet.currencies import PLAY
from wallet.protection import By, Exclusion, Kind, Span, When
from wallet.results import LimitName, Reached

BREAK = timedelta(hours=1)
LOOSENED_AFTER = timedelta(hours=24)
BIRTH = datetime(2026, 1, 2, 12, tzinfo=UTC)


class Day(msgspec.Struct):
    deposited: int = 0
    bought_in: int = 0
    lost: int = 0


class Sitting(msgspec.Struct):
    player: UUID
    currency: str
    brought: int = 0
    open: bool = True


class Set(msgspec.Struct):
    """One limit as somebody set it, and what comes instead of it."""

    amount: int | None = None
    next_amount: int | None = None
    next_at: datetime | None = None

    def at(self, now: datetime) -> int | None:
        return self.next_amount if self.next_at and self.next_at <= now else self.amount


Slot = tuple[UUID, Kind, Span, str, By]


class LimitsTwin:
    """``clock`` gives the present instant in UTC."""

    def __init__(self, clock: Callable[[], datetime] = lambda: BIRTH) -> None:
        self.clock = clock
        self.days: defaultdict[tuple[UUID, str, date], Day] = defaultdict(Day)
        self.sittings: dict[UUID, Sitting] = {}
        self.limits: dict[Slot, Set] = {}
        self.excluded: dict[UUID, tuple[Exclusion, datetime | None]] = {}
        self.playing_since: dict[UUID, datetime] = {}
        self.played_until: dict[UUID, datetime] = {}

    async def set_limit(
        self, player: UUID, kind: Kind, span: Span, amount: int | None, *,
        currency: str = PLAY, by: By = By.PLAYER,
    ) -> When:  # fmt: skip
        now = self.clock()
        slot = (player, kind, span, "" if kind is Kind.SESSION else currency, by)
        old = self.limits.get(slot, Set())
        in_force, waiting = old.at(now), old.next_at is not None and old.next_at > now
        if waiting and old.next_amount == amount:
            return When.LATER
        if in_force == amount and not waiting:
            return When.SAME
        if in_force is not None and (amount is None or amount > in_force):
            self.limits[slot] = Set(in_force, amount, now + LOOSENED_AFTER)
            return When.LATER
        self.limits[slot] = Set(amount)
        return When.AT_ONCE

    async def exclude(
        self, player: UUID, kind: Exclusion, duration: timedelta | None
    ) -> datetime | None:
        until = None if duration is None else self.clock() + duration
        if player in self.excluded:
            before = self.excluded[player][1]
            if before is None or (until is not None and until <= before):
                return before
        self.excluded[player] = kind, until
        return until

    def day(self, player: UUID, currency: str) -> Day:
        return self.days[player, currency, self.clock().date()]

    def refuses_deposit(self, player: UUID, currency: str, amount: int) -> Reached | None:
        rooms = self._rooms(player, currency, (Kind.DEPOSIT,))
        return self._excluded(player) or _first(rooms, amount)

    def refuses_buy_in(
        self, player: UUID, currency: str, session: UUID, amount: int
    ) -> Reached | None:
        rooms = self._rooms(player, currency, (Kind.BUY_IN, Kind.LOSS))
        time_over = self._time_over(player, session)
        return self._excluded(player) or time_over or _first(rooms, amount)

    def buy_in(self, player: UUID, currency: str, session: UUID, amount: int) -> None:
        self.playing_since[player] = self._since(player, session)
        self.day(player, currency).bought_in += amount
        self.sittings.setdefault(session, Sitting(player, currency)).brought += amount

    def cash_out(self, session: UUID, home: int) -> None:
        sitting = self.sittings[session]
        sitting.open = False
        self.day(sitting.player, sitting.currency).lost += sitting.brought - home
        self.played_until[sitting.player] = self.clock()

    def _excluded(self, player: UUID) -> Reached | None:
        kind, until = self.excluded.get(player, (None, BIRTH))
        if kind is None or (until is not None and until <= self.clock()):
            return None
        return Reached(LimitName(kind), 0, until)

    def _sits(self, player: UUID) -> bool:
        return any(each.open and each.player == player for each in self.sittings.values())

    def _since(self, player: UUID, session: UUID) -> datetime:
        now = self.clock()
        left = self.played_until.get(player)
        fresh = session not in self.sittings and not self._sits(player)
        if fresh and (left is None or left <= now - BREAK):
            return now
        return self.playing_since.get(player, now)

    def _time_over(self, player: UUID, session: UUID) -> Reached | None:
        now = self.clock()
        seconds = self._strictest(player, Kind.SESSION, Span.SESSION, "")
        if seconds is None:
            return None
        if self._since(player, session) + timedelta(seconds=seconds) > now:
            return None
        left = now if self._sits(player) else self.played_until[player]
        return Reached(LimitName.SESSION, 0, left + BREAK)

    def _strictest(self, player: UUID, kind: Kind, span: Span, currency: str) -> int | None:
        amounts = [
            limit.at(self.clock())
            for by in By
            if (limit := self.limits.get((player, kind, span, currency, by))) is not None
        ]
        return min((each for each in amounts if each is not None), default=None)

    def _rooms(self, player: UUID, currency: str, kinds: tuple[Kind, ...]) -> Iterator[Reached]:
        today = self.clock().date()
        for kind in kinds:
            for span in (Span.DAY, Span.WEEK, Span.MONTH):
                amount = self._strictest(player, kind, span, currency)
                if amount is None:
                    continue
                first, after = _window(span, today)
                used = sum(
                    _used(kind, day)
                    for (who, of, at), day in self.days.items()
                    if (who, of) == (player, currency) and at >= first
                )
                if kind is Kind.LOSS:
                    used += sum(
                        each.brought
                        for each in self.sittings.values()
                        if each.open and (each.player, each.currency) == (player, currency)
                    )
                until = datetime(after.year, after.month, after.day, tzinfo=UTC)
                yield Reached(LimitName(f"{kind}_{span}"), amount - used, until)


def _used(kind: Kind, day: Day) -> int:
    return {Kind.DEPOSIT: day.deposited, Kind.BUY_IN: day.bought_in, Kind.LOSS: day.lost}[kind]


def _window(span: Span, today: date) -> tuple[date, date]:
    """Its first day, and the one after its last."""
    if span is Span.DAY:
        return today, today + timedelta(days=1)
    if span is Span.WEEK:
        monday = today - timedelta(days=today.weekday())
        return monday, monday + timedelta(days=7)
    first = today.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1)


def _first(rooms: Iterator[Reached], amount: int) -> Reached | None:
    """The one with the least room; of equals the one that lasts longest, then by name."""
    full = [room for room in rooms if room.left < amount]
    if not full:
        return None
    least = min(room.left for room in full)
    longest = max(room.until or BIRTH for room in full if room.left == least)
    room = min(
        (each for each in full if (each.left, each.until) == (least, longest)),
        key=lambda each: each.limit.value,
    )
    return Reached(room.limit, max(0, room.left), room.until)
