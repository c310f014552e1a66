"""Every limit of the fan-out, with its unit in its name."""

import msgspec


class FanoutLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What waits in memory is bounded; what does not fit is told from Postgres later."""

    batches_waiting_max: int = 64
    """Batches that wait to be told, at most 100 KB each; beyond them all are forgotten, and readers
    told to read again."""
    message_lines_max: int = 2_000
    """Accounts in one message about single operations: 80 KB."""
    redis_s_max: float = 0.5
    """Longest answer of Redis."""
    away_s: float = 1.0
    """After a failure Redis is left alone for so long."""
    look_s: float = 0.25
    """Pause between two looks at the outbox: for what other processes have written."""
    mark_s: float = 1.0
    """Pause between two writes of the cursors of batches."""
    abandoned_s: float = 5.0
    """A batch that was not told for so long has lost its settler."""
    links_max: int = 500
    """Single operations of one chain in one round; more are told as one word: read again."""
    ping_s: float = 5.0
    """A reader that has heard nothing for so long asks whether the line stands."""
    reread_s: float = 60.0
    """A reader looks at the truth this often, whatever he was told."""
    poll_s: float = 2.0
    """Pause between two reads of the truth while Redis is away."""
    read_players_max: int = 500
    """Players in one read of the truth."""
    players_followed_max: int = 10_000
    """Players that one reader follows."""

    def __post_init__(self) -> None:
        # A settler's own publisher writes its cursor long before it is taken for dead.
        assert self.redis_s_max + self.mark_s < self.abandoned_s
