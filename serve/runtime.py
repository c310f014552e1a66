"""What every deployment is started with: places and policies, never secrets themselves."""

from pathlib import Path

import asyncpg
import msgspec
import redis.asyncio

from actors.host import HostConfig
from actors.rail_line import redis_of
from actors.spec import TableSpec
from auth.oidc import Provider
from serve.mailer import MailConfig
from serve.rates import RateLimits
from telemetry import traces
from wallet.currencies import Currency
from wallet.dsn import create_pool
from wallet.seamless.open import OperatorConfig

APP = "squaredeal"
NAMESPACE = "squaredeal"
ACCOUNT_SEALS = "accounts"
"""Folder of ``keys_dir``: what second factors are sealed with."""
EDGE_SEALS = "edge"
"""Folder of ``keys_dir``: what hides tables' addresses in tickets; the edge has a copy."""
TABLES_RESOURCE = "tables"
"""Of a Ray node that is for tables alone: as much as it takes processes of them."""
SERVE_RESOURCE = "serve"
"""Of a Ray node for everything else, where there are nodes for tables alone."""
POOL_CONNECTIONS_MAX = 8
REDIS_TIMEOUT_S = 1.0
QUERY_S_MAX = 20.0
"""Longest answer of Postgres: when it hangs, whoever asked hears of it."""


class Runtime(msgspec.Struct, frozen=True, kw_only=True):
    """The composed system, as plain data that Ray can carry to any node."""

    dsn_file: str
    redis_file: str
    report_file: str
    """The DSN that reports read from: a replica's, or the ledger's own."""
    keys_dir: str
    host: HostConfig
    tables: tuple[TableSpec, ...]
    spare_actors: int
    daily_grant: int
    bot_grant: int
    fixed_decks: bool
    reconcile_s: float
    """Seconds between two looks at whether books and tables agree."""
    operator_file: str
    two_person: bool
    currencies: tuple[Currency, ...] = ()
    cashier: str = "manual"
    rates: RateLimits = RateLimits()
    mail: MailConfig = MailConfig()
    providers: tuple[Provider, ...] = ()
    """Other sites that sign players in."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of whoever stands before the gateway."""
    web_dir: str = ""
    """The web client's pages; empty, or no such folder: none are served."""
    seed_reveal_s: float = 3_600.0
    hand_retention_days: int = 0
    edge_url: str = ""
    """Where tickets lead, ``wss://host``; without it to the tables' own listeners."""
    operator: OperatorConfig | None = None
    """Who keeps the money, if not the ledger."""
    links: tuple[tuple[str, str], ...] = ()
    """Other tools that operators are shown the way to: name and URL."""


async def connect_postgres(runtime: Runtime) -> "asyncpg.Pool[asyncpg.Record]":
    """A pool as the application's role. Its queries raise TimeoutError after ``QUERY_S_MAX``."""
    return await create_pool(
        Path(runtime.dsn_file),
        min_size=1,
        max_size=POOL_CONNECTIONS_MAX,
        timeout=QUERY_S_MAX,
        command_timeout=QUERY_S_MAX,
        init=traces.watch_queries,
    )


def connect_redis(runtime: Runtime) -> "redis.asyncio.Redis":
    """A client that gives up quickly: nothing that matters waits for Redis."""
    return redis_of(runtime.redis_file, REDIS_TIMEOUT_S)


def read_secret(path: str) -> str:
    """What a file of secrets holds."""
    return Path(path).read_text("utf-8").strip()
