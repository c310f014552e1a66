"""Players whom an operator sends: he asks for a token, and they sign in with it, once and soon.

The account belongs to the operator's player: its id is made of his name there, so that whoever is
launched twice is the same here. It has no password; the operator is how he comes in.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from auth.accounts import QUERIES, Account, account_of, add_account
from auth.errors import AccountDisabled, LaunchInvalid, LaunchRepeated, NameTaken, RefreshInvalid
from auth.names import guest_name
from auth.tokens import new_refresh, refresh_digest

if TYPE_CHECKING:
    from auth.accounts import Connection

LAUNCH_TTL: Final = timedelta(seconds=60)
"""From the operator's answer to the player's first request."""
REQUEST_KEPT: Final = timedelta(minutes=5)
"""A message of the operator's is remembered for longer than its signature is fresh."""
NAME_ATTEMPTS_MAX: Final = 8


async def account_for(conn: "Connection", account: UUID, now: datetime) -> Account:
    """The account with this id, made if need be.

    Raises:
        AccountDisabled: it was closed.
        NameTaken: no name was free, which is very unlikely.
    """
    for attempt in range(NAME_ATTEMPTS_MAX):
        row = await QUERIES.account_by_id(conn, id=account)
        if row is not None:
            found = account_of(row)
            if found.disabled_at is not None:
                raise AccountDisabled
            return found
        await add_account(conn, guest_name(attempt), "guest", None, now, account)
    raise NameTaken


async def open_launch(conn: "Connection", account: UUID, request: UUID, now: datetime) -> str:
    """A token for the account; ``request`` names the operator's message.

    Raises:
        LaunchRepeated: that message has been here.
    """
    token, digest = new_refresh()
    opened = await QUERIES.add_launch(
        conn, digest=digest, request=request, account=account, now=now,
        expires_at=now + LAUNCH_TTL,
    )  # fmt: skip
    if opened is None:
        raise LaunchRepeated
    return token


async def use_launch(conn: "Connection", token: str, now: datetime) -> Account:
    """Whom a token signs in: once.

    Raises:
        LaunchInvalid: unknown, used or too late; which is not told.
    """
    try:
        digest = refresh_digest(token)
    except RefreshInvalid as wrong:
        raise LaunchInvalid from wrong
    row = await QUERIES.use_launch(conn, digest=digest, now=now)
    if row is None:
        raise LaunchInvalid
    return account_of(row)


async def sweep_launches(conn: "Connection", now: datetime) -> None:
    """Forget those that are over."""
    await QUERIES.sweep_launches(conn, before=now - REQUEST_KEPT)
