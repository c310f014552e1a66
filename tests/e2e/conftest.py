"""The whole system, started as ``make up`` starts it: one Ray cluster a test session."""

import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from serve.process import free_port

START_S_MAX = 180
STOP_S_MAX = 60


class Server(NamedTuple):
    """A running ``squaredeal up``."""

    url: str
    data_dir: Path
    process: subprocess.Popen[str]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """With house bots that think quickly, and with fixed decks allowed."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-e2e-") as folder:
        Path(folder).chmod(0o711)
        data_dir = Path(folder, "data")
        port = free_port()
        # The lobby of `make up`, with less time to look at a result.
        lobby = files("serve").joinpath("lobby.toml").read_text("utf-8")
        quick = re.sub(r"(buy_in_max = .*)", r"\1\npause_ms = 300\nshowdown_pause_ms = 500", lobby)
        tables = Path(folder, "tables.toml")
        tables.write_text(quick, "utf-8")
        process = start(
            "--data-dir", str(data_dir), "--port", str(port), "--fixed-decks",
            "--tables-file", str(tables),
            "--bot-think-ms-min", "50", "--bot-think-ms-max", "200",
        )  # fmt: skip
        try:
            output = read_until(process, "Take a seat")
            assert f"http://127.0.0.1:{port}/v1/tables" in output
            yield Server(f"http://127.0.0.1:{port}", data_dir, process)
        finally:
            stop(process)
        # Whatever the tests did, not a chip may be missing.
        report = command("ledger", "check", "--data-dir", str(data_dir))
        assert report.returncode == 0, report.stdout + report.stderr
        assert "the books balance" in report.stdout


def start(*flags: str) -> subprocess.Popen[str]:
    """``squaredeal up`` in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "serve.cli", "up", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], line: str) -> str:
    """Its output up to a line with these words; fails with the output if it ends before."""
    assert process.stdout is not None
    seen = ""
    for each in process.stdout:
        seen += each
        if line in each:
            return seen
    pytest.fail(f"squaredeal up ended early:\n{seen}")


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


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """A client of the HTTP API."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client
