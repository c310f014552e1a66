"""Who is at the socket of a table: one line a player."""

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
        if len(self._by_player) >= self._max and not seated:
            connection.close(Close.TABLE_CROWDED, "Too many people are here.")
            return False
        self._by_player[connection.player_id] = connection
        return True

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
