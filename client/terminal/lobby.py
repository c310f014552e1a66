"""The lobby: open tables, refreshed while you look, and what is in your wallet.

Widget ids: tables, wallet, message.
"""

from typing import ClassVar

import httpx
from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import DataTable, Footer, Static

from client.errors import ApiError, TableClosed
from client.sdk import Client
from client.terminal.canvas import chips
from client.terminal.messages import coloured
from client.terminal.room import TableScreen
from wire.http import LobbyResponse, TableListing, WalletResponse

REFRESH_S = 2.0
COLUMNS = (("table", 26), ("seats", 7), ("buy-in", 13), ("pot", 7), ("hands/h", 7))


class LobbyScreen(Screen[None]):
    """Enter joins the table under the cursor; q finds a seat by itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "join", "Join", show=True, priority=True),
        Binding("q", "quick", "Quick seat"),
        Binding("d", "daily", "Daily chips"),
        Binding("escape", "app.quit", "Quit"),
    ]

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client

    def compose(self) -> ComposeResult:
        yield Static("", id="wallet")
        yield DataTable(id="tables", cursor_type="row", zebra_stripes=True)
        yield Static("", id="message")
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one("#tables", DataTable)
        for name, width in COLUMNS:
            table.add_column(name, width=width, key=name)
        self.refresh_lobby()
        self.set_interval(REFRESH_S, self.refresh_lobby)

    def on_screen_resume(self) -> None:
        self.refresh_lobby()

    @work(exclusive=True, group="refresh")
    async def refresh_lobby(self) -> None:
        """Read tables and wallet again."""
        try:
            lobby, wallet = await self._client.lobby(), await self._client.wallet()
        except (ApiError, httpx.TransportError) as failure:
            self.say(str(failure), bad=True)
            return
        self._show(lobby, wallet)

    def _show(self, lobby: LobbyResponse, wallet: WalletResponse) -> None:
        in_play = f"  ·  {chips(wallet.at_tables)} at tables" if wallet.at_tables else ""
        who = self._client.player
        self.query_one("#wallet", Static).update(
            f"[b]{who.name}[/b]  [#94a3b8]{who.kind}[/]   "
            f"[#fde68a]{chips(wallet.amount)} chips[/]{in_play}"
        )
        table = self.query_one("#tables", DataTable)
        wanted = {listing.info.table: _row(listing) for listing in lobby.tables}
        known = {key.value for key in table.rows}
        for name in known - set(wanted):
            table.remove_row(str(name))
        for name, cells in wanted.items():
            if name not in known:
                table.add_row(*cells, key=name)
                continue
            for (column, _), cell in zip(COLUMNS, cells, strict=True):
                table.update_cell(name, column, cell)

    def say(self, text: str, bad: bool = False) -> None:
        """A line below the tables."""
        self.query_one("#message", Static).update(coloured(text, bad))

    @on(DataTable.RowSelected)
    def _selected(self) -> None:
        self.action_join()

    @work(exclusive=True, group="join")
    async def action_join(self) -> None:
        """Join the table under the cursor."""
        table = self.query_one("#tables", DataTable)
        if table.row_count:
            key = table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value
            await self._join(str(key))

    @work(exclusive=True, group="join")
    async def action_quick(self) -> None:
        """Join the liveliest table that the wallet can buy into."""
        try:
            offer = await self._client.api.quick_seat()
        except (ApiError, httpx.TransportError) as failure:
            self.say(str(failure), bad=True)
            return
        await self._join(offer.info.table, offer.buy_in)

    @work(exclusive=True, group="daily")
    async def action_daily(self) -> None:
        """Claim today's chips."""
        try:
            daily = await self._client.api.daily()
        except (ApiError, httpx.TransportError) as failure:
            self.say(str(failure), bad=True)
            return
        given = f"{chips(daily.granted)} chips for today." if daily.granted else ""
        self.say(given or "Today's chips are yours already; come back tomorrow.")
        self.refresh_lobby()

    async def _join(self, name: str, offer: int | None = None) -> None:
        try:
            joined = await self._client.join(name)
        except (ApiError, TableClosed, httpx.TransportError) as failure:
            self.say(str(failure), bad=True)
            return
        self.say("")
        self.app.push_screen(TableScreen(self._client, joined, offer))


def _row(listing: TableListing) -> tuple[Text, ...]:
    info = listing.info
    people = listing.players + listing.bots
    seats = Text(f"{people}/{info.seats}", "#86efac" if people < info.seats else "#94a3b8")
    if listing.busy:
        seats = Text("full for now", "#94a3b8")
    elif listing.bots:
        seats.append(f" {listing.bots}b", "#64748b")
    return (
        Text(info.name, "bold"),
        seats,
        Text(f"{chips(info.buy_in_min)}–{chips(info.buy_in_max)}"),
        Text(chips(listing.average_pot), "#fde68a", justify="right"),
        Text(chips(listing.hands_per_hour), justify="right"),
    )
