"""What every deployment is: one part of the system, with a log of its own, that is called with what
its caller has to tell of the request."""

import asyncio
import logging
from typing import Any

from prometheus_client import REGISTRY
from ray import serve as ray_serve
from ray.serve.exceptions import RayServeException

from actors.load import LagMeter
from serve.monitor import LoopMonitor
from serve.runtime import Runtime
from telemetry import logs
from telemetry.carried import Carried, apart, received

log = logging.getLogger(__name__)
_lasting: list[asyncio.Task[None]] = []
"""Tasks that end with the process."""


class Part:
    """A deployment: its other methods are asked through ``call``."""

    async def call(self, carried: Carried | None, method: str, *args: Any) -> Any:
        """What ``method`` answers, on behalf of the request that the caller answers."""
        what = f"{type(self).__name__.removesuffix('Deployment').lower()}.{method}"
        with received(carried, what):
            log.debug("asked", extra={"what": what})
            return await getattr(self, method)(*args)


def begin_part(name: str, runtime: Runtime) -> None:
    """Log and trace as a replica of this deployment; outside of Serve (tests) nothing."""
    try:
        replica = ray_serve.get_replica_context().replica_id.unique_id
    except RayServeException:
        return
    # As /metrics names it.
    logs.begin(runtime.host.telemetry, name, f"{name}#{replica}")
    lag = LagMeter()
    REGISTRY.register(LoopMonitor(lag))
    _lasting.append(apart(lag.run()))
