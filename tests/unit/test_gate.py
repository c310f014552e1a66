"""Every address with every role: let in or refused exactly as written here."""

from typing import cast
from uuid import UUID, uuid5

import httpx
import msgspec
import pytest
from starlette.applications import Starlette

from auth.rights import Role
from auth.tokens import Identity
from serve.errors import ApiError
from serve.gate import APPROVER, Admitted, check_names
from serve.gateway import app_of, endpoints_of
from serve.office import Office
from serve.rates import RateLimits, Rates
from wire import http as h

MACHINE = "the-token-of-the-machine"
NOBODY = ""
EVERYBODY: set[str] = {NOBODY, MACHINE, *Role}
SIGNED_IN: set[str] = set(Role)
SUPPORT, FLOOR, CASHIER = "support", "floor", "cashier"
COMPLIANCE, TOP = "compliance", {"admin", MACHINE}

TABLE = "/v1/operator/tables/{table}"
PLAYER = "/v1/operator/players/{player}"
OPERATION = "/v1/operator/operations/{operation}"
HANDS = "/v1/operator/hands"
# Not made from auth.rights: what is wrong there must show here.
EXPECTED: dict[str, set[str]] = {
    "POST /v1/register": EVERYBODY,
    "POST /v1/login": EVERYBODY,
    "POST /v1/guest": EVERYBODY,
    "POST /v1/operator/launch": EVERYBODY,  # what is sent is signed
    "POST /v1/launch": EVERYBODY,
    "POST /v1/refresh": EVERYBODY,
    "GET /v1/tables": EVERYBODY,
    "GET /v1/currencies": EVERYBODY,
    "POST /v1/logout": SIGNED_IN,
    "GET /v1/me": SIGNED_IN,
    "POST /v1/tables/{table}/ticket": SIGNED_IN,
    "POST /v1/quick-seat": SIGNED_IN,
    "GET /v1/wallet": SIGNED_IN,
    "GET /v1/wallet/stakes": SIGNED_IN,
    "GET /v1/wallet/stream": SIGNED_IN,
    "POST /v1/wallet/daily": SIGNED_IN,
    "GET /v1/wallet/statement": SIGNED_IN,
    "POST /v1/wallet/deposits": SIGNED_IN,
    "POST /v1/wallet/withdrawals": SIGNED_IN,
    "GET /v1/wallet/payments": SIGNED_IN,
    "GET /v1/wallet/limits": SIGNED_IN,
    "PUT /v1/wallet/limits": SIGNED_IN,
    "POST /v1/wallet/exclusion": SIGNED_IN,
    "GET /v1/hands": SIGNED_IN,
    "GET /v1/hands/{table}/{hand}": SIGNED_IN,
    "GET /v1/hands/{table}/{hand}/{format}": SIGNED_IN,
    "POST /v1/test/tables": SIGNED_IN,
    "POST /v1/test/tables/{table}/decks": SIGNED_IN,
    "GET /v1/host/tables": {"host", "admin"},
    "POST /v1/host/tables": {"host", "admin"},
    "POST /v1/host/tables/{table}/close": {"host", "admin"},
    "POST /v1/host/tables/{table}/code": {"host", "admin"},
    "POST /v1/host/tables/{table}/kick": {"host", "admin"},
    "GET /v1/operator/tables": {SUPPORT, FLOOR, COMPLIANCE, *TOP},
    f"POST {TABLE}/move": {FLOOR, *TOP},
    f"POST {TABLE}/pause": {FLOOR, *TOP},
    f"POST {TABLE}/resume": {FLOOR, *TOP},
    f"POST {TABLE}/close": {FLOOR, *TOP},
    f"POST {TABLE}/open": {FLOOR, *TOP},
    f"POST {TABLE}/void": {FLOOR, *TOP},
    "POST /v1/operator/drain": {FLOOR, *TOP},
    f"GET {HANDS}": {COMPLIANCE, *TOP},
    f"GET {HANDS}/{{table}}/{{hand}}": {COMPLIANCE, *TOP},
    f"GET {HANDS}/{{table}}/{{hand}}/{{format}}": {COMPLIANCE, *TOP},
    f"GET {PLAYER}/limits": {SUPPORT, CASHIER, COMPLIANCE, *TOP},
    f"PUT {PLAYER}/limits": {COMPLIANCE, *TOP},
    f"POST {PLAYER}/exclusion": {COMPLIANCE, *TOP},
    "POST /v1/upgrade": SIGNED_IN,
    "POST /v1/prove": SIGNED_IN,
    "GET /v1/email": SIGNED_IN,
    "POST /v1/email": SIGNED_IN,
    "POST /v1/email/verify": EVERYBODY,
    "POST /v1/password": SIGNED_IN,
    "POST /v1/password/forgot": EVERYBODY,
    "POST /v1/password/reset": EVERYBODY,
    "GET /v1/second-factor": SIGNED_IN,
    "POST /v1/second-factor": SIGNED_IN,
    "POST /v1/second-factor/confirm": SIGNED_IN,
    "POST /v1/second-factor/remove": SIGNED_IN,
    "GET /v1/passkeys": SIGNED_IN,
    "POST /v1/passkeys/options": SIGNED_IN,
    "POST /v1/passkeys": SIGNED_IN,
    "PUT /v1/passkeys/{passkey}": SIGNED_IN,
    "POST /v1/passkeys/{passkey}/remove": SIGNED_IN,
    "POST /v1/login/passkey/options": EVERYBODY,
    "POST /v1/login/passkey": EVERYBODY,
    "POST /v1/prove/passkey/options": SIGNED_IN,
    "POST /v1/prove/passkey": SIGNED_IN,
    "GET /v1/oidc": EVERYBODY,
    "POST /v1/oidc/{provider}/begin": EVERYBODY,
    "POST /v1/login/oidc": EVERYBODY,
    "POST /v1/login/oidc/code": EVERYBODY,
    "GET /v1/identities": SIGNED_IN,
    "POST /v1/identities/{provider}/begin": SIGNED_IN,
    "POST /v1/identities": SIGNED_IN,
    "POST /v1/identities/{identity}/remove": SIGNED_IN,
    "POST /v1/prove/oidc/{provider}/begin": SIGNED_IN,
    "POST /v1/prove/oidc": SIGNED_IN,
    "POST /v1/prove/oidc/code": SIGNED_IN,
    "GET /v1/sessions": SIGNED_IN,
    "POST /v1/sessions/{session}/revoke": SIGNED_IN,
    "POST /v1/logout-everywhere": SIGNED_IN,
    "GET /v1/operator/players": {SUPPORT, FLOOR, CASHIER, COMPLIANCE, *TOP},
    f"GET {PLAYER}/sessions": {SUPPORT, FLOOR, CASHIER, COMPLIANCE, *TOP},
    f"PUT {PLAYER}/ban": {COMPLIANCE, *TOP},
    f"POST {PLAYER}/unban": {COMPLIANCE, *TOP},
    f"POST {TABLE}/kick": {FLOOR, *TOP},
    "GET /v1/operator/rescues": {SUPPORT, COMPLIANCE, *TOP},
    f"POST {PLAYER}/rescue": {SUPPORT, COMPLIANCE, *TOP},
    "POST /v1/operator/rescues/{rescue}/approve": {SUPPORT, COMPLIANCE, *TOP},
    "POST /v1/operator/rescues/{rescue}/reject": {SUPPORT, COMPLIANCE, *TOP},
    "GET /v1/operator/operations": {CASHIER, COMPLIANCE, *TOP},
    "GET /v1/operator/payments": {CASHIER, COMPLIANCE, *TOP},
    "GET /v1/operator/reports/{report}": {CASHIER, COMPLIANCE, *TOP},
    "POST /v1/operator/promotions": {CASHIER, *TOP},
    "POST /v1/operator/adjustments": {CASHIER, *TOP},
    "POST /v1/operator/reversals": {CASHIER, *TOP},
    f"POST {OPERATION}/approve": {CASHIER, *TOP},
    f"POST {OPERATION}/reject": {CASHIER, *TOP},
    "POST /v1/operator/payments": {CASHIER, *TOP},
    "GET /v1/operator/audit": {COMPLIANCE, *TOP},
    "GET /v1/operator/findings": {COMPLIANCE, *TOP},
    "POST /v1/operator/findings/look": {COMPLIANCE, *TOP},
    "POST /v1/operator/findings/{finding}/decide": {COMPLIANCE, *TOP},
    "GET /v1/operator/roles": set(TOP),
    "POST /v1/operator/roles/grant": set(TOP),
    "POST /v1/operator/roles/revoke": set(TOP),
}
EXPECTED |= {
    "POST /v1/hands/{table}/{hand}/share": SIGNED_IN,
    "GET /v1/shares": SIGNED_IN,
    "POST /v1/shares/{share}/end": SIGNED_IN,
    "POST /v1/shared": EVERYBODY,  # whoever has the token
    "GET /v1/sittings": SIGNED_IN,
    "GET /v1/sittings/{session}": SIGNED_IN,
    "GET /v1/rights": SIGNED_IN,
    "GET /v1/operator/concurrency": {SUPPORT, FLOOR, COMPLIANCE, *TOP},
    "GET /v1/operator/revenue": {CASHIER, COMPLIANCE, *TOP},
    "GET /v1/operator/interrupted": {SUPPORT, FLOOR, COMPLIANCE, *TOP},
    "GET /v1/operator/health": {SUPPORT, FLOOR, COMPLIANCE, *TOP},
    f"GET {PLAYER}": {SUPPORT, FLOOR, CASHIER, COMPLIANCE, *TOP},
    f"GET {PLAYER}/money": {CASHIER, COMPLIANCE, *TOP},
    "GET /v1/operator/void-proposals": {FLOOR, *TOP},
    f"POST {TABLE}/void-proposals": {FLOOR, *TOP},
    "POST /v1/operator/void-proposals/{proposal}/approve": {FLOOR, *TOP},
    "POST /v1/operator/void-proposals/{proposal}/reject": {FLOOR, *TOP},
}
REFUSALS = {"not_signed_in", "token_invalid", "not_allowed", "machine_not_allowed"}
# Where two people are insisted on (mode production) the machine has none of these.
FOR_PEOPLE = {
    f"POST {TABLE}/void",
    "POST /v1/operator/promotions",
    "POST /v1/operator/adjustments",
    "POST /v1/operator/reversals",
    f"POST {OPERATION}/approve",
    f"POST {OPERATION}/reject",
    "POST /v1/operator/payments",
    "GET /v1/operator/rescues",
    f"POST {PLAYER}/rescue",
    "POST /v1/operator/rescues/{rescue}/approve",
    "POST /v1/operator/rescues/{rescue}/reject",
    "GET /v1/operator/void-proposals",
    f"POST {TABLE}/void-proposals",
    "POST /v1/operator/void-proposals/{proposal}/approve",
    "POST /v1/operator/void-proposals/{proposal}/reject",
}
ADDRESSES = sorted(f"{each.method} {each.path}" for each in endpoints_of(fixed_decks=True))
NAMES = UUID(int=6)
NO_REDIS = "redis://127.0.0.1:1/0"


class Register:
    """Tokens are the names of roles; one account has each."""

    def __init__(self) -> None:
        self.accounts = {uuid5(NAMES, role): role for role in Role}
        self.rates = Rates(NO_REDIS, RateLimits())

    def machine_token(self) -> str:
        return MACHINE

    async def identify(self, access: str) -> Identity:
        if access not in set(Role):
            raise ApiError("token_invalid", "Unknown.")
        return Identity(uuid5(NAMES, access), access, "player", UUID(int=1))

    async def roles(self, account: UUID) -> frozenset[Role]:
        return frozenset({self.accounts[account]} - {Role.PLAYER})

    def __getattr__(self, name: str) -> None:
        # Past the gate: what is done there is another test's.
        raise ApiError("unavailable")


@pytest.fixture
def app() -> Starlette:
    return app_of(cast(Office, Register()), endpoints_of(fixed_decks=True))


def test_every_address_is_in_the_list() -> None:
    assert sorted(EXPECTED) == ADDRESSES


@pytest.fixture
def strict() -> Starlette:
    """As in mode production."""
    return app_of(cast(Office, Register()), endpoints_of(fixed_decks=True), two_person=True)


@pytest.mark.parametrize("address", ADDRESSES)
async def test_whoever_has_the_right_is_let_in_and_nobody_else(
    app: Starlette, strict: Starlette, address: str
) -> None:
    await walk(app, address, EXPECTED[address])
    people = {MACHINE} if address in FOR_PEOPLE else set()
    await walk(strict, address, EXPECTED[address] - people)


async def walk(app: Starlette, address: str, expected: set[str]) -> None:
    method, path = address.split(" ")
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        for who in EVERYBODY:
            headers = {"Authorization": f"Bearer {who}"} if who else {}
            answer = await client.request(method, path, headers=headers)
            code = answer.json()["error"]["code"] if answer.is_error else ""
            let_in = code not in REFUSALS
            assert let_in == (who in expected), f"{who or 'nobody'}: {code}"


def body(name: str, approver: str | None = None) -> h.OperatorRequest:
    return h.OperatorRequest(h.Operator(name, approver))


def who(name: str) -> Identity:
    return Identity(uuid5(NAMES, name), name, "player", UUID(int=1))


def test_the_machine_acts_under_any_name() -> None:
    check_names(Admitted(machine=True), body("ann", "bob"))


def test_an_operator_acts_under_his_own_name_and_agrees_himself() -> None:
    check_names(Admitted(who("ann")), body("ann"))
    check_names(Admitted(who("ann"), approver=who("bob")), body("ann", "bob"))


@pytest.mark.parametrize(
    ("admitted", "names", "code"),
    [
        (Admitted(who("ann")), ("bob", None), "not_yourself"),
        (Admitted(who("ann")), ("Ann", None), "not_yourself"),
        (Admitted(who("ann")), ("ann", "bob"), "approval_needed"),
        (Admitted(who("ann"), approver=who("bob")), ("ann", None), "approval_needed"),
        (Admitted(who("ann"), approver=who("eve")), ("ann", "bob"), "approval_needed"),
        (Admitted(who("ann"), approver=who("ann")), ("ann", "ann"), "approval_needed"),
    ],
)
def test_other_names_are_refused(
    admitted: Admitted, names: tuple[str, str | None], code: str
) -> None:
    with pytest.raises(ApiError) as refused:
        check_names(admitted, body(*names))
    assert refused.value.body.code == code


async def test_who_agrees_needs_the_right_too(app: Starlette) -> None:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        for second, let_in in ((Role.ADMIN, True), (Role.CASHIER, False), (Role.PLAYER, False)):
            asked = h.VoidRequest(h.Operator("floor", second.value), 1, "why")
            answer = await client.post(
                "/v1/operator/tables/lantern/void",
                content=msgspec.json.encode(asked),
                headers={"Authorization": "Bearer floor", APPROVER: f"Bearer {second}"},
            )
            code = answer.json()["error"]["code"]
            assert code == ("unavailable" if let_in else "not_allowed")


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/v1/operator/tables/lantern/void", {"hand": 1, "reason": "why"}),
        ("/v1/operator/promotions",
         {"ref": "r", "player": str(UUID(int=1)), "amount": 5, "reason": "why"}),
        ("/v1/operator/payments", {"key": "k", "post": True, "why": "why"}),
    ],
)  # fmt: skip
async def test_money_and_hands_are_changed_by_two(
    app: Starlette, strict: Starlette, path: str, asked: dict[str, object]
) -> None:
    async def code(at: Starlette, first: str, second: str | None, header: str | None) -> str:
        names = {"name": first} | ({"approver": second} if second else {})
        headers = {"Authorization": f"Bearer {first}"}
        headers |= {APPROVER: f"Bearer {header}"} if header else {}
        transport = httpx.ASGITransport(app=at)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            answer = await client.post(path, json={"by": names} | asked, headers=headers)
        return str(answer.json()["error"]["code"])

    first = FLOOR if path.endswith("void") else CASHIER
    done = "unavailable"  # past every gate
    assert await code(strict, first, None, None) == "approval_needed"
    assert await code(strict, first, "admin", None) == "approval_needed"
    assert await code(strict, first, first, first) == "approval_needed"
    assert await code(strict, first, "support", "support") == "not_allowed"
    assert await code(strict, first, "admin", "admin") == done
    assert await code(app, first, None, None) == done
    assert await code(app, MACHINE, MACHINE.upper(), None) == "approval_needed"
