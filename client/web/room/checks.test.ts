import { describe, expect, it } from "vitest";
import { Checks, type Checked } from "./checks";
import type { Event, ServerFrame } from "./frames";
import { session } from "./sessions";

/** Hears a line as a room does, and waits for every check. */
async function heard(frames: readonly ServerFrame[], change: (event: Event) => Event = (event) => event): Promise<Checked[]> {
  const checked: Checked[] = [];
  const checks = new Checks("table-2", (one) => checked.push(one));
  let me = -1;
  for (const frame of frames) {
    if (frame.type === "welcome") {
      me = frame.seat ?? -1;
      if (frame.view) checks.welcome(frame.view.fair ?? null, me);
    }
    if (frame.type === "accepted" && (frame.seat ?? -1) >= 0) me = frame.seat ?? -1;
    if (frame.type === "update") checks.update(frame.events.map(change), me);
    await checks.done;
  }
  return checked;
}

describe("the deal of a recorded session", () => {
  it("checks out card by card, over breaks and snapshots", async () => {
    const checked = await heard(session(2).seat);
    expect(checked.flatMap((one) => one.faults)).toEqual([]);
    expect(Math.max(...checked.map((one) => one.cards))).toBeGreaterThanOrEqual(7);
    expect(new Set(checked.map((one) => one.hand)).size).toBeGreaterThan(5);
  });

  it("does not, once a card of the board is another", async () => {
    const other = (event: Event): Event =>
      event.type === "board_dealt" ? { ...event, cards: event.cards.map((card) => (card + 1) % 52) } : event;
    const checked = await heard(session(2).seat, other);
    expect(checked.at(-1)?.faults).toContain("opening_wrong");
  });

  it("does not, if the seed is not the one that was announced", async () => {
    const other = (event: Event): Event =>
      event.type === "seed_committed" ? { ...event, commitment: "A".repeat(43) + "=" } : event;
    const checked = await heard(session(2).seat, other);
    expect(checked.at(-1)?.faults).toContain("commitment_changed");
  });
});
