// What proves the deal, gathered from the frames as they come: a record for `verify` (docs/fairness.md)
// that grows with each card. Pure; the checking itself is in checks.ts.

import type { DeckSealed, Event, FairView, Opening } from "./frames";
import { NOBODY } from "./state";

export interface Hole {
  seat: number;
  cards: readonly number[];
  openings: readonly Opening[];
}

export interface Proof {
  scheme: 1;
  table: string;
  hand: number;
  seat: number;
  order: readonly number[];
  commitment: string;
  entropies: readonly (readonly [number, string])[];
  root: string;
  holes: readonly Hole[];
  board: readonly number[];
  board_openings: readonly Opening[];
  announced: string | null;
}

/** `order` are the seats of the hand that has begun; `announced` is the commitment for the next. */
export interface Deal {
  proof: Proof | null;
  order: readonly number[];
  announced: string | null;
}

export const NO_DEAL: Deal = { proof: null, order: [], announced: null };

/** The deal after one event; `me` is our seat. */
export function dealt(deal: Deal, event: Event, table: string, me: number): Deal {
  switch (event.type) {
    case "hand_started":
      return { ...deal, order: event.seats, proof: null };
    case "deck_sealed":
      return { ...deal, proof: sealed(event, deal, table, me) };
    case "seed_committed":
      return { ...deal, announced: event.commitment };
    case "hole_dealt":
    case "hand_shown":
      return event.cards.length ? grown(deal, (p) => ({ holes: withHole(p, event) })) : deal;
    case "board_dealt":
      return grown(deal, (p) => ({
        board: [...p.board, ...event.cards],
        board_openings: [...p.board_openings, ...(event.proofs ?? [])],
      }));
    default:
      return deal;
  }
}

/** A snapshot: of a hand that is known, the first root stays the one that counts. */
export function dealtSoFar(deal: Deal, view: FairView | null, table: string, me: number): Deal {
  if (!view) return deal;
  if (!view.sealed) return { ...deal, announced: view.commitment };
  const known = deal.proof?.hand === view.sealed.hand;
  // Which seed was announced for a hand that we did not see begin, we have not heard.
  let now: Deal = known ? deal : { ...deal, announced: null };
  for (const event of view.opened ?? []) {
    if (event.type === "hand_started") {
      if (known) continue;
      now = { ...now, order: event.seats };
      now = { ...now, proof: sealed(view.sealed, now, table, me) };
    } else if (!has(now.proof, event)) {
      now = dealt(now, event, table, me);
    }
  }
  return { ...now, announced: view.commitment };
}

const has = (proof: Proof | null, event: Event): boolean =>
  event.type === "board_dealt" && !!proof && event.cards.every((card) => proof.board.includes(card));

const grown = (deal: Deal, change: (proof: Proof) => Partial<Proof>): Deal =>
  deal.proof ? { ...deal, proof: { ...deal.proof, ...change(deal.proof) } } : deal;

function withHole(proof: Proof, event: Extract<Event, { type: "hole_dealt" | "hand_shown" }>): readonly Hole[] {
  const hole = { seat: event.seat, cards: event.cards, openings: event.proofs ?? [] };
  return [...proof.holes.filter((other) => other.seat !== event.seat), hole];
}

function sealed(event: DeckSealed, deal: Deal, table: string, me: number): Proof {
  const seats = event.entropies.map(([seat]) => seat);
  return {
    scheme: 1,
    table,
    hand: event.hand,
    seat: seats.includes(me) ? me : NOBODY,
    order: deal.order,
    commitment: event.commitment,
    entropies: event.entropies,
    root: event.root,
    holes: [],
    board: [],
    board_openings: [],
    announced: deal.announced,
  };
}
