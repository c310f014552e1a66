// Who won what, in words.

import type { Money } from "@/room/amounts";
import type { PotAwarded } from "@/room/frames";
import type { TableState } from "@/room/state";

/** "Pot", or "Main pot" and "Side pot 1" where there are several. */
export const potName = (number: number, of: number): string =>
  of < 2 ? "Pot" : number === 0 ? "Main pot" : of === 2 ? "Side pot" : `Side pot ${number}`;

/** Pots one after the other that the same seats win: they are told together. */
interface Won {
  first: number;
  last: number;
  shares: Map<number, number>;
}

function together(results: readonly PotAwarded[]): Won[] {
  const all: Won[] = [];
  for (const { pot, shares } of results) {
    const before = all.at(-1);
    const same = before?.last === pot - 1 && before.shares.size === shares.length && shares.every(([seat]) => before.shares.has(seat));
    if (same) {
      before.last = pot;
      for (const [seat, amount] of shares) before.shares.set(seat, (before.shares.get(seat) ?? 0) + amount);
    } else {
      all.push({ first: pot, last: pot, shares: new Map(shares) });
    }
  }
  return all;
}

function names({ first, last }: Won, of: number): string {
  if (first === last) return potName(first, of);
  const sides = (from: number): string => (from === last ? potName(from, of).toLowerCase() : `side pots ${from}–${last}`);
  return first === 0 ? `Main pot and ${sides(1)}` : `S${sides(first).slice(1)}`;
}

/** One line for each turn of winners. */
export function resultLines(state: TableState, say: Money["say"]): string[] {
  const { results } = state;
  const several = results.length > 1 || (results[0]?.pot ?? 0) > 0;
  return together(results).map((won) => {
    const winners = [...won.shares].map(([seat, amount]) => {
      const name = seat === state.me ? "You" : (state.seats[seat]?.name ?? `Seat ${seat + 1}`);
      return `${name} ${seat === state.me || won.shares.size > 1 ? "win" : "wins"} ${say(amount)}`;
    });
    const made = state.seats[[...won.shares.keys()][0] ?? -1]?.made;
    const pot = several ? `${names(won, Math.max(2, results.length))}: ` : "";
    return `${pot}${winners.join(", ")}${made ? ` · ${made}` : ""}`;
  });
}
