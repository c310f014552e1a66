"""How ``squaredeal up`` speaks: progress for people at a terminal, or lines of the log."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from serve.settings import Settings
from telemetry.logs import log_as_json, log_as_text

log = logging.getLogger(__name__)


class Voice:
    """One process has one: it also says what the process logs."""

    def __init__(self, settings: Settings) -> None:
        self._json = settings.log_format == "json"
        if self._json:
            log_as_json(settings.log_level, "up", "up")
        else:
            log_as_text("warning")

    def say(self, line: str) -> None:
        """A line."""
        if self._json:
            log.info(line.strip())
        else:
            print(line, flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """One line of progress, with how long it took."""
        if not self._json:
            print(f"  {name} …", end="", flush=True)
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self.say(f"{name} stopped" if self._json else " stopped")
            raise
        seconds = time.monotonic() - began
        self.say(f"{name}: {seconds:.1f} s" if self._json else f" {seconds:.1f} s")
