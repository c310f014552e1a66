"""Refusals of the table itself; those of the rules are in ``games/refusal.py``."""

from typing import Final

from games.refusal import Refusal
from wallet.results import Reached
from wire.codes import Code, LimitName
from wire.server_frames import LimitReached


class Limited(Refusal, frozen=True):
    """With the limit that forbids it, for ``Refused``."""

    limit: LimitReached | None = None


def limit_reached(reached: Reached | None) -> Limited:
    """The ledger's answer, in the words of the wire."""
    limit = None
    if reached is not None:
        limit = LimitReached(LimitName(reached.limit), reached.left, reached.until)
    return Limited(Code.LIMIT_REACHED, "A limit of your play forbids it.", limit)


NOT_SEATED: Final = Refusal(Code.NOT_SEATED, "You have no seat at this table.")
ALREADY_SEATED: Final = Refusal(Code.ALREADY_SEATED, "You have a seat at this table already.")
SEAT_TAKEN: Final = Refusal(Code.SEAT_TAKEN, "That seat is taken.")
SEAT_UNKNOWN: Final = Refusal(Code.SEAT_UNKNOWN, "This table has no such seat.")
TABLE_FULL: Final = Refusal(Code.TABLE_FULL, "The table is full.")
BUY_IN_TOO_SMALL: Final = Refusal(Code.BUY_IN_TOO_SMALL, "Less than the table's minimum buy-in.")
BUY_IN_TOO_LARGE: Final = Refusal(Code.BUY_IN_TOO_LARGE, "More than the table's maximum buy-in.")
WALLET_TOO_SMALL: Final = Refusal(Code.WALLET_TOO_SMALL, "Your wallet does not hold that much.")
STALE_HAND: Final = Refusal(Code.STALE_HAND, "That hand is over.")
TABLE_MOVED: Final = Refusal(Code.TABLE_MOVED, "The table has moved; come back to it.")
STALE_TURN: Final = Refusal(Code.STALE_TURN, "That turn is over; look again.")
RAIL_CANNOT_PLAY: Final = Refusal(Code.RAIL_CANNOT_PLAY, "You are watching; ask for a seat ticket.")
STRADDLE_OFF: Final = Refusal(Code.STRADDLE_OFF, "This table has no straddle.")
LEAVING: Final = Refusal(Code.LEAVING, "You are leaving after this hand.")
TABLE_CLOSING: Final = Refusal(Code.TABLE_CLOSING, "The table is closing.")
TABLE_PAUSED: Final = Refusal(Code.TABLE_PAUSED, "The table is paused; its clocks stand still.")
TABLE_BUSY: Final = Refusal(Code.TABLE_BUSY, "Storage does not answer; try again in a moment.")
ACTOR_BUSY: Final = Refusal(Code.TABLE_BUSY, "The server is at its limit; try another table.")
WALLET_FAILED: Final = Refusal(Code.WALLET_FAILED, "The wallet failed; your chips are safe.")
BARRED: Final = Refusal(
    Code.LIMIT_REACHED, "You are excluded from play, or your time of play is over."
)
SENT_AWAY: Final = Refusal(Code.SENT_AWAY, "You were sent away from this table.")
TOO_FAST: Final = Refusal(Code.TOO_FAST, "Too many frames; slow down.")
