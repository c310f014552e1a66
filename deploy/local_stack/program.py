"""A process of the stack with all that it starts: a tree that ends, and starts again, as one."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import psutil

STOP_S_MAX: Final = 20.0
LOOK_S: Final = 0.05


class Program:
    """Runs from the beginning; ``name`` is that of its log, ``arguments`` are Python's."""

    stop_s = STOP_S_MAX
    """So long it may take to end."""

    def __init__(self, name: str, log: Path, env: Mapping[str, str], *arguments: str) -> None:
        self.name = name
        self.log = log
        self._env = dict(env)
        self._command = [sys.executable, *arguments]
        self.start()

    def start(self) -> None:
        """For the first time, or again."""
        with self.log.open("ab") as log:
            self._said = log.tell()
            self._began = time.monotonic()
            self._process = subprocess.Popen(  # noqa: S603
                self._command, stdout=log, stderr=log, env=self._env, start_new_session=True
            )

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    @property
    def age_s(self) -> float:
        """Since it was started last."""
        return time.monotonic() - self._began

    def says(self, words: str) -> bool:
        """Wait until they are in its log; whether they are: it may have ended instead."""
        while not self.ended:
            if words.encode() in self.log.read_bytes()[self._said :]:
                return True
            time.sleep(LOOK_S)
        return False

    def stop(self) -> None:
        """SIGTERM, for it to end what it has started; what is left is killed."""
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self._process.pid)
            tree = [root, *root.children(recursive=True)]
            root.terminate()
            for each in psutil.wait_procs(tree, self.stop_s)[1]:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
        self._process.wait()
