"""The first screen: play as a guest, sign in, or make an account.

Widget ids: name, password, guest, login, register, message.
"""

from collections.abc import Awaitable, Callable
from typing import ClassVar

import httpx
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Button, Footer, Input, Label, Static

from client.errors import ApiError
from client.sdk import Client
from client.terminal.messages import coloured

BANNER = """\
 [#c2273d]♥[/] [#e2e8f0]♠[/]  [b]s q u a r e d e a l[/b]  [#1b9f4b]♣[/] [#3b82f6]♦[/]

[#94a3b8]fast tables · safe chips · a deal you can check[/]"""


class WelcomeScreen(Screen[Client]):
    """Its result is a signed-in client."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+g", "guest", "Play as guest"),
        Binding("escape", "app.quit", "Quit"),
    ]

    def __init__(self, url: str, name: str) -> None:
        super().__init__()
        self._url = url
        self._name_given = name

    def compose(self) -> ComposeResult:
        with Vertical(id="welcome"):
            yield Static(BANNER, id="banner")
            yield Label(self._url, id="url")
            yield Button("Play as guest", id="guest", variant="success")
            yield Input(self._name_given, placeholder="name", id="name")
            yield Input(placeholder="password", password=True, id="password")
            with Horizontal(id="choices"):
                yield Button("Sign in", id="login", variant="primary")
                yield Button("Make an account", id="register")
            yield Static("", id="message")
        yield Footer()

    def on_mount(self) -> None:
        self.query_one("#password" if self._name_given else "#guest").focus()

    def action_guest(self) -> None:
        self.play_as_guest()

    @on(Button.Pressed, "#guest")
    def play_as_guest(self) -> None:
        """Sign in without an account."""
        self._sign_in(lambda: Client.guest(self._url))

    @on(Button.Pressed, "#login")
    @on(Input.Submitted, "#password")
    def _login(self) -> None:
        name, password = self._given()
        self._sign_in(lambda: Client.login(self._url, name, password))

    @on(Button.Pressed, "#register")
    def _register(self) -> None:
        name, password = self._given()
        self._sign_in(lambda: Client.register(self._url, name, password))

    def _given(self) -> tuple[str, str]:
        return (
            self.query_one("#name", Input).value.strip(),
            self.query_one("#password", Input).value,
        )

    @work(exclusive=True)
    async def _sign_in(self, how: Callable[[], Awaitable[Client]]) -> None:
        message = self.query_one("#message", Static)
        message.update("[#94a3b8]one moment …[/]")
        try:
            client = await how()
        except (ApiError, httpx.TransportError) as failure:
            message.update(coloured(explain(failure, self._url), bad=True))
            return
        self.dismiss(client)


def explain(failure: Exception, url: str) -> str:
    """A failure as one sentence for a person."""
    if isinstance(failure, httpx.TransportError):
        return f"No server answers at {url}. Is it running?"
    return str(failure)
