"""docker-compose.yml as processes: started in order, kept running, stopped in reverse."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from deploy.local_stack.binaries import Binaries
from deploy.local_stack.node import await_node, start_node
from deploy.local_stack.program import Program
from serve.embedded import EmbeddedStores
from serve.process import free_port
from serve.secrets_command import hand_to_edge, make_secrets

HEAD: Final = "127.0.0.2"
WORKER: Final = "127.0.0.3"
"""Each node has an address of its own, so that a table has to say the right one."""
TABLE_PORTS: Final = "21000-21999"
STAYS_S: Final = 10.0
"""What ends sooner than so long after its start is not started again."""
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


class Lost(Exception):
    """Something has ended that can't be started again; the message says what."""


class Stack:
    """``steps`` in their order, ``revive`` now and then, ``stop`` whatever was started."""

    def __init__(self, data: Path, edge_port: int, binaries: Binaries) -> None:
        self._data = data.resolve()
        self._data.mkdir(parents=True, exist_ok=True)
        self._secrets = self._data / "secrets"
        self._stores = EmbeddedStores(self._data, binaries.postgres_bin, binaries.redis_server)
        self._undo = ExitStack()
        self._programs: list[Program] = []
        self.edge_port, self.api_port, self.dashboard_port = edge_port, free_port(), free_port()
        self.config = self._data / "settings.toml"
        self.certificate = self._secrets / "public" / "certificate.pem"
        self._env = dict(os.environ)

    @property
    def url(self) -> str:
        """Where players go."""
        return f"https://localhost:{self.edge_port}"

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """Each with its name, in order. What has to wait for others begins before them."""
        return [
            ("secrets and settings", self._files),
            ("PostgreSQL, Redis, Ray's head", self._stores_and_head),
            ("migrations, a worker for tables", self._migrations_and_worker),
            ("the edge, gateway, auth, wallet, floor and rail", self._edge_and_application),
        ]

    def revive(self) -> list[str]:
        """Start again what has ended by itself, as Docker does; the names. Raises Lost, and
        StartFailed if it is a store that does not come up again."""
        revived = self._stores.revive()
        for each in self._programs:
            if not each.ended:
                continue
            # A new head would be a new cluster, with nothing in it.
            if each.name == "head" or each.age_s < STAYS_S:
                raise Lost(f"{each.name} has ended; see {each.log}")
            each.start()
            revived.append(each.name)
        return revived

    def stop(self) -> None:
        """Close the tables while players are still there, then end every process. Raises StepFailed
        in the end if the tables could not be closed."""
        self._undo.close()

    def _files(self) -> None:
        # Ports and the password of Redis are new at every start; the keys are not.
        make_secrets(self._secrets, "", "")
        hand_to_edge(self._secrets, ["localhost", "127.0.0.1"])
        values = {
            "data": self._data, "api": self.api_port, "edge": self.edge_port,
            "metrics": free_port(), "ports": TABLE_PORTS, "head": HEAD, "worker": WORKER,
            "pages": self._pages(),
        }  # fmt: skip
        self.config.write_text(SETTINGS.format(**values), "utf-8")
        (self._data / "edge.toml").write_text(EDGE.format(**values), "utf-8")
        self._env |= {
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN_PATH": str(self._secrets / "app" / "ray.token"),
            "RAY_worker_niceness": "0",
            "SSL_CERT_FILE": str(self.certificate),
        }

    def _pages(self) -> str:
        """The web client, if it is built; without it the edge has no pages."""
        if not WEB.is_dir():
            return ""
        port = free_port()
        self._keep(self._program("pages", "-m", "http.server", "--bind", "127.0.0.1",
                                 "--directory", str(WEB), str(port)))  # fmt: skip
        return f"127.0.0.1:{port}"

    def _stores_and_head(self) -> None:
        self._undo.callback(self._stores.stop)
        port = free_port()
        head = self._node("head", "--head", f"--port={port}", f"--node-ip-address={HEAD}",
                          f"--ray-client-server-port={free_port()}", "--no-monitor",
                          "--dashboard-host=127.0.0.1", f"--dashboard-port={self.dashboard_port}",
                          '--resources={"serve": 1000}')  # fmt: skip
        self._stores.start()
        for name, text in (("owner/owner.dsn", self._stores.admin_dsn),
                           ("app/postgres.dsn", self._stores.app_dsn),
                           ("app/redis.url", self._stores.redis_url)):  # fmt: skip
            (self._secrets / name).write_text(text, "utf-8")
        await_node(head)
        self._env["RAY_ADDRESS"] = f"{HEAD}:{port}"

    def _migrations_and_worker(self) -> None:
        address = self._env["RAY_ADDRESS"]
        worker = self._node("worker", f"--address={address}", f"--node-ip-address={WORKER}",
                            '--resources={"tables": 100}')  # fmt: skip
        self._run("migrate", "--owner-dsn-file", str(self._secrets / "owner" / "owner.dsn"))
        await_node(worker)

    def _edge_and_application(self) -> None:
        edge = str(self._data / "edge.toml")
        self._keep(self._program("edge", "-m", "serve.cli", "edge", "--config", edge))
        # They wait until there is a lobby.
        config = str(self.config)
        self._keep(self._program("bots", "-m", "serve.cli", "bots", "--config", config))
        self._run("deploy", "--dashboard", f"http://127.0.0.1:{self.dashboard_port}")
        self._undo.callback(self._close_tables)

    def _close_tables(self) -> None:
        self._python("-m", "deploy.local_stack.closing", str(self.config))

    def _node(self, name: str, *flags: str) -> Program:
        return self._keep(start_node(name, self._log(name), self._env, *flags))

    def _program(self, name: str, *arguments: str) -> Program:
        return Program(name, self._log(name), self._env, *arguments)

    def _keep(self, program: Program) -> Program:
        """From now on it is started again, and stopped with the stack."""
        self._programs.append(program)
        self._undo.callback(program.stop)
        return program

    def _log(self, name: str) -> Path:
        return self._data / f"{name}.log"

    def _run(self, command: str, *flags: str) -> None:
        """One of ours, to its end."""
        self._python("-m", "serve.cli", command, "--config", str(self.config), *flags)

    def _python(self, *arguments: str) -> None:
        """Raises StepFailed, with what it said."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, *arguments],
            env=self._env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise StepFailed(f"{' '.join(arguments)}: {done.stdout}{done.stderr}")
