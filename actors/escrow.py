"""Buy-ins and top-ups: wallet to stake in the ledger first, then to the seat.

One request of a player at a time: two top-ups that each fit must not fit together by accident.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from actors import commands as c
from actors import refusals as no
from actors.bank import Bank, BankFailed, insist
from actors.commands import Outcome, Player
from games.refusal import Refusal
from wallet.results import LedgerResult
from wire import client_frames as f

log = logging.getLogger(__name__)


class Desk(Protocol):
    """The table, as the escrow sees it."""

    def submit(self, command: c.Command, ref: str = "") -> Outcome | Refusal: ...

    def send_home(self, errand: c.CashOut) -> None: ...

    def now(self) -> int: ...

    def session_of(self, player: str) -> str | None: ...

    def seat_of(self, player: str) -> int: ...

    def is_turned_out(self, player: str) -> bool: ...

    def taken_over(self) -> None: ...


class Escrow:
    """Moves chips from wallets into the stakes of one table."""

    def __init__(
        self,
        bank: Bank,
        table: str,
        epoch: int,
        known_keys: frozenset[str],
        chance: Callable[[int], bytes],
        currency: str,
    ) -> None:
        """``known_keys``: buy-ins of earlier epochs, whose chips are in the seats already."""
        self._currency = currency
        self._bank = bank
        self._known_keys = known_keys
        self._chance = chance
        self._table = table
        self._epoch = epoch
        self._sittings: dict[str, tuple[str, set[str]]] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def sit(self, desk: Desk, player: Player, frame: f.Sit) -> Outcome | Refusal:
        """Hold the seat, take the buy-in, sit the player down."""
        async with self._locks[player.id]:
            if desk.is_turned_out(player.id):
                return no.SENT_AWAY
            held = desk.submit(c.Reserve(desk.now(), player, frame.seat, frame.buy_in))
            if isinstance(held, Refusal):
                return held
            session = str(UUID(bytes=self._chance(16), version=4))
            refused = await self._take(desk, player.id, session, frame.buy_in, f"in:{session}")
            if refused:
                desk.submit(c.Release(desk.now(), held.seat))
                return refused
            if desk.is_turned_out(player.id):
                desk.submit(c.Release(desk.now(), held.seat))
                self._send_home(desk, player.id, session, frame.buy_in)
                return no.SENT_AWAY
            seated = desk.submit(
                c.SitDown(desk.now(), player, held.seat, session, frame.buy_in, frame.post_now),
                frame.ref,
            )
            if isinstance(seated, Refusal):
                # The table stopped meanwhile.
                self._send_home(desk, player.id, session, frame.buy_in)
            return seated

    @staticmethod
    def _send_home(desk: Desk, player: str, session: str, amount: int) -> None:
        """Chips without a seat."""
        desk.send_home(c.CashOut(player, session, amount, f"out:{session}"))

    async def top_up(self, desk: Desk, player: Player, frame: f.TopUp) -> Outcome | Refusal:
        """Check the table's maximum, take the chips, add them to the seat."""
        async with self._locks[player.id]:
            session = desk.session_of(player.id)
            if session is None:
                return no.NOT_SEATED
            brought = self._brought(player.id, session)
            asked = desk.submit(c.AskTopUp(desk.now(), player.id, frame.amount))
            key = f"in:{session}:{frame.ref}"
            if frame.ref in brought or key in self._known_keys:
                return Outcome(seat=desk.seat_of(player.id))  # asked again after a long time
            if isinstance(asked, Refusal):
                return asked
            refused = await self._take(desk, player.id, session, frame.amount, key)
            if refused:
                return refused
            brought.add(frame.ref)
            added = desk.submit(c.TopUp(desk.now(), player.id, frame.amount), frame.ref)
            if isinstance(added, Refusal) or desk.session_of(player.id) != session:
                # He was stood up meanwhile: what came too late for his stake goes home too.
                desk.send_home(c.CashOut(player.id, session, frame.amount, f"out:{key}"))
            return added

    def _brought(self, player: str, session: str) -> set[str]:
        """The references of the top-ups of this sitting: each is brought in once."""
        if self._sittings.get(player, ("", set()))[0] != session:
            self._sittings[player] = (session, set())
        return self._sittings[player][1]

    async def _take(
        self, desk: Desk, player: str, session: str, amount: int, key: str
    ) -> Refusal | None:
        """Wallet to stake. A call without an answer may have acted: it is repeated with its key
        until there is one, while the seat is held."""
        try:
            result = await insist(
                lambda: self._bank.buy_in(
                    UUID(player),
                    self._table,
                    UUID(session),
                    amount,
                    key,
                    self._epoch,
                    self._currency,
                ),
                f"{self._table}: buy-in {key}",
            )
        except BankFailed:
            # If it did act nevertheless, the stake is found without a seat when the table is
            # opened next, and goes home.
            log.critical("%s: buy-in %s failed", self._table, key, exc_info=True)
            return no.WALLET_FAILED
        if result.code in (LedgerResult.APPLIED, LedgerResult.DUPLICATE):
            return None
        if result.code is LedgerResult.STALE_EPOCH:
            desk.taken_over()
            return no.TABLE_MOVED
        if result.code is LedgerResult.LIMIT_REACHED:
            return no.limit_reached(result.reached)
        return no.WALLET_TOO_SMALL
