"""Every limit of the socket, with its unit in its name."""

from typing import Final

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What one client may ask of a table's socket. Defaults suit players and bots alike."""

    frame_bytes_max: int = 4_096
    """Largest frame a client may send."""
    frames_per_second: int = 50
    """Sustained rate of frames from one client."""
    frames_burst: int = 100
    """Frames that may come at once after a pause."""
    bad_frames_max: int = 10
    """Frames refused for their form before the connection is closed."""
    outbox_bytes_max: int = 262_144
    """Bytes that may wait for a slow client before it is cut."""
    heartbeat_seconds: float = 10.0
    """A ping goes out after this much silence."""
    heartbeat_timeout_seconds: float = 10.0
    """A client that answers nothing for this long after a ping is cut."""
    history_frames_max: int = 512
    """Updates kept for clients that come back."""
    replies_per_player_max: int = 128
    """Answers kept so that a repeated request gets the same one."""
    replies_saved_max: int = 8
    """Answers a player that outlive the table's process."""
    reply_players_saved_max: int = 64
    """Players whose answers outlive the table's process: those who asked last."""
    rows_per_player_max: int = 64
    """Requests besides actions, comings and goings that a player may have in one hand."""
    buy_ins_under_way_max: int = 4
    """Requests of one player that may wait for the wallet."""
    pending_max: int = 256
    """Steps of a table that may wait for the disk before requests are refused."""
    connections_per_table_max: int = 64
    """Players and rail on one table's own sockets."""

    def __post_init__(self) -> None:
        assert self.frames_per_second <= self.frames_burst
        assert self.frame_bytes_max < self.outbox_bytes_max
        assert self.replies_per_player_max >= self.frames_burst
        assert self.replies_saved_max <= self.replies_per_player_max


REF_CHARS_MAX: Final = 40
TICKET_CHARS_MAX: Final = 2_048
CHIPS_MAX: Final = 2**53 - 1
"""Largest amount on the wire: what every JSON reader keeps exactly."""
