"""The synthetic player against the running system, and against one that is not there."""

import json
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from client.probe import EMITS
from serve.process import free_port
from tests.server import Server, command


def test_it_plays_a_hand_and_goes_home(server: Server, http: httpx.Client, tmp_path: Path) -> None:
    account = {"name": "probe_player", "password": "a long enough password"}
    assert http.post("/v1/register", json=account).is_success
    secret = tmp_path / "password"
    secret.write_text(account["password"], "utf-8")
    file = tmp_path / "probe.prom"
    done = command("probe", "--url", server.url, "--name", account["name"],
                   "--password-file", str(secret), "--metrics", str(file))  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert list(report["steps"]) == ["sign in", "take a seat", "play a hand", "go home"]
    assert report["hand"]
    assert account["password"] not in done.stdout
    families = {f.name: f for f in text_string_to_metric_families(file.read_text("utf-8"))}
    # The server in the test has no certificate: see tests/integration/test_certificate.py.
    assert families.keys() == EMITS - {"squaredeal_probe_certificate_expiry_timestamp_seconds"}
    assert families["squaredeal_probe_success"].samples[0].value == 1


@pytest.mark.parametrize(
    ("flags", "step", "why"),
    [
        (("--table", "nowhere"), "take a seat", "no such table"),
        (("--seconds", "0.001"), "sign in", "not done within"),
    ],
)
def test_what_failed_is_said(server: Server, flags: tuple[str, ...], step: str, why: str) -> None:
    done = command("probe", "--url", server.url, *flags)
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["failed"] == step
    assert why in report["why"]


def test_no_server_is_a_report_too(tmp_path: Path) -> None:
    file = tmp_path / "probe.prom"
    url = f"http://127.0.0.1:{free_port()}"
    done = command("probe", "--url", url, "--metrics", str(file), "--seconds", "5")
    assert done.returncode == 1
    assert json.loads(done.stdout)["failed"] == "sign in"
    assert "squaredeal_probe_success 0" in file.read_text("utf-8")
