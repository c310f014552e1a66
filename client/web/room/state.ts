// What a client knows of a table, as plain values. Chips are minor units, instants are milliseconds
// of the caller's monotonic clock.

import type { Event, Legal, PotAwarded, Street, TableInfo } from "./frames";

export const NOBODY = -1;

/** One taken seat: the player and, in a hand, his part in it. */
export interface Seat {
  seat: number;
  name: string;
  kind: string;
  stack: number;
  /** Chips that come into play with the next hand. */
  added: number;
  sittingOut: boolean;
  /** By the host of the table, which he leaves after this hand. */
  sentAway?: boolean;
  away: boolean;
  straddle: boolean;
  playing: boolean;
  folded: boolean;
  bet: number;
  cards: readonly number[];
  made: string;
  last: string;
  won: number;
}

/** The running turn. While the table is paused `standsAt` holds what is left of it. */
export interface Clock {
  seat: number;
  endsAt: number;
  wholeMs: number;
  standsAt: number | null;
  inBank: boolean;
  bankMs: number;
}

/** Chips on the middle, this street's bets not among them. A client that came in the middle of a
 * hand was told the pots and adds later streets to the last of them. */
export interface Gathered {
  bySeat: Readonly<Record<number, number>>;
  dead: number;
  told: readonly number[] | null;
}

/** Bets that have just been swept into the middle: what the felt moves. */
export interface Sweep {
  id: string;
  bets: readonly (readonly [seat: number, amount: number])[];
}

/** A hand as it was told, with the names that the seats had. */
export interface Story {
  hand: number;
  names: Readonly<Record<number, string>>;
  events: readonly Event[];
}

export interface TableState {
  epoch: number;
  seq: number;
  /** An update was missing: only a snapshot helps. */
  gap: boolean;
  me: number;
  info: TableInfo | null;
  seats: Readonly<Record<number, Seat>>;
  hand: number;
  playing: boolean;
  button: number;
  street: Street;
  board: readonly number[];
  pot: number;
  pots: readonly number[];
  turn: number;
  turnNumber: number;
  options: Legal | null;
  clock: Clock | null;
  cards: readonly number[];
  results: readonly PotAwarded[];
  paused: string;
  /** Why the last hand does not count, until the next one. */
  voided: string;
  gathered: Gathered;
  sweep: Sweep | null;
  story: Story | null;
  before: Story | null;
}

export const NOTHING_GATHERED: Gathered = { bySeat: {}, dead: 0, told: null };

export const UNKNOWN: TableState = {
  epoch: 0,
  seq: 0,
  gap: false,
  me: NOBODY,
  info: null,
  seats: {},
  hand: 0,
  playing: false,
  button: NOBODY,
  street: "preflop",
  board: [],
  pot: 0,
  pots: [],
  turn: NOBODY,
  turnNumber: 0,
  options: null,
  clock: null,
  cards: [],
  results: [],
  paused: "",
  voided: "",
  gathered: NOTHING_GATHERED,
  sweep: null,
  story: null,
  before: null,
};

export const mySeat = (state: TableState): Seat | null => state.seats[state.me] ?? null;

/** He plays for this pot, whatever becomes of him after the hand: who sits out, or is made to, plays it on. */
export function isInHand(state: TableState): boolean {
  const mine = mySeat(state);
  return state.playing && mine !== null && mine.playing && !mine.folded;
}

export const isMyTurn = (state: TableState): boolean =>
  state.turn !== NOBODY && state.turn === state.me && !state.paused;

export const seatsInOrder = (state: TableState): Seat[] =>
  Object.values(state.seats).sort((a, b) => a.seat - b.seat);

/** What a seat would have to pay to stay in, before it is asked. */
export function owed(state: TableState, seat: Seat): number {
  const top = Math.max(0, ...Object.values(state.seats).map((at) => at.bet));
  return Math.min(Math.max(0, top - seat.bet), seat.stack);
}
