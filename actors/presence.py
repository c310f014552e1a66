"""Who is at the socket of a table: one line a player, watchers while there is room."""

from collections.abc import Iterator

from actors.sockets import Connection
from wire.codes import Close


class Presence:
    """Connections by player."""

    def __init__(self, connections_max: int) -> None:
        self._max = connections_max
        self._by_player: dict[str, Connection] = {}

    def __iter__(self) -> Iterator[Connection]:
        return iter(list(self._by_player.values()))

    def __len__(self) -> int:
        return len(self._by_player)

    def __contains__(self, player: object) -> bool:
        return player in self._by_player

    def of(self, player: str) -> Connection | None:
        return self._by_player.get(player)

    def admit(self, connection: Connection, seated: bool) -> bool:
        """Let a client in; False (and his line is closed) if there is no room for him."""
        before = self._by_player.pop(connection.player_id, None)
        if before is not None:
            before.close(Close.REPLACED, "You have joined from somewhere else.")
        crowded = len(self._by_player) >= self._max
        if crowded and not seated and not self._make_room(connection):
            connection.close(Close.TABLE_CROWDED, "Too many people are watching.")
            return False
        self._by_player[connection.player_id] = connection
        return True

    def _make_room(self, newcomer: Connection) -> bool:
        """One who may sit down is worth the longest watcher's place."""
        assert newcomer.claims is not None
        if newcomer.claims.role == "rail":
            return False
        for player, other in self._by_player.items():
            if other.claims is not None and other.claims.role == "rail":
                del self._by_player[player]
                other.close(Close.TABLE_CROWDED, "Your place was needed for a player.")
                return True
        return False

    def drop(self, connection: Connection) -> bool:
        """A line broke; False if the player has a newer one."""
        if self._by_player.get(connection.player_id) is not connection:
            return False
        del self._by_player[connection.player_id]
        return True

    def close_all(self, code: Close, reason: str) -> None:
        """Send everybody away."""
        for connection in self:
            connection.close(code, reason)
        self._by_player.clear()
