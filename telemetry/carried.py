"""What goes along with a call from process to process: whose request it is, and whose trace."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar
from typing import Any, TypeVar

import msgspec

from telemetry import traces

T = TypeVar("T")
REQUEST: ContextVar[str] = ContextVar("request", default="")
"""The id of the HTTP request that is being answered; "" if it is none."""


class Carried(msgspec.Struct, frozen=True):
    """``trace`` is a W3C ``traceparent``; each is "" if there is none."""

    request: str = ""
    trace: str = ""


def carried() -> Carried | None:
    """For a call that is about to leave; None if there is nothing to tell."""
    request, trace = REQUEST.get(), traces.here()
    return Carried(request, trace) if request or trace else None


@contextmanager
def received(from_there: Carried | None, what: str) -> Iterator[None]:
    """Around the answer to a call; ``what`` names its span. A call that brings no trace gets none:
    that is for the caller to decide."""
    if from_there is None:
        yield
        return
    before = REQUEST.set(from_there.request)
    try:
        with traces.span(what, parent=from_there.trace) if from_there.trace else traces.NOTHING:
            yield
    finally:
        REQUEST.reset(before)


def apart(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task that is no part of the request in which it happens to begin: it outlives it."""
    return asyncio.get_running_loop().create_task(work, context=Context())
