"""How the parts of the system are, for the operator's desk: asked at most once in two seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast

import asyncpg
import ray

from serve.runtime import Runtime, connect_redis
from serve.scrape import TABLES, processes
from wire.desk import DeskHealth, DeskLink, PartHealth

GOOD_FOR_S: Final = 2.0
"""However many operators look, the parts are asked no more often."""
ANSWER_S_MAX: Final = 2.0
POSTGRES: Final = """
SELECT current_setting('server_version') AS version,
       pg_size_pretty(pg_database_size(current_database())) AS size,
       (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections,
       current_setting('max_connections') AS connections_max,
       date_trunc('second', clock_timestamp() - pg_postmaster_start_time())::text AS up
"""
Facts = dict[str, str]
State = Literal["ok", "degraded", "down"]


class Health:
    """Of one gateway. A part that does not answer in time is down."""

    def __init__(
        self,
        runtime: Runtime,
        pool: Callable[[], Awaitable["asyncpg.Pool[asyncpg.Record]"]],
        probe: Callable[[str], Awaitable[str]],
    ) -> None:
        self._links = runtime.links
        self._pool = pool
        self._probe = probe
        self._redis = connect_redis(runtime)
        self._lock = asyncio.Lock()
        self._last: DeskHealth | None = None
        self._at = 0.0

    async def look(self) -> DeskHealth:
        """Now, or as it was a moment ago."""
        async with self._lock:
            if self._last is None or time.monotonic() - self._at > GOOD_FOR_S:
                self._last = await self._ask()
                self._at = time.monotonic()
            return self._last

    async def _ask(self) -> DeskHealth:
        parts = await asyncio.gather(
            _timed("Postgres", self._postgres),
            _timed("Redis", self._ask_redis),
            _timed("Ray", _ray),
            *(_timed(name, self._deployment(name)) for name in ("auth", "wallet", "floor")),
        )
        links = tuple(DeskLink(*each) for each in self._links)
        return DeskHealth(tuple(parts), links, datetime.now(UTC))

    async def _postgres(self) -> tuple[State, Facts]:
        row = await (await self._pool()).fetchrow(POSTGRES)
        assert row is not None
        return "ok", {name: str(value) for name, value in row.items()}

    async def _ask_redis(self) -> tuple[State, Facts]:
        info = cast(dict[str, Any], await cast(Any, self._redis).info())
        wanted = {
            "version": "redis_version", "memory": "used_memory_human",
            "clients": "connected_clients", "up (s)": "uptime_in_seconds",
        }  # fmt: skip
        return "ok", {name: str(info.get(key, "")) for name, key in wanted.items()}

    def _deployment(self, name: str) -> Callable[[], Awaitable[tuple[State, Facts]]]:
        async def ask() -> tuple[State, Facts]:
            said = await self._probe(name)
            state = next(s for s in cast(tuple[State, ...], ("ok", "degraded", "down"))
                         if said.startswith(s))  # fmt: skip
            return state, {} if said == state else {"said": said}

        return ask


async def _ray() -> tuple[State, Facts]:
    nodes = await asyncio.to_thread(lambda: cast(Any, ray).nodes())
    found = await asyncio.to_thread(processes)
    alive = [node for node in nodes if node["Alive"]]
    actors = sum(part == TABLES for part, _ in found.values())
    facts = {
        "version": str(cast(Any, ray).__version__),
        "nodes": f"{len(alive)} of {len(nodes)}",
        "CPUs": str(int(sum(node["Resources"].get("CPU", 0) for node in alive))),
        "table actors": str(actors),
        "replicas": str(len(found) - actors),
    }
    return "ok" if len(alive) == len(nodes) else "degraded", facts


async def _timed(name: str, ask: Callable[[], Awaitable[tuple[State, Facts]]]) -> PartHealth:
    began = time.perf_counter()
    try:
        async with asyncio.timeout(ANSWER_S_MAX):
            state, facts = await ask()
    except Exception as failure:
        state, facts = "down", {"said": type(failure).__name__}
    return PartHealth(name, state, round((time.perf_counter() - began) * 1_000, 1), facts)
