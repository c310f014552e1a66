"""The web client's build beside the start of the server: nobody waits for pages to be dealt in."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

from serve.webclient import is_current


class WebBuild:
    """Begins at once if the pages are old; a process of its own: all of it can be ended."""

    def __init__(self) -> None:
        self._process = None if is_current() else subprocess.Popen(
            [sys.executable, "-m", "serve.webclient", "build"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip

    def finish(self, say: Callable[[str], None]) -> bool:
        """Pass on what it says, its reason for no pages too, until it is done; whether there are
        pages."""
        if self._process is not None:
            assert self._process.stdout is not None
            for line in self._process.stdout:
                say(line.rstrip())
            self._process.wait()
        return is_current()

    def stop(self) -> None:
        """With npm and whatever else it has started."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()
