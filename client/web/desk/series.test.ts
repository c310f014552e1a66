import { expect, test } from "vitest";
import { currenciesOf, gained, minutes, pace } from "./series";
import type { FloorSample, RevenueSample } from "@/wire/api";

const at = (s: number): string => new Date(Date.UTC(2026, 0, 1) + s * 1_000).toISOString();
const floor = (s: number, hands: number): FloorSample => ({ at: at(s), tables: 1, playing: 1, players: 2, bots: 0, hands, lag_ms: 1 });
const house = (s: number, amount: number, currency = "PLAY"): RevenueSample => ({ at: at(s), currency, house: amount });

test("the pace is that of the last minutes", () => {
  expect(pace([])).toBeNull();
  expect(pace([floor(0, 5)])).toBeNull();
  expect(pace([floor(0, 0), floor(600, 100), floor(660, 110)])).toBe(600);
});

test("a table that leaves makes no negative pace", () => {
  expect(pace([floor(0, 90), floor(60, 10)])).toBeNull();
});

test("what was gained counts from the first sample, by currency", () => {
  const samples = [house(0, 100), house(0, 7, "EUR"), house(5, 103), house(5, 7, "EUR"), house(10, 102)];
  expect(currenciesOf(samples)).toEqual(["EUR", "PLAY"]);
  expect(gained(samples, "PLAY").values).toEqual([0, 3, 2]);
  expect(gained(samples, "EUR").values).toEqual([0, 0]);
  expect(gained(samples, "USD")).toEqual({ at: [], values: [] });
});

test("minutes sum to what was gained between the first one's end and now", () => {
  const samples = [house(0, 100), house(55, 110), house(65, 115), house(119, 120), house(125, 121)];
  expect(minutes(samples, "PLAY").map((each) => each.gain)).toEqual([10, 1]);
});
