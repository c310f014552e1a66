"""Liveness and readiness, for a load balancer and for people; public keys."""

import asyncio
from collections.abc import Awaitable

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth.rotation import SETTLE_S
from serve.office import Office
from wire.http import HealthResponse

PROBE_S_MAX = 2.0


def health_routes(office: Office) -> list[Route]:
    """``/healthz``: this process answers. ``/readyz``: tables, wallet and auth do too; degraded is
    still ready: what can't be opened keeps nobody from the rest."""

    async def healthz(request: Request) -> Response:
        return _response(HealthResponse("ok", {"gateway": "ok"}), 200)

    async def readyz(request: Request) -> Response:
        names = ("floor", "wallet", "auth")
        answers = await asyncio.gather(*(_probe(office.probe(name)) for name in names))
        parts = dict(zip(names, answers, strict=True))
        if "down" in parts.values():
            return _response(HealthResponse("down", parts), 503)
        up = all(part == "ok" for part in parts.values())
        return _response(HealthResponse("ok" if up else "degraded", parts), 200)

    return [Route("/healthz", healthz), Route("/readyz", readyz)]


def keys_route(office: Office) -> Route:
    """The keys that tokens and tickets are signed with, for whoever verifies them (RFC 7517)."""

    async def jwks(request: Request) -> Response:
        return Response(
            office.public_keys.jwks(),
            media_type="application/jwk-set+json",
            headers={"Cache-Control": f"max-age={int(SETTLE_S // 2)}"},
        )

    return Route("/.well-known/jwks.json", jwks)


async def _probe(asked: Awaitable[str]) -> str:
    try:
        async with asyncio.timeout(PROBE_S_MAX):
            return await asked
    except Exception:
        return "down"


def _response(health: HealthResponse, status: int) -> Response:
    return Response(msgspec.json.encode(health), status, media_type="application/json")
