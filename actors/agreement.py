"""What a table's journal says its seats have, against what the ledger says: for reconciliation.

Both are read in one snapshot. The journal may be ahead of the ledger by the errands of its last
rows, the ledger ahead of the journal by chips that are on their way to a seat.
"""

from collections.abc import Container, Mapping
from typing import NamedTuple

from actors.cashier import Settle
from actors.commands import CashOut
from actors.replay import Replayed
from wallet.batch import hand_key


class Held(NamedTuple):
    """An open stake: chips, and whether some came or went a moment ago."""

    chips: int
    recent: bool


class Drift(NamedTuple):
    """A difference: which check found it (a stable code), and what it is."""

    check: str
    what: str


def keys_of(state: Replayed, table: str) -> list[str]:
    """By which the ledger would know the errands of the rows."""
    return [
        hand_key(table, errand.over.hand) if isinstance(errand, Settle) else errand.key
        for errand in state.errands
        if isinstance(errand, Settle | CashOut)
    ]


def differences(
    table: str, state: Replayed, stakes: Mapping[str, Held], done: Container[str]
) -> list[Drift]:
    """``stakes`` by session; ``done`` are the keys that the ledger has."""
    if state.broken:
        return [Drift("journal_unreadable", f"{table}: {state.broken}")]
    expected, leaving = _expected(state, table, done)
    found = []
    for session, chips in expected.items():
        stake = stakes.get(session)
        if stake is None:
            if session not in leaving:
                found.append(
                    Drift("seat_without_stake", f"{table}, {session}: {chips} at its seat")
                )
        elif stake.chips < chips or (stake.chips > chips and not stake.recent):
            what = f"{table}, {session}: {chips} at its seat, {stake.chips} in the ledger"
            found.append(Drift("stake_differs", what))
    for session, stake in stakes.items():
        if session not in expected and not stake.recent:
            what = f"{table}, {session}: {stake.chips} in the ledger, no seat"
            found.append(Drift("stake_without_seat", what))
    return found


def _expected(
    state: Replayed, table: str, done: Container[str]
) -> tuple[dict[str, int], frozenset[str]]:
    """Chips by session, as the ledger must have them by now; and who has left."""
    expected = {seat.session: seat.stack + seat.added for seat in state.machine.seats.taken()}
    leaving = set()
    for errand in state.errands:
        match errand:
            case CashOut(session=session, chips=chips, key=key) if key not in done:
                expected[session] = chips
                leaving.add(session)
    for errand in state.errands:
        if isinstance(errand, Settle) and hand_key(table, errand.over.hand) not in done:
            for session, change in errand.over.changes:
                expected[session] -= change
    return expected, frozenset(leaving)
