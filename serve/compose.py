"""The composition root: settings become running stores, migrated schemas, keys and a Runtime."""

import asyncio
import secrets
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import asyncpg

from actors.host import HostConfig
from auth.oidc import Provider, read_providers
from auth.rotation import PUBLIC_FILE
from serve.embedded import EmbeddedStores
from serve.keys import JOURNAL_SEALS, check_keys, init_keys
from serve.lobby import Lobby, read_lobby
from serve.mailer import MailConfig, mailer_of
from serve.rates import RateLimits
from serve.runtime import TABLES_RESOURCE, Runtime, read_secret
from serve.settings import Settings, SettingWrong
from telemetry.config import TelemetryConfig
from wallet.currencies import open_currencies
from wallet.errors import CurrencyChanged
from wallet.migrate import migrate
from wallet.seamless.errors import KeyInvalid
from wallet.seamless.open import OperatorConfig
from wallet.seamless.signing import Signer, load_public
from wire.limits import Limits

SCHEMAS = ("wallet", "auth", "actors")
PRIVATE = 0o600
CLUSTER = "cluster"
"""File of the data folder: where the server's Ray cluster is, for ``squaredeal upgrade``."""
RESTORING = "restoring"
"""File of a data folder that a restore has not completed."""


class Stores(NamedTuple):
    """Where Postgres and Redis are: ``admin_dsn`` may migrate, ``dsn_file`` is the application's.

    ``embedded`` are those of the two that are our own children: somebody has to watch them.
    """

    admin_dsn: str
    dsn_file: Path
    redis_file: Path
    embedded: EmbeddedStores | None


def open_stores(settings: Settings, stack: ExitStack) -> Stores:
    """Postgres and Redis: given ones, or embedded ones that end with ``stack``."""
    embedded_needed = settings.database_dsn_file is None or settings.redis_url_file is None
    folder = settings.data_dir / "secrets"
    dsn_file, redis_file = settings.database_dsn_file, settings.redis_url_file
    owner_file = settings.owner_dsn_file or dsn_file
    admin_dsn = read_secret(str(owner_file)) if owner_file else ""
    stores = EmbeddedStores(settings.data_dir) if embedded_needed else None
    if stores is not None:
        stores.start()
        stack.callback(stores.stop)
        if dsn_file is None:
            admin_dsn = stores.admin_dsn
            dsn_file = _secret(folder / "postgres.dsn", stores.app_dsn)
        if redis_file is None:
            redis_file = _secret(folder / "redis.url", stores.redis_url)
    assert dsn_file is not None
    assert redis_file is not None
    return Stores(admin_dsn, dsn_file, redis_file, stores)


def _secret(path: Path, text: str) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=PRIVATE)
    path.chmod(PRIVATE)
    path.write_text(text + "\n", "utf-8")
    return path


def _operator_token(settings: Settings) -> Path:
    """What ``squaredeal drain`` and its like show the gateway."""
    return settings.operator_token_file or settings.data_dir / "secrets" / "operator.token"


def _make_operator_token(settings: Settings) -> None:
    path = _operator_token(settings)
    if not path.exists():
        _secret(path, secrets.token_urlsafe(32))


def _edge_url(settings: Settings) -> str:
    """Of the sockets, where the edge has its pages."""
    if not settings.edge:
        return ""
    assert settings.public_url is not None
    return settings.public_url.rstrip("/").replace("http", "ws", 1)


def _links(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Other tools of the operator's."""
    known = {"Ray dashboard": settings.ray_dashboard_url, "Grafana": settings.grafana_url}
    return tuple((name, str(url)) for name, url in known.items() if url is not None)


def _operator(settings: Settings) -> OperatorConfig | None:
    if settings.operator_url is None:
        return None
    assert settings.operator_key_file is not None
    key_file = settings.operator_key_file.absolute()
    try:
        Signer.load(key_file)  # a wrong key is said now, not by the first buy-in
    except KeyInvalid as wrong:
        raise SettingWrong(f"operator_key_file: {wrong}") from None
    launch_key = settings.operator_public_key_file
    try:
        if launch_key is not None:
            load_public(launch_key)
    except KeyInvalid as wrong:
        raise SettingWrong(f"operator_public_key_file: {wrong}") from None
    return OperatorConfig(
        url=settings.operator_url,
        key_file=str(key_file),
        site=settings.operator_site,
        launch_key_file=str(launch_key.absolute()) if launch_key else "",
    )


async def migrate_all(admin_dsn: str) -> list[str]:
    """Bring every room's schema up to date; the names of the migrations that ran."""
    conn = await asyncpg.connect(admin_dsn)
    try:
        ran: list[str] = []
        for schema in SCHEMAS:
            ran += await migrate(conn, files(schema) / "migrations", schema)
        return ran
    finally:
        await conn.close()


async def open_lobby_currencies(admin_dsn: str, lobby: Lobby) -> None:
    """Those of the lobby's file. Raises SettingWrong."""
    async with asyncpg.create_pool(admin_dsn, min_size=1, max_size=1) as pool:
        try:
            await open_currencies(pool, lobby.currencies)
        except CurrencyChanged as wrong:
            raise SettingWrong(f"tables_file: {wrong}") from None


def _mail(settings: Settings) -> MailConfig:
    kept = settings.mail_url_file is None and settings.mode != "production"
    config = MailConfig(
        url_file=str(settings.mail_url_file.absolute()) if settings.mail_url_file else "",
        folder=str((settings.data_dir / "mail").absolute()) if kept else "",
        sender=settings.mail_from,
        url=settings.public_url or f"http://{settings.host}:{settings.port}",
    )
    try:
        mailer_of(config)
    except ValueError as wrong:
        raise SettingWrong(f"mail_url_file: {wrong}") from None
    return config


def _providers(settings: Settings) -> tuple[Provider, ...]:
    if settings.oidc_file is None:
        return ()
    try:
        return read_providers(settings.oidc_file)
    except (OSError, ValueError) as wrong:  # msgspec's errors are ValueErrors
        raise SettingWrong(f"oidc_file: {wrong}") from None


def telemetry_of(settings: Settings) -> TelemetryConfig:
    """Where the processes log, and send their traces."""
    folder = settings.log_dir or settings.data_dir / "logs"
    return TelemetryConfig(
        log_dir=str(folder.resolve()),
        log_level=settings.log_level,
        trace_url=settings.trace_url,
        trace_ratio=settings.trace_ratio,
    )


def compose(
    settings: Settings, lobby: Lobby, stack: ExitStack
) -> tuple[Runtime, EmbeddedStores | None]:
    """Everything one machine needs, in place, and the stores to watch while it runs."""
    if (settings.data_dir / RESTORING).exists():
        halfway = f"a restore into {settings.data_dir} was not completed"
        raise SettingWrong(f"data_dir: {halfway}: remove the folder and restore again")
    admin_dsn, dsn_file, redis_file, embedded = open_stores(settings, stack)
    asyncio.run(migrate_all(admin_dsn))
    asyncio.run(open_lobby_currencies(admin_dsn, lobby))
    init_keys(settings.keys_folder)
    _make_operator_token(settings)
    return runtime_of(settings, lobby, dsn_file, redis_file), embedded


def compose_given(settings: Settings) -> Runtime:
    """The same where everything is there already: in a cluster, whose stores are migrated and whose
    keys and secrets are mounted. Raises SettingWrong."""
    dsn_file, redis_file = settings.database_dsn_file, settings.redis_url_file
    if dsn_file is None or redis_file is None:
        raise SettingWrong("a cluster needs database_dsn_file and redis_url_file")
    check_keys(settings.keys_folder)
    if not _operator_token(settings).is_file():
        raise SettingWrong(f"operator_token_file: there is no file {_operator_token(settings)}")
    return runtime_of(settings, read_lobby(settings.tables_file), dsn_file, redis_file)


def runtime_of(settings: Settings, lobby: Lobby, dsn_file: Path, redis_file: Path) -> Runtime:
    """Settings as every process is given them, paths in full. Links stay: a mounted secret is one,
    and links to another file after a rotation."""
    keys_dir = settings.keys_folder
    host = HostConfig(
        dsn_file=str(dsn_file.absolute()),
        journal_keys=str((keys_dir / JOURNAL_SEALS).absolute()),
        jwks_file=str((keys_dir / PUBLIC_FILE).absolute()),
        bind=settings.table_host,
        address="" if settings.table_address == "node" else settings.table_address,
        ports=settings.ports,
        entropy_file=str(settings.entropy_file.absolute()) if settings.entropy_file else "",
        redis_file=str(redis_file.absolute()),
        limits=Limits(allowed_origins=settings.allowed_origins),
        resource=TABLES_RESOURCE if settings.dedicated_nodes else "",
        telemetry=telemetry_of(settings),
    )
    rate = settings.requests_per_address
    return Runtime(
        dsn_file=str(dsn_file.absolute()),
        redis_file=str(redis_file.absolute()),
        report_file=str((settings.replica_dsn_file or dsn_file).absolute()),
        keys_dir=str(keys_dir.absolute()),
        mail=_mail(settings),
        providers=_providers(settings),
        rates=RateLimits(address_per_s=rate, address_burst=10 * rate),
        trusted_proxies=settings.trusted_proxies,
        host=host,
        tables=tuple(entry.spec for entry in lobby.tables),
        spare_actors=settings.spare_actors,
        daily_grant=settings.daily_grant,
        bot_grant=settings.bot_grant,
        fixed_decks=settings.fixed_decks,
        reconcile_s=settings.reconcile_s,
        operator_file=str(_operator_token(settings).absolute()),
        edge_url=_edge_url(settings),
        two_person=settings.two_person or settings.mode == "production",
        currencies=lobby.currencies,
        cashier=settings.cashier,
        seed_reveal_s=settings.seed_reveal_seconds,
        hand_retention_days=settings.hand_retention_days,
        operator=_operator(settings),
        links=_links(settings),
        web_dir=str(settings.web_dir.resolve()) if settings.web_dir else "",
    )
