"""``squaredeal upgrade``: this release takes over from the one that runs, under its players.

Run it with the new code and the settings of the running server. The schema is brought up to date
first: the old processes go on over it. Then the code goes to every node, Serve replaces the gateway
and the services behind it, and the new floor replaces the tables' processes (``serve.rollout``).
"""

import asyncio
import logging
import os
import sys
import time
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import Final

import asyncpg
import msgspec

from actors import release
from serve.compose import CLUSTER, migrate_all, runtime_of
from serve.ledger_check import admin_of, in_use
from serve.lobby import read_lobby
from serve.operator import Gateway
from serve.runtime import NAMESPACE, Runtime, read_secret
from serve.settings import Settings, SettingWrong
from wallet.errors import MigrationChanged
from wire.http import OperatorTables

ROOMS: Final = (*release.ROOMS, "serve")
"""What goes to the nodes: everything but the client."""
LEFT_OUT: Final = ["**/__pycache__/"]
LOOK_S: Final = 0.5
NEWS_S: Final = 5.0


def upgrade(settings: Settings) -> int:
    """Roll out; 0 when no process of another release serves a table any more."""
    if not in_use(settings.data_dir):
        raise SettingWrong(f"data_dir: no server runs in {settings.data_dir}: start it instead")
    try:
        address = (settings.data_dir / CLUSTER).read_text("utf-8").strip()
    except OSError:
        raise SettingWrong(f"data_dir: no server is ready in {settings.data_dir}") from None
    with ExitStack() as stack:
        owner = admin_of(settings, stack)
    _say("  the schema …")
    try:
        ran = asyncio.run(migrate_all(owner))
    except (MigrationChanged, asyncpg.PostgresError, OSError) as failure:
        raise SettingWrong(f"the schema is not brought up to date: {failure}") from None
    _say(f"  {len(ran)} migrations; the gateway and the services …")
    began = time.monotonic()
    _deploy(address, _runtime(settings))
    _say(f"  {time.monotonic() - began:.1f} s; the tables, each at the end of its hand …")
    _await_tables(settings)
    _say(f"Done in {time.monotonic() - began:.1f} s: every table is at a process of this release.")
    return 0


def _runtime(settings: Settings) -> Runtime:
    """As ``compose`` makes it, over the stores that run."""
    folder = settings.data_dir / "secrets"
    dsn_file = settings.database_dsn_file or folder / "postgres.dsn"
    redis_file = settings.redis_url_file or folder / "redis.url"
    return runtime_of(settings, read_lobby(settings.tables_file), dsn_file, redis_file)


def _deploy(address: str, runtime: Runtime) -> None:
    """Whatever is deployed by a driver runs the code that the driver has brought with it."""
    # A cluster that ``squaredeal up`` has started asks for the token of its account, and only it.
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    import ray

    from serve.cluster import deploy

    code = [str(Path(str(import_module(room).__file__)).parent) for room in ROOMS]
    for name in ("ray", "ray.serve"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        ray.init(
            address=address,
            namespace=NAMESPACE,
            runtime_env={"py_modules": code, "excludes": LEFT_OUT},
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (ConnectionError, RuntimeError) as failure:
        raise SettingWrong(f"the cluster does not answer: {failure}") from None
    try:
        deploy(runtime)
    finally:
        ray.shutdown()


def _await_tables(settings: Settings) -> None:
    """It goes on without us: who interrupts this may ask ``squaredeal tables`` how far it is."""
    told = 0.0
    token = settings.operator_token_file or settings.data_dir / "secrets" / "operator.token"
    url = f"http://{settings.host}:{settings.port}"
    with Gateway(url, read_secret(str(token))) as gateway:
        while True:
            found = msgspec.json.decode(gateway.ask("GET", "tables"), type=OperatorTables)
            waiting = sum(not table.open for table in found.tables)
            if not (found.outdated or waiting):
                return
            if time.monotonic() > told + NEWS_S:
                told = time.monotonic()
                _say(
                    f"  {found.outdated} processes of another release, {waiting} tables on the way"
                )
            time.sleep(LOOK_S)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
