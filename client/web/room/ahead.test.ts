import { describe, expect, it } from "vitest";
import { choices, chosen, played, stands } from "./ahead";
import { nudged, parsed, presetTo } from "./amounts";
import { UNKNOWN, type Seat, type TableState } from "./state";

const seat = (number: number, bet: number, stack = 1_000): Seat => ({
  seat: number, name: `p${number}`, kind: "player", stack, added: 0, sittingOut: false, away: false,
  straddle: false, playing: true, folded: false, bet, cards: [], made: "", last: "", won: 0,
}); // prettier-ignore

const at = (bets: number[], more: Partial<TableState> = {}): TableState => ({
  ...UNKNOWN,
  me: 0,
  hand: 3,
  playing: true,
  street: "flop",
  turn: 1,
  cards: [1, 2],
  pot: 60 + bets.reduce((sum, bet) => sum + bet, 0),
  seats: Object.fromEntries(bets.map((bet, i) => [i, seat(i, bet)])),
  ...more,
});

const legal = (call: number) => ({ seat: 0, can_check: call === 0, call, raise_min: 2 * call || 20, raise_max: 1_000 });

describe("a decision made ahead", () => {
  it("offers what makes sense", () => {
    expect(choices(at([0, 0]))).toEqual(["check_fold", "check", "call_any"]);
    expect(choices(at([0, 40]))).toEqual(["fold", "call", "call_any"]);
    expect(choices(at([0, 0], { turn: 0 }))).toEqual([]);
    expect(choices(at([0, 0], { cards: [] }))).toEqual([]);
  });

  it("is played on the turn", () => {
    const free = at([0, 0], { turn: 0, options: legal(0) });
    const priced = at([0, 40], { turn: 0, options: legal(40) });
    expect(played(chosen("check_fold", free), free)).toEqual({ type: "check" });
    expect(played(chosen("check_fold", at([0, 0])), priced)).toEqual({ type: "fold" });
    expect(played(chosen("call", at([0, 40])), priced)).toEqual({ type: "call" });
    expect(played(chosen("call_any", at([0, 0])), priced)).toEqual({ type: "call" });
  });

  it("is given up when the price has changed", () => {
    expect(stands(chosen("check", at([0, 0])), at([0, 40]))).toBe(false);
    expect(stands(chosen("call", at([0, 40])), at([0, 120]))).toBe(false);
    expect(played(chosen("call", at([0, 40])), at([0, 120], { turn: 0, options: legal(120) }))).toBeNull();
  });

  it("is given up with the street, the hand and the cards", () => {
    for (const kind of ["check_fold", "call_any"] as const) {
      const ahead = chosen(kind, at([0, 0]));
      expect(stands(ahead, at([0, 0]))).toBe(true);
      expect(stands(ahead, at([0, 0], { street: "turn" }))).toBe(false);
      expect(stands(ahead, at([0, 0], { hand: 4 }))).toBe(false);
      expect(stands(ahead, at([0, 0], { playing: false }))).toBe(false);
    }
  });
});

describe("sizes", () => {
  it("are parts of the pot after the call", () => {
    const state = at([20, 40], { turn: 0, options: legal(20) });
    // 120 in the middle, 20 to call: the pot is 140, and 40 are matched.
    expect(presetTo("pot", state, legal(20))).toBe(180);
    expect(presetTo("half", state, legal(20))).toBe(110);
    expect(presetTo("two_thirds", state, legal(20))).toBe(133);
    expect(presetTo("all_in", state, legal(20))).toBe(1_000);
  });

  it("stay within what is legal", () => {
    expect(presetTo("pot", at([0, 0], { pot: 9_000 }), legal(0))).toBe(1_000);
    expect(nudged(990, true, 20, legal(0))).toBe(1_000);
    expect(nudged(33, true, 20, legal(0))).toBe(40);
    expect(nudged(33, false, 20, legal(0))).toBe(20);
  });

  it("are read as people write them", () => {
    expect(parsed("1,250")).toBe(1_250);
    expect(parsed(" 1 250 ")).toBe(1_250);
    expect(parsed("")).toBeNull();
    expect(parsed("-5")).toBeNull();
    expect(parsed("12e3")).toBeNull();
    expect(parsed("1.250")).toBe(1_250);
    expect(parsed("12.5", 2)).toBe(1_250);
    expect(parsed("1,250", 2)).toBe(125_000);
    expect(parsed(".50", 2)).toBe(50);
    expect(parsed("12,50", 2)).toBe(1_250);
    expect(parsed("1,250.50", 2)).toBe(125_050);
    expect(parsed("1,234", 3)).toBe(1_234_000);
    expect(parsed("12.50")).toBeNull();
    expect(parsed("1,25")).toBeNull();
    expect(parsed("1.250,50", 2)).toBeNull();
    expect(parsed(".", 2)).toBeNull();
    expect(parsed("1.234", 2)).toBeNull();
    expect(parsed("1.2.3", 2)).toBeNull();
  });
});
