"""Every setting: one typed model, read from flags, environment, a TOML file and defaults."""

import argparse
import os
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, HttpUrl, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    CliSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

ENV_PREFIX = "SQUAREDEAL_"


class SettingWrong(Exception):
    """A setting can't be used; the message is one line for the operator."""


class Settings(BaseSettings):
    """Precedence: flag, then environment (SQUAREDEAL_NAME), then file, then default."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        extra="forbid",
        cli_kebab_case=True,
        cli_implicit_flags=True,
        cli_avoid_json=True,
        cli_hide_none_type=True,
    )

    mode: Literal["local", "staging", "production"] = Field(
        default="local", description="what this server is for; production refuses unsafe settings"
    )
    config: Path | None = Field(default=None, description="TOML file with any of these settings")
    data_dir: Path = Field(
        default=Path(".squaredeal"), description="folder of the embedded stores, keys and logs"
    )
    host: str = Field(default="127.0.0.1", description="address the HTTP API listens on")
    port: int = Field(default=8700, ge=1, le=65_535, description="port of the HTTP API")
    table_host: str = Field(
        default="127.0.0.1", description="address the tables' sockets listen on"
    )
    table_address: str = Field(
        default="127.0.0.1",
        description="address of the tables that players, or the edge, are told; node: each table "
        "says that of its own node",
    )
    table_ports: str = Field(
        default="0-0",
        pattern=r"^\d{1,5}-\d{1,5}$",
        description="ports that tables and rails may listen on, first-last; 0-0: any",
    )
    dedicated_nodes: bool = Field(
        default=False,
        description="tables run on Ray nodes with the resource tables, one of it each; everything "
        "else on nodes with the resource serve",
    )
    edge: bool = Field(
        default=False,
        description="players reach tables through squaredeal edge at public_url only: tickets hide "
        "where the tables are",
    )
    database_dsn_file: Path | None = Field(
        default=None, description="file with the Postgres DSN; without it Postgres runs embedded"
    )
    redis_url_file: Path | None = Field(
        default=None, description="file with the Redis URL; without it Valkey runs embedded"
    )
    owner_dsn_file: Path | None = Field(
        default=None,
        description="file with the DSN of the database's owner, who migrates it; without it the "
        "application's. Only squaredeal migrate needs it",
    )
    replica_dsn_file: Path | None = Field(
        default=None,
        description="file with the DSN of a read replica for reports; without it the database's",
    )
    keys_dir: Path | None = Field(
        default=None, description="folder of keys, which squaredeal keys init makes (DATA/keys)"
    )
    operator_token_file: Path | None = Field(
        default=None, description="file with the operators' token; without it one is made"
    )
    operator_url: str | None = Field(
        default=None,
        description="wallet of an operator who keeps the money: docs/seamless-wallet.md",
    )
    operator_key_file: Path | None = Field(
        default=None, description="private key that signs what he is asked"
    )
    operator_public_key_file: Path | None = Field(
        default=None, description="his public key: he sends us players by messages signed with it"
    )
    operator_site: str = Field(
        default="", description="name of this server to him; must never change"
    )
    cashier: Literal["manual", "development"] = Field(
        default="manual",
        description="who decides deposits and withdrawals: an operator, or (development) play "
        "chips come and go at once",
    )
    public_url: str | None = Field(
        default=None, description="where players find this server: for links in mails, and the edge"
    )
    oidc_file: Path | None = Field(
        default=None,
        description="TOML file of sites to sign in by (OpenID Connect): docs/security.md",
    )
    mail_url_file: Path | None = Field(
        default=None,
        description="file with the mail relay, smtps://user:password@host:port; without it mails "
        "are kept in DATA/mail, and in mode production nowhere",
    )
    mail_from: str = Field(default="squaredeal@localhost", description="sender of mails")
    trusted_proxies: tuple[str, ...] = Field(
        default=(),
        description="addresses or networks of proxies that say for whom they ask (X-Forwarded-For)",
    )
    allowed_origins: tuple[str, ...] = Field(
        default=(),
        description="other sites whose pages may open sockets, such as https://play.example",
    )
    requests_per_address: int = Field(
        default=200, ge=1, description="requests a second of one address; ten times as many at once"
    )
    web: bool = Field(
        default=True, description="build the web client if it has changed, and serve it"
    )
    web_dir: Path | None = Field(
        default=None, description="folder of a web client that is built already"
    )
    two_person: bool = Field(
        default=False,
        description="voids, promotions and decisions on payments need a second operator, and the "
        "machine's token does not count for money and hands; always so in mode production",
    )
    entropy_file: Path | None = Field(
        default=None, description="device or file whose bytes are mixed into the seeds of decks"
    )
    tables_file: Path | None = Field(
        default=None, description="TOML file of the lobby's tables; without it serve/lobby.toml"
    )
    spare_actors: int = Field(default=1, ge=0, le=64, description="warm actors without a table")
    daily_grant: int = Field(
        default=100_000,
        ge=0,
        le=10**12,
        description="play chips each player gets a day, minor units",
    )
    bot_grant: int = Field(
        default=5_000_000, ge=0, le=10**12, description="play chips each house bot gets a day"
    )
    bots: bool = Field(default=True, description="seat the lobby's labelled house bots")
    bot_think_ms_min: int = Field(default=700, ge=0, description="shortest thought of a bot, ms")
    bot_think_ms_max: int = Field(default=2_500, ge=0, description="longest thought of a bot, ms")
    dashboard: bool = Field(default=False, description="start the Ray dashboard (2 s slower)")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="the least that is logged"
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="how this command itself speaks; files are JSON in any case"
    )
    log_dir: Path | None = Field(
        default=None, description="folder of the processes' logs, on each node; DATA/logs without"
    )
    trace_url: str = Field(
        default="",
        description="where traces are sent (OTLP over HTTP), as http://jaeger:4318/v1/traces",
    )
    trace_ratio: float = Field(
        default=0.05, ge=0, le=1, description="share of traces that is kept besides those of errors"
    )
    ray_dashboard_url: HttpUrl | None = Field(
        default=None, description="where operators find the Ray dashboard, for a link at their desk"
    )
    grafana_url: HttpUrl | None = Field(default=None, description="the same of Grafana")
    drain_seconds: float = Field(
        default=3.0, ge=0, le=3_600, description="how long running hands may take to end at a stop"
    )
    reconcile_s: float = Field(
        default=60.0, ge=1, le=3_600, description="how often books and tables are compared"
    )
    seed_reveal_seconds: float = Field(
        default=3_600.0, ge=0, description="a hand's seed may be asked for so long after its end"
    )
    hand_retention_days: int = Field(
        default=0, ge=0, description="records of hands are deleted after so many days; 0: never"
    )
    fixed_decks: bool = Field(
        default=False, description="UNSAFE, for tests: tables opened over /v1/test deal given decks"
    )

    @property
    def ports(self) -> tuple[int, int]:
        """First and last of ``table_ports``."""
        first, _, last = self.table_ports.partition("-")
        return int(first), int(last)

    @property
    def keys_folder(self) -> Path:
        """The folder of keys."""
        return self.keys_dir or self.data_dir / "keys"

    @model_validator(mode="after")
    def _together(self) -> Self:
        first, last = self.ports
        if not (first == last == 0 or 1_024 <= first <= last <= 65_535):
            raise ValueError("table_ports is first-last within 1024-65535, or 0-0")
        if self.edge and not (self.public_url or "").startswith(("http://", "https://")):
            raise ValueError("edge needs public_url, http or https")
        if self.mode == "production" and self.fixed_decks:
            raise ValueError("fixed_decks is for tests: mode production refuses it")
        if self.mode == "production" and self.cashier == "development":
            raise ValueError("cashier development moves no money: mode production refuses it")
        if self.mode == "production" and self.database_dsn_file is None:
            raise ValueError("mode production needs database_dsn_file")
        if self.mode == "production" and self.redis_url_file is None:
            raise ValueError("mode production needs redis_url_file")
        if self.operator_url is not None:
            if self.operator_key_file is None or not self.operator_site:
                raise ValueError("operator_url needs operator_key_file and operator_site")
            if self.bots or self.daily_grant:
                raise ValueError("operator_url needs bots=false, daily_grant=0: no chips but his")
        elif self.operator_public_key_file is not None:
            raise ValueError("operator_public_key_file needs operator_url")
        if self.bot_think_ms_min > self.bot_think_ms_max:
            raise ValueError("bot_think_ms_min is at most bot_think_ms_max")
        if self.web_dir is not None and not (self.web_dir / "index.html").is_file():
            raise ValueError(f"web_dir: there is no index.html in {self.web_dir}")
        files = (
            "database_dsn_file", "owner_dsn_file", "replica_dsn_file", "redis_url_file",
            "tables_file", "operator_key_file", "operator_public_key_file", "mail_url_file",
            "oidc_file",
        )  # fmt: skip
        for name in (*files, "entropy_file"):
            path = getattr(self, name)
            device = name == "entropy_file"
            if path is not None and not (path.exists() if device else path.is_file()):
                raise ValueError(f"{name}: there is no file {path}")
        return self


def config_file(arguments: list[str]) -> Path | None:
    """The settings file, needed before the other flags are read."""
    early = argparse.ArgumentParser(add_help=False)
    early.add_argument("--config", type=Path)
    found: Path | None = early.parse_known_args(arguments)[0].config
    named = os.environ.get(f"{ENV_PREFIX}CONFIG")
    return found or (Path(named) if named else None)


def read_settings(
    arguments: list[str],
    file: Path | None,
    program: str,
    about: str = "Start everything: stores, Ray, the tables and their bots.",
) -> Settings:
    """Settings from flags, environment and file; raises SettingWrong with one clear line.
    ``about`` is what ``--help`` says first."""
    if file is not None and not file.is_file():
        raise SettingWrong(f"config: there is no file {file}")

    class Sourced(Settings):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            del init_settings, dotenv_settings, file_secret_settings
            flags: CliSettingsSource[Any] = CliSettingsSource(
                settings_cls,
                cli_parse_args=arguments,
                cli_prog_name=program,
                cli_exit_on_error=False,
            )
            in_file = TomlConfigSettingsSource(settings_cls, file) if file else None
            return (flags, env_settings, *((in_file,) if in_file else ()))

    Sourced.__doc__ = about
    try:
        return Settings.model_construct(**dict(Sourced()))
    except ValidationError as wrong:
        raise SettingWrong("; ".join(_line(dict(error)) for error in wrong.errors())) from None
    except (SettingsError, ValueError) as wrong:
        line = " ".join(str(wrong).split())
        raise SettingWrong(line.removeprefix("error parsing CLI: ")) from None


def _line(error: dict[str, Any]) -> str:
    where = ".".join(str(part) for part in error["loc"])
    given = f" (given: {error['input']!r})" if where else ""
    message = str(error["msg"]).removeprefix("Value error, ")
    return f"{where}: {message}{given}" if where else message
