"""The endpoints of other doors than a password: passkeys."""

from uuid import UUID

import msgspec

from auth.passkeys import Passkey
from serve.errors import ApiError
from serve.routes import Call, Endpoint, tokens_response
from wire import doors as d
from wire import http as h


def _info(passkey: Passkey) -> d.PasskeyInfo:
    return d.PasskeyInfo(str(passkey.id), passkey.name, passkey.created_at, passkey.used_at)


def _passkey(call: Call) -> UUID:
    try:
        return UUID(call.path["passkey"])
    except ValueError:
        raise ApiError("passkey_unknown") from None


def _credential(call: Call) -> bytes:
    return msgspec.json.encode(call.body.credential)


async def passkeys(call: Call) -> d.PasskeysResponse:
    found: list[Passkey] = await call.office.door("passkeys", call.identity)
    return d.PasskeysResponse(tuple(map(_info, found)))


async def new_passkey(call: Call) -> d.Options:
    options: d.Options = await call.office.door("new_passkey", call.identity)
    return options


async def add_passkey(call: Call) -> d.PasskeyInfo:
    asked: d.NewPasskey = call.body
    return _info(
        await call.office.door("add_passkey", call.identity, asked.name, _credential(call))
    )


async def rename_passkey(call: Call) -> None:
    await call.office.door("rename_passkey", call.identity, _passkey(call), call.body.name)


async def remove_passkey(call: Call) -> None:
    await call.office.door("remove_passkey", call.identity, _passkey(call))


async def ask_passkey(call: Call) -> d.Options:
    options: d.Options = await call.office.door("ask_passkey")
    return options


async def enter_by_passkey(call: Call) -> h.TokensResponse:
    return tokens_response(
        await call.office.door("enter_by_passkey", _credential(call), call.address, call.device)
    )


async def ask_proof(call: Call) -> d.Options:
    options: d.Options = await call.office.door("ask_proof", call.identity)
    return options


async def prove_by_passkey(call: Call) -> None:
    await call.office.door("prove_by_passkey", call.identity, _credential(call))


_PASSKEY = "/v1/passkeys/{passkey}"
DOOR_ENDPOINTS = (
    Endpoint("GET", "/v1/passkeys", "My passkeys", passkeys, d.PasskeysResponse),
    Endpoint("POST", "/v1/passkeys/options", "What a browser is asked to make a passkey with",
             new_passkey, d.Options),
    Endpoint("POST", "/v1/passkeys", "Add the passkey that it made", add_passkey, d.PasskeyInfo,
             d.NewPasskey),
    Endpoint("PUT", _PASSKEY, "Call it something else", rename_passkey, None, d.PasskeyName),
    Endpoint("POST", f"{_PASSKEY}/remove", "It signs nobody in any more", remove_passkey, None),
    Endpoint("POST", "/v1/login/passkey/options", "What a browser is asked to sign in with",
             ask_passkey, d.Options, right=None),
    Endpoint("POST", "/v1/login/passkey", "Sign in by a passkey: no password, no code",
             enter_by_passkey, h.TokensResponse, d.ShownPasskey, right=None),
    Endpoint("POST", "/v1/prove/passkey/options", "What a browser is asked to prove with",
             ask_proof, d.Options),
    Endpoint("POST", "/v1/prove/passkey", "Show my passkey, after proof_needed",
             prove_by_passkey, None, d.ShownPasskey),
)  # fmt: skip
