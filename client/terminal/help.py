"""The help screen: every key, and what the felt's colours mean."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Static

TEXT = """\
[b]At the table[/b]
 [b #fde68a]f[/] fold          [b #fde68a]c[/] check or call    [b #fde68a]r[/] raise or bet
 [b #fde68a]a[/] all-in        [b #fde68a]s[/] sit or stand     [b #fde68a]o[/] sit out, play again
 [b #fde68a]t[/] top up        [b #fde68a]esc[/] stand up and back to the lobby

[b]In the amount of a raise[/b]
 [b #fde68a]h[/] half the pot  [b #fde68a]p[/] the pot          [b #fde68a]m[/] everything

[b]In the lobby[/b]
 [b #fde68a]enter[/] join      [b #fde68a]q[/] quick seat       [b #fde68a]d[/] daily chips

[b]On the felt[/b]
 [on #78350f] to act [/]  [on #365314] won [/]  [#64748b]folded or sitting out[/]  [b #15151a on #f4f1e8] D [/] button
 The bar is the time of the turn; [#60a5fa]blue[/] is the time bank.
 ♣ [#1b9f4b]green[/]  ♦ [#3b82f6]blue[/]  ♥ [#e2566a]red[/]  ♠ black

[#94a3b8]any key closes this[/]"""  # noqa: E501


class HelpScreen(ModalScreen[None]):
    """Any key closes it. Widget ids: help."""

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            yield Static(TEXT)

    def on_key(self, event: Key) -> None:
        event.stop()  # or the key would also be played at the table below
        event.prevent_default()
        self.dismiss()

    def on_click(self) -> None:
        self.dismiss()
