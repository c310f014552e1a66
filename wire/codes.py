"""Close codes and refusal codes: numbers and words that clients may rely on.

The hundred of a close code says what to do: 40xx come back to the same address, 41xx get a new
ticket first, 42xx do not come back by yourself.
"""

from enum import IntEnum, StrEnum


class Close(IntEnum):
    """Why the server closed the socket."""

    SLOW_CLIENT = 4000
    RESTARTING = 4001
    TOO_OFTEN = 4002
    TICKET_INVALID = 4100
    TICKET_EXPIRED = 4101
    TICKET_USED = 4102
    TICKET_ELSEWHERE = 4103
    MOVED = 4104
    TABLE_CROWDED = 4105
    REPLACED = 4200
    BAD_FRAMES = 4201
    FRAME_TOO_BIG = 4202
    TOO_FAST = 4203
    TABLE_CLOSED = 4204
    SESSION_ENDED = 4205
    SENT_AWAY = 4206


def may_resume(code: int) -> bool:
    """Come back as you are: a dropped line or a code of the 40xx range."""
    return code < 4000 or 4000 <= code < 4100


def wants_ticket(code: int) -> bool:
    """Come back with a new ticket."""
    return 4100 <= code < 4200


class LimitName(StrEnum):
    """What a player may run into: his exclusion, his time, or one of the limits of his money."""

    SELF_EXCLUSION = "self_exclusion"
    COOLING_OFF = "cooling_off"
    SESSION = "session"
    DEPOSIT_DAY = "deposit_day"
    DEPOSIT_WEEK = "deposit_week"
    DEPOSIT_MONTH = "deposit_month"
    BUY_IN_DAY = "buy_in_day"
    BUY_IN_WEEK = "buy_in_week"
    BUY_IN_MONTH = "buy_in_month"
    LOSS_DAY = "loss_day"
    LOSS_WEEK = "loss_week"
    LOSS_MONTH = "loss_month"


class Code(StrEnum):
    """Refusals of the table beside those of the game's rules (``games/refusal.py``)."""

    FRAME_UNREADABLE = "frame_unreadable"
    FRAME_UNKNOWN = "frame_unknown"
    FRAME_INVALID = "frame_invalid"
    TOO_FAST = "too_fast"
    NOT_SEATED = "not_seated"
    ALREADY_SEATED = "already_seated"
    SEAT_TAKEN = "seat_taken"
    SEAT_UNKNOWN = "seat_unknown"
    TABLE_FULL = "table_full"
    BUY_IN_TOO_SMALL = "buy_in_too_small"
    BUY_IN_TOO_LARGE = "buy_in_too_large"
    WALLET_TOO_SMALL = "wallet_too_small"
    WALLET_FAILED = "wallet_failed"
    LIMIT_REACHED = "limit_reached"
    STALE_HAND = "stale_hand"
    STALE_TURN = "stale_turn"
    RAIL_CANNOT_PLAY = "rail_cannot_play"
    STRADDLE_OFF = "straddle_off"
    LEAVING = "leaving"
    TABLE_CLOSING = "table_closing"
    TABLE_MOVED = "table_moved"
    TABLE_PAUSED = "table_paused"
    TABLE_BUSY = "table_busy"
    SENT_AWAY = "sent_away"
