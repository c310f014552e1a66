"""Ray and the Serve application: started, and stopped with nothing left running."""

import contextlib
import logging
import os
import signal
import warnings
from pathlib import Path
from typing import Any, Final, cast

import psutil
import ray
from ray import serve as ray_serve
from ray.serve import Application

from actors.serve_bank import WALLET_DEPLOYMENT
from serve.deployments import AuthDeployment, RailDeployment, WalletDeployment
from serve.floor import Floor
from serve.gateway import build_gateway
from serve.process import StartFailed
from serve.runtime import APP, NAMESPACE, SERVE_RESOURCE, TABLES_RESOURCE, Runtime
from serve.streams import STREAMS_MAX

LOCAL_ROOM: Final = 1_000
PROXIES: Final = "HeadOnly"
QUIET: Final = {"log_level": "WARNING", "enable_access_log": False}
SERVE_SHARE: Final = 0.001
"""Of the resource of its node that a replica takes: it claims a place, not a part."""
SURGE_PERCENT: Final = 100
"""A new release's replica is ready before the old one goes."""
ALONE: Final[dict[str, dict[str, Any]]] = {
    "floor": {"max_surge_percent": 0, "graceful_shutdown_timeout_s": 0.0}
}
"""There is one floor at a time: the old one ends at once, its actors play on."""
STARTS_MAX: Final = 3
"""Ray gives up a node whose agents were not ready in 15 s, which is soon passed on a machine that
has much to do (ray-project/ray#65983)."""
RAY_FOLDER: Final = str(Path(ray.__file__).parent)
ONGOING_MAX = 256
"""Requests in one replica at a time; Serve's default of 5 would queue players behind a pause."""

log = logging.getLogger(__name__)


def start_ray(dashboard: bool, folder: Path) -> str:
    """A local cluster of this process's own; other clusters on the machine are left alone. Where
    others join it. ``folder`` is the server's data, where there is no code. Raises StartFailed."""
    os.environ.setdefault("RAY_worker_niceness", "0")
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    for name in ("ray", "ray.serve"):
        logging.getLogger(name).setLevel(logging.ERROR)
    for _ in range(STARTS_MAX):
        try:
            return _start_ray(dashboard, folder)
        except Exception as failure:  # Ray has no narrower one
            reason = failure
            log.warning("Ray did not start: %s", failure)
            stop_cluster()
            _end_rest()
    raise StartFailed(f"Ray did not start in {STARTS_MAX} tries: {reason}")


def _start_ray(dashboard: bool, folder: Path) -> str:
    ours = signal.getsignal(signal.SIGTERM)
    # Ray has every process of the cluster look for code in the driver's folder first: there the
    # next release would find this one.
    with warnings.catch_warnings(), contextlib.chdir(folder):
        warnings.simplefilter("ignore")
        ray.init(
            address="local",
            namespace=NAMESPACE,
            # Actors and replicas claim no cores: a table waits for its players, not for a CPU.
            num_cpus=8,
            resources={TABLES_RESOURCE: LOCAL_ROOM, SERVE_RESOURCE: LOCAL_ROOM},
            include_dashboard=dashboard,
            dashboard_host="127.0.0.1",
            log_to_driver=False,
            logging_level=logging.ERROR,
            configure_logging=False,
        )
    # Ray sets a handler of its own, which would end us without closing the tables.
    signal.signal(signal.SIGTERM, ours)
    return str(ray.get_runtime_context().gcs_address)


def _end_rest() -> None:
    """A start that fails leaves what it has started of Ray running, and says nothing of it."""
    ended = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if any(part.startswith(RAY_FOLDER) for part in child.cmdline()):
                child.kill()
                ended.append(child)
    psutil.wait_procs(ended)


def start_serve(runtime: Runtime, host: str, port: int) -> None:
    """Deploy auth, wallet, floor, rail and the gateway; returns when all are ready."""
    ray_serve.start(
        http_options={"host": host, "port": port},
        proxy_location=PROXIES,
        logging_config=QUIET,
    )
    deploy(runtime)


def deploy(runtime: Runtime) -> None:
    """The application, or its next release in the place of the last one; returns when all of it is
    ready."""
    ray_serve.run(application(runtime), name=APP, route_prefix="/", logging_config=QUIET)


def application(runtime: Runtime) -> Application:
    """The deployments, bound to each other."""
    where: Any = {"num_cpus": 0}
    if runtime.host.resource:
        where["resources"] = {SERVE_RESOURCE: SERVE_SHARE}
    options: Any = {
        "max_ongoing_requests": ONGOING_MAX,
        "ray_actor_options": where,
        "max_surge_percent": SURGE_PERCENT,
    }
    deployment: Any = ray_serve.deployment
    parts = {
        "auth": AuthDeployment,
        WALLET_DEPLOYMENT: WalletDeployment,
        "floor": Floor,
        "rail": RailDeployment,
    }
    bound = [
        deployment(name=name, num_replicas=1, **options | ALONE.get(name, {}))(part).bind(runtime)
        for name, part in parts.items()
    ]
    ingress = ray_serve.ingress(lambda: build_gateway(runtime))(_Gateway)
    # A stream is a request that stays: it must not take the place of one that is answered.
    options["max_ongoing_requests"] += STREAMS_MAX
    gateway = deployment(name="gateway", num_replicas=1, **options)(ingress)
    return cast(Application, gateway.bind(*bound))


class _Gateway:
    """The replica around the ASGI app. It is given the other deployments so that Serve starts
    them first; the app finds their handles by name."""

    def __init__(self, *others: Any) -> None:
        self._others = others


def close_tables(grace_s: float) -> None:
    """Let running hands end and send every stake home."""
    floor: Any = ray_serve.get_deployment_handle("floor", APP)
    floor.close.remote(grace_s).result(timeout_s=grace_s + 10.0)


def stop_cluster() -> None:
    """Stop Serve and Ray; safe to call at any point of a start."""
    if ray.is_initialized():
        # Not serve.shutdown(): the cluster is our own and ends with everything in it.
        ray.shutdown()
