"""The house bots of ``squaredeal up``: real clients in a process of their own."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import IO

import msgspec

from auth.rotation import KeyFolder
from auth.seals import Seals
from auth.service import Auth
from auth.tokens import Tokens
from serve.lobby import Lobby
from serve.runtime import ACCOUNT_SEALS, Runtime, connect_postgres, connect_redis
from serve.settings import Settings
from wire.http import PlayerInfo, TokensResponse

STOP_S_MAX = 5.0
NAMES = (
    "Ada", "Blaise", "Carl", "Daphne", "Emmy", "Fermat", "Gauss", "Hypatia", "Ida", "Jacob",
    "Kurt", "Lovelace", "Mary", "Noether", "Otto", "Pascal", "Quine", "Rosa", "Sofia", "Turing",
)  # fmt: skip


class HouseBots:
    """Signs the bots in and runs them; they leave their seats when stopped."""

    def __init__(
        self, settings: Settings, runtime: Runtime, lobby: Lobby, url: str, log: IO[bytes] | None
    ) -> None:
        """``log`` is where they complain; without it, where this process does."""
        tables = [entry.spec.table for entry in lobby.tables for _ in range(entry.bots)]
        tokens = asyncio.run(_sign_in(runtime, len(tables)))
        order = {
            "url": url,
            "seats": [
                {"table": table, "tokens": given}
                for table, given in zip(tables, tokens, strict=True)
            ],
            "think_ms": [settings.bot_think_ms_min, settings.bot_think_ms_max],
            "seed": 1,
        }
        self.count = len(tables)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "client.bots"],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(msgspec.json.encode(order) + b"\n")
        self._process.stdin.flush()

    def wait(self) -> int:
        """Until the process ends by itself; its exit status."""
        return self._process.wait()

    def stop(self) -> None:
        """End the process; its end of input tells it too, should this one die first."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


async def _sign_in(runtime: Runtime, count: int) -> list[TokensResponse]:
    pool, redis = await connect_postgres(runtime), connect_redis(runtime)
    try:
        keys = Path(runtime.keys_dir)
        auth = Auth(pool, redis, KeyFolder(keys), Seals(keys / ACCOUNT_SEALS))
        names = [f"Bot-{NAMES[i % len(NAMES)]}{i // len(NAMES) or ''}" for i in range(count)]
        return [_response(await auth.sign_in_bot(name)) for name in names]
    finally:
        await redis.aclose()
        await pool.close()


def _response(tokens: Tokens) -> TokensResponse:
    who = tokens.identity
    info = PlayerInfo(str(who.account), who.name, who.kind)
    return TokensResponse(tokens.access, tokens.refresh, tokens.expires_in_s, info)
