"""The endpoints about players: their own sessions; and for operators, who is who, bans, kicks."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from auth.accounts import Somebody
from auth.bans import Ban, Banned
from auth.rights import Right
from auth.sessions import Opened
from serve.errors import ApiError
from serve.money_routes import player_of
from serve.routes import Call, Endpoint, table_state
from wire import players as p

BAN_MAX: Final = timedelta(days=36_500)


def _session(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ApiError("session_unknown") from None


def _sessions(found: list[Opened], current: UUID | None) -> p.SessionsResponse:
    return p.SessionsResponse(
        tuple(
            p.SessionInfo(
                str(each.id),
                each.device,
                each.address,
                each.created_at,
                each.expires_at,
                each.used_at,
                each.id == current,
            )
            for each in found
        )
    )


async def sessions(call: Call) -> p.SessionsResponse:
    return _sessions(await call.office.sessions(call.identity.account), call.identity.sid)


async def revoke_session(call: Call) -> None:
    sid = _session(call.path["session"])
    await call.office.revoke_own(call.identity.account, sid)


async def logout_everywhere(call: Call) -> None:
    await call.office.logout_everywhere(call.identity.account)


async def operator_sessions(call: Call) -> p.SessionsResponse:
    return _sessions(await call.office.sessions(player_of(call.path["player"])), None)


def entry_of(person: Somebody) -> p.PlayerEntry:
    """As operators see him."""
    ban = None
    if person.banned_at is not None:
        ban = p.BanInfo(person.banned_until, person.ban_reason or "")
    return p.PlayerEntry(
        str(person.id), person.name, person.kind, person.created_at, person.closed, ban
    )


async def player_state(call: Call) -> p.PlayerEntry:
    """How a player's account is, for the audit log."""
    return entry_of(await call.office.person(player_of(call.path["player"])))


async def players(call: Call) -> p.PlayersResponse:
    limit, _ = call.page()
    found = await call.office.find(call.text("name") or "", limit)
    return p.PlayersResponse(tuple(entry_of(person) for person in found))


def _told(changed: Banned) -> p.BanResponse:
    before, after = (
        None if ban is None else p.BanInfo(ban.until, ban.reason)
        for ban in (changed.before, changed.after)
    )
    return p.BanResponse(before, after)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise ApiError("bad_request", "A reason has a word in it.")


async def ban(call: Call) -> p.BanResponse:
    asked: p.BanRequest = call.body
    now = datetime.now(UTC)
    if asked.until is not None and not now < asked.until < now + BAN_MAX:
        raise ApiError("bad_request", "until is in the next hundred years; leave it out for ever.")
    _check_reason(asked.reason)
    account = player_of(call.path["player"])
    return _told(await call.office.ban(account, Ban(asked.until, asked.reason)))


async def lift_ban(call: Call) -> p.BanResponse:
    _check_reason(call.body.reason)
    return _told(await call.office.lift_ban(player_of(call.path["player"])))


async def kick(call: Call) -> None:
    asked: p.KickRequest = call.body
    _check_reason(asked.reason)
    await call.office.kick(
        asked.by, call.path["table"], player_of(asked.player), asked.minutes, asked.reason
    )


_PLAYER = "/v1/operator/players/{player}"
PLAYER_ENDPOINTS = (
    Endpoint("GET", "/v1/sessions", "Where I am signed in", sessions, p.SessionsResponse),
    Endpoint("POST", "/v1/sessions/{session}/revoke", "Sign out there", revoke_session, None),
    Endpoint("POST", "/v1/logout-everywhere", "End all my sessions, this one too",
             logout_everywhere, None),
    Endpoint("GET", "/v1/operator/players", "Players whose names begin with name", players,
             p.PlayersResponse, right=Right.SEE_PLAYERS, query=("limit",), words=("name",)),
    Endpoint("GET", f"{_PLAYER}/sessions", "Where a player is signed in", operator_sessions,
             p.SessionsResponse, right=Right.SEE_PLAYERS),
    Endpoint("PUT", f"{_PLAYER}/ban", "Nobody signs in as him; his lines are closed at once", ban,
             p.BanResponse, p.BanRequest, right=Right.BAN_PLAYERS, state=player_state),
    Endpoint("POST", f"{_PLAYER}/unban", "He may sign in again", lift_ban, p.BanResponse,
             p.LiftRequest, right=Right.BAN_PLAYERS, state=player_state),
    Endpoint("POST", "/v1/operator/tables/{table}/kick",
             "Send a player away from a table: he stands up, and stays away so long", kick,
             None, p.KickRequest, right=Right.RUN_TABLES, state=table_state),
)  # fmt: skip
