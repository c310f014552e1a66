"""The trace of one action at a table, made for the hottest path.

It notes instants, and makes spans of them only in the end, if somebody is to see them: a span of
OpenTelemetry costs more than a step of the machine. It is carried by hand, since timers and the
journal's callbacks lie between its stages.
"""

import random
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telemetry.otel import Tracing


class Stages:
    """A root, and what followed one another in it. ``chosen``: kept whatever comes of it."""

    __slots__ = ("_tracing", "began", "chosen", "links", "marks", "name", "span", "trace")

    def __init__(self, tracing: "Tracing", name: str, links: Sequence[str]) -> None:
        self._tracing = tracing
        self.name = name
        self.links = links
        self.trace = random.getrandbits(128) or 1  # 0 is no trace
        self.span = random.getrandbits(64) or 1
        self.chosen = tracing.chooses(self.trace)
        self.marks: list[tuple[str, int]] = []
        self.began = time.time_ns()

    @property
    def parent(self) -> str:
        """For what is done on behalf of it elsewhere: a ``traceparent``."""
        return f"00-{self.trace:032x}-{self.span:016x}-{self.chosen:02x}"

    def mark(self, stage: str) -> None:
        """A stage is over: it began with the end of the one before."""
        self.marks.append((stage, time.time_ns()))

    def end(self, error: str = "", **attributes: str) -> None:
        """All of it is over; ``error`` says what went wrong, if anything did."""
        if self.chosen or error:
            self._tracing.tell(self, time.time_ns(), error, attributes)
