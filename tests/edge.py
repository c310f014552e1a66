"""The edge as its own process, and the listeners of tables behind it."""

import contextlib
import json
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

import httpx
import trustme
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from actors.sockets import Connection, Door
from auth.keys import SigningKeys
from auth.rotation import PUBLIC_FILE, KeyFolder, PublicKeyFile
from auth.seals import Seals
from auth.tickets import TicketClaims, TicketGate, mint_ticket, sealed_route
from auth.tokens import Identity
from serve.keys import init_keys
from serve.process import free_port
from serve.runtime import EDGE_SEALS
from wire import client_frames as f
from wire.codec import CODECS, JSON
from wire.limits import Limits
from wire.server_frames import Pong

ANN = Identity(UUID(int=1), "ann", "player", UUID(int=2))
TABLE = "oak"
EPOCH = 3
PORTS = (24_000, 24_099)
READY_S_MAX = 60.0
STOP_S_MAX = 30.0


class Listener:
    """A table's own door, with its tickets; behind it every ping is answered."""

    def __init__(self, keys_dir: Path, tickets_max: int = 4_096) -> None:
        self.limits = Limits()
        self.port = 0
        self.entered = 0
        keys = PublicKeyFile(keys_dir / PUBLIC_FILE)
        self._gate = TicketGate(keys, TABLE, EPOCH, used_tickets_max=tickets_max)
        self._door = Door(self.limits)
        self._door.rooms[TABLE] = self

    async def open(self) -> None:
        self.port = await self._door.open("127.0.0.1", PORTS)

    def close(self) -> None:
        self._door.close()

    def redeem(self, ticket: str) -> TicketClaims:
        return self._gate.redeem(ticket, time.time())

    def enter(self, connection: Connection, epoch: int, seq: int) -> None:
        self.entered += 1

    def leave(self, connection: Connection) -> None:
        pass

    def receive(self, connection: Connection, frame: f.ClientFrame) -> None:
        connection.send(Pong(frame.ref))


class Edge:
    """``squaredeal edge`` before an HTTP server that says what it was asked."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.keys_dir = folder / "keys"
        self.ca = trustme.CA()
        self.port, self.metrics_port = free_port(), free_port()
        init_keys(self.keys_dir)
        self.new_certificate()
        self._api = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
        values = {
            "api": f"127.0.0.1:{self._api.server_port}",
            "bind": f"127.0.0.1:{self.port}",
            "metrics_bind": f"127.0.0.1:{self.metrics_port}",
            "public_keys_file": str(self.keys_dir / PUBLIC_FILE),
            "route_keys_dir": str(self.keys_dir / EDGE_SEALS),
            "certificate_file": str(folder / "certificate.pem"),
            "table_networks": ["127.0.0.1/32"],
            "table_ports": f"{PORTS[0]}-{PORTS[1]}",
            **settings,
        }
        file = folder / "edge.toml"
        file.write_text("".join(f"{k} = {json.dumps(v)}\n" for k, v in values.items()), "utf-8")
        self.url = f"https://127.0.0.1:{self.port}"
        self.trust = ssl.create_default_context()
        self.ca.configure_trust(self.trust)
        self.log = folder / "edge.log"
        self._command = [sys.executable, "-m", "serve.cli", "edge", "--config", str(file)]

    @contextlib.contextmanager
    def running(self) -> Iterator["Edge"]:
        threading.Thread(target=self._api.serve_forever, daemon=True).start()
        with self.log.open("ab") as log:
            process = subprocess.Popen(self._command, stdout=log, stderr=log)
        try:
            self._await(process)
            yield self
        finally:
            process.terminate()
            process.wait(STOP_S_MAX)
            self._api.shutdown()
            self._api.server_close()

    def _await(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + READY_S_MAX
        while time.monotonic() < deadline:
            assert process.poll() is None, self.log.read_text("utf-8")
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/edgez", verify=self.trust).is_success:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text("utf-8"))

    def new_certificate(self) -> None:
        """In the place of the one before, in one step."""
        fresh = self.folder / "certificate.new"
        made = self.ca.issue_cert("127.0.0.1")
        made.private_key_and_cert_chain_pem.write_to_path(str(fresh))
        fresh.replace(self.folder / "certificate.pem")

    def route(self, port: int, address: str = "127.0.0.1") -> str:
        return sealed_route(Seals(self.keys_dir / EDGE_SEALS), address, port)

    def ticket(
        self,
        port: int = PORTS[0],
        *,
        keys: SigningKeys | KeyFolder | None = None,
        route: str = "",
        table: str = TABLE,
        now: float = 0.0,
    ) -> str:
        """As the gateway mints them."""
        return mint_ticket(
            keys or SigningKeys.load(self.keys_dir), ANN, table=table, epoch=EPOCH,
            route=route or self.route(port), role="seat", now=now or time.time(),
        )  # fmt: skip

    def connect(self, ticket: str, table: str = TABLE) -> connect:
        """A socket through the edge."""
        url = f"wss://127.0.0.1:{self.port}/t/{table}?ticket={ticket}"
        return connect(url, ssl=self.trust, subprotocols=[Subprotocol(JSON)], open_timeout=120)


async def ping(socket: ClientConnection, ref: str) -> None:
    """One question and its answer."""
    await socket.send(CODECS[JSON].encode_client(f.Ping(ref)).decode())
    answer = json.loads(await socket.recv())
    assert answer == {"type": "pong", "ref": ref}


class _Echo(BaseHTTPRequestHandler):
    """Says which headers came."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = json.dumps({"path": self.path, "headers": self.headers.items()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        pass
