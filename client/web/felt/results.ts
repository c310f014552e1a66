// Who won what, in words.

import { chips } from "@/room/amounts";
import type { TableState } from "@/room/state";

/** "Pot", or "Main pot" and "Side pot 1" where there are several. */
export const potName = (number: number, of: number): string =>
  of < 2 ? "Pot" : number === 0 ? "Main pot" : of === 2 ? "Side pot" : `Side pot ${number}`;

/** One line a pot. */
export function resultLines(state: TableState): string[] {
  return state.results.map((result) => {
    const winners = result.shares.map(([seat, amount]) => {
      const name = seat === state.me ? "You" : (state.seats[seat]?.name ?? `Seat ${seat + 1}`);
      return `${name} ${seat === state.me || result.shares.length > 1 ? "win" : "wins"} ${chips(amount)}`;
    });
    const made = state.seats[result.shares[0]?.[0] ?? -1]?.made;
    const pot = state.results.length > 1 || result.pot > 0 ? `${potName(result.pot, Math.max(2, state.results.length))}: ` : "";
    return `${pot}${winners.join(", ")}${made ? ` · ${made}` : ""}`;
  });
}
