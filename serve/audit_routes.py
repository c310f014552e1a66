"""The endpoint of the audit log."""

import msgspec

from auth.audit import Wanted
from auth.rights import Right
from serve.routes import Call, Endpoint
from wire import http as h


async def audit(call: Call) -> h.AuditResponse:
    """One page, newest first."""
    limit, before = call.page()
    wanted = Wanted(
        call.text("who"), call.text("act"), call.instant("since"), call.instant("until"), before
    )
    found = await call.office.audit(wanted, limit)
    shown = tuple(h.AuditLine(*msgspec.structs.astuple(act)) for act in found)
    return h.AuditResponse(shown, shown[-1].number if len(shown) == limit else None)


AUDIT_ENDPOINTS = (
    Endpoint("GET", "/v1/operator/audit", "What operators did, newest first", audit,
             h.AuditResponse, right=Right.SEE_AUDIT, query=("limit", "before"),
             words=("who", "act", "since", "until")),
)  # fmt: skip
