// A table from its snapshot: of what was known before, only our own story of the hands goes on.

import type { PublicHand, SeatView, TableView, Welcome } from "./frames";
import { NOBODY, NOTHING_GATHERED, type Clock, type Seat, type TableState, UNKNOWN } from "./state";

export function withSnapshot(state: TableState, frame: Welcome, view: TableView, at: number): TableState {
  const hand = view.hand ?? null;
  // Without a hand (none yet, or it was voided) nothing of an earlier one may remain.
  const playing = hand !== null && hand.turn !== NOBODY;
  const seats = Object.fromEntries(view.seats.map((seat) => [seat.seat, seatOf(seat)]));
  const base: TableState = {
    ...UNKNOWN,
    epoch: frame.epoch, seq: frame.seq, me: frame.seat ?? NOBODY, info: view.info, seats, playing,
    hand: hand?.hand ?? state.hand, button: hand?.button ?? state.button, turnNumber: state.turnNumber,
    cards: view.cards ?? [], paused: view.paused ?? "",
    // What happened meanwhile is not known, so the story would have a hole: it is told up to here.
    before: state.story ?? state.before,
  };
  const shown = hand && playing ? withHand(base, hand) : base;
  const clock = view.clock ?? null;
  if (!clock) return shown;
  return { ...shown, turnNumber: clock.turn, clock: clockOf(clock, view, at) };
}

function clockOf(clock: NonNullable<TableView["clock"]>, view: TableView, at: number): Clock {
  return {
    seat: clock.seat,
    endsAt: at + clock.remaining_ms,
    wholeMs: Math.max(clock.remaining_ms, clock.in_bank ? clock.bank_ms : view.info.turn_ms),
    standsAt: view.paused ? clock.remaining_ms : null,
    inBank: clock.in_bank,
    bankMs: clock.bank_ms,
  };
}

function withHand(state: TableState, hand: PublicHand): TableState {
  const seats = { ...state.seats };
  hand.seats.forEach((seat, i) => {
    const at = seats[seat];
    if (!at) return;
    seats[seat] = {
      ...at,
      playing: true,
      folded: hand.folded[i] ?? false,
      bet: hand.bets[i] ?? 0,
      stack: hand.stacks[i] ?? at.stack,
      cards: hand.shown[i] ?? [],
    };
  });
  const sum = (chips: readonly number[]): number => chips.reduce((all, one) => all + one, 0);
  return {
    ...state,
    seats, street: hand.street, board: hand.board, pots: hand.pots,
    turn: hand.turn, options: hand.options ?? null,
    pot: sum(hand.pots) + sum(hand.bets),
    gathered: { ...NOTHING_GATHERED, told: hand.pots },
  };
}

function seatOf(view: SeatView): Seat {
  return {
    seat: view.seat, name: view.name, kind: view.kind, stack: view.stack, added: view.added ?? 0,
    sittingOut: view.sitting_out ?? false, away: view.away ?? false, straddle: view.straddle ?? false,
    playing: false, folded: false, bet: 0, cards: [], made: "", last: "", won: 0,
  };
}
