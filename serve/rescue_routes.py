"""The endpoints of accounts that are given back: one operator proposes, another decides."""

from auth.rescue import Rescue
from auth.rights import Right
from serve.errors import ApiError
from serve.money_routes import player_of
from serve.player_routes import player_state
from serve.routes import Call, Endpoint
from wire import players as p


def _info(rescue: Rescue) -> p.RescueInfo:
    return p.RescueInfo(
        rescue.id,
        str(rescue.account),
        rescue.name,
        rescue.email,
        rescue.note,
        rescue.proposer,
        rescue.proposed_at,
        rescue.state,
    )


async def rescues(call: Call) -> p.RescuesResponse:
    found: list[Rescue] = await call.office.rescue("waiting")
    return p.RescuesResponse(tuple(map(_info, found)))


async def rescue_state(call: Call) -> p.RescueInfo | None:
    """A proposal while it waits, for the audit log."""
    found: list[Rescue] = await call.office.rescue("waiting")
    number = call.number("rescue")
    return next((_info(each) for each in found if each.id == number), None)


async def propose_rescue(call: Call) -> p.RescueInfo:
    asked: p.RescueRequest = call.body
    if not asked.note.strip():
        raise ApiError("bad_request", "A note has a word in it.")
    return _info(
        await call.office.rescue(
            "propose", player_of(call.path["player"]), asked.email, asked.note, asked.by.name
        )
    )


async def approve_rescue(call: Call) -> p.RescueInfo:
    return _info(await _decide(call, True))


async def reject_rescue(call: Call) -> p.RescueInfo:
    return _info(await _decide(call, False))


async def _decide(call: Call, yes: bool) -> Rescue:
    decided: Rescue = await call.office.rescue(
        "decide", call.number("rescue"), yes, call.body.by.name
    )
    return decided


_RESCUE = "/v1/operator/rescues/{rescue}"
RESCUE_ENDPOINTS = (
    Endpoint("GET", "/v1/operator/rescues", "Accounts to be given back, that wait", rescues,
             p.RescuesResponse, right=Right.RESCUE_PLAYERS),
    Endpoint("POST", "/v1/operator/players/{player}/rescue",
             "Propose to give a lost account back", propose_rescue, p.RescueInfo,
             p.RescueRequest, right=Right.RESCUE_PLAYERS, state=player_state),
    Endpoint("POST", f"{_RESCUE}/approve", "A second yes: sessions end, a token is mailed",
             approve_rescue, p.RescueInfo, p.RescueDecision, right=Right.RESCUE_PLAYERS,
             state=rescue_state),
    Endpoint("POST", f"{_RESCUE}/reject", "A no", reject_rescue, p.RescueInfo, p.RescueDecision,
             right=Right.RESCUE_PLAYERS, state=rescue_state),
)  # fmt: skip
