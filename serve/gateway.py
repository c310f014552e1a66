"""The gateway: a Starlette app that reads requests, asks the office and writes answers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from serve.account_routes import ACCOUNT_ENDPOINTS
from serve.armour import Armour
from serve.audit_routes import AUDIT_ENDPOINTS
from serve.audited import handled
from serve.csv_answer import Csv
from serve.desk_routes import DESK_ENDPOINTS
from serve.door_routes import DOOR_ENDPOINTS
from serve.errors import ApiError
from serve.gate import admit, check_agreed, check_machine, check_names
from serve.health import health_routes, keys_route
from serve.history_routes import HISTORY_ENDPOINTS
from serve.host_routes import HOST_ENDPOINTS
from serve.identity_routes import IDENTITY_ENDPOINTS
from serve.metrics import metrics_route
from serve.money_routes import MONEY_ENDPOINTS, OPERATOR_MONEY_ENDPOINTS
from serve.monitor import REFUSALS, Counting
from serve.office import Office
from serve.openapi import openapi_document
from serve.pages import pages_in, sockets_of
from serve.part import begin_part
from serve.player_routes import PLAYER_ENDPOINTS
from serve.proposal_routes import PROPOSAL_ENDPOINTS
from serve.report_routes import REPORT_ENDPOINTS
from serve.rescue_routes import RESCUE_ENDPOINTS
from serve.role_routes import ROLE_ENDPOINTS
from serve.routes import ENDPOINTS, OPERATOR_ENDPOINTS, TEST_ENDPOINTS, Call, Endpoint
from serve.runtime import Runtime
from serve.signal_routes import SIGNAL_ENDPOINTS
from serve.traced import Traced, template_of
from wallet.dsn import DatabaseBusy
from wallet.seamless.errors import SignatureInvalid, Stale
from wallet.seamless.signing import Verifier

log = logging.getLogger(__name__)

BODY_BYTES_MAX = 1_048_576
BODY_S_MAX = 10.0
"""So long a body may take to come in, whatever trickles meanwhile."""
JSON = "application/json"


def endpoints_of(fixed_decks: bool) -> tuple[Endpoint, ...]:
    """Every endpoint that a gateway answers."""
    return (
        *ENDPOINTS,
        *ACCOUNT_ENDPOINTS,
        *DOOR_ENDPOINTS,
        *IDENTITY_ENDPOINTS,
        *MONEY_ENDPOINTS,
        *HOST_ENDPOINTS,
        *OPERATOR_ENDPOINTS,
        *OPERATOR_MONEY_ENDPOINTS,
        *REPORT_ENDPOINTS,
        *ROLE_ENDPOINTS,
        *PLAYER_ENDPOINTS,
        *RESCUE_ENDPOINTS,
        *AUDIT_ENDPOINTS,
        *SIGNAL_ENDPOINTS,
        *HISTORY_ENDPOINTS,
        *DESK_ENDPOINTS,
        *PROPOSAL_ENDPOINTS,
        *(TEST_ENDPOINTS if fixed_decks else ()),
    )


def build_gateway(runtime: Runtime) -> Starlette:
    """The ASGI app; runs inside a Serve replica, where handles exist."""
    begin_part("gateway", runtime)
    pages = pages_in(runtime.web_dir, sockets_of(runtime.edge_url, runtime.host.address))
    endpoints = endpoints_of(runtime.fixed_decks)
    office = Office(runtime)
    return app_of(office, endpoints, runtime.trusted_proxies, runtime.two_person, pages)


def app_of(
    office: Office,
    endpoints: Sequence[Endpoint],
    proxies: Sequence[str] = (),
    two_person: bool = False,
    pages: ASGIApp | None = None,
) -> Starlette:
    """The app over an office; ``proxies`` are believed when they say for whom they ask; ``pages``
    answer what no endpoint does."""
    document = msgspec.json.encode(openapi_document(endpoints))

    async def openapi(request: Request) -> Response:
        return Response(document, media_type=JSON)

    routes = [
        Route(endpoint.path, _bound(office, endpoint, two_person), methods=[endpoint.method])
        for endpoint in endpoints
    ]
    app = Starlette(
        routes=[
            *routes,
            *health_routes(office),
            keys_route(office),
            metrics_route(office),
            Route("/v1/openapi.json", openapi),
        ],
        middleware=[
            Middleware(Traced, proxies=proxies),
            Middleware(ProxyHeadersMiddleware, trusted_hosts=list(proxies)),
            Middleware(Counting),
            Middleware(Armour),
        ],
        exception_handlers={ApiError: _on_api_error, HTTPException: _on_http, Exception: _on_bug},
    )
    if pages is not None:
        app.router.default = pages  # not a mount, which would take wrong methods from the routes
    return app


def _bound(
    office: Office, endpoint: Endpoint, two_person: bool
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        address = request.client.host if request.client else "unknown"
        await office.rates.address(address)
        admitted = await admit(office, request.headers, endpoint.right)
        if two_person:
            check_machine(admitted, endpoint.right)
        if admitted.identity is not None:
            await office.rates.account(str(admitted.identity.account), endpoint.path)
        if not all(str(part).isprintable() for part in request.path_params.values()):
            raise ApiError("bad_request", "There is a control character in the address.")
        if endpoint.fresh:
            await office.check_money(admitted.signed_in)
        body = await _body(office, request, endpoint) if endpoint.body else None
        check_names(admitted, body)
        if endpoint.two:
            check_agreed(body, admitted.approver, two_person)
        call = Call(
            office,
            admitted.identity,
            address,
            dict(request.path_params),
            dict(request.query_params),
            body,
            admitted.access,
            request.headers.get("user-agent", ""),
        )
        result = await handled(endpoint, admitted, call, request.url.path)
        if isinstance(result, Csv):
            return result.response()
        if isinstance(result, Response):
            return result
        if result is None:
            return Response(status_code=204)
        return Response(msgspec.json.encode(result), media_type=JSON)

    return _guarded(answer)


def _guarded(
    answer: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """A fault of ours becomes an answer here, inside of the middleware: Starlette would make it
    outside, where it is neither counted nor traced, and has no strict headers."""

    async def guarded(request: Request) -> Response:
        try:
            return await answer(request)
        except (ApiError, HTTPException):
            raise
        except DatabaseBusy:
            return _error(ApiError("database_busy", retry_after_s=1))
        except Exception as bug:
            return await _on_bug(request, bug)

    return guarded


async def _body(office: Office, request: Request, endpoint: Endpoint) -> Any:
    verifier = office.launch_verifier() if endpoint.signed else None
    data = bytearray()
    try:
        async with asyncio.timeout(BODY_S_MAX):
            async for chunk in request.stream():
                data += chunk
                if len(data) > BODY_BYTES_MAX:
                    raise ApiError("body_too_large")
    except TimeoutError:
        raise ApiError("body_too_slow") from None
    if verifier is not None:
        _verify(verifier, request, bytes(data))
    try:
        return msgspec.json.decode(bytes(data) or b"{}", type=endpoint.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as wrong:
        raise ApiError("bad_request", f"{wrong}.") from None


def _verify(verifier: Verifier, request: Request, body: bytes) -> None:
    try:
        verifier.verify(request.headers, body)
    except (SignatureInvalid, Stale) as wrong:
        raise ApiError(wrong.code) from None


def _error(error: ApiError) -> Response:
    headers = {"Retry-After": str(error.body.retry_after_s)} if error.body.retry_after_s else {}
    body = msgspec.json.encode({"error": error.body})
    REFUSALS.labels(error.body.code).inc()
    return Response(body, error.status, headers=headers, media_type=JSON)


async def _on_api_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return _error(error)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "method_not_allowed" if error.status_code == 405 else "route_unknown"
    return _error(ApiError(code))


async def _on_bug(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, template_of(request.scope), exc_info=error)
    return _error(ApiError("internal"))
