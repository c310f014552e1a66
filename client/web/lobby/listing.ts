import type { TableListing } from "@/wire/api";

/** What of the lobby somebody wants to see, and in which order: pure. */

export type Filter = { seats: "all" | "2" | "6" | "9"; free: boolean; stakes: "all" | "micro" | "low" | "high" };
export type Order = "lively" | "stakes" | "pot";

export const EVERYTHING: Filter = { seats: "all", free: false, stakes: "all" };

/** By big blind in minor units, as the stakes of play chips go. */
export function stakesOf(bigBlind: number): "micro" | "low" | "high" {
  if (bigBlind <= 20) return "micro";
  return bigBlind <= 100 ? "low" : "high";
}

export function seatsOf(listing: TableListing): "2" | "6" | "9" {
  if (listing.info.seats === 2) return "2";
  return listing.info.seats <= 6 ? "6" : "9";
}

/** Bots give their chair to players, so a seat that a bot has is as good as free. */
export function freeSeats(listing: TableListing): number {
  return listing.info.seats - listing.players;
}

export function isOpen(listing: TableListing): boolean {
  return listing.busy !== true && listing.players + listing.bots < listing.info.seats;
}

const ORDERS: Record<Order, (listing: TableListing) => number> = {
  lively: (listing) => listing.players * 100 + listing.bots,
  stakes: (listing) => listing.info.big_blind,
  pot: (listing) => listing.average_pot,
};

/** Those wanted, the greatest first; equals by name, so that nothing jumps. */
export function shown(tables: readonly TableListing[], filter: Filter, order: Order): TableListing[] {
  const rank = ORDERS[order];
  return tables
    .filter((table) => filter.seats === "all" || seatsOf(table) === filter.seats)
    .filter((table) => filter.stakes === "all" || stakesOf(table.info.big_blind) === filter.stakes)
    .filter((table) => !filter.free || isOpen(table))
    .toSorted((a, b) => rank(b) - rank(a) || a.info.name.localeCompare(b.info.name));
}

/** "Harbour" of "Harbour · 6-max 50/100": the rest is in columns of its own. */
export function title(name: string): string {
  return name.split(" · ")[0]!.trim() || name;
}
