"""Compile, install, start, pin and drive: whatever the six-seat workload is measured on.

The C programs are compiled and the servers on Node installed the first time they are needed, into
``benchmarks/.cache``.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil

HERE: Final = Path(__file__).parent
CACHE: Final = HERE.parent / ".cache"
ROOT: Final = HERE.parent.parent
SERVER_CPU: Final = 0
GENERATOR_CPU: Final = 1
READY_S_MAX: Final = 120.0
STOP_S_MAX: Final = 20.0
Result = dict[str, float]
"""What a generator printed."""


class Missing(Exception):
    """Something that the machine does not have: a compiler, Node, npm."""


class Server(NamedTuple):
    """``command`` gets the port as its last word; ``framing`` is how the generator must speak."""

    name: str
    command: Sequence[str]
    framing: str = "json"


def compiled(name: str, source: Path | None = None, *flags: str) -> str:
    """The program of ``name.c``, compiled if it is new."""
    source = source or HERE / f"{name}.c"
    program = CACHE / name
    newest = max(path.stat().st_mtime for path in [source, *source.parent.glob("*.h")])
    if not program.exists() or program.stat().st_mtime < newest:
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None:
            raise Missing("a C compiler")
        CACHE.mkdir(exist_ok=True)
        subprocess.run([compiler, "-O2", *flags, "-o", str(program), str(source)], check=True)
    return str(program)


def node_server(name: str) -> list[str]:
    """The command of a server on Node, installed from the lock file if it is not yet."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Missing("node and npm")
    folder, lock = CACHE / "node", HERE / "package-lock.json"
    stamp = folder / "installed"
    if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name_of_file in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name_of_file, folder)
        install = [
            npm,
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--omit=optional",
            "--silent",
        ]
        subprocess.run(install, cwd=folder, check=True)
        shutil.copy(lock, stamp)  # last: only what is whole counts as installed
    for module in HERE.glob("*.mjs"):
        shutil.copy(module, folder)
    return [node, str(folder / f"{name}.mjs")]


def pin(process: int, cpu: int) -> None:
    """Every thread of the process on one core, where there is more than one."""
    if (os.cpu_count() or 1) > 1:
        for thread in psutil.Process(process).threads():
            os.sched_setaffinity(thread.id, {cpu})


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(server: Server) -> Iterator[tuple[int, int]]:
    """Port and process id of the server, once it has said that it is ready."""
    port = free_port()
    child = subprocess.Popen(
        [*server.command, str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        line = child.stdout.readline()
        if not line.startswith("ready"):
            raise RuntimeError(f"{server.name} did not start: {line!r}")
        process = int(line.split()[-1])
        pin(process, SERVER_CPU)
        yield port, process
    finally:
        child.terminate()
        try:
            child.wait(STOP_S_MAX)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()


def drive(command: Sequence[str], limit_s: float, given: str = "") -> dict[str, Any]:
    """Run a generator on its own core; what it printed. Raises RuntimeError if it complains."""

    def alone() -> None:
        if (os.cpu_count() or 1) > 1:
            os.sched_setaffinity(0, {GENERATOR_CPU})

    done = subprocess.run(
        list(command), input=given, stdout=subprocess.PIPE, text=True, timeout=limit_s,
        preexec_fn=alone, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} says {done.stdout!r}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def six_seats(
    server: Server, tables: int, seconds: float, warm_s: float = 1.5, think_s: float = 0.0
) -> Result:
    """One round of the workload on a server of its own. Nothing may be refused or lost."""
    with running(server) as (port, process):
        options = {
            "port": port, "tables": tables, "secs": seconds, "warm": warm_s, "think": think_s,
            "pids": process, "framing": server.framing,
        }  # fmt: skip
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        return drive([compiled("six_seats"), *words], READY_S_MAX + seconds)


def ours(journal: bool, tables: int) -> Server:
    """Squaredeal's real server with the workload's game."""
    module = [sys.executable, "-m", "benchmarks.equal_server", "--tables", str(tables)]
    kept = ["--journal"] if journal else []
    name = "squaredeal_journal" if journal else "squaredeal"
    return Server(name, [*module, *kept, "--seconds", "300", "--port"])


def reference() -> Server:
    """The floor."""
    return Server("reference", [compiled("reference")])


def peers() -> list[Server]:
    """The servers of others."""
    here = [sys.executable, "-m", "benchmarks.peers.websockets_server"]
    return [
        Server("ws", node_server("ws")),
        Server("socketio", node_server("socketio"), "socketio"),
        Server("colyseus", node_server("colyseus"), "colyseus"),
        Server("websockets", here),
    ]
