"""The table screen: the felt, the log, the clock and what you may do now.

Widget ids: felt, log, amount, prompt, message. Keys: f fold, c check or call, r raise, a all-in,
s sit down or stand up, o sit out, t top up, escape back to the lobby, ? help; h, p, m in an amount.
"""

from collections.abc import Awaitable
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, Input, RichLog, Static

from client.errors import RefusedError, TableClosed
from client.sdk import Client
from client.table import Table
from client.terminal.amount import Amount
from client.terminal.canvas import chips
from client.terminal.feltview import FeltView
from client.terminal.messages import coloured, describe
from games.holdem.hand import Legal
from games.holdem.records import Action, Call, Check, Fold, Raise
from games.protocol import NO_SEAT

TICK_S = 0.1
BUY_IN_BIG_BLINDS = 50


class TableScreen(Screen[None]):
    """One table. Leaving the screen stands up: the chips go to the wallet."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "fold", "Fold"),
        Binding("c", "call", "Check/Call"),
        Binding("r", "raise", "Raise"),
        Binding("a", "all_in", "All-in"),
        Binding("s", "sit", "Sit/Stand"),
        Binding("o", "sit_out", "Sit out"),
        Binding("t", "top_up", "Top up"),
        Binding("escape", "leave", "Lobby"),
    ]

    def __init__(self, client: Client, table: Table, offer: int | None = None) -> None:
        """``offer`` is a buy-in to suggest at once, in minor units."""
        super().__init__()
        self._offer = offer
        self._left_behind = False
        self._client = client
        self.table = table
        self._asking = ""

    def compose(self) -> ComposeResult:
        with Horizontal(id="room"):
            yield FeltView(self.table.state, id="felt")
            yield RichLog(id="log", markup=True, wrap=True, max_lines=500, min_width=20)
        with Vertical(id="bar"):
            yield Static("", id="prompt")
            yield Amount(id="amount")
            yield Static("", id="message")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        self.query_one("#amount").display = False
        self.set_interval(TICK_S, self._draw)
        self._follow()
        self._draw()
        if self._offer is not None and self.table.state.me == NO_SEAT:
            self._ask("sit", self._offer)

    @work(group="follow")
    async def _follow(self) -> None:
        """Write the log as things happen."""
        log = self.query_one("#log", RichLog)
        async for event in self.table.events():
            line = describe(event, self.table.state)
            if line:
                log.write(line)
        self.say("The table has closed; escape leads back to the lobby.", bad=True)

    def _draw(self) -> None:
        self.query_one("#felt", FeltView).redraw()
        self.query_one("#prompt", Static).update(self._prompt())

    def _prompt(self) -> str:
        state = self.table.state
        if not self.table.connected:
            return "[b #f87171]The line is down; coming back by itself …[/]"
        if self._asking:
            return self._question()
        mine = state.my_seat
        if mine is None:
            return "[b]s[/b] sits down here · [b]escape[/b] leads back to the lobby"
        if state.my_turn and state.options is not None:
            bank = f"   [#60a5fa]bank {state.clock.bank_ms // 1_000} s[/]" if state.clock else ""
            return f"[b #fde68a]Your turn:[/]  {_choices(state.options)}{bank}"
        if mine.sent_away:
            return "The host has sent you away: this hand is your last here"
        if mine.sitting_out:
            return "You sit out. [b]o[/b] plays again, [b]t[/b] tops up, [b]s[/b] stands up"
        if not mine.playing:
            return "You are dealt in when the big blind reaches you (or you post it)"
        return "[#94a3b8]waiting for the others …[/]"

    def say(self, text: str, bad: bool = False) -> None:
        """A line for what just happened."""
        self.query_one("#message", Static).update(coloured(text, bad))

    # Playing

    @work(group="ask")
    async def _do(self, asked: Awaitable[object], done: str = "") -> None:
        try:
            await asked
        except (RefusedError, TableClosed) as refused:
            self.say(str(refused), bad=True)
        else:
            self.say(done)

    def _act(self, action: Action) -> None:
        if self.table.state.my_turn:
            self._do(self.table.act(action))

    def action_fold(self) -> None:
        self._act(Fold())

    def action_call(self) -> None:
        options = self.table.state.options
        if options is not None:
            self._act(Check() if options.can_check else Call())

    def action_all_in(self) -> None:
        options = self.table.state.options
        if options is not None:
            self._act(Raise(options.raise_max) if options.raise_max else Call())

    def action_raise(self) -> None:
        options = self.table.state.options
        if self.table.state.my_turn and options is not None and options.raise_max:
            self._ask("raise", options.raise_min)

    def action_sit(self) -> None:
        state = self.table.state
        if state.me != NO_SEAT:
            self._do(self.table.stand(), "You stand up; your chips go to your wallet.")
        elif state.info is not None:
            usual = BUY_IN_BIG_BLINDS * state.info.big_blind
            self._ask("sit", min(state.info.buy_in_max, max(state.info.buy_in_min, usual)))

    def action_sit_out(self) -> None:
        mine = self.table.state.my_seat
        if mine is not None:
            self._do(self.table.sit_out(not mine.sitting_out))

    def action_top_up(self) -> None:
        state = self.table.state
        if state.my_seat is not None and state.info is not None:
            self._ask("top_up", max(1, state.info.buy_in_max - state.my_seat.stack))

    @work(group="leave", exclusive=True)
    async def action_leave(self) -> None:
        """Close the question if there is one, else stand up and go."""
        if self._asking:
            self._close_question()
            return
        if self.table.state.me != NO_SEAT and not (self.table.connected or self._left_behind):
            self._left_behind = True
            self.say(
                "Not standing up while the line is down; escape again leaves anyway.", bad=True
            )
            return
        if self.table.state.me != NO_SEAT and self.table.connected:
            try:
                await self.table.stand()
            except (RefusedError, TableClosed) as refused:
                self.say(str(refused), bad=True)
        await self.table.close()
        self.dismiss()

    # Asking for an amount

    def _ask(self, what: str, suggestion: int) -> None:
        self._asking = what
        field = self.query_one("#amount", Input)
        field.value = str(suggestion)
        field.display = True
        field.focus()
        self._draw()

    def _question(self) -> str:
        state = self.table.state
        assert state.info is not None
        info, options = state.info, state.options
        if self._asking == "raise" and options is not None:
            span = f"{chips(options.raise_min)} to {chips(options.raise_max)}"
            return f"Raise to ({span}) · [b]h[/b]alf pot · [b]p[/b]ot · [b]m[/b]ax · enter"
        if self._asking == "sit":
            return f"Buy in for ({chips(info.buy_in_min)} to {chips(info.buy_in_max)}) · enter"
        return "Top up by · enter"

    @on(Amount.Preset)
    def _preset(self, preset: Amount.Preset) -> None:
        options = self.table.state.options
        if self._asking == "raise" and options is not None:
            field = self.query_one("#amount", Amount)
            field.value = str(self._preset_amount(preset.key, options))
            field.action_end()

    def _preset_amount(self, key: str, options: Legal) -> int:
        state = self.table.state
        if key == "m":
            return options.raise_max
        mine = state.my_seat
        bet = mine.bet if mine is not None else 0
        after_call = state.pot + options.call
        to = bet + options.call + (after_call if key == "p" else after_call // 2)
        return min(options.raise_max, max(options.raise_min, to))

    @on(Input.Submitted, "#amount")
    def _answered(self, submitted: Input.Submitted) -> None:
        asked = self._asking
        self._close_question()
        if not submitted.value.isdigit():
            self.say("An amount is a whole number.", bad=True)
            return
        amount = int(submitted.value)
        if asked == "raise":
            self._act(Raise(amount))
        elif asked == "sit":
            self._do(self.table.sit(amount, post_now=True), "You have a seat.")
        elif asked == "top_up":
            self._do(self.table.top_up(amount), "In play from the next hand on.")

    def _close_question(self) -> None:
        self._asking = ""
        self.query_one("#amount").display = False
        self.set_focus(None)
        self._draw()


def _choices(options: Legal) -> str:
    parts = ["[b]f[/b]old"]
    parts.append("[b]c[/b]heck" if options.can_check else f"[b]c[/b]all {chips(options.call)}")
    if options.raise_max:
        span = f"{chips(options.raise_min)}–{chips(options.raise_max)}"
        parts += [f"[b]r[/b]aise {span}", "[b]a[/b]ll-in"]
    return "   ".join(parts)
