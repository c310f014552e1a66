"""Ray and the Serve application: started, and stopped with nothing left running."""

import logging
import os
import signal
import warnings
from typing import Any

import ray
from ray import serve as ray_serve

from actors.serve_bank import WALLET_DEPLOYMENT
from serve.deployments import AuthDeployment, RailDeployment, WalletDeployment
from serve.floor import Floor
from serve.gateway import build_gateway
from serve.runtime import APP, NAMESPACE, Runtime
from serve.streams import STREAMS_MAX

ONGOING_MAX = 256
"""Requests in one replica at a time; Serve's default of 5 would queue players behind a pause."""


def start_ray(dashboard: bool) -> None:
    """A local cluster of this process's own; other clusters on the machine are left alone."""
    os.environ.setdefault("RAY_worker_niceness", "0")
    os.environ.setdefault("RAY_ENABLE_UV_RUN_RUNTIME_ENV", "0")
    for name in ("ray", "ray.serve"):
        logging.getLogger(name).setLevel(logging.ERROR)
    ours = signal.getsignal(signal.SIGTERM)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.init(
            address="local",
            namespace=NAMESPACE,
            # Actors and replicas claim no cores: a table waits for its players, not for a CPU.
            num_cpus=8,
            include_dashboard=dashboard,
            dashboard_host="127.0.0.1",
            log_to_driver=False,
            logging_level=logging.ERROR,
            configure_logging=False,
        )
    # Ray sets a handler of its own, which would end us without closing the tables.
    signal.signal(signal.SIGTERM, ours)


def start_serve(runtime: Runtime, host: str, port: int) -> None:
    """Deploy auth, wallet, floor, rail and the gateway; returns when all are ready."""
    options: Any = {"max_ongoing_requests": ONGOING_MAX, "ray_actor_options": {"num_cpus": 0}}
    deployment: Any = ray_serve.deployment
    quiet = {"log_level": "WARNING", "enable_access_log": False}
    ray_serve.start(
        http_options={"host": host, "port": port},
        proxy_location="HeadOnly",
        logging_config=quiet,
    )
    parts = {
        "auth": AuthDeployment,
        WALLET_DEPLOYMENT: WalletDeployment,
        "floor": Floor,
        "rail": RailDeployment,
    }
    bound = [
        deployment(name=name, num_replicas=1, **options)(part).bind(runtime)
        for name, part in parts.items()
    ]
    ingress = ray_serve.ingress(lambda: build_gateway(runtime))(_Gateway)
    # A stream is a request that stays: it must not take the place of one that is answered.
    options["max_ongoing_requests"] += STREAMS_MAX
    gateway = deployment(name="gateway", num_replicas=1, **options)(ingress)
    ray_serve.run(gateway.bind(*bound), name=APP, route_prefix="/", logging_config=quiet)


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
