"""Every line has one shape, and no secret and no card is in any of them."""

import base64
import json
import logging
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors import commands as c
from auth.keys import SigningKeys
from auth.tokens import Identity, mint_access
from games.holdem.records import HoleDealt
from telemetry import logs
from telemetry.carried import REQUEST, Carried, carried, received
from telemetry.config import TelemetryConfig
from telemetry.redact import REMOVED, clean, clean_text

SHAPE = ["time", "level", "event", "part", "process", "node", "pid", "logger"]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Logs go there; afterwards everything is as it was."""
    names = [None, *logs.THEIRS, *logs.ROOMS, logs.AUDIT]
    before = [(log, log.handlers[:], log.level, log.propagate)
              for log in map(logging.getLogger, names)]  # fmt: skip
    logs.begin(TelemetryConfig(log_dir=str(tmp_path)), "wallet", "wallet#a1")
    yield tmp_path
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.FileHandler):
            handler.close()
    logging.captureWarnings(False)
    for log, handlers, level, propagate in before:
        log.handlers[:] = handlers
        log.setLevel(level)
        log.propagate = propagate


def written(folder: Path) -> list[dict[str, Any]]:
    """All but what a process says when it begins."""
    lines = [json.loads(line) for line in (folder / "wallet-a1.jsonl").read_text().splitlines()]
    return [line for line in lines if line["logger"] != "telemetry.logs"]


def test_whoever_logs_the_line_has_one_shape(folder: Path) -> None:
    logging.getLogger("actors.table").info("%s: halted", "oak", extra={"rows": 3})
    logging.getLogger("ray.serve").warning("a replica is late")
    logging.getLogger("uvicorn.error").error("a bad request")
    logging.getLogger("somebody.else").warning("careful")
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("wallet.settler").exception("it failed")
    lines = written(folder)
    assert [list(line)[:8] for line in lines] == [SHAPE] * 5
    assert [line["logger"] for line in lines] == [
        "actors.table", "ray.serve", "uvicorn.error", "somebody.else", "wallet.settler",
    ]  # fmt: skip
    assert lines[0]["event"] == "oak: halted"
    assert lines[0]["rows"] == 3
    assert lines[0]["time"].endswith("Z")
    assert (lines[0]["part"], lines[0]["process"]) == ("wallet", "wallet#a1")
    assert "ValueError: why" in lines[4]["exception"]


def test_others_are_quieter_than_we_are_and_the_audit_is_never_quiet(folder: Path) -> None:
    logs.begin(TelemetryConfig(log_dir=str(folder), log_level="error"), "wallet", "wallet#a1")
    logging.getLogger("httpx").info("GET")
    logging.getLogger("actors.table").warning("hm")
    logging.getLogger(logs.AUDIT).info("asked", extra={"who": "ann"})
    assert [line["logger"] for line in written(folder)] == ["audit"]


def test_a_call_brings_the_request_along(folder: Path) -> None:
    before = REQUEST.set("r-123456")
    try:
        along = carried()
    finally:
        REQUEST.reset(before)
    assert along == Carried("r-123456", "")
    assert carried() is None
    with received(along, "wallet.balance"):
        logging.getLogger("wallet.ledger").warning("slow")
    logging.getLogger("wallet.ledger").warning("slow")
    first, second = written(folder)
    assert first["request"] == "r-123456"
    assert "request" not in second


def test_a_file_is_put_aside_and_old_ones_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES_MAX", 2_000)
    logs.begin(TelemetryConfig(log_dir=str(folder)), "wallet", "wallet#a1")
    for number in range(200):
        logging.getLogger("wallet").warning("line %d", number)
    files = {file.name for file in folder.iterdir()}
    assert files == {f"wallet-a1.jsonl{aside}" for aside in ("", ".1", ".2", ".3")}
    assert all(file.stat().st_size <= 2_000 for file in folder.iterdir())
    logs._prune(folder, 4_000)
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 4_000
    assert (folder / "wallet-a1.jsonl").exists()
    (folder / "wallet-a1.jsonl").unlink()
    logging.getLogger("wallet").warning("still here")
    assert [line["event"] for line in written(folder)] == ["still here"]


# What must never be read

KEYS = SigningKeys.in_memory()
TOKEN = mint_access(KEYS, Identity(uuid.UUID(int=1), "ann", "player", uuid.UUID(int=2)), now=0.0)
SEED = bytes(range(32))
PLANTED = {
    "an access token": TOKEN,
    "a refresh token": secrets.token_urlsafe(32),
    "a DSN's password": "postgresql://app:hunter2-hunter2@db:5432/squaredeal",
    "a Redis password": "redis://:hunter2-hunter2@cache:6379/0",
    "a seed in hex": SEED.hex(),
    "a seed in base64": base64.b64encode(SEED).decode(),
    "a seed as Python shows it": repr(SEED),
    "a private key": "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----",
    "a TOTP secret": "secret=JBSWY3DPEHPK3PXP",
    "a code": "code='482913'",
    "a recovery code": '"code": "abcd-efgh-2345-6723"',
    "a password": 'LoginRequest(name="ann", password="correct horse battery")',
    "a password in JSON": '{"name":"ann","password":"correct horse battery"}',
    "a bearer": f"authorization: Bearer {secrets.token_hex(8)}",
    "a cookie": "Cookie: session=abcdef-ghijk; theme=dark",
    "a ticket in an address": "/t/oak?ticket=abc.def.ghi&epoch=3",
    "dealt cards": repr(HoleDealt(seat=1, cards=(12, 51))),
    "a deck": repr(c.Deal(1, SEED, tuple(range(52)))),
    "cards as people write them": "d dh p1 AsKd",
    "a board": "board: 2c 7h Td",
}
READABLE = ("hunter2-hunter2", "correct horse", "JBSWY3", "482913", "abcd-efgh", "abc.def.ghi",
            "(12, 51)", "AsKd", "abcdef-ghijk", " 7h", " Td", "MIGHAg", SEED.hex(),
            TOKEN.split(".")[1])  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_secret_is_not_read_wherever_it_stands(folder: Path, name: str) -> None:
    planted = PLANTED[name]
    log = logging.getLogger("auth")
    log.warning("planted: %s", planted)
    log.warning("a field", extra={"said": planted, "deep": {"a": [planted]}})
    try:
        raise RuntimeError(planted)
    except RuntimeError:
        log.exception("raised")
    text = (folder / "wallet-a1.jsonl").read_text()
    assert planted not in text
    assert json.dumps(planted)[1:-1] not in text
    for piece in READABLE:
        assert piece not in planted or piece not in text
    assert text.count(REMOVED) >= 4


@pytest.mark.parametrize("name", ["password", "new_password", "Authorization", "dsn", "seed",
                                  "refresh_token", "recovery_codes", "cards", "deck", "totp_secret",
                                  "squaredeal.token", "entropy"])  # fmt: skip
def test_a_field_with_such_a_name_is_empty(name: str) -> None:
    assert clean({"a": {name: "anything at all"}}) == {"a": {name: REMOVED}}


def test_codes_that_open_something_go_and_codes_that_say_something_stay() -> None:
    assert clean({"code": "482913"}) == {"code": REMOVED}
    assert clean({"code": "not_signed_in"}) == {"code": "not_signed_in"}


@pytest.mark.parametrize("text", [
    "oak: halted: stale_epoch", "table-actor-3 did not answer for 4 s", str(uuid.UUID(int=2**127)),
    "/srv/squaredeal/.squaredeal/keys/journal", "POST /v1/tables/lantern/ticket", "in:1:r7",
    "squaredeal_ledger_reconciled_timestamp_seconds", "3 tables, 2 spare actors", "127.0.0.1:8700",
    "TimeoutError('a journal append took 20.0 s')", "b83ad13afad960191584804622622722",
])  # fmt: skip
def test_what_people_need_to_read_stays(text: str) -> None:
    assert clean_text(text) == text


@given(st.binary(min_size=24, max_size=64), st.text(max_size=20), st.text(max_size=20))
def test_random_bytes_are_found_in_any_text(data: bytes, before: str, after: str) -> None:
    secret = base64.b64encode(data + b"aA1" * 4).decode()
    assert secret not in clean_text(f"{before} token={secret} {after}")
    assert data.hex() not in clean_text(f"{before} {{'seed': '{data.hex()}'}} {after}")
