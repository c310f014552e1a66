// Decisions made before one's turn. Each is given up when what it meant has changed.

import type { Action } from "./frames";
import { mySeat, owed, type TableState } from "./state";

export type AheadKind = "check_fold" | "check" | "fold" | "call" | "call_any";

/** What was chosen, and what the table was like then. */
export interface Ahead {
  kind: AheadKind;
  hand: number;
  street: string;
  owed: number;
}

/** What may be chosen now: none on one's own turn, or with nothing left to decide. */
export function choices(state: TableState): AheadKind[] {
  const mine = mySeat(state);
  const idle = !state.playing || !mine?.playing || mine.folded || mine.stack === 0 || !state.cards.length;
  if (idle || state.turn === state.me || state.turn < 0) return [];
  return owed(state, mine) ? ["fold", "call", "call_any"] : ["check_fold", "check", "call_any"];
}

export function chosen(kind: AheadKind, state: TableState): Ahead {
  const mine = mySeat(state);
  return { kind, hand: state.hand, street: state.street, owed: mine ? owed(state, mine) : 0 };
}

/** Whether it still means what it did: same street, and for a check or a call the same price. */
export function stands(ahead: Ahead, state: TableState): boolean {
  const mine = mySeat(state);
  if (!mine || mine.folded || !state.playing) return false;
  if (ahead.hand !== state.hand || ahead.street !== state.street) return false;
  if (ahead.kind === "check" || ahead.kind === "call") return owed(state, mine) === ahead.owed;
  return true;
}

/** The action it comes to on one's turn; null if it no longer fits. */
export function played(ahead: Ahead, state: TableState): Action | null {
  const options = state.options;
  if (!options || !stands(ahead, state)) return null;
  switch (ahead.kind) {
    case "fold":
      return options.can_check ? { type: "check" } : { type: "fold" };
    case "check_fold":
      return options.can_check ? { type: "check" } : { type: "fold" };
    case "check":
      return options.can_check ? { type: "check" } : null;
    case "call":
      return options.can_check || options.call !== ahead.owed ? null : { type: "call" };
    case "call_any":
      return options.can_check ? { type: "check" } : { type: "call" };
  }
}
