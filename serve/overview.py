"""What operators are shown of a table, and what they are refused."""

from typing import Final

from ray.exceptions import RayTaskError

from actors.host import TableStatus
from games.refusal import Refusal
from serve.pool import Worker
from wire.http import OperatorTable

TABLE_UNKNOWN: Final = Refusal("table_unknown", "There is no such table.")
TABLE_NOT_OPEN: Final = Refusal(
    "table_not_open", "The table is being opened; try again in a second."
)
TABLE_CLOSING: Final = Refusal(
    "table_closing", "The table is not closed yet: what is left at it still goes home."
)
TARGET_UNKNOWN: Final = Refusal("target_unknown", "There is no such actor or node.")
NO_SPARE: Final = Refusal("no_spare", "There is no running actor to move the table to.")


WHY_CHARS_MAX: Final = 300


def cause_of(failure: Exception) -> BaseException:
    """What an actor raised, without how Ray came by it."""
    return failure.cause if isinstance(failure, RayTaskError) else failure


def reason_of(failure: Exception) -> str:
    """For a line of a listing."""
    cause = cause_of(failure)
    return f"{type(cause).__name__}: {cause}"[:WHY_CHARS_MAX]


def table_overview(table: str, found: tuple[Worker, TableStatus] | None, why: str) -> OperatorTable:
    """``why`` it is not open, if it could not be opened."""
    if found is None:
        return OperatorTable(table, failure=why)
    worker, status = found
    info, listing = worker.info, status.listing
    return OperatorTable(
        table,
        open=True,
        actor=worker.name,
        node=info.node if info else "",
        pid=info.pid if info else 0,
        address=f"{status.addr}:{status.port}",
        epoch=status.epoch,
        players=listing.players + listing.bots,
        hand=status.hand,
        playing=status.playing,
        paused=status.paused,
        bots=listing.bots,
        seats=listing.info.seats,
        small_blind=listing.info.small_blind,
        big_blind=listing.info.big_blind,
        currency=listing.info.currency,
        hands_per_hour=listing.hands_per_hour,
        average_pot=listing.average_pot,
        lag_ms=round(worker.load.lag_ms, 1),
        busy=worker.load.busy,
        draining=worker.draining,
        release=info.release if info else "",
    )
