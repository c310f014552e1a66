"""An event loop without I/O whose time jumps: hours of a table pass in a moment, always alike."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
START_S = 1_000.0


class Deadlock(Exception):
    """Everybody waits and no timer is set: nothing will ever happen again."""


class _Jump:
    """In the place of a selector: there is nothing to wait for but time."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise Deadlock
        self._loop.instant += timeout
        return []


class VirtualLoop(asyncio.BaseEventLoop):
    """Runs what is ready in the order in which it became ready; then time is the next timer's."""

    def __init__(self) -> None:
        super().__init__()
        self.instant = START_S
        self._selector = _Jump(self)

    def time(self) -> float:
        return self.instant

    def _process_events(self, events: list[Any]) -> None:
        """No file, no event."""

    def _write_to_self(self) -> None:
        """No thread but this one."""


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end in virtual time; what is left over is cancelled."""
    loop = VirtualLoop()
    try:
        return loop.run_until_complete(work)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()


def at_once(work: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits, as those of the twins."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise AssertionError("a twin must not wait")
