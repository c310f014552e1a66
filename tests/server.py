"""``squaredeal up`` as a child process: for end-to-end tests, chaos and benchmarks."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from serve.embedded_postgres import SUPERUSER

START_S_MAX = 180
STOP_S_MAX = 60


class Server(NamedTuple):
    """A running ``squaredeal up``."""

    url: str
    data_dir: Path
    process: subprocess.Popen[str]


def admin_dsn(data_dir: Path) -> str:
    """The embedded Postgres as its owner: the application's role may only call functions."""
    secrets = data_dir / "secrets"
    at = urlsplit((secrets / "postgres.dsn").read_text("utf-8").strip())
    password = (secrets / f"postgres.{SUPERUSER}").read_text("utf-8")
    return f"postgresql://{SUPERUSER}:{password}@{at.hostname}:{at.port}{at.path}"


def log_lines(data_dir: Path) -> list[dict[str, Any]]:
    """What all processes of a server have logged, as far as it is on disk."""
    files = sorted((data_dir / "logs").glob("*.jsonl*"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def start(*flags: str) -> subprocess.Popen[str]:
    """``squaredeal up`` in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "serve.cli", "up", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], line: str) -> str:
    """Its output up to a line with these words; AssertionError if it ends before, or has not said
    it in START_S_MAX."""
    assert process.stdout is not None
    late = threading.Timer(START_S_MAX, process.send_signal, [signal.SIGINT])
    late.start()
    began = time.monotonic()
    seen = ""
    try:
        for each in process.stdout:
            seen += each
            if line in each:
                return seen
    finally:
        late.cancel()
    raise AssertionError(f"squaredeal up ended after {time.monotonic() - began:.0f} s:\n{seen}")


def stop(process: subprocess.Popen[str]) -> str:
    """Ctrl-C; the rest of the output."""
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=STOP_S_MAX)
    assert process.returncode == 0, rest
    return rest


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Another ``squaredeal`` command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "serve.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=START_S_MAX,
        check=False,
    )
