"""A new release takes the tables over from the one before, each at the end of its hand.

The floor of the new release finds the actors of the old one by name. They serve what they have and
are given nothing more; actors of the new release are started beside them, a few at a time, and
every table moves as ``move`` moves it. An actor that is empty is ended.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from ray import serve as ray_serve

from actors.journal import FORM_READ
from games.refusal import Refusal
from serve.pool import Pool, Worker
from serve.runtime import APP

log = logging.getLogger(__name__)

LOOK_S: Final = 1.0
HAND_S_MAX: Final = 600.0
"""So long may a hand take to end; then it moves in the middle, and goes on there."""
AT_ONCE_MIN: Final = 4
AT_ONCE_SHARE: Final = 0.1
"""Actors that are replaced together: as many more than usual run meanwhile."""


class Rollout:
    """Looks for actors of other releases, and replaces them."""

    def __init__(
        self,
        pool: Pool,
        empty: Callable[[list[Worker], float], Awaitable[Refusal | None]],
        newest_form: Callable[[], Awaitable[int]],
    ) -> None:
        """``empty`` carries an actor's tables to others and ends it; ``newest_form`` is the newest
        of the tables' journals."""
        self._pool = pool
        self._empty = empty
        self._newest_form = newest_form

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                outdated = self._pool.outdated
                if outdated and await self._may_begin():
                    await self._replace(outdated)
            except Exception:
                log.exception("the rollout goes on after an error")

    async def _may_begin(self) -> bool:
        """Whoever has to come back to a table that moves needs the gateway, so Serve is first. A
        release that goes back leaves what it can't read to whoever wrote it."""
        if not await rolled_out():
            return False
        form = await self._newest_form()
        if form > FORM_READ:
            log.error("journals have form %d, this release reads up to %d", form, FORM_READ)
        return form <= FORM_READ

    async def _replace(self, outdated: list[Worker]) -> None:
        """Group by group: room is made for the tables of a whole group, or two actors would count
        on the same spare."""
        at_once = max(AT_ONCE_MIN, round(AT_ONCE_SHARE * len(self._pool.workers)))
        for first in range(0, len(outdated), at_once):
            group = outdated[first : first + at_once]
            refused = await self._empty(group, HAND_S_MAX)
            if refused is not None:
                log.warning("%s: not empty yet: %s", [w.name for w in group], refused.code)


async def rolled_out() -> bool:
    """Whether Serve has replaced everything that it is replacing."""
    status = await asyncio.to_thread(ray_serve.status)
    app = status.applications.get(APP)
    return app is not None and app.status == "RUNNING"
