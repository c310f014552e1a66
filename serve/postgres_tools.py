"""The client programs of Postgres (pg_dump, pg_restore): found, and run with a DSN."""

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import which
from urllib.parse import unquote, urlsplit, urlunsplit

from serve.embedded_postgres import embedded_binaries
from serve.process import StartFailed
from serve.settings import SettingWrong

MAJOR = re.compile(r"\(PostgreSQL\) (\d+)")
DEBIAN = "/usr/lib/postgresql/{major}/bin"


class ToolFailed(Exception):
    """A program of Postgres has failed; the message is what it said."""


def tool(name: str, major: int, folder: Path | None) -> Path:
    """The program of a server's own major version: an older one can't read its catalogs, a newer
    one writes what it does not understand. Raises SettingWrong if there is none."""
    tried = []
    for path in [folder / name] if folder else _known(name, major):
        found = _major(path)
        if found == major:
            return path
        tried.append(f"{path} is of {found}" if found else f"no {path}")
    raise SettingWrong(f"postgres_bin: {name} of PostgreSQL {major} is needed: {', '.join(tried)}")


def _known(name: str, major: int) -> Iterator[Path]:
    with contextlib.suppress(StartFailed):
        yield embedded_binaries() / name
    in_path = which(name)
    if in_path:
        yield Path(in_path)
    yield Path(DEBIAN.format(major=major)) / name


def _major(program: Path) -> int | None:
    try:
        said = subprocess.run(  # noqa: S603
            [program, "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = MAJOR.search(said)
    return int(found[1]) if found else None


def run(command: Sequence[str | Path], dsn: str | None = None) -> str:
    """Run a program to its end, with a database if ``dsn`` names one; what it wrote. The password
    travels in the environment: command lines are read by everybody. Raises ToolFailed."""
    environment = dict(os.environ)
    where: list[str] = []
    if dsn is not None:
        bare, password = _parted(dsn)
        where = [f"--dbname={bare}"]
        environment |= {"PGPASSWORD": password} if password else {}
    done = subprocess.run(  # noqa: S603
        [*command, *where], capture_output=True, text=True, check=False, env=environment, cwd="/"
    )
    if done.returncode:
        raise ToolFailed(f"{Path(command[0]).name}: {' '.join(done.stderr.split())[:1_000]}")
    return done.stdout


def _parted(dsn: str) -> tuple[str, str]:
    """A DSN without its password, and the password."""
    parts = urlsplit(dsn)
    user, _, rest = parts.netloc.rpartition("@")
    name, _, password = user.partition(":")
    netloc = f"{name}@{rest}" if name else rest
    return urlunsplit(parts._replace(netloc=netloc)), unquote(password)
