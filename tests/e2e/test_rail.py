"""A spectator of the running system: at the rail, not at the table's own process."""

from urllib.parse import urlsplit

from client import Client
from client.table import Table
from games.holdem import records as r
from games.protocol import NO_SEAT
from tests.server import Server


async def test_a_spectator_sees_hands_of_bots_and_no_hidden_card(server: Server) -> None:
    async with await Client.guest(server.url) as client:
        at_rail = urlsplit((await client.api.ticket("linden", rail=True)).url)
        at_table = urlsplit((await client.api.ticket("linden")).url)
        assert at_rail.port != at_table.port
        table = Table(client.api, "linden", rail=True)
        try:
            await table.ready()
            assert table.state.me == NO_SEAT
            ended = 0
            async for event in table.events():
                if isinstance(event, r.HoleDealt):
                    assert event.cards == ()
                ended += isinstance(event, r.HandEnded)
                if ended == 3:
                    break
        finally:
            await table.close()
