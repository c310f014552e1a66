"""A field for an amount of chips. Letters are presets: an amount has digits only."""

from typing import Final

from textual.events import Key
from textual.message import Message
from textual.widgets import Input

PRESETS: Final = frozenset("hpm")


class Amount(Input):
    """Posts ``Preset`` for h, p and m; the screen knows what they come to."""

    class Preset(Message):
        """``key`` was pressed: half the pot, the pot or the maximum."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, id: str) -> None:
        super().__init__(id=id, type="integer")

    async def _on_key(self, event: Key) -> None:
        # Bindings don't see letters that a focused input takes, not even priority ones.
        if event.key in PRESETS:
            event.stop()
            event.prevent_default()
            self.post_message(self.Preset(event.key))
            return
        await super()._on_key(event)
