"""Players who have lost every way in: password, authenticator and codes.

One operator says who it is and how he knows, another one agrees. Then all sessions end, a token is
mailed, and money is locked; the address before hears of it. With the token he sets a password, and
nothing that signed in before does any more. Until it is used everything else still works: who was
talked about, and not talking, can sign in and object.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

import msgspec

from auth.accounts import QUERIES
from auth.errors import (
    AccountUnknown,
    EmailInvalid,
    RescueDecided,
    RescueNeedsAnother,
    RescueUnknown,
    RescueWaits,
    RoleHeld,
)
from auth.recovery import is_address
from auth.service import Auth

if TYPE_CHECKING:
    from auth.accounts import Pool

LISTED_MAX: Final = 200


class Rescue(msgspec.Struct, frozen=True):
    """A proposal: ``note`` says how the proposer knows that it is him; ``email`` is where the token
    goes."""

    id: int
    account: UUID
    name: str
    email: str
    note: str
    proposer: str
    proposed_at: datetime
    state: Literal["waiting", "approved", "rejected"]


class Rescues:
    """What the auth deployment offers to operators."""

    def __init__(self, auth: Auth, pool: "Pool") -> None:
        self._auth = auth
        self._pool = pool

    async def waiting(self) -> list[Rescue]:
        """Oldest first."""
        async with self._pool.acquire() as conn:
            found = QUERIES.rescues(conn, count=LISTED_MAX)
            return [msgspec.convert(dict(row), Rescue) async for row in found]

    async def propose(self, account: UUID, email: str, note: str, by: str) -> Rescue:
        """``email`` may be empty: then it is his verified address.

        Raises:
            AccountUnknown: no player's.
            RoleHeld: an operator's: his roles are taken first.
            EmailInvalid: it can't be an address, or he has none.
            RescueWaits: another proposal for him waits.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            if await QUERIES.lock_person(conn, id=account) is None:
                raise AccountUnknown
            row = await QUERIES.account_by_id(conn, id=account)
            if row["kind"] != "player" or row["disabled_at"] is not None:
                raise AccountUnknown
            if await QUERIES.has_role(conn, account=account):
                raise RoleHeld
            known = await QUERIES.email_of(conn, id=account)
            email = email or (known["email"] if known["email_verified_at"] else "")
            if not is_address(email):
                raise EmailInvalid
            number = await QUERIES.add_rescue(
                conn, account=account, email=email, note=note, by=by, now=self._auth.now()
            )
            if number is None:
                raise RescueWaits
            found = await QUERIES.rescue(conn, id=number)
        return msgspec.convert(dict(found), Rescue)

    async def decide(self, number: int, approve: bool, by: str) -> Rescue:
        """What was decided.

        Raises:
            RescueUnknown, RescueDecided: there is none that waits under this number.
            RescueNeedsAnother: whoever proposed it does not approve it.
            RoleHeld: he has become an operator meanwhile.
            MailFailed: nobody took the mail; propose it again.
        """
        now = self._auth.now()
        async with self._pool.acquire() as conn, conn.transaction():
            row = await QUERIES.rescue(conn, id=number)
            if row is None:
                raise RescueUnknown
            if row["state"] != "waiting":
                raise RescueDecided
            if approve and row["proposer"].casefold() == by.casefold():
                raise RescueNeedsAnother
            account = row["account"]
            await QUERIES.lock_person(conn, id=account)
            if approve and await QUERIES.has_role(conn, account=account):
                raise RoleHeld
            state = "approved" if approve else "rejected"
            await QUERIES.decide_rescue(conn, id=number, state=state, by=by, now=now)
            ended = await self._auth.begin_rescue(conn, account) if approve else []
        await self._auth.announce(ended)
        if approve:
            await self._auth.recovery.mail_rescue(account, row["name"], row["email"], now)
        return msgspec.convert(dict(row) | {"state": state}, Rescue)
