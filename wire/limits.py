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
    slowdowns_max: int = 10
    """Times in a row that one who sends too fast is only read more slowly; then he is cut."""
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
    rows_pause_s: float = 60.0
    """The same in so long, while no hand is dealt."""
    buy_ins_under_way_max: int = 4
    """Requests of one player that may wait for the wallet."""
    pending_max: int = 256
    """Steps of a table that may wait for the disk before requests are refused."""
    connections_per_table_max: int = 64
    """Lines at one table's own sockets: players, and who may sit down."""
    allowed_origins: tuple[str, ...] = ()
    """Sites whose pages may open sockets, besides the one on the same host."""

    def __post_init__(self) -> None:
        assert self.frames_per_second <= self.frames_burst
        assert self.frame_bytes_max < self.outbox_bytes_max
        assert self.replies_per_player_max >= self.frames_burst
        assert self.replies_saved_max <= self.replies_per_player_max


class RailLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What spectators may cost: at a table's process, in Redis, and where they are served."""

    spectators_per_table_max: int = 10_000
    """Lines of one table's rail at one process."""
    tables_followed_max: int = 2_000
    """Tables that one process shows."""
    used_tickets_max: int = 65_536
    """Tickets that one process remembers as used: those of its last half minute."""
    tail_frames_max: int = 64
    """Updates sent to a newcomer after the snapshot before a fresh one is asked for; at twice as
    many the old one is no longer good."""
    held_bytes_max: int = 4_194_304
    """What waits for one table's delay to pass; beyond it a new snapshot is waited for."""
    messages_waiting_max: int = 4_096
    """Messages of one process that wait for Redis; beyond it they are forgotten, and asked for."""
    batch_messages_max: int = 256
    """Messages that go to Redis at once."""
    renew_s: float = 3.0
    """How often who follows says so."""
    watched_s: float = 10.0
    """A table tells on for so long after it was said last."""
    ask_s: float = 1.0
    """A snapshot that does not come is asked for again after so long."""
    snapshot_s_min: float = 0.5
    """Shortest pause between two snapshots of a table."""
    silent_s_max: float = 30.0
    """Who watches a table that has said nothing for so long is sent to get a new ticket."""
    linger_s: float = 30.0
    """A table without spectators is followed so long: they come and go."""
    redis_s_max: float = 2.0
    """Longest answer of Redis: nobody waits for it, and a busy process reads it late."""
    away_s: float = 1.0
    """After a failure Redis is left alone for so long."""
    ping_s: float = 5.0
    """Who has heard nothing for so long asks whether the line stands."""
    look_s: float = 0.1
    """Pause between two looks at what is due, and at which channels are wanted."""

    def __post_init__(self) -> None:
        assert 2 * self.renew_s < self.watched_s < self.silent_s_max
        assert self.snapshot_s_min <= self.ask_s
        assert self.batch_messages_max <= self.messages_waiting_max


RAIL_DELAY_S_MAX: Final = 900
"""Longest time by which spectators see a table later."""
REF_CHARS_MAX: Final = 40
TICKET_CHARS_MAX: Final = 2_048
CHIPS_MAX: Final = 2**53 - 1
"""Largest amount on the wire: what every JSON reader keeps exactly."""
