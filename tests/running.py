"""The whole system, started as ``make up`` starts it: one Ray cluster a test session, shared by the
end-to-end tests and those in a browser."""

import re
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import httpx
import pytest

from serve.process import free_port
from tests import provider as op
from tests.server import Server, command, read_until, start, stop

RAY_DASHBOARD, GRAFANA = "https://ray.example/", "https://grafana.example/"
"""Where an operator's desk links to; nothing asks them."""


@pytest.fixture(scope="session")
def provider() -> Iterator[op.Provider]:
    """Another site, which the server signs people in by: ``there``."""
    with op.running("http://127.0.0.1:") as running:
        yield running


@pytest.fixture(scope="session")
def server(provider: op.Provider) -> Iterator[Server]:
    """With house bots that think quickly, and with fixed decks allowed."""
    with tempfile.TemporaryDirectory(prefix="squaredeal-e2e-") as folder:
        Path(folder).chmod(0o711)
        data_dir = Path(folder, "data")
        port = free_port()
        # The lobby of `make up`, with less time to look at a result.
        lobby = files("serve").joinpath("lobby.toml").read_text("utf-8")
        quick = re.sub(r"(buy_in_max = .*)", r"\1\npause_ms = 300\nshowdown_pause_ms = 500", lobby)
        tables = Path(folder, "tables.toml")
        tables.write_text(f'currencies = [{{ code = "EUR", exponent = 2 }}]\n{quick}', "utf-8")
        process = start(
            "--data-dir", str(data_dir), "--port", str(port), "--fixed-decks",
            "--tables-file", str(tables), "--reconcile-s", "2", "--cashier", "development",
            "--bot-think-ms-min", "50", "--bot-think-ms-max", "200",
            "--seed-reveal-seconds", "0", "--oidc-file", str(provider.settings(Path(folder))),
            "--ray-dashboard-url", RAY_DASHBOARD, "--grafana-url", GRAFANA,
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


@pytest.fixture
def http(server: Server) -> Iterator[httpx.Client]:
    """A client of the HTTP API."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client
