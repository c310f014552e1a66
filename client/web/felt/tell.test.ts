import { describe, expect, it } from "vitest";
import { lived, session } from "@/room/sessions";
import { steps } from "@/room/pace";
import { UNKNOWN } from "@/room/state";
import { moneyOf } from "@/room/amounts";
import { inWords } from "@/room/words";
import type { PotAwarded } from "@/room/frames";
import { initials } from "./avatar";
import { discsOf } from "./chips";
import { tallPlace, widePlace } from "./places";
import { resultLines } from "./results";
import { aloud, line } from "./tell";

describe("what is read out", () => {
  it("has every turn of mine, every street and every result", () => {
    const { seat } = session(6);
    const states = lived(seat);
    const said = states.flatMap((state, n) => aloud(states[n - 1] ?? UNKNOWN, state, String)).join(" ");
    expect(said).toMatch(/Your turn\. (You can check|\d+ to call)\./u);
    expect(said).toMatch(/Flop: \w+ of \w+, \w+ of \w+, \w+ of \w+\./u);
    expect(said).toMatch(/Your cards: \w+ of \w+ and \w+ of \w+\./u);
    expect(said).toMatch(/wins? [\d,]+/u);
    expect(said).toMatch(/[Ss]ide pot/u);
    expect(said).toMatch(/does not count/u);
  });

  it("says nothing twice", () => {
    const states = lived(session(9).seat);
    states.forEach((state) => expect(aloud(state, state, String)).toEqual([]));
  });
});

describe("the log of a hand", () => {
  it("has a line for whatever moved a chip or a card", () => {
    const story = lived(session(9).rail).findLast((state) => state.before)?.before;
    if (!story) throw new Error("no story");
    const lines = story.events.map((event) => line(event, story, String)).filter(Boolean);
    const moved = story.events.filter((event) =>
      ["posted", "acted", "board_dealt", "pot_awarded", "bet_returned", "hand_shown"].includes(event.type),
    );
    expect(lines.length).toBeGreaterThanOrEqual(moved.length);
    expect(lines.join("\n")).not.toContain("undefined");
  });
});

describe("a run-out", () => {
  it("is told in the same order, within the pause after a showdown", () => {
    for (const seats of [2, 6, 9]) {
      for (const frame of session(seats).rail) {
        if (frame.type !== "update") continue;
        const told = steps(frame.events);
        expect(told.flatMap((step) => step.events)).toEqual(frame.events);
        expect(told.reduce((sum, step) => sum + step.waitMs, 0)).toBeLessThan(3_650);
      }
    }
  });
});

describe("places", () => {
  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10])("of %i seats are apart, on the stage", (seats) => {
    for (const [place, across, down] of [[widePlace, 14, 10], [tallPlace, 24, 13]] as const) {
      const spots = Array.from({ length: seats }, (_, offset) => place(offset, seats).seat);
      spots.forEach((a, i) => {
        expect(a.x).toBeGreaterThan(5);
        expect(a.x).toBeLessThan(95);
        expect(a.y).toBeGreaterThan(8);
        expect(a.y).toBeLessThan(92);
        spots.slice(i + 1).forEach((b) => {
          expect(Math.abs(a.x - b.x) > across || Math.abs(a.y - b.y) > down).toBe(true);
        });
      });
    }
  });
});

describe("small things", () => {
  it("make faces of any name", () => {
    expect(initials("Ann Bee")).toBe("AB");
    expect(initials("ösgür")).toBe("ÖS");
    expect(initials("clever-otter-4711")).toBe("CO");
    expect(initials("")).toBe("?");
  });

  it("stack few chips", () => {
    expect(discsOf(126).map((disc) => disc.value)).toEqual([100, 25, 1]);
    expect(discsOf(1_000_000).length).toBeLessThanOrEqual(7);
  });

  it("tell a limit with what is left of it", () => {
    expect(inWords("limit_reached", "", { limit: "loss_day", left: 0, until: null }, String)).toMatch(/loss limit for a day\.$/u);
    expect(inWords("limit_reached", "", { limit: "buy_in_day", left: 1_500, until: null }, moneyOf(2).say)).toContain("15 are left");
    expect(inWords("below_minimum", "", null, String)).toBe("That is less than the smallest raise.");
    expect(inWords("something_new", "The server's own words.", null, String)).toBe("The server's own words.");
  });
});

describe("pots", () => {
  const award = (pot: number, ...shares: [number, number][]): PotAwarded => ({
    type: "pot_awarded",
    pot,
    amount: shares.reduce((sum, [, share]) => sum + share, 0),
    shares,
    rake: 0,
  });
  const lines = (...results: PotAwarded[]) => resultLines({ ...UNKNOWN, results }, String);

  it("that the same players win one after the other are told together", () => {
    expect(lines(award(0, [1, 30]))).toEqual(["Seat 2 wins 30"]);
    expect(lines(award(0, [1, 30]), award(1, [1, 4]))).toEqual(["Main pot and side pot: Seat 2 wins 34"]);
    expect(lines(award(0, [1, 30]), award(1, [2, 4]), award(2, [2, 5]), award(3, [1, 1]))).toEqual([
      "Main pot: Seat 2 wins 30",
      "Side pots 1–2: Seat 3 wins 9",
      "Side pot 3: Seat 2 wins 1",
    ]);
    expect(lines(award(0, [1, 15], [2, 15]), award(1, [1, 2], [2, 2]), award(2, [2, 1]))).toEqual([
      "Main pot and side pot 1: Seat 2 win 17, Seat 3 win 17",
      "Side pot 2: Seat 3 wins 1",
    ]);
  });
});
