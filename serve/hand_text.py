"""A record in the formats of other programs."""

from collections.abc import Callable
from typing import Final

from actors.archive import ArchivedHand
from games.history import History, NotWritable, history
from games.phh_writer import write_phh
from games.pokerstars import write_pokerstars
from games.protocol import RAIL
from serve.records import AUDITOR, seen

WRITERS: Final[dict[str, Callable[[History], str]]] = {
    "phh": write_phh,
    "pokerstars": write_pokerstars,
}


def text_of(hand: ArchivedHand, viewer: int, wanted: str) -> str:
    """The hand as the viewer (a seat, or AUDITOR) saw it. Raises NotWritable."""
    if wanted not in WRITERS:
        raise NotWritable(f"There is no format {wanted!r}: ask for {' or '.join(WRITERS)}")
    if hand.rules is None:
        raise NotWritable("The hand is older than complete records")
    story = history(
        table=hand.table,
        hand=hand.hand,
        ended=hand.ended,
        seats=hand.rules.seats,
        blinds=hand.rules.blinds,
        names=hand.names,
        hero=RAIL if viewer == AUDITOR else viewer,
        events=seen(hand, viewer),
    )
    return WRITERS[wanted](story)
