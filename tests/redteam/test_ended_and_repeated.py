"""Tokens of somebody who is banned, at every address; money calls that are sent again."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from auth.bans import Ban
from auth.rights import Right
from serve.gateway import endpoints_of
from tests.authenticator import Authenticator
from tests.integration.test_doors import PASSWORD, URL, Person, player, said
from tests.office import Desk, open_office


@pytest.fixture
async def desk(
    app_dsn: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    async with open_office(app_dsn, redis_url, tmp_path, monkeypatch) as opened:
        yield opened


async def test_the_tokens_of_a_banned_player_open_nothing(desk: Desk, pool: Any) -> None:
    account = {"name": f"p{uuid.uuid4().hex[:12]}", "password": PASSWORD}
    tokens = said(await desk.http.post("/v1/register", json=account))
    ann, device = Person(desk, tokens), Authenticator(URL)
    made = device.create(await ann.ask("POST", "/v1/passkeys/options"))
    added = {"name": "phone", "credential": made}
    assert "id" in await ann.ask("POST", "/v1/passkeys", added)
    assert desk.auth._auth is not None
    await desk.auth._auth.ban(uuid.UUID(ann.id), Ban(None, "cheated"))
    his = [each for each in endpoints_of(False) if each.right is not None]
    assert len(his) > 60
    answers = {f"{each.method} {each.path}": await ann.ask(each.method, each.path) for each in his}
    assert set(answers.values()) == {"session_ended"}, json.dumps(answers)
    refresh = await desk.http.post("/v1/refresh", json={"refresh": tokens["refresh"]})
    assert said(refresh) == "refresh_invalid"
    assert said(await desk.http.post("/v1/login", json=account)) == "account_banned"
    options = said(await desk.http.post("/v1/login/passkey/options"))
    shown = {"credential": device.get(options)}
    assert said(await desk.http.post("/v1/login/passkey", json=shown)) == "account_banned"


@pytest.mark.parametrize(("path", "sign"), [("deposits", 1), ("withdrawals", -1)])
async def test_a_payment_that_is_sent_again_is_one(desk: Desk, path: str, sign: int) -> None:
    ann = await player(desk)
    before = (await ann.ask("GET", "/v1/wallet"))["amount"]
    asked = {"amount": 300, "ref": uuid.uuid4().hex}
    address = f"/v1/wallet/{path}"
    answers = await asyncio.gather(*(ann.ask("POST", address, asked) for _ in range(10)))
    assert {each["key"] for each in answers} == {answers[0]["key"]}
    assert await ann.ask("POST", address, asked | {"amount": 301}) == "ref_used"
    assert (await ann.ask("GET", "/v1/wallet"))["amount"] == before + sign * 300


def test_every_call_that_moves_money_has_a_key() -> None:
    """In its body; or what is decided is named in the address, and decided once."""
    money = {Right.PROMOTE, Right.CORRECT_BOOKS, Right.DECIDE_PAYMENTS}
    calls = [each for each in endpoints_of(False)
             if each.method != "GET" and (each.fresh or each.right in money)]  # fmt: skip
    assert len(calls) >= 8
    for call in calls:
        keys = {"ref", "key"} & set(getattr(call.body, "__struct_fields__", ()))
        assert keys or "{operation}" in call.path, call.path
