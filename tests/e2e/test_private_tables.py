"""A private table on the running system: opened, played at, and closed by its host."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import httpx
import msgspec
import pytest

from client import ApiError, Client, Table, TableClosed
from games.holdem.records import Call, Check
from tests.e2e.test_http import bearer, error
from tests.e2e.test_play import eventually, home
from tests.e2e.test_roles import player, roles
from tests.server import Server, command
from wire.codes import Close
from wire.http import TokensResponse

HOST = "/v1/host/tables"
ASKED = {"title": "Friday", "seats": 3, "small_blind": 5, "big_blind": 10}
BUY_IN = 1_000


async def act(table: Table) -> None:
    """Check, or call, if it is his turn; else wait for something to happen."""
    options = table.state.options
    if table.state.my_turn and options is not None:
        await table.act(Check() if options.can_check else Call())
    else:
        await table.changed()


async def play(table: Table, until: int) -> None:
    """Check and call up to this hand."""
    while table.state.hand < until:
        await act(table)


async def play_on(table: Table) -> int:
    """Check and call for as long as the server lets him; the code with which it hangs up."""
    try:
        while True:
            await act(table)
    except TableClosed as closed:
        return closed.code


async def events_of(client: Client, hand: int) -> list[str]:
    """What kind of things happened in his hand of this number."""
    (record,) = [each for each in (await client.api.hands()).hands if each.hand == hand]
    return [each["type"] for each in msgspec.json.decode(record.events)]


async def refused(client: Client, table: str, code: str = "") -> str:
    with pytest.raises(ApiError) as answer:
        await (client.api.show_code(table, code) if code else client.api.ticket(table))
    return answer.value.code


async def test_a_host_and_his_guests(server: Server, http: httpx.Client) -> None:
    host, stranger = player(http), player(http)

    async def tell(who: dict[str, Any], path: str, body: Any = None) -> httpx.Response:
        """While others play."""
        return await asyncio.to_thread(http.post, HOST + path, json=body, headers=bearer(who))

    async def ask(path: str, body: Any = None) -> Any:
        answer = await tell(host, path, body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    assert error(await tell(host, "", ASKED), 403) == "not_allowed"
    for who in (host, stranger):
        roles(server, "grant", who["player"]["name"], "host")

    made = await ask("", ASKED)
    name, code = made["table"], made["code"]
    async with AsyncExitStack() as stack:
        tokens = msgspec.convert(host, TokensResponse)
        ann = await stack.enter_async_context(Client.from_tokens(server.url, tokens))
        bob = await stack.enter_async_context(await Client.guest(server.url))
        eve = await stack.enter_async_context(await Client.guest(server.url))
        everybody = (ann, bob, eve)
        before = sum([(await each.wallet()).amount for each in everybody])

        assert name not in {each.info.table for each in (await eve.lobby()).tables}
        for wrong in ("", "another"):
            assert await refused(eve, name, wrong) == "invite_needed"
        for path, body in (("close", None), ("code", None), ("kick", {"player": bob.player.id})):
            other = await tell(stranger, f"/{name}/{path}", body)
            assert error(other, 404) == "table_not_yours"

        await bob.api.show_code(name, code)
        at_ann, at_bob = await ann.join(name), await bob.join(name)
        for table in (at_ann, at_bob):
            await table.sit(BUY_IN)
        await asyncio.gather(play(at_ann, 3), play(at_bob, 3))

        # He is sent away when the turn is his: he plays the hand to its end, and goes.
        playing = asyncio.create_task(play_on(at_ann))
        await eventually(lambda: at_bob.state.my_turn, at_bob.changed)
        hand = at_bob.state.hand
        await ask(f"/{name}/kick", {"player": bob.player.id, "minutes": 5})
        mine = at_bob.state.my_seat
        await eventually(lambda: mine is not None and mine.sent_away, at_bob.changed)
        # His line breaks: he comes back to the same turn of the same hand.
        assert at_bob._socket is not None
        at_bob._socket.transport.abort()
        await eventually(lambda: not at_bob.connected, at_bob.changed)
        await eventually(lambda: at_bob.connected, at_bob.changed)
        assert (at_bob.state.hand, at_bob.state.my_turn) == (hand, True)
        assert await play_on(at_bob) == Close.SENT_AWAY
        assert await refused(bob, name, code) == "sent_away"
        assert at_bob.state.hand == hand
        await home(bob)
        assert "hand_shown" in await events_of(bob, hand)

        # A close in the middle of a hand waits for its end.
        await eve.api.show_code(name, code)
        at_eve = await eve.join(name)
        await at_eve.sit(BUY_IN)
        await eventually(lambda: at_eve.state.my_turn, at_eve.changed)
        hand = at_eve.state.hand
        await ask(f"/{name}/close")
        assert (await asyncio.to_thread(http.get, HOST, headers=bearer(host))).json() == {
            "tables": []
        }
        assert (at_eve.state.hand, at_eve.state.my_turn) == (hand, True)
        assert await play_on(at_eve) == Close.TABLE_CLOSED
        assert await playing == Close.TABLE_CLOSED
        assert sum([await home(each) for each in everybody]) == before
        assert "hand_shown" in await events_of(eve, hand)
        assert await refused(eve, name) == "table_unknown"
    books = command("ledger", "check", "--data-dir", str(server.data_dir))
    assert books.returncode == 0, books.stdout
