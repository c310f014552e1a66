"""The gateway over the real auth and wallet deployments in one process: real Postgres and Redis,
without Ray and without tables. What crosses a deployment is pickled, as Ray does."""

import asyncio
import pickle
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import httpx
from ray import serve as ray_serve
from ray.exceptions import RayTaskError

from serve.compose import runtime_of
from serve.deployments import AuthDeployment, WalletDeployment
from serve.gateway import app_of, endpoints_of
from serve.keys import init_keys
from serve.lobby import Lobby
from serve.office import Office
from serve.settings import Settings

MACHINE = "the-token-of-the-machine"


class Desk(NamedTuple):
    """``http`` asks the gateway; ``folder`` is the data folder."""

    http: httpx.AsyncClient
    folder: Path
    auth: AuthDeployment


class _Handle:
    """As Serve's handle of a deployment."""

    def __init__(self, part: object) -> None:
        self._part = part

    def __getattr__(self, method: str) -> SimpleNamespace:
        call: Callable[..., Awaitable[Any]] = getattr(self._part, method)

        async def remote(*arguments: Any) -> Any:
            try:
                answer = await call(*pickle.loads(pickle.dumps(arguments)))
            except Exception as failure:
                raise across(failure) from None
            return pickle.loads(pickle.dumps(answer))

        return SimpleNamespace(remote=remote)


def across(failure: Exception) -> Exception:
    """What the other side of a deployment is told, through Ray's own bytes."""
    made: Any = RayTaskError  # Ray has no types
    told = made.from_bytes(made("call", "", failure).to_bytes())
    of_its_kind: Exception = getattr(told, "as_instanceof_cause", lambda: told)()
    return of_its_kind


@asynccontextmanager
async def open_office(
    app_dsn: str,
    redis_url: str,
    folder: Path,
    monkeypatch: Any,
    floor: object = None,
    **changes: Any,
) -> AsyncIterator[Desk]:
    """``changes`` are settings; ``floor`` stands in the place of the floor."""
    secrets = {"dsn": app_dsn, "redis": redis_url, "operator": MACHINE}
    for name, text in secrets.items():
        (folder / name).write_text(text + "\n", "utf-8")
    settings = Settings(
        data_dir=folder, database_dsn_file=folder / "dsn", redis_url_file=folder / "redis",
        operator_token_file=folder / "operator", cashier="development",
        public_url="http://localhost:8700", **changes,
    )  # fmt: skip
    init_keys(settings.keys_folder)
    runtime = runtime_of(settings, Lobby(), folder / "dsn", folder / "redis")
    auth, wallet = AuthDeployment(runtime), WalletDeployment(runtime)
    parts = {"auth": auth, "wallet": wallet, "floor": floor}
    monkeypatch.setattr(
        ray_serve, "get_deployment_handle", lambda name, app: _Handle(parts.get(name))
    )
    app = app_of(Office(runtime), endpoints_of(False), two_person=runtime.two_person)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
            yield Desk(http, folder, auth)
    finally:
        tasks = [*wallet._tasks, *([auth._sweeping] if auth._auth is not None else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        pools = [wallet._pool, auth._auth._pool if auth._auth is not None else None]
        for pool in pools:
            if pool is not None:
                await pool.close()
