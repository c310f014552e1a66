"""What has to be installed: Debian's PostgreSQL 15 and Redis 7."""

import shutil
from pathlib import Path
from typing import Final, NamedTuple

POSTGRES_BIN: Final = Path("/usr/lib/postgresql/15/bin")


class Binaries(NamedTuple):
    """Where they are."""

    postgres_bin: Path
    redis_server: Path


class NotInstalled(Exception):
    """One is missing; the message says how to get it."""


def find_binaries() -> Binaries:
    """Raises NotInstalled."""
    redis = shutil.which("redis-server")
    if not (POSTGRES_BIN / "postgres").exists():
        raise NotInstalled("there is no PostgreSQL 15: apt install postgresql-15")
    if redis is None:
        raise NotInstalled("there is no Redis: apt install redis-server")
    return Binaries(POSTGRES_BIN, Path(redis))
