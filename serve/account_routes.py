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


async def email(call: Call) -> a.EmailResponse:
    has = await call.office.address(call.identity.account)
    return a.EmailResponse(has.email, has.verified)


async def claim_email(call: Call) -> None:
    asked: a.EmailRequest = call.body
    await call.office.own(
        "claim_email", call.identity, asked.email, asked.password, asked.code, call.address
    )


async def verify_email(call: Call) -> None:
    await call.office.own("verify_email", call.body.token)


async def forgot(call: Call) -> None:
    await call.office.own("forgot", call.body.email, call.address)


async def reset_password(call: Call) -> None:
    await call.office.own("reset_password", call.body.token, call.body.password)


async def change_password(call: Call) -> None:
    asked: a.PasswordRequest = call.body
    await call.office.own(
        "change_password", call.identity, asked.password, asked.new, asked.code, call.address
    )


_FACTOR = "/v1/second-factor"
ACCOUNT_ENDPOINTS = (
    Endpoint("POST", "/v1/upgrade", "From guest to player: same chips, same seats", upgrade,
             h.TokensResponse, h.Credentials),
    Endpoint("POST", "/v1/prove", "Show my password again, after proof_needed", prove, None,
             a.ProveRequest),
    Endpoint("GET", "/v1/email", "My address, and whether it is verified", email,
             a.EmailResponse),
    Endpoint("POST", "/v1/email", "Mail a token to what is to be my address", claim_email, None,
             a.EmailRequest),
    Endpoint("POST", "/v1/email/verify", "The token of that mail", verify_email, None,
             a.MailTokenRequest, right=None),
    Endpoint("POST", "/v1/password", "Another password; my other sessions end", change_password,
             None, a.PasswordRequest),
    Endpoint("POST", "/v1/password/forgot", "Mail a token, if somebody has this address", forgot,
             None, a.ForgotRequest, right=None),
    Endpoint("POST", "/v1/password/reset", "Set a password by the token; all sessions end",
             reset_password, None, a.ResetRequest, right=None),
    Endpoint("GET", _FACTOR, "Whether I have a second factor", factor, a.FactorResponse),
    Endpoint("POST", _FACTOR, "A secret for an authenticator, not in force yet", enrol,
             a.EnrolResponse, a.EnrolRequest),
    Endpoint("POST", f"{_FACTOR}/confirm", "In force from now on; the recovery codes", confirm,
             a.RecoveryCodesResponse, a.CodeRequest),
    Endpoint("POST", f"{_FACTOR}/remove", "No second factor any more", remove, None,
             a.ProveRequest),
)  # fmt: skip
