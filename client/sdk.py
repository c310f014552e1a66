"""The SDK's front: sign in, look around, join tables."""

from types import TracebackType
from typing import Any, Self

from client.api import Api
from client.table import Table
from wire import http as h


class Client:
    """A signed-in player. Use as ``async with await Client.guest(url) as client``."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self._tables: list[Table] = []

    @classmethod
    async def guest(cls, url: str) -> Self:
        """Play without an account."""
        api = Api(url)
        await api.guest()
        return cls(api)

    @classmethod
    async def register(cls, url: str, name: str, password: str) -> Self:
        """Make an account."""
        api = Api(url)
        await api.register(name, password)
        return cls(api)

    @classmethod
    async def login(cls, url: str, name: str, password: str) -> Self:
        """Sign in to an account."""
        api = Api(url)
        await api.login(name, password)
        return cls(api)

    @classmethod
    async def launched(cls, url: str, launch: str) -> Self:
        """Sign in as an operator has sent you."""
        api = Api(url)
        await api.enter(launch)
        return cls(api)

    @classmethod
    def from_tokens(cls, url: str, tokens: h.TokensResponse) -> Self:
        """Go on with tokens that somebody else got."""
        return cls(Api(url, tokens))

    @property
    def player(self) -> h.PlayerInfo:
        return self.api.player

    async def lobby(self) -> h.LobbyResponse:
        return await self.api.lobby()

    async def wallet(self) -> h.WalletResponse:
        return await self.api.wallet()

    async def join(self, table: str, **options: Any) -> Table:
        """Connect to a table and wait for its snapshot; ``options`` as for ``Table``."""
        joined = Table(self.api, table, **options)
        self._tables = [*(known for known in self._tables if not known.closed), joined]
        try:
            await joined.ready()
        except BaseException:
            # Given up while connecting: it must not come back by itself later.
            await joined.close()
            raise
        return joined

    async def quick_seat(self, big_blind: int | None = None) -> Table:
        """Join the liveliest table within reach and sit down, paying the big blind for the next
        hand rather than waiting for it to come round."""
        offer = await self.api.quick_seat(big_blind)
        table = await self.join(offer.info.table)
        await table.sit(offer.buy_in, post_now=True)
        return table

    async def close(self) -> None:
        """Hang up everywhere."""
        for table in self._tables:
            await table.close()
        await self.api.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()
