"""The endpoints of the operator's desk beside the acts themselves: what it looks at."""

import asyncio
from typing import Any

from auth.rights import RIGHTS, Right, Role
from serve.money_routes import player_of
from serve.player_routes import entry_of
from serve.report_routes import read
from serve.reports import Asked
from serve.routes import PAGE_MAX, Call, Endpoint
from wallet.sittings import Sittings
from wire import desk as d


async def rights(call: Call) -> d.RightsResponse:
    """What I may do. A page goes by it; the gate asks anew at each act."""
    roles = {Role.PLAYER, *await call.office.roles(call.identity.account)}
    mine = {right for role in roles for right in RIGHTS[role]}
    two = call.office.runtime.two_person
    return d.RightsResponse(tuple(sorted(roles)), tuple(sorted(mine)), two)


async def concurrency(call: Call) -> d.ConcurrencyResponse:
    return await call.office.concurrency(call.instant("since"))


async def revenue(call: Call) -> d.RevenueResponse:
    return await call.office.revenue(call.instant("since"))


async def interrupted(call: Call) -> d.InterruptedResponse:
    """Hands that wait for their table, and the chips at all tables."""
    asked = Asked(limit=PAGE_MAX)
    hands, funds = await asyncio.gather(
        read(call, "interrupted", asked), read(call, "funds-in-play", asked)
    )
    return d.InterruptedResponse(
        tuple(d.InterruptedHandInfo(*row) for row in hands.rows),
        tuple(d.FundsInPlay(*row[:5]) for row in funds.rows),
        hands.as_of,
    )


async def player(call: Call) -> d.PlayerSheet:
    """One player and where he sits."""
    account = player_of(call.path["player"])
    person = await call.office.person(account)
    seats = await Sittings(await call.office.pool()).seats(account)
    roles = tuple(sorted(await call.office.roles(account)))
    return d.PlayerSheet(entry_of(person), roles, tuple(d.SeatInfo(*each) for each in seats))


async def player_money(call: Call) -> Any:
    return await call.office.desk("money", player_of(call.path["player"]))


async def health(call: Call) -> d.DeskHealth:
    return await call.office.health()


_PLAYER = "/v1/operator/players/{player}"
DESK_ENDPOINTS = (
    Endpoint("GET", "/v1/rights", "What I may do", rights, d.RightsResponse),
    Endpoint("GET", "/v1/operator/concurrency", "The floor over the last hour; since for less",
             concurrency, d.ConcurrencyResponse, right=Right.SEE_TABLES, words=("since",)),
    Endpoint("GET", "/v1/operator/revenue", "What the house has had over the last hour", revenue,
             d.RevenueResponse, right=Right.SEE_MONEY, words=("since",)),
    Endpoint("GET", "/v1/operator/interrupted", "Interrupted hands, and chips at tables",
             interrupted, d.InterruptedResponse, right=Right.SEE_TABLES),
    Endpoint("GET", "/v1/operator/health", "How the parts of the system are", health,
             d.DeskHealth, right=Right.SEE_TABLES),
    Endpoint("GET", _PLAYER, "One player, and where he sits", player, d.PlayerSheet,
             right=Right.SEE_PLAYERS),
    Endpoint("GET", f"{_PLAYER}/money", "A player's chips, and what was done to them",
             player_money, d.PlayerMoney, right=Right.SEE_MONEY),
)  # fmt: skip
