"""Seat tickets: who may come in, where, and how often."""

import json
import uuid

import jwt
import pytest

from auth.errors import (
    AuthError,
    TicketExpired,
    TicketInvalid,
    TicketRush,
    TicketUsed,
    TicketWrongTable,
)
from auth.keys import PublicKeys, SigningKeys
from auth.tickets import TICKET_TTL_S, Role, TicketGate, mint_ticket
from auth.tokens import Identity, mint_access

NOW = 1_800_000_000.5
TABLE = str(uuid.uuid4())
IDENTITY = Identity(account=uuid.uuid4(), name="Ada", kind="guest", sid=uuid.uuid4())
KEYS = SigningKeys.in_memory()


def ticket(
    table: str = TABLE,
    epoch: int = 3,
    *,
    keys: SigningKeys = KEYS,
    role: Role = "seat",
    seat: int | None = None,
    now: float = NOW,
    ttl_s: int = TICKET_TTL_S,
) -> str:
    return mint_ticket(
        keys,
        IDENTITY,
        table=table,
        epoch=epoch,
        addr="10.0.0.7",
        port=40_001,
        role=role,
        seat=seat,
        now=now,
        ttl_s=ttl_s,
    )


@pytest.fixture
def gate() -> TicketGate:
    # As at a table: from the bytes of a public JWK set, with no private key in reach.
    return TicketGate(PublicKeys.from_jwks(KEYS.public.jwks()), TABLE, 3)


def test_a_ticket_tells_the_table_who_comes_and_as_what(gate: TicketGate) -> None:
    claims = gate.redeem(ticket(seat=4), NOW)
    assert (claims.sub, claims.name, claims.kind) == (IDENTITY.account, "Ada", "guest")
    assert (claims.table, claims.epoch, claims.addr, claims.port) == (TABLE, 3, "10.0.0.7", 40_001)
    assert (claims.role, claims.seat) == ("seat", 4)
    assert claims.exp == int(NOW) + TICKET_TTL_S


def test_a_rail_takes_rail_tickets_of_every_table_and_a_table_takes_none(gate: TicketGate) -> None:
    rail = TicketGate(PublicKeys.from_jwks(KEYS.public.jwks()), None, 3, role="rail")
    for table in (TABLE, "oak"):
        claims = rail.redeem(ticket(table, role="rail"), NOW)
        assert (claims.role, claims.seat, claims.table) == ("rail", None, table)
    for wrong in (ticket(), ticket(role="rail", epoch=4)):
        with pytest.raises(TicketWrongTable):
            rail.redeem(wrong, NOW)
    with pytest.raises(TicketWrongTable):
        gate.redeem(ticket(role="rail"), NOW)
    assert "seat" not in jwt.decode(ticket(role="rail"), options={"verify_signature": False})


def test_the_claims_are_the_ones_the_edge_routes_by() -> None:
    claims = jwt.decode(ticket(), options={"verify_signature": False})
    assert set(claims) == {
        *(
            "sub",
            "sid",
            "name",
            "kind",
            "table",
            "epoch",
            "addr",
            "port",
            "role",
            "jti",
            "exp",
            "aud",
        )
    }
    assert claims["aud"] == "table"


def test_a_ticket_admits_once(gate: TicketGate) -> None:
    token = ticket()
    gate.redeem(token, NOW)
    with pytest.raises(TicketUsed):
        gate.redeem(token, NOW + 1)


def test_two_tickets_of_one_player_are_two_admissions(gate: TicketGate) -> None:
    assert gate.redeem(ticket(), NOW).jti != gate.redeem(ticket(), NOW).jti


def test_a_ticket_dies_on_its_second_and_not_before(gate: TicketGate) -> None:
    end = int(NOW) + TICKET_TTL_S
    gate.redeem(ticket(), end - 0.001)
    with pytest.raises(TicketExpired):
        gate.redeem(ticket(), end)


def test_another_table_or_an_earlier_or_later_epoch_is_elsewhere(gate: TicketGate) -> None:
    for token in (ticket(table="other"), ticket(epoch=2), ticket(epoch=4)):
        with pytest.raises(TicketWrongTable):
            gate.redeem(token, NOW)


def test_a_refused_ticket_is_not_used_up(gate: TicketGate) -> None:
    token = ticket(epoch=4)
    with pytest.raises(TicketWrongTable):
        gate.redeem(token, NOW)
    TicketGate(KEYS.public, TABLE, 4).redeem(token, NOW)


def test_forgeries_and_rubbish_are_invalid(gate: TicketGate) -> None:
    good = ticket()
    head, body, signature = good.split(".")
    other = ticket(seat=1).split(".")[1]
    forged = ticket(keys=SigningKeys.in_memory())
    for token in ("", "a.b.c", forged, f"{head}.{other}.{signature}", f"{head}.{body}.", good[:-4]):
        with pytest.raises(TicketInvalid):
            gate.redeem(token, NOW)


def test_an_access_token_opens_no_table(gate: TicketGate) -> None:
    with pytest.raises(TicketInvalid):
        gate.redeem(mint_access(KEYS, IDENTITY, NOW), NOW)


def test_signed_claims_of_another_shape_are_invalid(gate: TicketGate) -> None:
    claims = jwt.decode(ticket(), options={"verify_signature": False})
    for change in ({"aud": "api"}, {"role": "dealer"}, {"seat": -1}, {"port": 0}, {"jti": ""}):
        with pytest.raises(TicketInvalid):
            gate.redeem(KEYS.sign(json.dumps({**claims, **change}).encode(), "ticket+jwt"), NOW)


def test_a_ticket_that_would_have_to_be_remembered_too_long_is_invalid(gate: TicketGate) -> None:
    with pytest.raises(TicketInvalid):
        gate.redeem(ticket(now=NOW + 1_000), NOW)


def test_used_tickets_are_forgotten_once_they_have_expired() -> None:
    gate = TicketGate(KEYS.public, TABLE, 3, used_tickets_max=2)
    token = ticket()
    gate.redeem(token, NOW)
    gate.redeem(ticket(), NOW)
    later = NOW + TICKET_TTL_S
    gate.redeem(ticket(now=later), later)
    gate.redeem(ticket(now=later), later)
    with pytest.raises(TicketExpired):
        gate.redeem(token, later)


def test_a_full_memory_refuses_newcomers_rather_than_forget_a_used_ticket() -> None:
    gate = TicketGate(KEYS.public, TABLE, 3, used_tickets_max=1)
    token = ticket()
    gate.redeem(token, NOW)
    with pytest.raises(TicketRush) as caught:
        gate.redeem(ticket(), NOW)
    assert caught.value.retry_after_s == 1
    with pytest.raises(TicketUsed):
        gate.redeem(token, NOW)


def test_every_refusal_has_its_own_stable_code_and_a_sentence() -> None:
    kinds = AuthError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
    for kind in kinds:
        assert kind().message.endswith(".")
        assert str(kind()) == kind().message
