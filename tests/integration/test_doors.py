"""Other doors than a password, and accounts that are given back, over HTTP."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from auth.freshness import IDLE_S, PROOF_S
from serve.gate import APPROVER
from tests import provider as op
from tests.authenticator import Authenticator
from tests.office import MACHINE, Desk, open_office

PASSWORD, URL = "correct horse battery", "http://localhost:8700"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def there() -> Iterator[op.Provider]:
    with op.running(f"{URL}/oidc/there") as provider:
        yield provider


@pytest.fixture
async def desk(
    app_dsn: str, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    there: op.Provider,
) -> AsyncIterator[Desk]:  # fmt: skip
    there.user = f"{uuid.uuid4()}"
    async with open_office(
        app_dsn,
        redis_url,
        tmp_path,
        monkeypatch,
        two_person=True,
        oidc_file=there.settings(tmp_path),
    ) as opened:
        yield opened


class Person:
    """Somebody with an access token."""

    def __init__(self, desk: Desk, tokens: Json) -> None:
        self.desk = desk
        self.id, self.name = tokens["player"]["id"], tokens["player"]["name"]
        self.headers = {"Authorization": f"Bearer {tokens['access']}"}

    async def ask(self, method: str, path: str, body: Json | None = None, **more: str) -> Any:
        """The answer's body, or the code of the error."""
        headers = self.headers | more
        return said(await self.desk.http.request(method, path, json=body, headers=headers))

    async def silence(self, redis_url: str, pool: Any) -> None:
        """As it is when nothing was asked for half an hour."""
        found = await self.ask("GET", "/v1/sessions")
        (session,) = [each["id"] for each in found["sessions"] if each["current"]]
        async with Redis.from_url(redis_url) as store:
            assert await store.delete(f"fresh:{session}") == 1
        await pool.execute(
            "UPDATE auth.sessions SET proved_at = now() - $2 * interval '1 second' WHERE id = $1",
            uuid.UUID(session), float(IDLE_S + PROOF_S),
        )  # fmt: skip


def said(answer: httpx.Response) -> Any:
    if answer.is_error:
        return answer.json()["error"]["code"]
    return answer.json() if answer.content else None


async def player(desk: Desk) -> Person:
    account = {"name": f"p{uuid.uuid4().hex[:12]}", "password": PASSWORD}
    return Person(desk, said(await desk.http.post("/v1/register", json=account)))


async def test_a_passkey_from_enrolment_to_removal(desk: Desk, redis_url: str, pool: Any) -> None:
    ann, device = await player(desk), Authenticator(URL)
    made = device.create(await ann.ask("POST", "/v1/passkeys/options"))
    asked = {"name": "phone", "credential": made}
    key = (await ann.ask("POST", "/v1/passkeys", asked))["id"]
    assert await ann.ask("POST", "/v1/passkeys", asked) == "passkey_invalid"
    wrong = {"name": "phone", "credential": {"id": 1}}
    assert await ann.ask("POST", "/v1/passkeys", wrong) == "bad_request"

    options = said(await desk.http.post("/v1/login/passkey/options"))
    shown = {"credential": device.get(options)}
    signed_in = Person(desk, said(await desk.http.post("/v1/login/passkey", json=shown)))
    assert signed_in.name == ann.name
    assert said(await desk.http.post("/v1/login/passkey", json=shown)) == "passkey_invalid"

    await signed_in.silence(redis_url, pool)
    deposit = ("POST", "/v1/wallet/deposits", {"amount": 100, "ref": uuid.uuid4().hex})
    assert await signed_in.ask(*deposit) == "proof_needed"
    assert await signed_in.ask("POST", "/v1/passkeys/options") == "proof_needed"
    options = await signed_in.ask("POST", "/v1/prove/passkey/options")
    proof = {"credential": device.get(options)}
    assert await signed_in.ask("POST", "/v1/prove/passkey", proof) is None
    assert (await signed_in.ask(*deposit))["amount"] == 100

    path = f"/v1/passkeys/{key}"
    assert await signed_in.ask("PUT", path, {"name": "old phone"}) is None
    (listed,) = (await signed_in.ask("GET", "/v1/passkeys"))["passkeys"]
    assert (listed["name"], listed["used"] is None) == ("old phone", False)
    assert await signed_in.ask("POST", f"{path}/remove") is None
    assert await signed_in.ask("POST", f"{path}/remove") == "passkey_unknown"
    assert await signed_in.ask("PUT", "/v1/passkeys/x", {"name": "y"}) == "passkey_unknown"


async def back(there: op.Provider, trip: Json) -> Json:
    """What the page brings back from there."""
    async with httpx.AsyncClient() as browser:
        code, state = op.arrived(await browser.get(trip["url"]))
    return {"flow": trip["flow"], "state": state, "code": code}


async def test_another_site_makes_an_account_signs_in_and_proves(
    desk: Desk, there: op.Provider, redis_url: str, pool: Any
) -> None:
    known = said(await desk.http.get("/v1/oidc"))
    assert known["providers"] == [{"id": "there", "name": "There"}]
    assert said(await desk.http.post("/v1/oidc/x/begin", json={})) == "provider_unknown"
    begin = "/v1/oidc/there/begin"
    unknown = await back(there, said(await desk.http.post(begin, json={})))
    assert said(await desk.http.post("/v1/login/oidc", json=unknown)) == "identity_unknown"
    name = f"p{uuid.uuid4().hex[:12]}"
    asked = await back(there, said(await desk.http.post(begin, json={"name": name})))
    ann = Person(desk, said(await desk.http.post("/v1/login/oidc", json=asked)))
    assert ann.name == name
    assert said(await desk.http.post("/v1/login/oidc", json=asked)) == "flow_invalid"
    assert (await ann.ask("GET", "/v1/wallet"))["amount"] == 100_000

    (listed,) = (await ann.ask("GET", "/v1/identities"))["identities"]
    remove = f"/v1/identities/{listed['id']}/remove"
    assert await ann.ask("POST", remove) == "last_way_in"
    await ann.silence(redis_url, pool)
    assert await ann.ask("POST", remove) == "proof_needed"
    trip = await ann.ask("POST", "/v1/prove/oidc/there/begin")
    assert await ann.ask("POST", "/v1/prove/oidc", await back(there, trip)) is None
    deposit = ("POST", "/v1/wallet/deposits", {"amount": 100, "ref": uuid.uuid4().hex})
    assert (await ann.ask(*deposit))["amount"] == 100
    new = {"password": "", "new": PASSWORD}
    assert await ann.ask("POST", "/v1/password", new) is None
    assert await ann.ask("POST", remove) is None

    bob = await player(desk)
    trip = await bob.ask("POST", "/v1/identities/there/begin")
    assert await bob.ask("POST", "/v1/identities", await back(there, trip)) is None


async def cashiers_say(key: str, post: bool, first: Person, second: Person) -> Any:
    """What two cashiers hear who post a payment, or void it."""
    asked = {"by": {"name": first.name, "approver": second.name}, "key": key, "post": post}
    shown = {APPROVER: second.headers["Authorization"]}
    return await first.ask("POST", "/v1/operator/payments", asked | {"why": "bank"}, **shown)


async def two_withdrawals(
    desk: Desk, pool: Any, who: Person, first: Person, second: Person
) -> list[str]:
    """He has 100 cents, and withdrawals of 25 twice that wait; the two are cashiers."""
    await pool.execute("SELECT wallet.open_currency('EUR', 2)")
    for each in (first, second):
        await pool.fetchval("SELECT auth.grant_role($1, 'cashier', 'root')", each.name)

    async def begun(path: str, amount: int) -> str:
        asked = {"amount": amount, "ref": uuid.uuid4().hex, "currency": "EUR"}
        payment = await who.ask("POST", f"/v1/wallet/{path}", asked)
        assert payment["state"] == "pending"
        key: str = payment["key"]
        return key

    assert (await cashiers_say(await begun("deposits", 100), True, first, second))[
        "state"
    ] == "posted"
    return [await begun("withdrawals", 25) for _ in range(2)]


async def a_lock_that_comes_at_the_same_time_holds(
    key: str, pool: Any, who: Person, first: Person, second: Person
) -> None:
    """Whoever posts waits for who is locking, and then hears of it."""
    lock = (
        "UPDATE auth.accounts SET money_locked_until = now() + $2 * interval '1 hour' WHERE id = $1"
    )
    async with pool.acquire() as conn:
        async with conn.transaction():
            await conn.execute(lock, uuid.UUID(who.id), 1)
            mine = await conn.fetchval("SELECT pg_backend_pid()")
            posting = asyncio.create_task(cashiers_say(key, True, first, second))
            waits = """SELECT EXISTS (SELECT 1 FROM pg_stat_activity
                                       WHERE $1 = ANY(pg_blocking_pids(pid)))"""
            while not await pool.fetchval(waits, mine):
                assert not posting.done(), posting.result()
        assert await posting == "money_locked"
        await conn.execute(lock, uuid.UUID(who.id), -1)


async def test_an_account_is_given_back_by_two_accounts(desk: Desk, pool: Any) -> None:
    ann, sue, tom, eve, bob = [await player(desk) for _ in range(5)]
    keys = await two_withdrawals(desk, pool, ann, eve, bob)
    await a_lock_that_comes_at_the_same_time_holds(keys[0], pool, ann, eve, bob)
    machine = {"Authorization": f"Bearer {MACHINE}"}
    for name in (sue.name, tom.name):
        role = {"by": {"name": "root"}, "player": name, "role": "support"}
        answer = await desk.http.post("/v1/operator/roles/grant", json=role, headers=machine)
        assert answer.is_success
    propose = f"/v1/operator/players/{ann.id}/rescue"
    asked = {"by": {"name": sue.name}, "note": "passport", "email": f"{ann.name}@example.org"}
    assert await eve.ask("POST", propose, asked | {"by": {"name": eve.name}}) == "not_allowed"
    by_machine = await desk.http.post(propose, json=asked, headers=machine)
    assert said(by_machine) == "machine_not_allowed"
    assert await tom.ask("POST", propose, asked) == "not_yourself"
    number = (await sue.ask("POST", propose, asked))["id"]
    assert await sue.ask("POST", propose, asked) == "rescue_waits"
    approve = f"/v1/operator/rescues/{number}/approve"
    assert await sue.ask("POST", approve, {"by": {"name": sue.name}}) == "approval_needed"
    found = (await tom.ask("GET", "/v1/operator/rescues"))["rescues"]
    assert [each["id"] for each in found] == [number]
    decided = await tom.ask("POST", approve, {"by": {"name": tom.name}})
    assert decided["state"] == "approved"
    assert await ann.ask("GET", "/v1/me") == "session_ended"

    (letter,) = (desk.folder / "mail").glob("*.eml")
    text = letter.read_text("utf-8").replace("=\n", "").replace("=3D", "=")
    token = re.search(r"token=([\w-]+)", text)
    assert token is not None
    new = {"token": token[1], "password": "another long password"}
    assert said(await desk.http.post("/v1/password/reset", json=new)) is None
    login = {"name": ann.name, "password": "another long password"}
    again = Person(desk, said(await desk.http.post("/v1/login", json=login)))
    money = {"amount": 100, "ref": uuid.uuid4().hex}
    for path in ("/v1/wallet/deposits", "/v1/wallet/withdrawals"):
        assert await again.ask("POST", path, money) == "money_locked"

    # What was asked for before is held: it can be voided and, once the lock has ended, posted.
    for key in keys:
        assert await cashiers_say(key, True, eve, bob) == "money_locked"
    assert (await cashiers_say(keys[0], False, eve, bob))["state"] == "voided"
    await pool.execute("UPDATE auth.accounts SET money_locked_until = now()")
    assert (await cashiers_say(keys[1], True, eve, bob))["state"] == "posted"
    assert (await again.ask("GET", "/v1/wallet?currency=EUR"))["amount"] == 75

    # Who proposed and who approved is written down, and no token.
    lines = await pool.fetch("SELECT who, act, asked, answer FROM auth.audit ORDER BY number")
    acts = [(row["who"], row["act"]) for row in lines if row["act"]]
    assert (sue.name, f"POST {propose}") in acts
    assert (tom.name, f"POST {approve}") in acts
    assert token[1] not in "".join(f"{row['asked']}{row['answer']}" for row in lines)


async def test_a_promotion_needs_two_who_show_themselves(desk: Desk, pool: Any) -> None:
    ann, sue, tom = [await player(desk) for _ in range(3)]
    for name in (sue.name, tom.name):
        await pool.fetchval("SELECT auth.grant_role($1, 'cashier', 'root')", name)
    asked = {
        "by": {"name": sue.name}, "ref": uuid.uuid4().hex, "player": ann.id, "amount": 70,
        "reason": "a good loser",
    }  # fmt: skip
    path = "/v1/operator/promotions"
    assert await sue.ask("POST", path, asked) == "approval_needed"
    agreed = asked | {"by": {"name": sue.name, "approver": tom.name}}
    assert await sue.ask("POST", path, agreed) == "approval_needed"
    shown = {APPROVER: tom.headers["Authorization"]}
    assert (await sue.ask("POST", path, agreed, **shown))["code"] == "applied"
    assert (await sue.ask("POST", path, agreed, **shown))["code"] == "duplicate"
    assert (await ann.ask("GET", "/v1/wallet"))["amount"] == 100_070
