"""Whose session has ended is sent away from his tables at once, and who is kept away from a table
from its rail.

Redis says it within milliseconds (``auth.sessions.CHANNEL``); what it did not say, Postgres knows:
asked whenever the line to Redis was made anew, and now and then, sooner while there is no line.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Final
from uuid import UUID

from redis.asyncio import Redis

from actors.rail_line import Ear
from actors.refusals import SENT_AWAY
from actors.sockets import Connection
from auth.sessions import AWAY_CHANNEL, CHANNEL
from auth.tickets import TICKET_TTL_S_MAX
from wire.codes import Close
from wire.limits import RailLimits

log = logging.getLogger(__name__)

ASK_S: Final = 30.0
"""Pause between two questions to Postgres while Redis is heard."""
ASK_DEAF_S: Final = 3.0
"""The same while it is not."""
Ask = Callable[[Collection[UUID]], Awaitable[Collection[UUID]]]


class Revocations:
    """``lines`` are all that are open; ``ask`` says which of these sessions have ended."""

    def __init__(
        self,
        redis: Redis | None,
        lines: Callable[[], Iterable[Connection]],
        ask: Ask,
        limits: RailLimits,
    ) -> None:
        self.ended: dict[UUID, float] = {}
        """Sessions that have just ended, while tickets of theirs may be about; until when."""
        self._lines = lines
        self._ask = ask
        self._soon = asyncio.Event()
        self._ear = Ear(redis, self._heard, limits) if redis is not None else None

    async def run(self) -> None:
        """Listen and ask until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            if self._ear is not None:
                self._ear.want(CHANNEL)
                self._ear.want(AWAY_CHANNEL)
                tasks.create_task(self._ear.run())
            tasks.create_task(self._ask_on())

    def _heard(self, channel: str, message: bytes | None) -> None:
        if message is None:
            self._soon.set()  # whatever was said before is lost
            return
        try:
            if channel == AWAY_CHANNEL:
                table, _, account = message.decode().rpartition(" ")
                self._from_the_rail(table, UUID(account))
            else:
                self._send_away({UUID(message.decode())})
        except ValueError:
            log.warning("nobody is meant by %r", message[:64])

    def _from_the_rail(self, table: str, account: UUID) -> None:
        """At the table itself, where he may be in a hand, the table sends him away."""
        for line in list(self._lines()):
            who = line.claims
            if who is not None and who.role == "rail" and (who.table, who.sub) == (table, account):
                line.close(Close.SENT_AWAY, SENT_AWAY.message)

    async def _ask_on(self) -> None:
        while True:
            self._soon.clear()
            try:
                await self.look()
            except Exception as failure:  # the next round does it
                log.warning("whose session has ended is asked later: %s", failure)
            deaf = self._ear is None or not self._ear.listening
            try:
                async with asyncio.timeout(ASK_DEAF_S if deaf else ASK_S):
                    await self._soon.wait()
            except TimeoutError:
                continue

    async def look(self) -> None:
        """One round."""
        present = {line.claims.sid for line in self._lines() if line.claims is not None}
        if present:
            self._send_away(await self._ask(present))

    def _send_away(self, ended: Collection[UUID]) -> None:
        now = asyncio.get_running_loop().time()
        while self.ended and next(iter(self.ended.values())) <= now:
            del self.ended[next(iter(self.ended))]
        for sid in ended:
            self.ended.pop(sid, None)  # the order is that of time
            self.ended[sid] = now + TICKET_TTL_S_MAX
        for line in list(self._lines()):
            if line.claims is not None and line.claims.sid in ended:
                line.close(Close.SESSION_ENDED, "Your session has ended; sign in again.")
