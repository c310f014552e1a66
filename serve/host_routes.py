"""The endpoints of hosts: each opens, closes and rules his own private tables."""

from datetime import UTC, datetime, timedelta
from typing import Final

from actors import commands as c
from actors.spec import TableSpec
from auth.bans import Ban
from auth.private_tables import Private
from auth.rights import Right
from games.holdem.game import HoldemSpec
from games.holdem.positions import Blinds
from serve.errors import ApiError
from serve.money_routes import player_of
from serve.overview import TABLE_UNKNOWN
from serve.routes import Call, Endpoint
from wire import host as w
from wire.http import Operator

SHARED: Final = 50
"""So many private tables share a process."""
BY_HOST: Final = "sent away by the host"


def spec_of(table: str, asked: w.PrivateTableRequest) -> TableSpec:
    """What a host may choose, for PLAY and without rake. Raises ApiError."""
    if asked.small_blind > asked.big_blind or asked.buy_in_min > asked.buy_in_max:
        raise ApiError("bad_request", "The smaller one of two comes first.")
    blinds = Blinds(small=asked.small_blind, big=asked.big_blind)
    return TableSpec(
        table=table,
        name=asked.title,
        game=HoldemSpec(seats=asked.seats, blinds=blinds),
        buy_in_min=asked.buy_in_min * asked.big_blind,
        buy_in_max=asked.buy_in_max * asked.big_blind,
        tables_per_actor=SHARED,
        private=True,
    )


async def tables(call: Call) -> w.PrivateTablesResponse:
    found: list[Private] = await call.office.private("of", call.identity.account)
    return w.PrivateTablesResponse(
        tuple(w.PrivateTable(each.table, each.title, each.opened_at) for each in found)
    )


async def open_table(call: Call) -> w.PrivateTable:
    asked: w.PrivateTableRequest = call.body
    spec_of("private-", asked)
    now = datetime.now(UTC)
    table, code = await call.office.private("open", call.identity.account, asked.title, now)
    opened = None
    try:
        opened = await call.office.open_table(spec_of(table, asked))
    finally:
        if opened is None:  # or else it would count as one of his for ever
            await call.office.private("close", table, now)
            await call.office.forget_table(table)
    if opened is None:
        raise ApiError("table_not_open")
    return w.PrivateTable(table, asked.title, now, code)


async def _mine(call: Call) -> str:
    table = call.path["table"]
    await call.office.private("check", call.identity.account, table)
    return table


async def close_table(call: Call) -> None:
    table = await _mine(call)
    by = Operator(call.identity.name)
    try:
        await call.office.operate(by, "wind_up", table, reason="by its host")
    except ApiError as refused:
        if refused.body.code != TABLE_UNKNOWN.code:  # an operator has closed it
            raise
    await call.office.private("close", table, datetime.now(UTC))


async def renew_code(call: Call) -> w.PrivateTable:
    table = call.path["table"]
    code = await call.office.private("renew", call.identity.account, table)
    return w.PrivateTable(table, "", None, code)


async def put_out(call: Call) -> None:
    table, asked = await _mine(call), call.body
    account = player_of(asked.player)
    if account == call.identity.account:
        raise ApiError("bad_request", "Nobody sends himself away: stand up, or close the table.")
    until = datetime.now(UTC) + timedelta(minutes=asked.minutes)
    await call.office.keep_away(account, table, Ban(until, BY_HOST), sooner=False)
    await call.office.private("put_out", table, account)
    by, command = Operator(call.identity.name), c.StandUp(0, str(account), after_hand=True)
    await call.office.operate(by, "operate", table, command, reason=BY_HOST)


_TABLE = "/v1/host/tables/{table}"
HOST_ENDPOINTS = (
    Endpoint("GET", "/v1/host/tables", "My private tables", tables, w.PrivateTablesResponse,
             right=Right.HOST_TABLES),
    Endpoint("POST", "/v1/host/tables", "Open a private table", open_table, w.PrivateTable,
             w.PrivateTableRequest, right=Right.HOST_TABLES, secret=True, state=tables),
    Endpoint("POST", f"{_TABLE}/close", "Close mine: every stake goes home after the hand",
             close_table, None, right=Right.HOST_TABLES, state=tables),
    Endpoint("POST", f"{_TABLE}/code", "Another code; the one before lets nobody in any more",
             renew_code, w.PrivateTable, right=Right.HOST_TABLES, secret=True, state=tables),
    Endpoint("POST", f"{_TABLE}/kick", "Send a player away from mine, after the hand",
             put_out, None, w.PutOutRequest, right=Right.HOST_TABLES, state=tables),
)  # fmt: skip
