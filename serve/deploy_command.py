"""``squaredeal deploy``: the application, handed to a Ray cluster that runs already."""

import argparse
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from serve.runtime import APP, NAMESPACE
from serve.settings import Settings, SettingWrong, read_settings

BUILDER: Final = "serve.app:build"
LOOK_S: Final = 0.5
FAILED: Final = ("DEPLOY_FAILED", "UNHEALTHY")
ABOUT = """Deploy to a running Ray cluster (ray start), and wait until it serves. It is what a
RayService of KubeRay would deploy: stores, keys and secrets must be there (docs/deploy.md). On a
node of the cluster it finds it by itself (RAY_ADDRESS); from elsewhere --dashboard says where."""


class State(NamedTuple):
    """What Serve says of the application, in its own words."""

    status: str
    message: str
    parts: dict[str, str]


class Cluster(Protocol):
    """Whoever passes Serve's config on."""

    def deploy(self, config: dict[str, Any]) -> None: ...

    def look(self) -> State: ...


def deploy_command(arguments: list[str]) -> int:
    """Deploy; the exit status."""
    parser = argparse.ArgumentParser("squaredeal deploy", description=ABOUT)
    parser.add_argument("--config", type=Path, required=True,
                        help="settings file, by a path that is good on every node")  # fmt: skip
    parser.add_argument("--dashboard", help="URL of the head node's dashboard")
    parser.add_argument("--seconds", type=float, default=300.0, help="to wait (%(default)s)")
    parser.add_argument("--show", action="store_true", help="print what Serve is given, and end")
    options = parser.parse_args(arguments)
    config = serve_config(read_settings([], options.config, parser.prog), options.config)
    if options.show:
        print(json.dumps(config, indent=2))
        return 0
    try:
        cluster = _Remote(options.dashboard) if options.dashboard else _Here()
        cluster.deploy(config)
    except (ConnectionError, RuntimeError) as failure:
        raise SettingWrong(f"no cluster takes it: {failure}") from None
    return _await(cluster, time.monotonic() + options.seconds)


def serve_config(settings: Settings, file: Path) -> dict[str, Any]:
    """Serve's own config file; ``file`` is the settings' path on the nodes."""
    return {
        "proxy_location": "HeadOnly",
        "http_options": {"host": settings.host, "port": settings.port},
        "logging_config": {"log_level": "WARNING", "enable_access_log": False},
        "applications": [
            {
                "name": APP,
                "route_prefix": "/",
                "import_path": BUILDER,
                "args": {"config": str(file.resolve())},
            }
        ],
    }


class _Here:
    """As a driver on one of the cluster's nodes."""

    def __init__(self) -> None:
        import ray

        ray.init(address="auto", namespace=NAMESPACE, log_to_driver=False,
                 logging_level=logging.ERROR)  # fmt: skip

    def deploy(self, config: dict[str, Any]) -> None:
        # As the dashboard does it, which a small cluster may lack: Serve has no public call for it.
        from ray.serve._private.api import serve_start
        from ray.serve.schema import ServeDeploySchema

        wanted = ServeDeploySchema.model_validate(config)
        client = serve_start(
            http_options=config["http_options"],
            proxy_location=config["proxy_location"],
            global_logging_config=config["logging_config"],
        )
        client.deploy_apps(wanted)

    def look(self) -> State:
        from ray import serve as ray_serve

        found = ray_serve.status().applications.get(APP)
        if found is None:
            return State("NOT_STARTED", "", {})
        parts = {name: each.status.value for name, each in found.deployments.items()}
        return State(found.status.value, found.message, parts)


class _Remote:
    """Over the dashboard, as KubeRay does."""

    def __init__(self, url: str) -> None:
        from ray.dashboard.modules.serve.sdk import ServeSubmissionClient

        self._client = ServeSubmissionClient(url)

    def deploy(self, config: dict[str, Any]) -> None:
        self._client.deploy_applications(config)

    def look(self) -> State:
        found = self._client.get_serve_details()["applications"].get(APP, {})
        parts = {name: each["status"] for name, each in found.get("deployments", {}).items()}
        return State(found.get("status", "NOT_STARTED"), found.get("message", ""), parts)


def _await(cluster: Cluster, deadline: float) -> int:
    """Until every deployment runs, or one can't."""
    told = None
    while time.monotonic() < deadline:
        state = cluster.look()
        if (state.status, state.parts) != told:
            told = state.status, state.parts
            print(state.status, *(f"{name}={said}" for name, said in state.parts.items()),
                  flush=True)  # fmt: skip
        if state.status == "RUNNING":
            return 0
        if state.status in FAILED:
            sys.stderr.write(f"squaredeal deploy: {state.message}\n")
            return 1
        time.sleep(LOOK_S)
    sys.stderr.write("squaredeal deploy: it does not serve yet; it goes on trying\n")
    return 1
