"""A whole bot: python -m client.example_bot http://127.0.0.1:8700"""

import asyncio
import sys

from client import Client
from games.holdem.records import Check, Fold


async def main(url: str, hands: int = 10) -> None:
    async with await Client.guest(url) as client:
        table = await client.quick_seat()
        last = table.state.hand + hands
        while table.state.hand <= last and table.state.my_seat:
            if table.state.my_turn and table.state.options:
                await table.act(Check() if table.state.options.can_check else Fold())
            else:
                await table.changed()
        await table.stand()
        print((await client.wallet()).amount, "chips in the wallet, the rest is on its way")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
