import { expect, test } from "vitest";
import { currencyOf, outlineOf, replayOf, stateAt, stepOf, streetsOf } from "./replay";
import type { HandRecord } from "@/wire/api";

/** Seat 2 raises and is called; both check to the end, and seat 0 shows the better hand. */
const events = [
  { type: "hand_started", hand: 7, button: 0, seats: [0, 2], stacks: [500, 300] },
  { type: "posted", seat: 0, kind: "small_blind", amount: 10 },
  { type: "posted", seat: 2, kind: "big_blind", amount: 20 },
  { type: "hole_dealt", seat: 0, cards: [] },
  { type: "hole_dealt", seat: 2, cards: [51, 50] },
  { type: "acted", seat: 0, action: "call", paid: 10, bet: 20, all_in: false },
  { type: "acted", seat: 2, action: "raise", paid: 40, bet: 60, all_in: false },
  { type: "acted", seat: 0, action: "call", paid: 40, bet: 60, all_in: false },
  { type: "board_dealt", street: "flop", cards: [0, 4, 8] },
  { type: "acted", seat: 2, action: "check", paid: 0, bet: 0, all_in: false },
  { type: "acted", seat: 0, action: "check", paid: 0, bet: 0, all_in: false },
  { type: "board_dealt", street: "turn", cards: [12] },
  { type: "board_dealt", street: "river", cards: [17] },
  { type: "hand_shown", seat: 0, cards: [16, 20], made: "straight" },
  { type: "hand_mucked", seat: 2 },
  { type: "pot_awarded", pot: 0, amount: 120, rake: 2, shares: [[0, 118]] },
  { type: "hand_ended", hand: 7, stacks: [558, 240], rake: 2 },
];
const record: HandRecord = {
  table: "oak", hand: 7, ended: "2026-01-02T03:04:05Z", players: [[0, "ann"], [2, "bob"]], seat: 2,
  events, times: events.map((_, i) => i * 500), net: -60, pot: 120, rules: null,
};

test("the first step shows the table as it was dealt, and only one's own cards", () => {
  const state = stateAt(replayOf(record), 0);
  expect(state.cards).toEqual([51, 50]);
  expect([state.seats[0]?.bet, state.seats[2]?.bet]).toEqual([10, 20]);
  expect([state.seats[0]?.stack, state.seats[2]?.stack]).toEqual([490, 280]);
  expect(state.seats[0]?.cards).toEqual([]);
  expect(state.board).toEqual([]);
});

test("the last step is the end: stacks as recorded, the winner named", () => {
  const replay = replayOf(record);
  const state = stateAt(replay, stepOf(replay, "end"));
  expect([state.seats[0]?.stack, state.seats[2]?.stack]).toEqual([558, 240]);
  expect(state.seats[0]?.won).toBe(118);
  expect(state.board).toEqual([0, 4, 8, 12, 17]);
  expect(state.playing).toBe(false);
});

test("every event is in exactly one step, and steps go forward", () => {
  const { steps } = replayOf(record);
  expect(steps.at(-1)?.upto).toBe(events.length);
  steps.slice(1).forEach((step, i) => expect(step.upto).toBeGreaterThan(steps[i]?.upto ?? 0));
});

test("streets are jumped to", () => {
  const replay = replayOf(record);
  expect(streetsOf(replay)).toEqual(["preflop", "flop", "turn", "river", "showdown"]);
  expect(stateAt(replay, stepOf(replay, "turn")).board).toEqual([0, 4, 8, 12]);
  expect(stateAt(replay, stepOf(replay, "preflop")).board).toEqual([]);
});

test("an outline has one's own cards and the board", () => {
  expect(outlineOf(record)).toEqual({ cards: [51, 50], board: [0, 4, 8, 12, 17], shown: true });
});

test("amounts are in the currency of the hand; an old record does not know it", () => {
  const rules = {
    game: "nlhe", seats: 6, small_blind: 10, big_blind: 20, ante: 0, straddle: false,
    rake_version: "", rake_bp: 0, rake_caps: [], no_flop_no_drop: true,
  };
  const euros = { ...record, rules: { ...rules, currency: "EUR" } };
  expect([currencyOf(record), currencyOf({ ...record, rules }), currencyOf(euros)]).toEqual(["", "", "EUR"]);
  expect(stateAt(replayOf(euros), 0).info?.currency).toBe("EUR");
});
