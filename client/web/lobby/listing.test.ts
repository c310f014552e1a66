import { describe, expect, it } from "vitest";
import { EVERYTHING, isOpen, shown, title } from "./listing";
import type { TableListing } from "@/wire/api";

function table(name: string, seats: number, players: number, bots: number, more: Partial<TableListing> = {}): TableListing {
  const info = {
    table: name, name, game: "holdem", seats, small_blind: 5, big_blind: 10, ante: 0, straddle: false,
    buy_in_min: 200, buy_in_max: 1_000, turn_ms: 15_000, rake_bp: 0,
  };
  return { info, players, bots, dealt: 0, hands: 0, average_pot: 0, hands_per_hour: 0, ...more };
}

const names = (tables: TableListing[]) => tables.map((each) => each.info.name);
const lobby = [table("a", 2, 0, 2), table("b", 6, 2, 1, { average_pot: 5 }), table("c", 9, 2, 1), table("d", 6, 0, 1, { busy: true })];

describe("the lobby", () => {
  it("puts people before bots, and keeps equals in order", () => {
    expect(names(shown(lobby, EVERYTHING, "lively"))).toEqual(["b", "c", "a", "d"]);
    expect(names(shown(lobby, EVERYTHING, "pot"))[0]).toBe("b");
  });

  it("shows tables of one size, or with a free seat", () => {
    expect(names(shown(lobby, { size: "6", free: false }, "lively"))).toEqual(["b", "d"]);
    expect(names(shown(lobby, { size: "all", free: true }, "lively"))).toEqual(["b", "c"]);
  });

  it("knows full and busy tables", () => {
    expect(lobby.map(isOpen)).toEqual([false, true, true, false]);
  });

  it("takes a table's own name out of its title", () => {
    expect(title("Harbour · 6-max 50/100")).toBe("Harbour");
    expect(title("Harbour")).toBe("Harbour");
  });
});
