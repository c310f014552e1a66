// A finished hand as a table that can be at any of its events: what its player saw, folded by the
// same function that folds the live table. Pure.

import { told } from "@/room/fold";
import type { Event, TableInfo } from "@/room/frames";
import { type Seat, type Story, type TableState, UNKNOWN } from "@/room/state";
import type { HandRecord } from "@/wire/api";

/** One place to stop at: after `upto` events, `atMs` of the table's clock after the deal. */
export interface Step {
  upto: number;
  atMs: number;
  street: string;
}

export interface Replay {
  events: readonly Event[];
  steps: readonly Step[];
  story: Story;
  base: TableState;
}

/** Told together with what comes before: nobody waits to see them. */
const QUIET = new Set<Event["type"]>([
  "deck_sealed", "seed_committed", "went_away", "came_back", "hand_ended", "turn_began", "bank_started", "hole_dealt",
]);

export function replayOf(record: HandRecord): Replay {
  const events = record.events as Event[];
  const names = Object.fromEntries(record.players);
  return {
    events,
    steps: stepsOf(events, record.times ?? []),
    story: { hand: record.hand, names, events },
    base: baseOf(record),
  };
}

/** The table after a step. */
export const stateAt = (replay: Replay, step: number): TableState =>
  told(replay.base, replay.events.slice(0, replay.steps[step]?.upto ?? 0), 0);

/** The first step of a street, or the last step for "end". */
export function stepOf(replay: Replay, street: string): number {
  if (street === "end") return replay.steps.length - 1;
  return Math.max(0, replay.steps.findIndex((step) => step.street === street));
}

export const streetsOf = (replay: Replay): string[] => [...new Set(replay.steps.map((step) => step.street))];

function stepsOf(events: readonly Event[], times: readonly number[]): Step[] {
  const steps: Step[] = [];
  let street = "preflop";
  // Who is all-in shows before the board is complete: that is not the end yet.
  const lastBoard = events.findLastIndex((event) => event.type === "board_dealt");
  events.forEach((event, i) => {
    if (event.type === "board_dealt") street = event.street;
    if (i > lastBoard && (event.type === "hand_shown" || event.type === "pot_awarded")) street = "showdown";
    // Blinds and cards are dealt at once: the first step shows them all.
    const deal = event.type === "hand_started" || event.type === "posted";
    const last = steps.at(-1);
    if (last && (QUIET.has(event.type) || (deal && steps.length === 1))) last.upto = i + 1;
    else steps.push({ upto: i + 1, atMs: times[i] ?? 0, street });
  });
  return steps;
}

function baseOf(record: HandRecord): TableState {
  const seats = Object.fromEntries(record.players.map(([seat, name]) => [seat, empty(seat, name)]));
  return { ...UNKNOWN, me: record.seat, info: infoOf(record), seats };
}

const empty = (seat: number, name: string): Seat => ({
  seat, name, kind: "player", stack: 0, added: 0, sittingOut: false, away: false, straddle: false,
  playing: false, folded: false, bet: 0, cards: [], made: "", last: "", won: 0,
});

function infoOf(record: HandRecord): TableInfo {
  const { rules } = record;
  const highest = Math.max(...record.players.map(([seat]) => seat));
  return {
    table: record.table, name: record.table, game: rules?.game ?? "nlhe",
    seats: rules?.seats ?? Math.max(6, highest + 1),
    small_blind: rules?.small_blind ?? 0, big_blind: rules?.big_blind ?? 0, ante: rules?.ante ?? 0,
    straddle: rules?.straddle ?? false, buy_in_min: 0, buy_in_max: 0, turn_ms: 0, rake_bp: rules?.rake_bp ?? 0,
    currency: currencyOf(record),
  };
}

/** What its amounts are in; "" for a hand of before that was recorded. */
export const currencyOf = (record: HandRecord): string => record.rules?.currency ?? "";

/** What a hand came to, for a line of a list: cards, board, and how far it went. */
export function outlineOf(record: HandRecord): { cards: readonly number[]; board: readonly number[]; shown: boolean } {
  let cards: readonly number[] = [];
  const board: number[] = [];
  let shown = false;
  for (const event of record.events as Event[]) {
    if (event.type === "hole_dealt" && event.seat === record.seat && event.cards.length) cards = event.cards;
    if (event.type === "board_dealt") board.push(...event.cards);
    if (event.type === "hand_shown") shown = true;
  }
  return { cards, board, shown };
}
