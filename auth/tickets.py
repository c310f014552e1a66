"""Seat tickets: signed, short-lived, used once. The ticket is also the route to the table.

The gateway mints, the table redeems. Without an edge the player goes to ``addr`` and ``port``. With
one, both are sealed in ``route``: the edge checks the same signature, opens the route and forwards
there, and the ticket tells nobody else anything of the network. Audience and header type differ
from those of access tokens, so neither passes for the other.

Resume tickets, which a table hands to seated players, will come from a key of the table's own;
until then no table holds a private key.
"""

import base64
import secrets
from collections.abc import Container
from typing import Annotated, Final, Literal
from uuid import UUID

import msgspec

from auth.errors import (
    SessionEnded,
    TicketExpired,
    TicketInvalid,
    TicketRush,
    TicketUsed,
    TicketWrongTable,
)
from auth.keys import BadSignature, PublicKeys, Signer
from auth.seals import Seals
from auth.tokens import Identity, Kind

TICKET_TTL_S: Final = 30
USED_TICKETS_MAX: Final = 4_096
TICKET_TTL_S_MAX: Final = 4 * TICKET_TTL_S
"""Later expiry is refused: it bounds how long a used ticket must be remembered."""
_TYP: Final = "ticket+jwt"

ROUTE_CHARS: Final = 48
"""An IPv6 address and a port; with number, nonce and tag 78 bytes, which base64 does not pad."""

Role = Literal["seat", "rail"]


class TicketClaims(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a ticket says. ``exp`` is in Unix seconds; ``seat`` is an index, when one is held.
    Either ``addr`` and ``port`` are there, or ``route``."""

    sub: UUID
    sid: UUID
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    kind: Kind
    table: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    epoch: Annotated[int, msgspec.Meta(ge=0)]
    addr: Annotated[str, msgspec.Meta(min_length=1, max_length=255)] = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 0
    route: Annotated[str, msgspec.Meta(min_length=1, max_length=128)] = ""
    role: Role
    seat: Annotated[int, msgspec.Meta(ge=0)] | None = None
    jti: Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
    exp: int
    trace: Annotated[str, msgspec.Meta(max_length=55)] = ""
    """The request that the ticket was made for (W3C ``traceparent``), where traces are taken."""


class _Payload(TicketClaims, frozen=True, omit_defaults=True, kw_only=True):
    aud: Literal["table"]


_PAYLOAD: Final = msgspec.json.Decoder(_Payload)


def mint_ticket(
    keys: Signer,
    identity: Identity,
    *,
    table: str,
    epoch: int,
    addr: str = "",
    port: int = 0,
    route: str = "",
    role: Role,
    now: float,
    seat: int | None = None,
    ttl_s: int = TICKET_TTL_S,
    trace: str = "",
) -> str:
    """A ticket for ``identity`` to ``table`` while its activation ``epoch`` is served at ``addr``.

    ``now`` is in Unix seconds; the ticket works once, within ``ttl_s`` seconds.
    """
    assert 0 < ttl_s <= TICKET_TTL_S_MAX
    assert bool(addr and port) != bool(route)
    payload = _Payload(
        sub=identity.account,
        sid=identity.sid,
        name=identity.name,
        kind=identity.kind,
        table=table,
        epoch=epoch,
        addr=addr,
        port=port,
        route=route,
        role=role,
        seat=seat,
        jti=secrets.token_urlsafe(15),
        exp=int(now) + ttl_s,
        trace=trace,
        aud="table",
    )
    return keys.sign(msgspec.json.encode(payload), _TYP)


def sealed_route(seals: Seals, addr: str, port: int) -> str:
    """Where a table is, for the edge alone: base64url of AES-256-GCM over ``addr/port/``, filled up
    so that all have one length."""
    plain = f"{addr}/{port}/".ljust(ROUTE_CHARS, "/").encode()
    assert len(plain) == ROUTE_CHARS
    return base64.urlsafe_b64encode(seals.seal(plain, "")).decode()


class TicketGate:
    """Admits each ticket to one activation of one table once, or of a rail (``table`` is None:
    whoever asks looks which one the ticket names).

    What was redeemed is remembered in this process only. That is enough: a table or rail that is
    started anew has a higher epoch, and every ticket to the old one is refused for that.
    """

    def __init__(
        self,
        public_keys: PublicKeys,
        table: str | None,
        epoch: int,
        *,
        role: Role = "seat",
        used_tickets_max: int = USED_TICKETS_MAX,
        ended: Container[UUID] = frozenset(),
    ) -> None:
        """``ended`` are sessions that are over: tickets of theirs may still be about."""
        self._keys = public_keys
        self._table = table
        self._epoch = epoch
        self._role = role
        self._ended = ended
        self._used_tickets_max = used_tickets_max
        self._used: dict[str, int] = {}  # jti → exp, in order of arrival

    def redeem(self, token: str, now: float) -> TicketClaims:
        """Admit the bearer of ``token`` at ``now`` (Unix seconds), once.

        Raises, in this order:
            TicketInvalid: forged, malformed, or not a ticket.
            TicketWrongTable: for another table, another epoch of this one, or another role.
            TicketExpired: too late.
            SessionEnded: its session is over.
            TicketUsed: redeemed before.
            TicketRush: more tickets in use at once than the gate can remember.
        """
        claims = self._read(token)
        if self._table not in (None, claims.table):
            raise TicketWrongTable
        if claims.epoch != self._epoch or claims.role != self._role:
            raise TicketWrongTable
        if claims.exp <= now:
            raise TicketExpired
        if claims.exp > now + TICKET_TTL_S_MAX:
            raise TicketInvalid
        if claims.sid in self._ended:
            raise SessionEnded
        self._sweep(now)
        if claims.jti in self._used:
            raise TicketUsed
        if len(self._used) >= self._used_tickets_max:
            # Forgetting a used ticket would admit it again; refusing costs a newcomer one retry.
            raise TicketRush(retry_after_s=1)
        self._used[claims.jti] = claims.exp
        return claims

    def _read(self, token: str) -> TicketClaims:
        try:
            return _PAYLOAD.decode(self._keys.verify(token, _TYP))
        except (BadSignature, msgspec.MsgspecError) as error:
            raise TicketInvalid from error

    def _sweep(self, now: float) -> None:
        # Arrival is nearly the order of expiry; one stuck behind a later one waits a little.
        while self._used:
            jti, exp = next(iter(self._used.items()))
            if exp > now:
                break
            del self._used[jti]
