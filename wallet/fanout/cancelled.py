"""What the client of Redis does to a cancellation."""

import asyncio


def end_if_cancelled() -> None:
    """After a call of Redis: its client has been seen to swallow a cancellation, and whoever waits
    for the task that was cancelled would wait for ever.

    Raises:
        asyncio.CancelledError: this task has been cancelled.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
