"""Whatever is asked while calls are under way goes together with the next one.

No timer: alone, a request goes at once; a batch is as large as those before it were slow. Several
calls may be under way, so one that hangs does not keep the others.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Group(Generic[Item, Answer]):
    """Requests of one kind."""

    def __init__(
        self,
        call: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]],
        items_max: int,
        calls_max: int,
    ) -> None:
        """``call`` answers each of its items; what it raises is the answer to all of them. At most
        ``items_max`` items a call, ``calls_max`` calls at a time."""
        self._call = call
        self._items_max = items_max
        self._calls_max = calls_max
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._calls = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def ask(self, item: Item) -> Answer:
        """The answer to one; raises it, if it is an exception."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((item, future))
        if self._calls < self._calls_max:
            self._calls += 1
            task = loop.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _work(self) -> None:
        while batch := self._next():
            try:
                answers = await self._call([item for item, _ in batch])
            except Exception as failure:
                answers = [failure] * len(batch)
            for (_, future), answer in zip(batch, answers, strict=True):
                if future.done():
                    continue  # nobody waits for it any more
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
        # In the same step as the look that found nothing: whoever asks next starts another call.
        self._calls -= 1

    def _next(self) -> list[tuple[Item, "asyncio.Future[Answer]"]]:
        batch: list[tuple[Item, asyncio.Future[Answer]]] = []
        while self._waiting and len(batch) < self._items_max:
            item, future = self._waiting.popleft()
            if not future.done():
                batch.append((item, future))
        return batch
