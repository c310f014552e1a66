"""The last answers to each player: a repeated request is not done again, only answered again."""

from collections import OrderedDict
from typing import Final

from wire.server_frames import Accepted, Refused

Reply = Accepted | Refused
PLAYERS_MAX: Final = 1_024


class Replies:
    """Bounded per player and over players; a request under way has None for an answer."""

    def __init__(self, per_player_max: int) -> None:
        self._max = per_player_max
        self._by_player: OrderedDict[str, OrderedDict[str, Reply | None]] = OrderedDict()

    def begin(self, player: str, ref: str) -> tuple[bool, Reply | None]:
        """(True, None) for a new request; (False, answer) for a known one, None if under way."""
        answers = self._by_player.setdefault(player, OrderedDict())
        self._by_player.move_to_end(player)
        if ref in answers:
            return False, answers[ref]
        answers[ref] = None
        if len(answers) > self._max:
            # Not one that is still under way: it would be done a second time.
            oldest = next((key for key, answer in answers.items() if answer is not None), None)
            if oldest is not None:
                del answers[oldest]
        while len(self._by_player) > PLAYERS_MAX:
            self._by_player.popitem(last=False)
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
            answers = self._by_player[player]
            accepted = [answer for answer in answers.values() if isinstance(answer, Accepted)]
            kept += [(player, answer) for answer in accepted[-per_player:]]
        return kept

    def restore(self, player: str, reply: Accepted) -> None:
        """An answer that a process before this one gave, or was about to give."""
        assert reply.ref is not None
        if self.begin(player, reply.ref)[0]:
            self.finish(player, reply)
