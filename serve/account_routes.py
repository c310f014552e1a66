"""The endpoints of an account's own: from guest to player, second factor, proof of presence."""

import msgspec

from serve.routes import Call, Endpoint, tokens_response
from wire import accounts as a
from wire import http as h


async def upgrade(call: Call) -> h.TokensResponse:
    asked: h.Credentials = call.body
    return tokens_response(
        await call.office.upgrade(
            call.identity.account, asked.name, asked.password, call.address, call.device
        )
    )


async def prove(call: Call) -> None:
    await call.office.prove(call.identity, call.body.password, call.body.code, call.address)


async def factor(call: Call) -> a.FactorResponse:
    state = await call.office.factor_state(call.identity.account)
    return a.FactorResponse(*msgspec.structs.astuple(state))


async def enrol(call: Call) -> a.EnrolResponse:
    made = await call.office.enrol_factor(call.identity, call.body.password, call.address)
    return a.EnrolResponse(*msgspec.structs.astuple(made))


async def confirm(call: Call) -> a.RecoveryCodesResponse:
    codes = await call.office.confirm_factor(call.identity.account, call.body.code)
    return a.RecoveryCodesResponse(tuple(codes))


async def remove(call: Call) -> None:
    await call.office.remove_factor(call.identity, call.body.password, call.body.code, call.address)


_FACTOR = "/v1/second-factor"
ACCOUNT_ENDPOINTS = (
    Endpoint("POST", "/v1/upgrade", "From guest to player: same chips, same seats", upgrade,
             h.TokensResponse, h.Credentials),
    Endpoint("POST", "/v1/prove", "Show my password again, after proof_needed", prove, None,
             a.ProveRequest),
    Endpoint("GET", _FACTOR, "Whether I have a second factor", factor, a.FactorResponse),
    Endpoint("POST", _FACTOR, "A secret for an authenticator, not in force yet", enrol,
             a.EnrolResponse, a.EnrolRequest),
    Endpoint("POST", f"{_FACTOR}/confirm", "In force from now on; the recovery codes", confirm,
             a.RecoveryCodesResponse, a.CodeRequest),
    Endpoint("POST", f"{_FACTOR}/remove", "No second factor any more", remove, None,
             a.ProveRequest),
)  # fmt: skip
