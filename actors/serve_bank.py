"""The wallet deployment as a ``Bank``: one handle, a deadline for every call."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec
from ray.exceptions import RayTaskError

from actors.bank import TRANSIENT, BankFailed, BankUnreachable
from actors.group import Group
from telemetry import traces
from telemetry.carried import Carried, carried
from wallet.currencies import PLAY
from wallet.ledger import Result

WALLET_APP = "squaredeal"
WALLET_DEPLOYMENT = "wallet"
HANDS_MAX: Final = 256
"""Hands of one call."""
CALLS_MAX: Final = 4
"""Calls with hands at a time: a call over Serve costs 1.5 ms of this process."""
SETTLE_S_MAX: Final = 3.0
"""A hand without an answer by then is asked about anew; those of the same call have theirs."""
SettleCall = tuple[str, int, int, list[tuple[UUID, int]], int, str]
"""Table, hand, epoch, moves, rake, and the span that asks (a ``traceparent``, or "")."""


class Unsettled(msgspec.Struct, frozen=True):
    """In the place of a result: why there is none, and whether asking again may help."""

    why: str
    transient: bool

    def failure(self) -> Exception:
        return BankUnreachable(self.why) if self.transient else BankFailed(self.why)


class ServeBank:
    """The wallet deployment as a Bank: one handle, a deadline for every call."""

    def __init__(self, deadline_s: float = 5.0) -> None:
        self._deadline_s = deadline_s
        self._handle: Any = None
        self._finding = asyncio.Lock()
        self._hands: Group[SettleCall, Result] = Group(self._settle_all, HANDS_MAX, CALLS_MAX)

    async def _wallet(self) -> Any:
        async with self._finding:
            if self._handle is None:
                self._handle = await asyncio.to_thread(_find_wallet)
        return self._handle

    async def warm(self) -> None:
        """Find the wallet ahead of the first buy-in."""
        with contextlib.suppress(Exception):  # it is looked for again when it is needed
            await self._wallet()

    async def _ask(self, method: str, *args: object) -> Any:
        return await self._call(carried(), method, *args)

    async def _call(self, along: Carried | None, method: str, *args: object) -> Any:
        try:
            handle = await self._wallet()
            response = handle.call.remote(along, method, *args)
            return await asyncio.wait_for(_answer(response), self._deadline_s)
        except RayTaskError as failure:
            # The wallet's own code raised: repeated only if that may help.
            if not isinstance(failure.cause, TRANSIENT):
                raise BankFailed(f"{method}: {failure.cause!r}") from failure
            raise BankUnreachable(f"{method}: {failure.cause!r}") from failure
        except Exception as failure:
            # A replaced or dead replica shows in many ways; each ends in a retry with the key.
            raise BankUnreachable(f"{method}: {type(failure).__name__}: {failure}") from failure

    async def buy_in(
        self,
        player: UUID,
        table: str,
        session: UUID,
        amount: int,
        key: str,
        epoch: int,
        currency: str = PLAY,
    ) -> Result:
        result: Result = await self._ask(
            "buy_in", player, table, session, amount, key, epoch, currency
        )
        return result

    async def settle(
        self, table: str, hand: int, epoch: int, moves: Sequence[tuple[UUID, int]], rake: int
    ) -> Result:
        call = (table, hand, epoch, list(moves), rake, traces.here())
        return await self._hands.ask(call)

    async def _settle_all(self, hands: Sequence[SettleCall]) -> list[Result | Exception]:
        # Many hands' call is no part of one of them.
        answers: list[Result | Unsettled] = await self._call(None, "settle_all", list(hands))
        return [a.failure() if isinstance(a, Unsettled) else a for a in answers]

    async def cash_out(self, player: UUID, table: str, session: UUID, key: str) -> Result:
        result: Result = await self._ask("cash_out", player, table, session, key)
        return result


def _find_wallet() -> Any:
    # Serve takes 0.6 s of CPU to import: off the loop, and not before somebody buys in.
    from ray import serve as ray_serve

    return ray_serve.get_deployment_handle(WALLET_DEPLOYMENT, WALLET_APP)


async def _answer(response: Any) -> Any:
    return await response
