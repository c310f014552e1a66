"""Taking a table over: replay, finish its errands, compare with the ledger, and only then open.

The policy for what can't go on is in ``docs/interrupted-games.md``: the hand is void, every
player has what the ledger says, nothing is guessed.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import msgspec

from actors.archive import Archive
from actors.bank import Bank, insist
from actors.cashier import BooksDisagree, Cashier, Keep, TakenOver
from actors.journal import Pen, Row
from actors.machine import TableMachine
from actors.replay import Replayed, replay
from actors.spec import TableSpec
from wallet.ledger import Stake

log = logging.getLogger(__name__)

FAULT_REASON = "fault"
FAULTS_MAX = 2
"""So often may a hand meet a fault of ours before it is void."""


class Escrowed(Bank, Protocol):
    """The ledger, as a recovery asks it."""

    async def open_stakes(self, table: str) -> list[Stake]: ...

    async def buy_in_keys(self, table: str) -> frozenset[str]: ...


class Recovered(msgspec.Struct):
    """A table that may be opened: what is still to be submitted to its machine, which stakes
    nobody sits on, which buy-ins the seats have already."""

    state: Replayed
    top_ups: list[tuple[str, int]]
    orphans: list[Stake]
    known_keys: frozenset[str]

    @property
    def machine(self) -> TableMachine:
        return self.state.machine


async def recover(
    spec: TableSpec,
    rows: Sequence[Row],
    pen: Pen,
    ledger: Escrowed,
    archive: Archive,
    last_hand: int,
    still_ours: Callable[[], Awaitable[bool]],
) -> Recovered:
    """Bring a table back. The epoch has been raised: no owner before us writes any more.

    Raises TakenOver when one after us does.
    """
    state = replay(spec, rows, pen, last_hand)
    cashier = Cashier(ledger, archive, spec.table, pen.epoch)
    try:
        for errand in state.errands:
            await cashier.do(errand)
    except BooksDisagree as why:
        state.broken = state.broken or str(why)
    stakes = await insist(lambda: ledger.open_stakes(spec.table), f"{spec.table}: stakes")
    keys = await insist(lambda: ledger.buy_in_keys(spec.table), f"{spec.table}: buy-ins")
    held = {str(stake.session): stake for stake in stakes}
    if not state.broken:
        state.broken = _disagreement(state.machine, held)
    # Before anything is given up: what disagrees may be the work of the next owner.
    if state.broken and not await insist(still_ours, f"{spec.table}: the owner"):
        raise TakenOver(spec.table)
    if state.broken:
        log.critical("%s: the hand in play is void: %s", spec.table, state.broken)
        record = state.log.broken_off(pen.epoch, state.broken)
        if record is not None:
            await cashier.do(Keep(record))
        state.machine = _from_the_ledger(spec, state, held)
    sessions = {seat.session: seat for seat in state.machine.seats.taken()}
    return Recovered(
        state,
        top_ups=[
            (seat.player.id, held[session].amount - seat.stack - seat.added)
            for session, seat in sessions.items()
            if held[session].amount > seat.stack + seat.added
        ],
        orphans=[stake for stake in stakes if str(stake.session) not in sessions],
        known_keys=keys,
    )


def _disagreement(machine: TableMachine, held: dict[str, Stake]) -> str:
    """A seat with chips that the ledger does not have; more there is a top-up on its way."""
    for seat in machine.seats.taken():
        stake = held.get(seat.session)
        if stake is None or stake.amount < seat.stack + seat.added:
            has = stake.amount if stake else None
            return f"seat {seat.number} has {seat.stack + seat.added}, the ledger {has}"
    return ""


def _from_the_ledger(spec: TableSpec, state: Replayed, held: dict[str, Stake]) -> TableMachine:
    """The seats of the last snapshot with the chips of the ledger; no hand. Its seed may have been
    dealt from since: the next hand gets a new one."""
    last = state.snapshot
    if last is None:
        return TableMachine(spec, state.last_hand)
    seats = tuple(
        msgspec.structs.replace(seat, stack=held[seat.session].amount, added=0, leaving=False)
        for seat in last.seats
        if seat.session in held
    )
    chips = sum(seat.stack for seat in seats)
    fresh = msgspec.structs.replace(last, seats=seats, chips=chips, hand=state.last_hand, seed=b"")
    return TableMachine.load(last.spec, fresh)


def fits(spec: TableSpec, machine: TableMachine) -> bool:
    """Whether the table may go on under ``spec``: between hands, with a chair for everybody."""
    return not machine.game.playing and all(
        seat.number < spec.game.seats for seat in machine.seats.taken()
    )


def must_void(state: Replayed, fault: str) -> bool:
    """A hand that met our faults too often does not count."""
    playing = state.machine.game.playing
    return playing and state.faults + bool(fault) >= FAULTS_MAX
