"""From events to frames: numbered, redacted for each viewer, encoded once where all see alike."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

from actors.commands import Player
from games.protocol import RAIL, Game
from wire.codec import Codec
from wire.server_frames import Update

NOTHING: Final[dict[str, Update]] = {}


class Viewer(Protocol):
    """Somebody at the socket."""

    @property
    def codec(self) -> Codec: ...

    @property
    def player_id(self) -> str: ...

    def send_bytes(self, data: bytes) -> None: ...


class Past(NamedTuple):
    """One update as it was shown: to everybody, and to the players who saw more.

    The players are named, not their seats: whoever sits there later must not read their cards.
    """

    public: Update
    private: Mapping[str, Update]


class Broadcast:
    """Numbers the updates of one epoch and keeps the last of them for those who come back."""

    def __init__(self, epoch: int, history_frames_max: int) -> None:
        self.epoch = epoch
        self.seq = 0
        self._history: deque[Past] = deque(maxlen=history_frames_max)
        self.rail: Callable[[Update], None] | None = None
        """Takes what everybody may see, while somebody on the rail wants it (``actors.press``)."""

    def publish(
        self,
        events: Sequence[Any],
        game: Game,
        players: Mapping[int, Player],
        viewers: Iterable[Viewer],
    ) -> None:
        """Send what happened to every viewer; ``players`` is who sits where."""
        self.seq += 1
        redact = game.redact
        shown = tuple([redact(event, RAIL) for event in events])
        public = Update(self.epoch, self.seq, shown)
        private: dict[str, Update] = NOTHING
        for seen, event in zip(shown, events, strict=True):
            if seen is not event:
                private = self._private(events, game, players)
                break
        self._history.append(Past(public, private))
        if self.rail is not None:
            self.rail(public)
        encoded: dict[str, bytes] = {}
        for viewer in viewers:
            codec = viewer.codec
            if private and (own := private.get(viewer.player_id)) is not None:
                viewer.send_bytes(codec.encode(own))
                continue
            data = encoded.get(codec.name)
            if data is None:
                data = encoded[codec.name] = codec.encode(public)
            viewer.send_bytes(data)

    def _private(
        self, events: Sequence[Any], game: Game, players: Mapping[int, Player]
    ) -> dict[str, Update]:
        private = {}
        for seat, player in players.items():
            own = tuple([game.redact(event, seat) for event in events])
            private[player.id] = Update(self.epoch, self.seq, own)
        return private

    def missed(self, epoch: int, seq: int, player: str) -> list[Update] | None:
        """The updates after ``seq`` as this player may see them; None if a snapshot is needed."""
        if epoch != self.epoch or not 0 <= seq <= self.seq:
            return None
        count = self.seq - seq
        if count > len(self._history):
            return None
        recent = list(self._history)[len(self._history) - count :]
        return [past.private.get(player, past.public) for past in recent]
