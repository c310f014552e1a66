"""A table's process dies: the floor opens the table again, nobody loses a chip."""

import os
import signal

import httpx
import psutil

from client import Client
from tests.e2e.conftest import Server
from tests.e2e.test_play import eventually


def listener(port: int) -> int:
    """The process that listens on a port."""
    for connection in psutil.net_connections("tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
            assert connection.pid is not None
            return int(connection.pid)
    raise AssertionError(f"nobody listens on {port}")


async def test_a_killed_table_is_opened_again_and_its_stakes_go_home(
    server: Server,
) -> None:
    async with await Client.guest(server.url) as client:
        before = (await client.wallet()).amount
        table = await client.join("meridian")
        epoch = table.state.epoch
        await table.sit(5_000)
        assert (await client.wallet()).at_tables == 5_000
        ticket = await client.api.ticket("meridian")
        os.kill(listener(httpx.URL(ticket.url).port or 0), signal.SIGKILL)
        await eventually(lambda: table.connected and table.state.epoch > epoch, table.changed)

        async def at_home() -> bool:
            return (await client.wallet()).at_tables == 0

        while not await at_home():
            await table.changed()
        # The hand in play was void: he has what the ledger had before it.
        after = (await client.wallet()).amount
        assert before - 5_000 < after <= before + 5_000
        await table.sit(5_000)
        await table.stand()
        assert "meridian" in {listed.info.table for listed in (await client.lobby()).tables}
