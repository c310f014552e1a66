"""The endpoints of roles: who has which, give one, take one."""

import msgspec

from auth.rights import Right, Role
from serve.routes import Call, Endpoint
from wire import http as h


async def roles(call: Call) -> h.RolesResponse:
    found = await call.office.holders()
    return h.RolesResponse(tuple(h.RoleHolder(*msgspec.structs.astuple(each)) for each in found))


async def role_state(call: Call) -> list[str]:
    """Which roles the player has, for the audit log."""
    name = call.body.player.casefold()
    return sorted(each.role for each in await call.office.holders() if each.name.casefold() == name)


async def grant_role(call: Call) -> None:
    await call.office.grant_role(call.body.player, Role(call.body.role), call.body.by.name)


async def revoke_role(call: Call) -> None:
    await call.office.revoke_role(call.body.player, Role(call.body.role))


ROLE_ENDPOINTS = (
    Endpoint("GET", "/v1/operator/roles", "Who has which role", roles, h.RolesResponse,
             right=Right.GIVE_ROLES),
    Endpoint("POST", "/v1/operator/roles/grant", "Give a player a role", grant_role, None,
             h.RoleRequest, right=Right.GIVE_ROLES, state=role_state),
    Endpoint("POST", "/v1/operator/roles/revoke", "Take it: in force at his next act",
             revoke_role, None, h.RoleRequest, right=Right.GIVE_ROLES, state=role_state),
)  # fmt: skip
