import type { TableListing } from "@/wire/api";

/** What of the lobby somebody wants to see, and in which order: pure. */

export const SIZES = ["all", "2", "6", "9"] as const;
export const ORDERS = ["lively", "stakes", "pot"] as const;
export type Filter = { size: (typeof SIZES)[number]; free: boolean };
export type Order = (typeof ORDERS)[number];

export const EVERYTHING: Filter = { size: "all", free: false };

export function sizeOf(listing: TableListing): "2" | "6" | "9" {
  if (listing.info.seats === 2) return "2";
  return listing.info.seats <= 6 ? "6" : "9";
}

export const taken = (listing: TableListing): number => listing.players + listing.bots;

/** Whether a newcomer can sit down. */
export function isOpen(listing: TableListing): boolean {
  return listing.busy !== true && taken(listing) < listing.info.seats;
}

const RANK: Record<Order, (listing: TableListing) => number> = {
  lively: (listing) => listing.players * 100 + listing.bots,
  stakes: (listing) => listing.info.big_blind,
  pot: (listing) => listing.average_pot,
};

/** Those wanted, the greatest first; equals by name, so that nothing jumps. */
export function shown(tables: readonly TableListing[], filter: Filter, order: Order): TableListing[] {
  const rank = RANK[order];
  return tables
    .filter((table) => filter.size === "all" || sizeOf(table) === filter.size)
    .filter((table) => !filter.free || isOpen(table))
    .sort((a, b) => rank(b) - rank(a) || a.info.name.localeCompare(b.info.name));
}

/** "Harbour" of "Harbour · 6-max 50/100": the rest is shown in places of its own. */
export function title(name: string): string {
  return name.split(" · ")[0]!.trim() || name;
}
