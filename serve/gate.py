"""The gate: everything that is asked over HTTP passes here before anything is read or done.

An operator is an account with a role (``auth.rights``), or the machine itself: whoever can read the
token in the data folder. The command line comes as the machine.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from auth.rights import PERSONAL, Right, Role, allowed
from auth.tokens import Identity
from serve.errors import ApiError

APPROVER: str = "squaredeal-approver"
"""Header with the access token of a second operator, for what two have to agree on."""

MONEY_AND_HANDS: Final = frozenset(
    {
        Right.VOID_HANDS,
        Right.PROMOTE,
        Right.CORRECT_BOOKS,
        Right.DECIDE_PAYMENTS,
        Right.RESCUE_PLAYERS,
    }
)
"""What needs two people: where that is insisted on, the machine has none of it, since nobody knows
how many people its names are."""


class Register(Protocol):
    """Who is signed in, and what he was given."""

    async def identify(self, access: str) -> Identity:
        """Raises ApiError."""

    async def roles(self, account: UUID) -> frozenset[Role]: ...

    def machine_token(self) -> str: ...


class Admitted(NamedTuple):
    """Who passed: nobody in particular, an account, or the machine, which is neither."""

    identity: Identity | None = None
    access: str = ""
    machine: bool = False
    approver: Identity | None = None

    @property
    def signed_in(self) -> Identity:
        """Who has an account: everybody whom the right to play let in."""
        assert self.identity is not None
        return self.identity


async def admit(register: Register, headers: Mapping[str, str], right: Right | None) -> Admitted:
    """Let somebody with this right in; without one, anybody. Raises ApiError."""
    if right is None:
        return Admitted()
    access = bearer(headers.get("authorization", ""))
    if right not in PERSONAL and hmac.compare_digest(
        access.encode(), register.machine_token().encode()
    ):
        return Admitted(access=access, machine=True)
    identity = await _with_right(register, access, right)
    approver = None
    if right not in PERSONAL and APPROVER in headers:
        approver = await _with_right(register, bearer(headers[APPROVER]), right)
    return Admitted(identity, access, approver=approver)


async def _with_right(register: Register, access: str, right: Right) -> Identity:
    identity = await register.identify(access)
    roles = frozenset[Role]() if right is Right.PLAY else await register.roles(identity.account)
    if not allowed(roles, right):
        raise ApiError("not_allowed", f"This needs the right {right}, which you do not have.")
    return identity


def bearer(header: str) -> str:
    """The token in an Authorization header. Raises ApiError."""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise ApiError("not_signed_in")
    return token.strip()


def check_names(admitted: Admitted, body: Any) -> None:
    """Whoever is signed in acts, and agrees, under his own name. Raises ApiError.

    The machine's names are believed: who reads its token could change the programs as well.
    """
    by = getattr(body, "by", None)
    if by is None or admitted.identity is None:
        return
    if by.name != admitted.identity.name:
        raise ApiError("not_yourself")
    second = admitted.approver
    if by.approver != (None if second is None else second.name):
        raise ApiError("approval_needed")
    if second is not None and second.account == admitted.identity.account:
        raise ApiError("approval_needed")


def check_machine(admitted: Admitted, right: Right | None) -> None:
    """Where two people are insisted on. Raises ApiError."""
    if admitted.machine and right in MONEY_AND_HANDS:
        raise ApiError("machine_not_allowed")


def check_agreed(body: Any, second: Identity | None, needed: bool) -> None:
    """For what changes money or a hand at once: nobody agrees with himself, and a second operator
    has shown himself if that is ``needed``. Raises ApiError."""
    by = body.by
    alone = by.approver is not None and by.approver.casefold() == by.name.casefold()
    if alone or (needed and second is None):
        raise ApiError("approval_needed")
