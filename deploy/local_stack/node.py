"""``ray start``: one node of the cluster, as on a machine of its own."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psutil

STARTED: Final = "Ray runtime started"
STARTS_MAX: Final = 4
"""Ray gives a node half a minute: a busy machine may need more than one go."""
STOP_S_MAX: Final = 10.0
LOOK_S: Final = 0.1


class NodeFailed(Exception):
    """It did not start; the message names its log."""


class Node:
    """A raylet, its agents and its workers."""

    def __init__(self, name: str, log: Path, env: Mapping[str, str], *flags: str) -> None:
        """Returns when it has started. Raises NodeFailed."""
        self._log = log
        self._command = [
            sys.executable, "-m", "ray.scripts.scripts", "start", "--block", "--num-cpus=4",
            f"--object-store-memory={100 * 2**20}", "--disable-usage-stats", "--log-color=false",
            "--include-log-monitor=false", *flags,
        ]  # fmt: skip
        for _ in range(STARTS_MAX):
            with log.open("wb") as file:  # of the last go
                self._process = subprocess.Popen(  # noqa: S603
                    self._command, stdout=file, stderr=file, env=env, start_new_session=True
                )
            try:
                if self._started():
                    return
            except BaseException:
                self.stop()
                raise
            self.stop()
        raise NodeFailed(f"{name} does not start; see {log}")

    def _started(self) -> bool:
        while self._process.poll() is None:
            if STARTED in self._log.read_text("utf-8"):
                return True
            time.sleep(LOOK_S)
        return False

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def stop(self) -> None:
        """SIGTERM, which ends its processes; what is left is killed."""
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._process.pid)
            tree = [root, *root.children(recursive=True)]
            root.terminate()
            for each in psutil.wait_procs(tree, STOP_S_MAX)[1]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
        self._process.wait()
