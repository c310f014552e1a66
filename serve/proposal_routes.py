"""Voids by two people, each in a session of his own.

The first one asks, the second one agrees where he is signed in himself: no token and no password of
his is ever typed into the first one's browser. The void is done in that instant, and noted under
both names.
"""

from datetime import UTC, datetime
from typing import Any

from actors import commands as c
from actors.void_proposals import VoidProposal, VoidProposals
from auth.rights import Right, allowed
from serve.errors import ApiError
from serve.routes import Call, Endpoint, table_state
from wire import desk as d
from wire.http import Operator

SHOWN: int = 20


def _info(each: VoidProposal) -> d.ProposalInfo:
    return d.ProposalInfo(
        each.id, each.table, each.hand, each.reason, each.proposer, each.proposed, each.expires,
        each.state, each.decided_by, each.outcome,
    )  # fmt: skip


async def _proposals(call: Call) -> VoidProposals:
    return VoidProposals(await call.office.pool())


def _account(call: Call) -> Any:
    """The machine is nobody in particular: its two names may be one person."""
    if call.who is None:
        raise ApiError("approval_needed", "An account proposes and agrees, the machine does not.")
    return call.who


async def propose_void(call: Call) -> d.ProposalInfo:
    who = _account(call)
    asked: d.VoidProposal = call.body
    made = await (await _proposals(call)).propose(
        call.path["table"], asked.hand, asked.reason, who.account, who.name, datetime.now(UTC)
    )
    return _info(made)


async def proposals(call: Call) -> d.ProposalsResponse:
    found = await (await _proposals(call)).last(SHOWN, datetime.now(UTC))
    return d.ProposalsResponse(tuple(_info(each) for each in found))


async def approve_void(call: Call) -> d.ProposalInfo:
    """Agreed, and done; whoever asked must still have the right."""
    asked, number = await _proposals(call), call.number("proposal")
    decided = await _decided(call, True)
    by = Operator(decided.proposer, decided.decided_by)
    outcome = "internal"
    try:
        if not allowed(await call.office.roles(decided.proposer_id), Right.VOID_HANDS):
            raise ApiError("not_allowed", f"{decided.proposer} may void no hands any more.")
        command = c.VoidHand(0, decided.hand, decided.reason, decided.proposer)
        await call.office.operate(by, "operate", decided.table, command, reason=decided.reason)
        outcome = "done"
    except ApiError as refused:
        outcome = refused.body.code
        raise
    finally:
        await asked.note(number, outcome)
    return _info(await _one(call))


async def reject_void(call: Call) -> d.ProposalInfo:
    return _info(await _decided(call, False))


async def _decided(call: Call, agreed: bool) -> VoidProposal:
    who, now = _account(call), datetime.now(UTC)
    before = await _one(call)
    if agreed and before.proposer_id == who.account:
        raise ApiError("approval_needed")
    decided = await (await _proposals(call)).decide(before.id, agreed, who.account, who.name, now)
    if decided is None:
        raise ApiError("proposal_over")
    return decided


async def _one(call: Call) -> VoidProposal:
    found = await (await _proposals(call)).one(call.number("proposal"), datetime.now(UTC))
    if found is None:
        raise ApiError("proposal_unknown")
    return found


async def proposal_state(call: Call) -> d.ProposalInfo:
    """One proposal, for the audit log."""
    return _info(await _one(call))


_PROPOSAL = "/v1/operator/void-proposals/{proposal}"
PROPOSAL_ENDPOINTS = (
    Endpoint("GET", "/v1/operator/void-proposals", "Voids that two people agree on, newest first",
             proposals, d.ProposalsResponse, right=Right.VOID_HANDS),
    Endpoint("POST", "/v1/operator/tables/{table}/void-proposals",
             "Ask a second operator to void the hand in play", propose_void, d.ProposalInfo,
             d.VoidProposal, right=Right.VOID_HANDS, state=table_state),
    Endpoint("POST", f"{_PROPOSAL}/approve", "A second operator's yes: the hand is void",
             approve_void,
             d.ProposalInfo, d.ProposalDecision, right=Right.VOID_HANDS, state=proposal_state),
    Endpoint("POST", f"{_PROPOSAL}/reject", "A no", reject_void, d.ProposalInfo, d.ProposalDecision,
             right=Right.VOID_HANDS, state=proposal_state),
)  # fmt: skip
