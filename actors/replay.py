"""From journal rows back to a table: pure, and sure of itself or not at all.

Every step is compared with the digest that the first run left. A replay that differs (changed
rules, damaged rows) is never guessed at: the hand is given up by policy.
"""

from collections.abc import Sequence

import msgspec

from actors import commands as c
from actors.cashier import Errand, Keep, Settle
from actors.handlog import Before, HandLog
from actors.journal import SNAPSHOT, Pen, Row, Saved, chained, intact
from actors.machine import TableMachine
from actors.snapshot import Snapshot
from actors.spec import TableSpec
from games.refusal import Refusal
from wire.server_frames import Accepted


class Differs(Exception):
    """The replay is not what the journal says."""


class Replayed(msgspec.Struct):
    """A table at its last durable row. ``errands`` may have been done before: they are repeated,
    their keys make that safe. ``faults`` are those of the hand in play."""

    machine: TableMachine
    log: HandLog
    now: int = 0
    last_hand: int = 0
    snapshot: Snapshot | None = None
    replies: list[tuple[str, Accepted]] = []
    errands: list[Errand] = []
    faults: int = 0
    broken: str = ""


def replay(spec: TableSpec, rows: Sequence[Row], pen: Pen, last_hand: int) -> Replayed:
    """Run the rows; ``pen`` is left where they end. ``broken`` says why it could not go on."""
    state = Replayed(TableMachine(spec, last_hand), HandLog(spec.table), last_hand=last_hand)
    for row in rows:
        pen.seq = row.seq
        state.last_hand = max(state.last_hand, row.hand)
    try:
        for row in rows:
            if row.kind == SNAPSHOT:
                _load(state, row, pen)
            else:
                _step(state, row, pen)
            pen.digest = row.digest
    except Exception as why:
        # Damaged rows can raise anything. Whatever it is: this table can't be replayed.
        state.broken = f"{type(why).__name__}: {why}"
    return state


def _load(state: Replayed, row: Row, pen: Pen) -> None:
    if not intact(row):
        raise Differs(f"snapshot {row.seq} was changed")
    saved: Saved = pen.read_snapshot(row)
    state.snapshot = saved.table
    state.machine = TableMachine.load(saved.table.spec, saved.table)
    state.now = saved.table.now
    state.replies = list(saved.replies)


def _step(state: Replayed, row: Row, pen: Pen) -> None:
    entry = pen.read(row)
    command, machine = entry.command, state.machine
    before = Before.of(machine, command)
    outcome = machine.step(command)
    if isinstance(outcome, Refusal):
        raise Differs(f"row {row.seq}: {row.kind} is refused now: {outcome.code}")
    if chained(pen.digest, command, outcome.events) != row.digest:
        raise Differs(f"row {row.seq}: {row.kind} brings something else now")
    state.now = command.now
    state.log.note(command, outcome.events, before)
    if entry.ref:
        state.replies.append((asker(command), Accepted(entry.ref, outcome.seat)))
    if isinstance(command, c.Deal | c.DealV1):
        state.faults = 0
    elif isinstance(command, c.TakeOver) and command.fault:
        state.faults += 1
    for effect in outcome.effects:
        state.errands.append(errand_of(effect, state.log, row.epoch))


def errand_of(effect: c.Effect, log: HandLog, epoch: int) -> Errand:
    """What the cashier is to do about an effect of the step that ``log`` noted last."""
    match effect:
        case c.HandOver(hand=hand, seed=seed):
            return Settle(effect, log.finished(hand, epoch, seed))
        case c.HandVoid(hand=hand, seed=seed):
            return Keep(log.finished(hand, epoch, seed))
        case c.CashOut():
            return effect


def asker(command: c.Command) -> str:
    """The player behind a request."""
    player = getattr(command, "player", "")
    return player.id if isinstance(player, c.Player) else str(player)
