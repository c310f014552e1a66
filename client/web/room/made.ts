// What a hand is worth, in words: for its owner, while it is being played. The server decides.

import { RANK_NAMES, rankOf, suitOf } from "./cards";

export interface Made {
  /** The server's name of the category. */
  category: string;
  /** "Two pair, kings and fours". */
  words: string;
}

const name = (rank: number): string => RANK_NAMES[rank] ?? "";
const many = (rank: number): string => (rank === 4 ? "sixes" : `${name(rank)}s`);

/** Two hole cards with nothing on the board. */
function start(cards: readonly number[]): Made {
  const [high = 0, low = 0] = cards.map(rankOf).sort((a, b) => b - a);
  if (high === low) return { category: "a pair", words: `Pocket ${many(high)}` };
  const suited = suitOf(cards[0] ?? 0) === suitOf(cards[1] ?? 0);
  return { category: "high card", words: capital(`${name(high)}-${name(low)} ${suited ? "suited" : "offsuit"}`) };
}

/** The best five of two hole cards and up to five on the board. */
export function made(hole: readonly number[], board: readonly number[]): Made | null {
  if (hole.length !== 2) return null;
  if (!board.length) return start(hole);
  const cards = [...hole, ...board];
  const ranks = [...new Set(cards.map(rankOf))].sort((a, b) => b - a);
  const flush = [0, 1, 2, 3].map((suit) => cards.filter((c) => suitOf(c) === suit)).find((of) => of.length >= 5);
  const flushRanks = flush?.map(rankOf).sort((a, b) => b - a);
  const straightFlush = flushRanks && straight(flushRanks);
  if (straightFlush === 12) return { category: "royal flush", words: "Royal flush" };
  if (straightFlush != null) return { category: "straight flush", words: `Straight flush, ${name(straightFlush)} high` };
  const times = (n: number): number[] => ranks.filter((r) => cards.filter((c) => rankOf(c) === r).length >= n);
  const [four] = times(4);
  const [three] = times(3);
  const pairs = times(2);
  if (four !== undefined) return { category: "four of a kind", words: `Four ${many(four)}` };
  const full = pairs.find((r) => r !== three);
  if (three !== undefined && full !== undefined) {
    return { category: "full house", words: `Full house, ${many(three)} full of ${many(full)}` };
  }
  if (flushRanks) return { category: "flush", words: `Flush, ${name(flushRanks[0] ?? 0)} high` };
  const run = straight(ranks);
  if (run !== null) return { category: "straight", words: `Straight, ${name(run)} high` };
  if (three !== undefined) return { category: "three of a kind", words: `Three ${many(three)}` };
  const [first, second] = pairs;
  if (first !== undefined && second !== undefined) {
    return { category: "two pair", words: `Two pair, ${many(first)} and ${many(second)}` };
  }
  if (first !== undefined) return { category: "a pair", words: `Pair of ${many(first)}` };
  return { category: "high card", words: capital(`${name(ranks[0] ?? 0)} high`) };
}

/** The highest rank of a straight among falling ranks without doubles; the ace also plays low. */
function straight(falling: readonly number[]): number | null {
  const ranks = falling.includes(12) ? [...falling, -1] : falling;
  for (const [i, top] of ranks.entries()) if (ranks[i + 4] === top - 4) return top;
  return null;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
