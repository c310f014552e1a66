// Main and side pots as a client can work them out: what each seat has put in on past streets.

import { type Gathered, type Seat } from "./state";

/** A live bet of a street that is over, or an ante. */
export function gather(gathered: Gathered, seat: number, amount: number): Gathered {
  if (!amount) return gathered;
  if (gathered.told === null) {
    const before = gathered.bySeat[seat] ?? 0;
    return { ...gathered, bySeat: { ...gathered.bySeat, [seat]: before + amount } };
  }
  const told = gathered.told.length ? gathered.told : [0];
  return { ...gathered, told: [...told.slice(0, -1), (told.at(-1) ?? 0) + amount] };
}

/** Main pot first; side pots exist only where somebody who is still in is all-in. */
export function potsOf(gathered: Gathered, seats: readonly Seat[]): readonly number[] {
  if (gathered.told !== null) return gathered.told;
  const total = sum(Object.values(gathered.bySeat)) + gathered.dead;
  const inside = seats.filter((at) => at.playing && !at.folded && gathered.bySeat[at.seat]);
  if (!inside.some((at) => at.stack === 0)) return total ? [total] : [];
  const levels = [...new Set(inside.map((at) => gathered.bySeat[at.seat] ?? 0))].sort((a, b) => a - b);
  const paid = Object.values(gathered.bySeat);
  const pots: number[] = [];
  let below = 0;
  for (const level of levels) {
    pots.push(sum(paid.map((chips) => Math.min(chips, level) - Math.min(chips, below))));
    below = level;
  }
  // Who folded may have paid more than anybody who is still in; dead money is the main pot's.
  pots[pots.length - 1] = (pots.at(-1) ?? 0) + sum(paid.map((chips) => Math.max(0, chips - below)));
  pots[0] = (pots[0] ?? 0) + gathered.dead;
  return pots;
}

const sum = (amounts: readonly number[]): number => amounts.reduce((all, one) => all + one, 0);
