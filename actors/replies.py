"""The last answers to each player: a repeated request is not done again, only answered again."""

from itertools import islice
from typing import Final

from wire.server_frames import Accepted, Refused

Reply = Accepted | Refused
PLAYERS_MAX: Final = 1_024


class Replies:
    """Bounded per player and over players; a request under way has None for an answer."""

    def __init__(self, per_player_max: int) -> None:
        self._max = per_player_max
        self._by_player: dict[str, dict[str, Reply | None]] = {}

    def begin(self, player: str, ref: str) -> tuple[bool, Reply | None]:
        """(True, None) for a new request; (False, answer) for a known one, None if under way."""
        answers = self._by_player.pop(player, None)
        if answers is None:
            answers = {}
        self._by_player[player] = answers  # the last who asked
        if ref in answers:
            return False, answers[ref]
        answers[ref] = None
        if len(answers) > self._max:
            # Not one that is still under way: it would be done a second time.
            for key, answer in answers.items():
                if answer is not None:
                    del answers[key]
                    break
        if len(self._by_player) > PLAYERS_MAX:
            del self._by_player[next(iter(self._by_player))]
        return True, None

    def finish(self, player: str, reply: Reply) -> None:
        """Remember the answer."""
        assert reply.ref is not None
        answers = self._by_player.get(player)
        if answers is not None and reply.ref in answers:
            answers[reply.ref] = reply

    def forget(self, player: str, ref: str) -> None:
        """The request was turned away and may come again."""
        del self._by_player[player][ref]

    def newest(self, per_player: int, players: int) -> list[tuple[str, Accepted]]:
        """The last accepted requests of the last players who asked, oldest first: they must
        outlive this process."""
        kept: list[tuple[str, Accepted]] = []
        for player in list(self._by_player)[-players:]:
            latest = reversed(self._by_player[player].values())
            accepted = (answer for answer in latest if isinstance(answer, Accepted))
            newest = list(islice(accepted, per_player))
            kept += [(player, answer) for answer in reversed(newest)]
        return kept

    def restore(self, player: str, reply: Accepted) -> None:
        """An answer that a process before this one gave, or was about to give."""
        assert reply.ref is not None
        if self.begin(player, reply.ref)[0]:
            self.finish(player, reply)
