"""Roles of accounts, in Postgres. They are read at each act: what is taken is gone at once."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from auth.accounts import QUERIES
from auth.errors import PlayerUnknown, RoleUnknown
from auth.names import has_form
from auth.rights import Role

if TYPE_CHECKING:
    from auth.accounts import Pool


class Holder(msgspec.Struct, frozen=True):
    """An account's role, and who gave it when."""

    name: str
    role: Role
    granted_by: str
    granted_at: datetime


class Roles:
    """Gives, takes and reads roles."""

    def __init__(self, pool: "Pool") -> None:
        self._pool = pool

    async def of(self, account: UUID) -> frozenset[Role]:
        """What was given to this account; nothing if it is closed."""
        async with self._pool.acquire() as conn:
            return frozenset(
                [Role(row["role"]) async for row in QUERIES.roles_of(conn, account=account)]
            )

    async def all(self) -> list[Holder]:
        """Every role that somebody has, by name."""
        async with self._pool.acquire() as conn:
            return [msgspec.convert(dict(row), Holder) async for row in QUERIES.all_roles(conn)]

    async def grant(self, name: str, role: Role, by: str) -> None:
        """Give a role; giving it twice is no error.

        Raises:
            PlayerUnknown: no player has this name, or his account is closed.
        """
        code = "player_unknown"
        if has_form(name):
            async with self._pool.acquire() as conn:
                code = await QUERIES.grant_role(conn, name=name, role=role, by=by)
        if code == "player_unknown":
            raise PlayerUnknown

    async def revoke(self, name: str, role: Role) -> None:
        """Take a role.

        Raises:
            RoleUnknown: nobody of this name has it.
        """
        code = "role_unknown"
        if has_form(name):
            async with self._pool.acquire() as conn:
                code = await QUERIES.revoke_role(conn, name=name, role=role)
        if code == "role_unknown":
            raise RoleUnknown
