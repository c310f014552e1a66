"""Secrets of every kind, planted and used at the real deployments, while everything that is written
or answered is kept: logs at their most talkative, metrics, errors, traces, the audit log, the
database. None of it may have one of them in it. (Cards and seeds: ``leaks.py``.)"""

import asyncio
import base64
import json
import logging
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyotp
import pytest
from asyncpg.exceptions import InsufficientPrivilegeError
from prometheus_client import generate_latest

from telemetry import traces
from tests import provider as op
from tests.authenticator import Authenticator
from tests.office import MACHINE, Desk, open_office
from tests.otlp import Receiver, receiving

URL = "http://localhost:8700"
PASSWORD, WRONG, NEW = (f"planted-{what}-{uuid.uuid4().hex}" for what in ("own", "wrong", "new"))
ADDRESSED = f"planted-address-{uuid.uuid4().hex}"
CLIENTS = ("httpx", "httpcore")
LOG_CHARS_MIN = 200
"""So much at least is written when everything fails: else nothing was looked at."""


class Secrets:
    """Each by what it is; what was written is searched for all of them."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {
            "password": PASSWORD, "wrong password": WRONG, "new password": NEW,
            "machine's token": MACHINE, "client secret": op.SECRET,
        }  # fmt: skip

    def plant(self, what: str, secret: str) -> str:
        assert len(secret) >= 6, what
        self.known[what] = secret
        return secret

    def found_in(self, text: str) -> list[str]:
        def forms(secret: str) -> set[str]:
            plain = secret.encode()
            coded = {base64.b64encode(plain).decode().rstrip("="), plain.hex()}
            return {secret, secret.replace("-", ""), *coded}

        return [what for what, secret in self.known.items()
                if any(form in text for form in forms(secret))]  # fmt: skip


@pytest.fixture
def secrets() -> Secrets:
    return Secrets()


@pytest.fixture(scope="module")
def there() -> Iterator[op.Provider]:
    with op.running(f"{URL}/oidc/there") as provider:
        yield provider


@pytest.fixture
def traced() -> Iterator[Receiver]:
    """Whoever is sent every span."""
    with receiving() as receiver:
        traces.start(receiver.url, 1.0, "office", "office#1", "here")
        try:
            yield receiver
        finally:
            traces.stop()


@pytest.fixture
async def desk(
    app_dsn: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    there: op.Provider, secrets: Secrets, caplog: pytest.LogCaptureFixture, traced: Receiver,
) -> AsyncIterator[Desk]:  # fmt: skip
    for what, url in (("postgres", app_dsn), ("redis", redis_url)):
        password = urlsplit(url).password
        if password:
            secrets.plant(f"{what} password", password)
    caplog.set_level(logging.DEBUG)
    sites = there.settings(tmp_path)
    async with open_office(app_dsn, redis_url, tmp_path, monkeypatch, oidc_file=sites) as opened:
        yield opened


async def live(desk: Desk, there: op.Provider, secrets: Secrets) -> list[str]:
    """Somebody does all that an account can; every answer that is an error."""
    errors: list[str] = []
    http = desk.http

    async def post(path: str, body: Any, **headers: str) -> Any:
        answer = await http.post(path, json=body, headers=headers)
        if answer.is_error:
            errors.append(answer.text)
            return {}
        return answer.json() if answer.content else {}

    name = f"p{uuid.uuid4().hex[:12]}"
    account = {"name": name, "password": PASSWORD}
    tokens = await post("/v1/register", account)
    secrets.plant("access", tokens["access"])
    secrets.plant("refresh", tokens["refresh"])
    ann = {"Authorization": f"Bearer {tokens['access']}"}
    await post("/v1/register", account)
    await post("/v1/login", account | {"password": WRONG})
    for broken in ({"name": name, "password": [PASSWORD]}, {"name": 5, "password": PASSWORD},
                   account | {"more": PASSWORD}, {"name": PASSWORD, "password": 1}):  # fmt: skip
        await post("/v1/login", broken)
    await http.post("/v1/login", content=f'{{"password": "{PASSWORD}", '.encode())
    again = await post("/v1/refresh", {"refresh": tokens["refresh"]})
    secrets.plant("next refresh", again["refresh"])
    await post("/v1/refresh", {"refresh": tokens["refresh"] + "x"})
    await post("/v1/prove", {"password": WRONG}, **ann)

    made = await post("/v1/second-factor", {"password": PASSWORD}, **ann)
    secrets.plant("second factor", made["secret"])
    await post("/v1/second-factor/confirm", {"code": "planted-code"}, **ann)
    totp = pyotp.TOTP(made["secret"])
    codes = (await post("/v1/second-factor/confirm", {"code": totp.now()}, **ann))["codes"]
    for number, code in enumerate(codes):
        secrets.plant(f"recovery code {number}", code)
    await post("/v1/login", account | {"code": codes[0]})
    await post("/v1/login", account | {"code": codes[0]})

    await post("/v1/email", {"email": f"{name}@example.org", "password": PASSWORD,
                             "code": codes[1]}, **ann)  # fmt: skip
    await post("/v1/email/verify", {"token": secrets.plant("mail token", letter(desk))})
    await post("/v1/email/verify", {"token": secrets.known["mail token"]})
    await post("/v1/password/forgot", {"email": f"{name}@example.org"})
    assert desk.auth._auth is not None
    await desk.auth._auth.recovery.sent()
    reset = secrets.plant("reset token", letter(desk))

    device = Authenticator(URL)
    options = await post("/v1/passkeys/options", {}, **ann)
    secrets.plant("challenge", options["challenge"])
    passkey = {"name": "phone", "credential": device.create(options)}
    await post("/v1/passkeys", passkey, **ann)
    await post("/v1/passkeys", passkey, **ann)
    trip = await post("/v1/oidc/there/begin", {"name": ""})
    secrets.plant("flow", trip["flow"])
    code, state = await asyncio.to_thread(there.arrive, trip["url"])
    secrets.plant("authorization code", code)
    back = {"flow": trip["flow"], "state": state, "code": code}
    await post("/v1/login/oidc", back)
    await post("/v1/login/oidc", back)

    await post("/v1/password/reset", {"token": reset, "password": NEW})
    await post("/v1/password/reset", {"token": reset, "password": NEW})
    # Nothing asks for a secret in an address. What somebody writes there all the same is not told
    # back to him, and in no log.
    for path in (f"/v1/hands/{ADDRESSED}/1", f"/v1/sessions/{ADDRESSED}/revoke",
                 f"/v1/reports?x={ADDRESSED}"):  # fmt: skip
        errors.append((await http.get(path, headers=ann)).text)
    for secret in (PASSWORD, tokens["access"], tokens["refresh"], MACHINE, codes[5]):
        wrong = {"Authorization": f"Bearer {secret}x"}
        errors.append((await http.get("/v1/me", headers=wrong)).text)
    machine = {"Authorization": f"Bearer {MACHINE}"}
    granted = {"by": {"name": "root"}, "player": name, "role": "support"}
    await post("/v1/operator/roles/grant", granted, **machine)
    await post("/v1/operator/roles/grant", granted | {"player": "nobody"}, **machine)
    return errors


def letter(desk: Desk) -> str:
    """The token in the only letter, which is taken away."""
    (path,) = (desk.folder / "mail").glob("*.eml")
    text = path.read_text("utf-8").replace("=\n", "").replace("=3D", "=")
    path.unlink()
    found = re.search(r"token=([\w-]+)", text)
    assert found is not None
    return found[1]


async def rows(pool: Any) -> str:
    """Everything in the room of accounts, as text; bytes as they are too."""
    names = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'auth'")
    text = ""
    for row in names:
        try:
            found = await pool.fetch(f"SELECT * FROM auth.{row['tablename']}")
        except InsufficientPrivilegeError:  # the list of migrations is the owner's
            continue
        for each in found:
            for value in each.values():
                raw = bytes(value) if isinstance(value, bytes | memoryview) else None
                text += f"{value}\n" + (raw.decode("latin-1") if raw else "")
    return text


async def test_no_secret_is_written_or_answered(
    desk: Desk, there: op.Provider, secrets: Secrets, pool: Any,
    caplog: pytest.LogCaptureFixture, traced: Receiver,
) -> None:  # fmt: skip
    errors = await live(desk, there, secrets)
    assert len(errors) > 20
    assert len(secrets.known) > 20
    # Everything fails: whoever is asked says so in the log, with what he knows of it.
    assert desk.auth._auth is not None
    await desk.auth._auth._pool.close()
    account = {"name": "somebody", "password": PASSWORD}
    for path, body in (("/v1/login", account), ("/v1/register", account),
                       ("/v1/refresh", {"refresh": secrets.known["next refresh"]}),
                       ("/v1/password/reset", {"token": secrets.known["reset token"],
                                               "password": NEW})):  # fmt: skip
        answer = await desk.http.post(path, json=body)
        assert answer.status_code == 503, answer.text
        errors.append(answer.text)
    # The test's own client says what it asks for, addresses and all.
    records = [each for each in caplog.records if each.name.partition(".")[0] not in CLIENTS]
    log = "\n".join(caplog.handler.format(record) for record in records)
    log += "\n".join(str(vars(record)) for record in records)
    assert len(log) >= LOG_CHARS_MIN
    assert "login failed" in log
    traces.stop()  # which sends what is left
    written = {
        "errors": "\n".join(errors),
        "logs": log,
        "metrics": generate_latest().decode(),
        "database": await rows(pool),
        "traces": traced.text,
    }
    names = {span.name for span in traced.spans}
    assert {
        "POST /v1/login",
        "GET /v1/hands/{table}/{hand}",
        "GET -",
        "auth.login",
        "postgres",
    } <= (names)
    assert any(span.failed for span in traced.spans), "errors are looked at"
    assert "squaredeal" in written["metrics"]
    assert "machine:root" in written["database"], "the audit log is looked at"
    assert ADDRESSED not in written["errors"] + written["logs"] + written["traces"]
    for where, text in written.items():
        assert secrets.found_in(text) == [], where


def test_a_secret_is_found_where_there_is_one() -> None:
    secrets = Secrets()
    for text in (PASSWORD, f"x{PASSWORD}y", base64.b64encode(PASSWORD.encode()).decode(),
                 json.dumps({"a": PASSWORD}), PASSWORD.encode().hex()):  # fmt: skip
        assert secrets.found_in(text) == ["password"]
