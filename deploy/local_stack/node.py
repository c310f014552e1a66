"""``ray start``: one node of the cluster, as on a machine of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from deploy.local_stack.program import Program

STARTED: Final = "Ray runtime started"
STARTS_MAX: Final = 4
"""Ray gives a node half a minute: a busy machine may need more than one go."""
STOP_S_MAX: Final = 3.0
"""A head waits for half a minute for replicas, which have nothing to lose; its tables are closed
before."""


class NodeFailed(Exception):
    """It did not start; the message names its log."""


def start_node(name: str, log: Path, env: Mapping[str, str], *flags: str) -> Program:
    """Begin one: a raylet, its agents and its workers."""
    node = Program(
        name, log, env,
        "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus=4",
        f"--object-store-memory={100 * 2**20}", "--disable-usage-stats", "--log-color=false",
        "--include-log-monitor=false", *flags,
    )  # fmt: skip
    node.stop_s = STOP_S_MAX
    return node


def await_node(node: Program) -> None:
    """Until it has joined. Raises NodeFailed."""
    for _ in range(STARTS_MAX):
        if node.says(STARTED):
            return
        node.stop()
        node.start()
    raise NodeFailed(f"{node.name} does not start; see {node.log}")
