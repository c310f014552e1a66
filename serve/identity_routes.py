"""The endpoints of signing in by other sites (OpenID Connect)."""

from uuid import UUID

import msgspec

from auth.identities import Linked, Trip
from serve.errors import ApiError
from serve.routes import Call, Endpoint, tokens_response
from wire import doors as d
from wire import http as h


def _trip(trip: Trip) -> d.TripResponse:
    return d.TripResponse(trip.url, trip.flow, trip.state)


async def providers(call: Call) -> d.ProvidersResponse:
    known = call.office.runtime.providers
    return d.ProvidersResponse(tuple(d.ProviderInfo(each.id, each.name) for each in known))


async def begin(call: Call) -> d.TripResponse:
    return _trip(await call.office.identity("begin", call.path["provider"], call.body.name))


async def begin_link(call: Call) -> d.TripResponse:
    return _trip(await call.office.identity("begin_link", call.identity, call.path["provider"]))


async def begin_proof(call: Call) -> d.TripResponse:
    return _trip(await call.office.identity("begin_proof", call.identity, call.path["provider"]))


async def enter(call: Call) -> h.TokensResponse:
    asked = msgspec.structs.astuple(call.body)
    tokens, new = await call.office.identity("enter", *asked, call.address, call.device)
    if new:
        await call.office.grant(tokens.identity)
    return tokens_response(tokens)


async def enter_with_code(call: Call) -> h.TokensResponse:
    asked = msgspec.structs.astuple(call.body)
    return tokens_response(
        await call.office.identity("enter_with_code", *asked, call.address, call.device)
    )


async def link(call: Call) -> None:
    await call.office.identity("link", call.identity, *msgspec.structs.astuple(call.body))


async def prove(call: Call) -> None:
    await call.office.identity("prove", call.identity, *msgspec.structs.astuple(call.body))


async def prove_with_code(call: Call) -> None:
    asked = msgspec.structs.astuple(call.body)
    await call.office.identity("prove_with_code", call.identity, *asked)


async def identities(call: Call) -> d.IdentitiesResponse:
    found: list[Linked] = await call.office.identity("all", call.identity.account)
    return d.IdentitiesResponse(
        tuple(d.IdentityInfo(str(i.id), i.provider, i.created_at, i.used_at) for i in found)
    )


async def unlink(call: Call) -> None:
    try:
        identity = UUID(call.path["identity"])
    except ValueError:
        raise ApiError("identity_unknown") from None
    await call.office.identity("unlink", call.identity, identity)


IDENTITY_ENDPOINTS = (
    Endpoint("GET", "/v1/oidc", "Sites to sign in by", providers, d.ProvidersResponse,
             right=None),
    Endpoint("POST", "/v1/oidc/{provider}/begin", "Where to send the browser to sign in", begin,
             d.TripResponse, d.BeginRequest, right=None),
    Endpoint("POST", "/v1/login/oidc", "Sign in with what it came back with", enter,
             h.TokensResponse, d.ArrivedRequest, right=None),
    Endpoint("POST", "/v1/login/oidc/code", "The code, after code_needed", enter_with_code,
             h.TokensResponse, d.CodeRequest, right=None),
    Endpoint("GET", "/v1/identities", "Other sites that sign me in", identities,
             d.IdentitiesResponse),
    Endpoint("POST", "/v1/identities/{provider}/begin", "Where to send the browser to add one",
             begin_link, d.TripResponse),
    Endpoint("POST", "/v1/identities", "Add it", link, None, d.ArrivedRequest),
    Endpoint("POST", "/v1/identities/{identity}/remove", "It signs nobody in any more", unlink,
             None),
    Endpoint("POST", "/v1/prove/oidc/{provider}/begin", "Where to send the browser to prove",
             begin_proof, d.TripResponse),
    Endpoint("POST", "/v1/prove/oidc", "Show that I signed in there again", prove, None,
             d.ArrivedRequest),
    Endpoint("POST", "/v1/prove/oidc/code", "The code, after code_needed", prove_with_code, None,
             d.CodeRequest),
)  # fmt: skip
