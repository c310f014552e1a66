"""The endpoints of a player's own history: links to his hands, and his sittings."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from actors.shares import Share, Shares
from serve.errors import ApiError
from serve.records import record_of
from serve.routes import Call, Endpoint, own_hand
from wallet.sittings import Sitting, Sittings
from wire import history as y


async def share(call: Call) -> y.ShareResponse:
    """A link to one of my hands; made again it is another one."""
    hand, _ = await own_hand(call)
    made = await Shares(await call.office.pool()).make(
        call.identity.account, hand.table, hand.hand, timedelta(days=call.body.days),
        datetime.now(UTC),
    )  # fmt: skip
    if made is None:
        raise ApiError("too_many_links")
    return y.ShareResponse(_share(made[0]), made[1])


async def shares(call: Call) -> y.SharesResponse:
    found = await Shares(await call.office.pool()).of(call.identity.account, datetime.now(UTC))
    return y.SharesResponse(tuple(_share(each) for each in found))


async def end_share(call: Call) -> None:
    wanted = _id(call.path["share"], "share_unknown")
    if not await Shares(await call.office.pool()).end(call.identity.account, wanted):
        raise ApiError("share_unknown")


async def shared(call: Call) -> y.SharedHand:
    """For whoever has the link. The token is in the body: addresses are written into logs."""
    asked: y.SharedRequest = call.body
    found = await Shares(await call.office.pool()).follow(asked.token, datetime.now(UTC))
    if found is None:
        raise ApiError("share_unknown")
    hand, expires = found
    record = record_of(hand, hand.seat, call.office.runtime.seed_reveal_s)
    return y.SharedHand(record, expires)


async def sittings(call: Call) -> y.SittingsResponse:
    limit, _ = call.page()
    after = call.text("after")
    found = await Sittings(await call.office.pool()).of(
        call.identity.account, limit, _id(after, "sitting_unknown") if after else None,
        call.text("table"), call.instant("since"), call.instant("until"),
    )  # fmt: skip
    shown = tuple(_sitting(each) for each in found)
    return y.SittingsResponse(shown, shown[-1].session if len(shown) == limit else None)


async def sitting(call: Call) -> y.SittingResponse:
    session = _id(call.path["session"], "sitting_unknown")
    found = await Sittings(await call.office.pool()).one(call.identity.account, session)
    if found is None:
        raise ApiError("sitting_unknown")
    stake, stack = found
    points = tuple(y.StackPoint(*msgspec.structs.astuple(each)) for each in stack.points)
    return y.SittingResponse(
        _sitting(stake), stack.hands, stack.best, stack.worst, stack.changes, points
    )


def _share(each: Share) -> y.ShareInfo:
    return y.ShareInfo(str(each.id), each.table, each.hand, each.made, each.expires)


def _sitting(each: Sitting) -> y.SittingInfo:
    return y.SittingInfo(
        str(each.session), each.table, each.currency, each.began, each.ended, each.brought,
        each.home, each.chips,
    )  # fmt: skip


def _id(text: str, unknown: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ApiError(unknown) from None


HISTORY_ENDPOINTS = (
    Endpoint("POST", "/v1/hands/{table}/{hand}/share", "A link to one of my hands, as I saw it",
             share, y.ShareResponse, y.ShareRequest),
    Endpoint("GET", "/v1/shares", "My links that work", shares, y.SharesResponse),
    Endpoint("POST", "/v1/shares/{share}/end", "A link works no more", end_share, None),
    Endpoint("POST", "/v1/shared", "The hand that a link shows", shared, y.SharedHand,
             y.SharedRequest, right=None),
    Endpoint("GET", "/v1/sittings", "My sittings, newest first; after names one", sittings,
             y.SittingsResponse, query=("limit",), words=("after", "table", "since", "until")),
    Endpoint("GET", "/v1/sittings/{session}", "One sitting with its stack over time", sitting,
             y.SittingResponse),
)  # fmt: skip
