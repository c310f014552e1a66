"""What has to be installed: PostgreSQL 15 and Redis 7 of Debian, or a newer system's."""

import shutil
from pathlib import Path
from typing import Final, NamedTuple

POSTGRES: Final = Path("/usr/lib/postgresql")
VERSION_MIN: Final = 15


class Binaries(NamedTuple):
    """Where they are."""

    postgres_bin: Path
    redis_server: Path


class NotInstalled(Exception):
    """One is missing; the message says how to get it."""


def find_binaries() -> Binaries:
    """The oldest PostgreSQL that is new enough. Raises NotInstalled."""
    redis = shutil.which("redis-server")
    # Before 10 they had a point in them.
    found = (each.parent for each in POSTGRES.glob("*/bin/postgres"))
    versions = {int(each.parent.name): each for each in found if each.parent.name.isdigit()}
    version = min((each for each in versions if each >= VERSION_MIN), default=None)
    if version is None:
        raise NotInstalled(f"there is no PostgreSQL {VERSION_MIN}: apt install postgresql-15")
    if redis is None:
        raise NotInstalled("there is no Redis: apt install redis-server")
    return Binaries(versions[version], Path(redis))
