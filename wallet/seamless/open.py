"""The parts put together: what a wallet deployment with an operator behind it runs."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import msgspec

from telemetry.carried import apart
from wallet.seamless.adapter import Adapter
from wallet.seamless.bank import SeamlessBank
from wallet.seamless.cash import LedgerCash
from wallet.seamless.client import OperatorClient, open_http
from wallet.seamless.limits import SeamlessLimits
from wallet.seamless.signing import Signer
from wallet.seamless.steps import EscrowBank, Steps
from wallet.seamless.store import Store
from wallet.seamless.sweeper import Sweeper


class OperatorConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Where the operator is. ``site`` names this server to him, and never changes."""

    url: str
    key_file: str
    site: str
    launch_key_file: str = ""
    """His public key, by which he sends us players; nobody is sent without one."""
    limits: SeamlessLimits = SeamlessLimits()


class Seamless:
    """``bank`` for the tables, ``sweeper`` for what was left. ``start`` once, ``aclose`` once."""

    def __init__(
        self,
        pool: "asyncpg.Pool[asyncpg.Record]",
        inner: EscrowBank,
        config: OperatorConfig,
        *,
        ended: Callable[[UUID], None] = lambda player: None,
        signer: Signer | None = None,
        http: httpx.AsyncClient | None = None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Raises KeyInvalid. ``ended`` as for ``Adapter``; what follows it is for tests."""
        limits = config.limits
        self._http = http or open_http(limits)
        operator = OperatorClient(
            config.url, signer or Signer.load(Path(config.key_file)), limits, clock, self._http
        )
        self.store = Store(pool, limits, clock, config.site)
        steps = Steps(self.store, operator, inner, LedgerCash(pool), limits, config.site, sleep)
        self.adapter = Adapter(steps, self.store, ended)
        self.bank = SeamlessBank(inner, self.store, self.adapter, operator)
        self.sweeper = Sweeper(self.adapter, self.store, limits, sleep)
        self._sweeping: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Sweep from now on."""
        self._sweeping = apart(self.sweeper.run())

    async def aclose(self) -> None:
        """Stop; whatever is under way is written down, and resumed by whoever starts next."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await self._sweeping
        await self.adapter.aclose()
        await self._http.aclose()
