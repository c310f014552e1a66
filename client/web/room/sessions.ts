// Sessions of real tables, recorded by `python -m tests.web_sessions`: for tests.

import { readFileSync } from "node:fs";
import { fold, seatedAt } from "./fold";
import type { ServerFrame, Welcome } from "./frames";
import { seatsInOrder, UNKNOWN, type TableState } from "./state";

export interface Session {
  table: string;
  seat: ServerFrame[];
  seat_states: [number, unknown][];
  rail: ServerFrame[];
  rail_states: [number, unknown][];
  snapshots: Welcome[];
}

export const session = (seats: number): Session =>
  JSON.parse(readFileSync(new URL(`sessions/table-${seats}.json`, import.meta.url), "utf-8")) as Session;

/** The state after each frame of a line; the answers to requests are heard as a room hears them. */
export function lived(frames: readonly ServerFrame[], at = (n: number): number => n): TableState[] {
  let state = UNKNOWN;
  return frames.map((frame, n) => {
    state = fold(state, frame, at(n));
    if (frame.type === "accepted" && (frame.seat ?? -1) >= 0) state = seatedAt(state, frame.seat ?? -1);
    return state;
  });
}

/** What is drawn, in the words of the Python client's states. */
export function shown(state: TableState): unknown {
  return {
    at: [state.epoch, state.seq],
    me: state.me,
    hand: [state.hand, state.button, state.playing],
    board: state.board,
    cards: state.cards,
    pot: [state.pot, state.pots],
    turn: [state.turn, state.turnNumber],
    options: state.options,
    paused: state.paused,
    seats: seatsInOrder(state).map((at) => [
      ...[at.seat, at.name, at.kind, at.stack, at.bet, at.won, at.last, at.made],
      ...[at.cards, at.playing, at.folded, at.sittingOut, at.away],
    ]),
  };
}
