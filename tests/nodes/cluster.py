"""A server and more Ray nodes beside it: each is a tree of processes that can fall as one."""

import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import httpx
import msgspec
import psutil

from client import Table
from serve.process import free_port
from tests.server import STOP_S_MAX, Server, read_until, start, stop
from wire.http import OperatorTable, OperatorTables

ANSWER_S_MAX = 120
READY_S_MAX = 120
END_S_MAX = 30
STARTS_MAX = 4
ADDRESS_FLAG = "--gcs-address="
STOPPED = "TtZX"
"""States of a thread in which it runs nothing: stopped, traced, and two kinds of dead."""
WORSE = ("warning", "error", "critical")


class Hand(NamedTuple):
    """What may not change when a table changes its owner."""

    number: int
    cards: tuple[int, ...]
    board: tuple[int, ...]
    pot: int
    turn: int


def hand_of(table: Table) -> Hand:
    state = table.state
    return Hand(state.hand, state.cards, state.board, state.pot, state.turn)


async def until_later(table: Table, epoch: int) -> None:
    """Until this client hears the owner of a later epoch."""
    while not (table.connected and table.state.epoch > epoch):
        await table.changed()


class Node:
    """``ray start``: a raylet, its agents and its workers, as on a machine of their own."""

    def __init__(self, address: str) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable, "-m", "ray.scripts.scripts", "start", f"--address={address}",
                "--block", "--num-cpus=4", f"--object-store-memory={100 * 2**20}",
                "--include-log-monitor=false", "--disable-usage-stats", "--log-color=false",
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )  # fmt: skip

    def await_start(self) -> None:
        """AssertionError with its output if it does not come up."""
        read_until(self._process, "Ray runtime started")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def processes(self) -> list[psutil.Process]:
        """All of the node, the raylet and its parent first."""
        if not self.alive:
            return []
        root = psutil.Process(self._process.pid)
        return [root, *root.children(recursive=True)]

    def serves(self, pid: int) -> bool:
        return any(each.pid == pid for each in self.processes())

    def stop(self) -> list[psutil.Process]:
        """SIGSTOP for every process: the node hangs, its connections stay open."""
        processes = self.processes()
        for each in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.suspend()
        deadline = time.monotonic() + END_S_MAX
        while not all(_stands_still(each.pid) for each in processes):
            assert time.monotonic() < deadline, "a process runs on"
            time.sleep(0.001)
        return processes

    def kill(self) -> None:
        """SIGKILL for every process; stopped first, so that none can start another."""
        processes = self.stop()
        for each in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(processes, END_S_MAX)
        self._process.communicate(timeout=END_S_MAX)


def _stands_still(pid: int) -> bool:
    """Whether every thread has stopped. After SIGSTOP the others run on until the one that takes
    the signal has had its turn: on a busy machine, for long enough to commit a row."""
    try:
        stats = [each.read_text("utf-8") for each in Path(f"/proc/{pid}/task").glob("*/stat")]
    except (FileNotFoundError, ProcessLookupError):
        return False  # a thread has ended meanwhile: look again
    return all(stat.rpartition(") ")[2][0] in STOPPED for stat in stats)


def resume(processes: list[psutil.Process]) -> None:
    """SIGCONT."""
    for each in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.resume()


class Cluster:
    """The server, which is the head node, and nodes for its tables."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.nodes: list[Node] = []
        token = Path(server.data_dir, "secrets", "operator.token").read_text("utf-8").strip()
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx.Client(base_url=server.url, headers=headers, timeout=ANSWER_S_MAX)
        self._address = gcs_address(server)

    @property
    def dsn(self) -> str:
        return Path(self.server.data_dir, "secrets", "postgres.dsn").read_text("utf-8").strip()

    def overview(self) -> OperatorTables:
        """Where the tables are."""
        answer = self._http.get("/v1/operator/tables")
        return msgspec.json.decode(answer.content, type=OperatorTables)

    def table(self, name: str) -> OperatorTable:
        return next(each for each in self.overview().tables if each.table == name)

    def node_of(self, table: str) -> Node:
        """The added node that serves a table."""
        pid = self.table(table).pid
        return next(node for node in self.nodes if node.serves(pid))

    def grow(self, count: int) -> None:
        """At least so many added nodes that run."""
        for node in [node for node in self.nodes if not node.alive]:
            node.kill()  # what is left of it
            self.nodes.remove(node)
        for _ in range(count - len(self.nodes)):
            self.nodes.append(_started(self._address))

    def leave_the_head(self) -> None:
        """The tables and the spare actors move to the added nodes, and stay there."""
        head = self.overview().tables[0].node
        answer = self._http.post(
            "/v1/operator/drain", json={"by": {"name": "ann"}, "target": head, "grace_s": 5}
        )
        assert answer.status_code == 204, answer.text
        self.await_spares(1)
        now = self.overview()
        assert head not in {table.node for table in now.tables}, now

    def await_spares(self, count: int) -> None:
        """Until every table is open and so many actors stand by."""
        deadline = time.monotonic() + READY_S_MAX
        while time.monotonic() < deadline:
            now = self.overview()
            if all(table.open for table in now.tables) and now.spares >= count:
                return
            time.sleep(0.2)
        raise AssertionError(f"not ready: {now}")

    def complaints(self) -> list[str]:
        """What its processes have written into their logs as a warning or worse."""
        logs = Path(self.server.data_dir, "logs").glob("*.jsonl")
        lines = [line for log in logs for line in log.read_text("utf-8").splitlines()]
        return sorted(line for line in lines if msgspec.json.decode(line)["level"] in WORSE)

    def close(self) -> None:
        """End every added node."""
        self._http.close()
        for node in self.nodes:
            node.kill()


def _started(address: str) -> Node:
    """Ray gives a node half a minute to start: a busy machine may need more than one go."""
    for left in reversed(range(STARTS_MAX)):
        node = Node(address)
        try:
            node.await_start()
        except BaseException as failure:
            node.kill()
            if not (left and isinstance(failure, AssertionError)):
                raise
        else:
            return node
    raise AssertionError("no go")


def gcs_address(server: Server) -> str:
    """Where nodes join the server's cluster, as its own raylet was told."""
    for child in psutil.Process(server.process.pid).children():
        for argument in child.cmdline():
            if child.name() == "raylet" and argument.startswith(ADDRESS_FLAG):
                return str(argument.removeprefix(ADDRESS_FLAG))
    raise AssertionError("the server has no raylet")


def _serving(*flags: str) -> "subprocess.Popen[str]":
    """``squaredeal up``, ready; more than one go for the same reason."""
    for left in reversed(range(STARTS_MAX)):
        process = start(*flags)
        try:
            read_until(process, "Take a seat")
        except AssertionError:
            process.communicate(timeout=END_S_MAX)
            if not left:
                raise
        except BaseException:
            process.terminate()
            process.communicate(timeout=STOP_S_MAX)
            raise
        else:
            return process
    raise AssertionError("no go")


@contextlib.contextmanager
def running(folder: Path, lobby: str, nodes: int, *flags: str) -> Iterator[Cluster]:
    """A server and nodes beside it; it ends before they do, and leaves nothing."""
    file = folder / "tables.toml"
    file.write_text(lobby, "utf-8")
    data_dir, port = folder / "data", free_port()
    with ExitStack() as stack:
        # A token of its own: these nodes can join this cluster and no other on the machine.
        token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
        stack.enter_context(patch.dict(os.environ, token))
        process = _serving(
            "--data-dir", str(data_dir), "--port", str(port), "--tables-file", str(file),
            "--no-bots", *flags,
        )  # fmt: skip
        stack.callback(stop, process)
        cluster = Cluster(Server(f"http://127.0.0.1:{port}", data_dir, process))
        try:
            cluster.grow(nodes)
            yield cluster
            stack.close()
        finally:
            cluster.close()
