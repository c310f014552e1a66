"""The endpoints of the review queue."""

import msgspec

from auth.rights import Right
from serve.errors import ApiError
from serve.routes import Call, Endpoint
from wire import signals as s

STATES = ("open", "confirmed", "dismissed")


async def findings(call: Call) -> s.FindingsResponse:
    limit, before = call.page()
    state = call.query.get("state")
    if state is not None and state not in STATES:
        raise ApiError("bad_request", f"state is one of {', '.join(STATES)}.")
    found = await (await call.office.review()).list(state, before, limit)
    shown = tuple(s.FindingInfo(*msgspec.structs.astuple(each)) for each in found)
    return s.FindingsResponse(shown, shown[-1].id if len(shown) == limit else None)


async def finding_state(call: Call) -> s.FindingInfo | None:
    """One finding, for the audit log."""
    number = call.number("finding")
    found = await (await call.office.review()).list(None, number + 1, 1)
    mine = [each for each in found if each.id == number]
    return s.FindingInfo(*msgspec.structs.astuple(mine[0])) if mine else None


async def look(call: Call) -> s.LookResponse:
    return s.LookResponse(*await call.office.look_for_signals())


async def decide(call: Call) -> None:
    asked: s.FindingDecision = call.body
    review = await call.office.review()
    code = await review.decide(call.number("finding"), asked.confirmed, asked.by.name, asked.remark)
    if code != "done":
        raise ApiError(code)


SIGNAL_ENDPOINTS = (
    Endpoint("GET", "/v1/operator/findings", "Signals of collusion and bots", findings,
             s.FindingsResponse, right=Right.REVIEW_SIGNALS, query=("limit", "before"),
             words=("state",)),
    Endpoint("POST", "/v1/operator/findings/look", "Look through the record now", look,
             s.LookResponse, s.LookRequest, right=Right.REVIEW_SIGNALS),
    Endpoint("POST", "/v1/operator/findings/{finding}/decide", "Confirm or dismiss one", decide,
             None, s.FindingDecision, right=Right.REVIEW_SIGNALS, state=finding_state),
)  # fmt: skip
