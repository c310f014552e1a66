// The store: a pure function of what was known and the next frame. Nothing here knows of sockets,
// time or the screen.

import type { Event, ServerFrame, Update } from "./frames";
import { gather, potsOf } from "./pots";
import { withSnapshot } from "./snapshot";
import { NOBODY, NOTHING_GATHERED, type Seat, type TableState } from "./state";

/** The table after `frame`, which came at the instant `at`. */
export function fold(state: TableState, frame: ServerFrame, at: number): TableState {
  switch (frame.type) {
    case "welcome":
      if (!frame.view) return { ...state, me: frame.seat ?? NOBODY };
      return withSnapshot(state, frame, frame.view, at);
    case "update":
      return follows(state, frame) ? numbered(told(state, frame.events, at), frame) : { ...state, gap: true };
    default:
      return state;
  }
}

/** Whether an update is the next one. */
export const follows = (state: TableState, frame: Update): boolean =>
  frame.epoch === state.epoch && frame.seq === state.seq + 1;

export const numbered = (state: TableState, frame: Update): TableState => ({
  ...state,
  epoch: frame.epoch,
  seq: frame.seq,
});

/** Some events of one update, in order, and the pots after them. */
export function told(state: TableState, events: readonly Event[], at: number): TableState {
  const after = events.reduce((now, event) => applied(now, event, at), state);
  return after.playing ? { ...after, pots: potsOf(after.gathered, Object.values(after.seats)) } : after;
}

/** The seat was given by the answer to a request: the next frames may be about it. */
export const seatedAt = (state: TableState, seat: number): TableState => ({ ...state, me: seat });

/** What a granted request changes and no event tells: it is the asking player's alone. */
export function granted(state: TableState, asked: { type: string; on?: boolean; amount?: number }): TableState {
  if (asked.type === "straddle") return seated(state, state.me, () => ({ straddle: asked.on ?? false }));
  const waits = asked.type === "top_up" && state.playing && state.seats[state.me]?.playing;
  return waits ? seated(state, state.me, (at) => ({ added: at.added + (asked.amount ?? 0) })) : state;
}

function applied(state: TableState, event: Event, at: number): TableState {
  const after = changed(state, event, at);
  if (event.type === "hand_started" || !after.story) return after;
  return { ...after, story: { ...after.story, events: [...after.story.events, event] } };
}

function changed(state: TableState, event: Event, at: number): TableState {
  switch (event.type) {
    case "hand_started":
      return begun(state, event);
    case "posted":
      return posted(state, event);
    case "hole_dealt":
      return event.cards.length ? { ...state, cards: event.cards } : state;
    case "acted":
      return acted(state, event);
    case "board_dealt":
      return street(state, event);
    case "bet_returned":
      return {
        ...seated(state, event.seat, (s) => ({ stack: s.stack + event.amount, bet: s.bet - event.amount })),
        pot: state.pot - event.amount,
      };
    case "hand_shown":
      return seated(state, event.seat, () => ({ cards: event.cards, made: event.made }));
    case "hand_mucked":
      return seated(state, event.seat, () => ({ last: "muck" }));
    case "pot_awarded":
      return awarded(state, event);
    case "hand_ended":
      return { ...noTurn(state), playing: false };
    case "hand_voided":
      return voided(state, event);
    default:
      return aroundTheCards(state, event, at);
  }
}

/** Seats, clocks and pauses. */
function aroundTheCards(state: TableState, event: Event, at: number): TableState {
  switch (event.type) {
    case "turn_began":
      return {
        ...state,
        turn: event.seat,
        options: event.options,
        turnNumber: event.turn,
        clock: {
          seat: event.seat, endsAt: at + event.clock_ms, wholeMs: event.clock_ms,
          standsAt: null, inBank: false, bankMs: event.bank_ms,
        },
      };
    case "bank_started":
      return {
        ...state,
        clock: {
          seat: event.seat, endsAt: at + event.bank_ms, wholeMs: event.bank_ms,
          standsAt: null, inBank: true, bankMs: event.bank_ms,
        },
      };
    case "timed_out":
      return seated(state, event.seat, () => ({ last: "time" }));
    case "table_paused":
      return {
        ...state,
        paused: event.reason,
        clock: state.clock && { ...state.clock, standsAt: Math.max(0, state.clock.endsAt - at) },
      };
    case "table_resumed":
      return {
        ...state,
        paused: "",
        clock: state.clock && { ...state.clock, standsAt: null, endsAt: at + event.remaining_ms },
      };
    case "seat_taken":
      return {
        ...state,
        seats: { ...state.seats, [event.seat]: newcomer(event) },
      };
    case "seat_vacated": {
      const seats = Object.fromEntries(Object.values(state.seats).flatMap((at) => (at.seat === event.seat ? [] : [[at.seat, at]])));
      return event.seat === state.me ? { ...state, seats, me: NOBODY, cards: [] } : { ...state, seats };
    }
    case "chips_added":
      return seated(state, event.seat, () => ({ stack: event.stack, added: 0 }));
    case "sat_out":
      return seated(state, event.seat, () => ({ sittingOut: true, sentAway: event.sent_away ?? false }));
    case "sat_in":
      return seated(state, event.seat, () => ({ sittingOut: false }));
    case "went_away":
      return seated(state, event.seat, () => ({ away: true }));
    case "came_back":
      return seated(state, event.seat, () => ({ away: false }));
    default:
      return state; // the seals of the deal: see fair.ts
  }
}

type Told<T extends Event["type"]> = Extract<Event, { type: T }>;

function seated(state: TableState, seat: number, change: (at: Seat) => Partial<Seat>): TableState {
  const at = state.seats[seat];
  return at ? { ...state, seats: { ...state.seats, [seat]: { ...at, ...change(at) } } } : state;
}

function all(state: TableState, change: (at: Seat) => Partial<Seat>): TableState["seats"] {
  return Object.fromEntries(Object.values(state.seats).map((at) => [at.seat, { ...at, ...change(at) }]));
}

const noTurn = (state: TableState): TableState => ({ ...state, turn: NOBODY, options: null, clock: null });

function newcomer(event: Told<"seat_taken">): Seat {
  return {
    seat: event.seat, name: event.name, kind: event.kind, stack: event.stack,
    added: 0, sittingOut: false, away: false, straddle: false,
    playing: false, folded: false, bet: 0, cards: [], made: "", last: "", won: 0,
  };
}

function begun(state: TableState, event: Told<"hand_started">): TableState {
  const stacks = new Map(event.seats.map((seat, i) => [seat, event.stacks[i] ?? 0]));
  const seats = all(state, (at) => ({
    playing: stacks.has(at.seat), folded: false, bet: 0, won: 0, cards: [], made: "", last: "",
    stack: stacks.get(at.seat) ?? at.stack,
  }));
  const names = Object.fromEntries(Object.values(seats).map((at) => [at.seat, at.name]));
  return {
    ...noTurn(state),
    hand: event.hand, button: event.button, playing: true, street: "preflop", board: [], cards: [],
    pot: 0, pots: [], results: [], voided: "", gathered: NOTHING_GATHERED, sweep: null, seats,
    story: { hand: event.hand, names, events: [event] },
    before: state.story ?? state.before,
  };
}

function posted(state: TableState, event: Told<"posted">): TableState {
  const live = event.kind !== "ante" && event.kind !== "dead";
  const paid = seated(state, event.seat, (at) => ({
    stack: at.stack - event.amount,
    bet: live ? at.bet + event.amount : at.bet,
    last: event.kind.replace("_", " "),
  }));
  const { gathered } = state;
  return {
    ...paid,
    pot: state.pot + event.amount,
    gathered:
      event.kind === "ante"
        ? gather(gathered, event.seat, event.amount)
        : event.kind === "dead"
          ? { ...gathered, dead: gathered.dead + event.amount }
          : gathered,
  };
}

function acted(state: TableState, event: Told<"acted">): TableState {
  const after = seated(state, event.seat, (at) => ({
    stack: at.stack - event.paid,
    bet: event.bet,
    folded: event.action === "fold",
    last: event.all_in ? "all-in" : event.action,
  }));
  return { ...noTurn(after), pot: state.pot + event.paid };
}

function swept(state: TableState, word: string): TableState["sweep"] {
  const bets = Object.values(state.seats).filter((at) => at.bet > 0);
  return bets.length
    ? { id: `${state.hand}-${word}`, bets: bets.map((at) => [at.seat, at.bet] as const) }
    : state.sweep;
}

function street(state: TableState, event: Told<"board_dealt">): TableState {
  const gathered = Object.values(state.seats).reduce((sum, at) => gather(sum, at.seat, at.bet), state.gathered);
  return {
    ...state,
    gathered,
    sweep: swept(state, event.street),
    street: event.street,
    board: [...state.board, ...event.cards],
    seats: all(state, (at) => ({
      bet: 0,
      last: at.playing && !at.folded && at.last !== "all-in" ? "" : at.last,
    })),
  };
}

function awarded(state: TableState, event: Told<"pot_awarded">): TableState {
  const shares = new Map(event.shares.map(([seat, chips]) => [seat, chips]));
  return {
    ...state,
    results: [...state.results, event],
    pots: [],
    pot: state.pot - event.amount,
    sweep: swept(state, "end"),
    seats: all(state, (at) => ({
      bet: 0,
      stack: at.stack + (shares.get(at.seat) ?? 0),
      won: at.won + (shares.get(at.seat) ?? 0),
    })),
  };
}

function voided(state: TableState, event: Told<"hand_voided">): TableState {
  const stacks = new Map(event.seats.map((seat, i) => [seat, event.stacks[i] ?? 0]));
  return {
    ...noTurn(state),
    playing: false, pot: 0, pots: [], board: [], cards: [], sweep: null, voided: event.reason,
    seats: all(state, (at) =>
      stacks.has(at.seat)
        ? { stack: stacks.get(at.seat) ?? 0, bet: 0, playing: false, cards: [], last: "void" }
        : {},
    ),
  };
}
