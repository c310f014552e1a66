"""The application: who plays, and which screen is shown."""

from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from client.sdk import Client
from client.terminal.help import HelpScreen
from client.terminal.lobby import LobbyScreen
from client.terminal.welcome import WelcomeScreen


class PlayApp(App[int]):
    """Screens: welcome → lobby → table. Everything works from the keyboard."""

    TITLE = "Squaredeal"
    CSS_PATH = "terminal.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark", "help", "Help")]

    def __init__(self, url: str, name: str | None = None, guest: bool = False) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
        self.url = url
        self.asked_name = name
        self.client: Client | None = None
        self._guest = guest

    async def on_mount(self) -> None:
        welcome = WelcomeScreen(self.url, self.asked_name or "")
        await self.push_screen(welcome, self.enter)
        if self._guest:
            welcome.play_as_guest()

    def enter(self, client: Client | None) -> None:
        """Signed in: on to the lobby."""
        if client is not None:
            self.client = client
            self.push_screen(LobbyScreen(client))

    def action_help(self) -> None:
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())

    async def on_unmount(self) -> None:
        if self.client is not None:
            await self.client.close()


def run(url: str, name: str | None = None, guest: bool = False) -> int:
    """Play until the player leaves; the exit status."""
    return PlayApp(url, name, guest).run() or 0
