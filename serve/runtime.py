"""What every deployment is started with: places and policies, never secrets themselves."""

from pathlib import Path

import asyncpg
import msgspec
import redis.asyncio

from actors.host import HostConfig
from actors.spec import TableSpec
from wallet.seamless.open import OperatorConfig

APP = "squaredeal"
NAMESPACE = "squaredeal"
POOL_CONNECTIONS_MAX = 8
REDIS_TIMEOUT_S = 1.0
QUERY_S_MAX = 20.0
"""Longest answer of Postgres: when it hangs, whoever asked hears of it."""


class Runtime(msgspec.Struct, frozen=True, kw_only=True):
    """The composed system, as plain data that Ray can carry to any node."""

    dsn_file: str
    redis_file: str
    keys_dir: str
    host: HostConfig
    tables: tuple[TableSpec, ...]
    spare_actors: int
    daily_grant: int
    bot_grant: int
    fixed_decks: bool
    operator_file: str
    two_person_void: bool
    operator: OperatorConfig | None = None
    """Who keeps the money, if not the ledger."""


async def connect_postgres(runtime: Runtime) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool as the application's role. Its queries raise TimeoutError after ``QUERY_S_MAX``."""
    dsn = _read(runtime.dsn_file)
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=POOL_CONNECTIONS_MAX,
        timeout=QUERY_S_MAX,
        command_timeout=QUERY_S_MAX,
    )


def connect_redis(runtime: Runtime) -> "redis.asyncio.Redis":
    """A client that gives up quickly: nothing that matters waits for Redis."""
    client: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
        _read(runtime.redis_file),
        socket_timeout=REDIS_TIMEOUT_S,
        socket_connect_timeout=REDIS_TIMEOUT_S,
    )
    return client


def _read(path: str) -> str:
    return Path(path).read_text("utf-8").strip()
