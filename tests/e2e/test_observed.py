"""A running system as one looks at it from outside: its traces and its logs.

A server of its own: the others' are not traced, as most are not.
"""

import asyncio
import json
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from client.probe import probe
from serve.process import free_port
from tests.otlp import Receiver, Seen, receiving
from tests.server import Server, command, log_lines, read_until, start, stop

TABLES = """
[[tables]]
bots = 2
[tables.spec]
table = "lamp"
name = "Lamp"
buy_in_min = 2_000
buy_in_max = 10_000
pause_ms = 100
showdown_pause_ms = 100
[tables.spec.game]
seats = 4
blinds = { small = 50, big = 100 }
"""


class Observed(NamedTuple):
    """A server that a guest has played at, and what it has said of it."""

    server: Server
    receiver: Receiver
    output: str


@pytest.fixture(scope="module")
def observed() -> Iterator[Observed]:
    with tempfile.TemporaryDirectory(prefix="squaredeal-e2e-") as folder, receiving() as receiver:
        Path(folder).chmod(0o711)
        data_dir, tables, port = Path(folder, "data"), Path(folder, "tables.toml"), free_port()
        tables.write_text(TABLES, "utf-8")
        process = start(
            "--data-dir", str(data_dir), "--port", str(port), "--tables-file", str(tables),
            "--bot-think-ms-min", "20", "--bot-think-ms-max", "60",
            "--trace-url", receiver.url, "--trace-ratio", "1",
            "--log-level", "debug", "--log-format", "json", "--trusted-proxies", "127.0.0.1",
            "--no-web",
        )  # fmt: skip
        try:
            output = read_until(process, "Take a seat")
            yield Observed(Server(f"http://127.0.0.1:{port}", data_dir, process), receiver, output)
        finally:
            stop(process)


@pytest.fixture(scope="module")
def played(observed: Observed) -> None:
    report = asyncio.run(probe(observed.server.url, "", "", "lamp", 90.0))
    assert report.ok, report


def names(spans: list[Seen]) -> set[tuple[str, str]]:
    return {(span.part, span.name) for span in spans}


def connected(spans: list[Seen]) -> bool:
    """Whether every span but one hangs on another of them."""
    ids = {span.id for span in spans}
    return sum(span.parent not in ids for span in spans) == 1


COMING = {
    ("gateway", "POST /v1/tables/{table}/ticket"), ("auth", "auth.identify"), ("auth", "postgres"),
    ("floor", "floor.where"), ("tables", "hello"),
}  # fmt: skip
LAST_ACT = {
    ("tables", "act"), ("tables", "step"), ("tables", "journal"), ("tables", "broadcast"),
    ("tables", "settle"), ("wallet", "wallet.settle"),
}  # fmt: skip
SITTING = {("tables", "sit"), ("wallet", "wallet.buy_in"), ("wallet", "postgres")}


@pytest.mark.parametrize("wanted", [COMING, LAST_ACT, SITTING], ids=["coming", "act", "sit"])
def test_what_a_player_does_is_one_trace_through_all_processes(
    observed: Observed, played: None, wanted: set[tuple[str, str]]
) -> None:
    observed.receiver.wait_for(lambda spans: wanted <= names(spans) and connected(spans))


def test_a_batch_is_linked_to_the_hands_that_it_settles(observed: Observed, played: None) -> None:
    batch = observed.receiver.wait_for(
        lambda spans: {("wallet", "settlement"), ("wallet", "postgres")} <= names(spans)
    )
    (root,) = [span for span in batch if span.name == "settlement"]
    linked = observed.receiver.wait_for(
        lambda spans: bool({span.id for span in spans} & set(root.links))
    )
    assert ("wallet", "wallet.settle") in names(linked)


def test_a_request_is_found_in_every_process_that_answered_it(observed: Observed) -> None:
    with httpx.Client(base_url=observed.server.url, timeout=30) as client:
        answer = client.post("/v1/guest", headers={"x-request-id": "look-for-this-one"})
        assert answer.headers["squaredeal-request-id"] == "look-for-this-one"
    lines = [line for line in log_lines(observed.server.data_dir)
             if line.get("request") == "look-for-this-one"]  # fmt: skip
    assert {line["part"] for line in lines} == {"gateway", "auth", "wallet"}
    assert len({line["trace"] for line in lines}) == 1
    assert all(line["span"] for line in lines)


def test_every_line_of_every_process_has_one_shape(observed: Observed, played: None) -> None:
    lines = log_lines(observed.server.data_dir)
    assert {line["part"] for line in lines} >= {"gateway", "auth", "wallet", "floor", "tables"}
    said = [json.loads(line) for line in observed.output.splitlines()]
    assert {line["part"] for line in said} == {"up"}
    for line in (*lines, *said):
        assert list(line)[:8] == [
            "time", "level", "event", "part", "process", "node", "pid", "logger",
        ]  # fmt: skip
        assert isinstance(logging.getLevelName(line["level"].upper()), int)


def test_what_an_operator_does_is_a_stream_of_its_own(observed: Observed) -> None:
    url, data_dir, _ = observed.server
    for act in ("pause", "resume"):
        done = command(act, "lamp", "--url", url, "--data-dir", str(data_dir), "--by", "ann",
                       "--reason", "to look at it")  # fmt: skip
        assert done.returncode == 0, done.stderr
    acts = [line for line in log_lines(data_dir) if line["logger"] == "audit"]
    assert [(line["event"], line["act"].split("/")[-1], line["who"]) for line in acts] == [
        ("asked", "pause", "machine:ann"), ("ended", "pause", "machine:ann"),
        ("asked", "resume", "machine:ann"), ("ended", "resume", "machine:ann"),
    ]  # fmt: skip
    assert acts[0]["asked"]["reason"] == "to look at it"
    assert acts[1]["outcome"] == "done"
    assert acts[0]["number"] == acts[1]["number"]
    assert all(line["request"] for line in acts)


def test_no_secret_of_the_server_is_in_anything_that_it_wrote(
    observed: Observed, played: None
) -> None:
    url, data_dir, _ = observed.server
    password = "a password that nobody else has"
    with httpx.Client(base_url=url, timeout=30) as client:
        about = {"name": "ann_of_the_logs", "password": password}
        tokens = client.post("/v1/register", json=about).json()
        client.post("/v1/login", json=about | {"code": "482913"})
        client.post("/v1/login", content=b'{"password": "' + password.encode())
        client.get("/v1/me", headers={"authorization": f"Bearer {tokens['access']}x"})
        signed_in = {"authorization": f"Bearer {tokens['access']}"}
        ticket = client.post("/v1/tables/lamp/ticket", json={}, headers=signed_in).json()["url"]
    secrets = [file.read_text("utf-8").strip() for file in (data_dir / "secrets").iterdir()]
    secrets += [urlsplit(text).password or "" for text in secrets if "://" in text]
    secrets += [password, tokens["access"], tokens["refresh"], ticket.split("ticket=")[1]]
    texts = [file.read_text("utf-8") for file in (data_dir / "logs").iterdir()]
    written = "".join([*texts, observed.output, observed.receiver.text])
    assert len(written) > 10_000
    for secret in filter(None, secrets):
        assert secret not in written
