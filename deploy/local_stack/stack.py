"""Everything started in order, and stopped in reverse: docker-compose.yml as processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from deploy.local_stack.binaries import Binaries
from deploy.local_stack.node import Node
from serve.embedded import EmbeddedStores
from serve.process import free_port
from serve.secrets_command import hand_to_edge, make_secrets

HEAD: Final = "127.0.0.2"
WORKER: Final = "127.0.0.3"
"""Each node has an address of its own, so that a table has to say the right one."""
TABLE_PORTS: Final = "21000-21999"
STOP_S_MAX: Final = 20.0
WEB: Final = Path(__file__).parents[2] / "client" / "web" / "out"
SETTINGS: Final = """mode = "staging"
data_dir = "{data}/run"
database_dsn_file = "{data}/secrets/app/postgres.dsn"
redis_url_file = "{data}/secrets/app/redis.url"
operator_token_file = "{data}/secrets/app/operator.token"
keys_dir = "{data}/secrets/app/keys"
host = "127.0.0.1"
port = {api}
table_host = "0.0.0.0"
table_address = "node"
table_ports = "{ports}"
dedicated_nodes = true
edge = true
public_url = "https://localhost:{edge}"
trusted_proxies = ["127.0.0.1"]
"""
EDGE: Final = """api = "127.0.0.1:{api}"
pages = "{pages}"
bind = "127.0.0.1:{edge}"
metrics_bind = "127.0.0.1:{metrics}"
public_keys_file = "{data}/secrets/edge/public.jwks"
route_keys_dir = "{data}/secrets/edge/edge"
certificate_file = "{data}/secrets/edge/certificate.pem"
table_networks = ["{head}/32", "{worker}/32"]
table_ports = "{ports}"
"""


class StepFailed(Exception):
    """A command of ours ended with an error; the message has its output."""


class Stack:
    """``start`` in the order of its methods; ``stop`` in reverse, whatever was started."""

    def __init__(self, data: Path, edge_port: int, binaries: Binaries) -> None:
        self._data = data.resolve()
        self._binaries = binaries
        self._undo = ExitStack()
        self._watched: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.edge_port, self.api_port = edge_port, free_port()
        self.config = self._data / "settings.toml"
        self.certificate = self._data / "secrets" / "public" / "certificate.pem"
        self._env = dict(os.environ)

    @property
    def url(self) -> str:
        """Where players go."""
        return f"https://localhost:{self.edge_port}"

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """Each with its name, in order."""
        return [
            ("PostgreSQL 15 and Redis 7", self._stores),
            ("secrets and settings", self._files),
            ("migrations", lambda: self._run("migrate", "--owner-dsn-file", self._owner_dsn)),
            ("Ray's head", self._head),
            ("a worker for tables", self._worker),
            ("gateway, auth, wallet, floor and rail", lambda: self._run("deploy")),
            ("the edge", self._edge),
            ("house bots", self._bots),
        ]

    def lost(self) -> str:
        """The name of a process that has ended by itself; empty if none has."""
        return next((name for name, each in self._watched if each.poll() is not None), "")

    def stop(self) -> None:
        self._undo.close()

    @property
    def _owner_dsn(self) -> str:
        return str(self._data / "secrets" / "owner" / "owner.dsn")

    def _stores(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        stores = EmbeddedStores(
            self._data, self._binaries.postgres_bin, self._binaries.redis_server
        )
        self._undo.callback(stores.stop)
        stores.start()
        secrets = self._data / "secrets"
        secrets.mkdir(mode=0o700, exist_ok=True)
        # Ports and the password of Redis are new at every start; the keys are not.
        for name, text in (("owner/owner.dsn", stores.admin_dsn),
                           ("app/postgres.dsn", stores.app_dsn),
                           ("app/redis.url", stores.redis_url)):  # fmt: skip
            path = secrets / name
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(text, "utf-8")

    def _files(self) -> None:
        secrets = self._data / "secrets"
        make_secrets(secrets, "", "")
        hand_to_edge(secrets, ["localhost", "127.0.0.1"])
        values = {
            "data": self._data, "api": self.api_port, "edge": self.edge_port,
            "metrics": free_port(), "ports": TABLE_PORTS, "head": HEAD, "worker": WORKER,
            "pages": self._pages(),
        }  # fmt: skip
        self.config.write_text(SETTINGS.format(**values), "utf-8")
        (self._data / "edge.toml").write_text(EDGE.format(**values), "utf-8")
        self._env |= {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN_PATH": str(secrets / "app" / "ray.token"),
            "RAY_worker_niceness": "0",
            "SSL_CERT_FILE": str(self.certificate),
        }

    def _pages(self) -> str:
        """The web client, if it is built; without it the edge has no pages."""
        if not WEB.is_dir():
            return ""
        port = free_port()
        command = ["-m", "http.server", "--bind", "127.0.0.1", "--directory", str(WEB), str(port)]
        self._spawn("pages", *command)
        return f"127.0.0.1:{port}"

    def _head(self) -> None:
        port = free_port()
        # Its dashboard and autoscaler are a dozen processes that nobody looks at here.
        self._node("head", "--head", f"--port={port}", f"--node-ip-address={HEAD}",
                   f"--ray-client-server-port={free_port()}", "--no-monitor",
                   "--include-dashboard=false", '--resources={"serve": 1000}')  # fmt: skip
        self._env["RAY_ADDRESS"] = f"{HEAD}:{port}"

    def _worker(self) -> None:
        address = self._env["RAY_ADDRESS"]
        self._node("worker", f"--address={address}", f"--node-ip-address={WORKER}",
                   '--resources={"tables": 100}')  # fmt: skip

    def _node(self, name: str, *flags: str) -> None:
        self._undo.callback(Node(name, self._data / f"{name}.log", self._env, *flags).stop)

    def _edge(self) -> None:
        config = str(self._data / "edge.toml")
        self._spawn("edge", "-m", "serve.cli", "edge", "--config", config)

    def _bots(self) -> None:
        self._spawn("bots", "-m", "serve.cli", "bots", "--config", str(self.config))

    def _run(self, command: str, *flags: str) -> None:
        """One of ours, to its end."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "serve.cli", command, "--config", str(self.config), *flags],
            env=self._env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise StepFailed(f"squaredeal {command}: {done.stdout}{done.stderr}")

    def _spawn(self, name: str, *arguments: str) -> None:
        with (self._data / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, *arguments], stdout=log, stderr=log, env=self._env,
                start_new_session=True,
            )  # fmt: skip
        self._watched.append((name, process))
        self._undo.callback(_stop, process)


def _stop(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_S_MAX
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    if process.poll() is None:
        process.kill()
    process.wait()
