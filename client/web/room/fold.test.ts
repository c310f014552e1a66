import { describe, expect, it } from "vitest";
import { fold } from "./fold";
import type { ServerFrame } from "./frames";
import { made } from "./made";
import { lived, session, shown } from "./sessions";
import { isInHand, mySeat, seatsInOrder, UNKNOWN, type TableState } from "./state";

const chipsOf = (state: TableState): number =>
  seatsInOrder(state).reduce((sum, at) => sum + at.stack, state.pot);

const eventsOf = (frame: ServerFrame | undefined) => (frame?.type === "update" ? frame.events : []);

describe.each([2, 6, 9])("a recorded session of %i seats", (seats) => {
  const recorded = session(seats);

  it.each(["seat", "rail"] as const)("is shown at the %s as the Python client shows it", (line) => {
    const states = lived(recorded[line]);
    expect(recorded[`${line}_states`].length).toBeGreaterThan(5);
    for (const [number, theirs] of recorded[`${line}_states`]) {
      expect({ number, state: shown(states[number] ?? UNKNOWN) }).toEqual({ number, state: theirs });
    }
  });

  it("comes to what each snapshot of the server says", () => {
    const states = lived(recorded.rail);
    let compared = 0;
    for (const snapshot of recorded.snapshots) {
      const here = states.find((state) => state.epoch === snapshot.epoch && state.seq === snapshot.seq);
      if (!here) continue;
      const theirs = fold(UNKNOWN, snapshot, 0);
      const told = (state: TableState) => ({
        at: [state.epoch, state.seq, state.playing, state.paused, state.turn],
        // A snapshot between two hands has no pots and no bets, but the chips are the same.
        chips: chipsOf(state),
        hand: state.playing && [state.hand, state.button, state.street, state.board, state.options],
        pots: state.playing && [state.pot, state.pots],
        seats: seatsInOrder(state).map((at) => [
          ...[at.seat, at.name, at.kind, at.stack, at.bet, at.sittingOut],
          state.playing && [at.playing, at.folded, at.cards],
        ]),
      });
      expect(told(here)).toEqual(told(theirs));
      compared += 1;
    }
    expect(compared).toBeGreaterThan(4);
  });

  it("conserves every chip", () => {
    for (const line of [recorded.seat, recorded.rail]) {
      const states = lived(line);
      line.forEach((frame, n) => {
        const before = states[n - 1];
        if (frame.type !== "update" || !before) return;
        const came = frame.events.reduce((sum, event) => {
          if (event.type === "seat_taken") return sum + event.stack;
          if (event.type === "chips_added") return sum + event.amount;
          if (event.type === "seat_vacated") return sum - event.chips;
          return event.type === "hand_ended" ? sum - event.rake : sum;
        }, 0);
        expect(chipsOf(states[n] ?? UNKNOWN)).toBe(chipsOf(before) + came);
      });
    }
  });

  it("ends each hand with the stacks that the server says", () => {
    const states = lived(recorded.rail);
    let hands = 0;
    recorded.rail.forEach((frame, n) => {
      const ended = eventsOf(frame).find((event) => event.type === "hand_ended");
      if (!ended) return;
      const state = states[n] ?? UNKNOWN;
      const started = state.story?.events.find((event) => event.type === "hand_started");
      if (!started) return; // a snapshot came in the middle of it
      expect(started.seats.map((seat) => state.seats[seat]?.stack)).toEqual(ended.stacks);
      hands += 1;
    });
    expect(hands).toBeGreaterThan(5);
  });

  it("names hands as the server does", () => {
    const states = lived(recorded.rail);
    let named = 0;
    recorded.rail.forEach((frame, n) => {
      for (const event of eventsOf(frame)) {
        if (event.type !== "hand_shown" || !event.made) continue;
        expect(made(event.cards, states[n]?.board ?? [])?.category).toBe(event.made);
        named += 1;
      }
    });
    expect(named).toBeGreaterThan(0);
  });

  it("changes nothing that it was given", () => {
    const frozen = (value: unknown): void => {
      if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
      Object.freeze(value);
      Object.values(value).forEach(frozen);
    };
    let state = UNKNOWN;
    for (const frame of recorded.seat) {
      frozen(state);
      frozen(frame);
      state = fold(state, frame, 0);
    }
    expect(state.hand).toBeGreaterThan(5);
  });
});

describe("the recorded sessions", () => {
  it("have in them what is hard", () => {
    const frames = [2, 6, 9].flatMap((seats) => session(seats).rail);
    const all = frames.flatMap(eventsOf);
    const kinds = new Set(all.map((event) => event.type));
    for (const kind of ["hand_voided", "table_paused", "timed_out", "bank_started", "chips_added", "went_away"]) {
      expect(kinds).toContain(kind);
    }
    expect(all.some((event) => event.type === "pot_awarded" && event.pot >= 2)).toBe(true);
    const runOut = (frame: ServerFrame) => eventsOf(frame).filter((event) => event.type === "board_dealt").length;
    expect(frames.some((frame) => runOut(frame) === 3)).toBe(true);
    const welcomes = [2, 6, 9].flatMap((seats) => session(seats).seat).filter((frame) => frame.type === "welcome");
    expect(welcomes.some((frame) => (frame.missed ?? 0) > 0)).toBe(true);
    expect(welcomes.some((frame) => frame.epoch > 1)).toBe(true);
  });
});

describe("a hand that is voided", () => {
  it("gives everybody what he had, and leaves nothing on the felt", () => {
    const states = lived(session(6).rail);
    const state = states.find((each) => each.playing && each.board.length === 3 && each.story);
    const started = state?.story?.events.find((event) => event.type === "hand_started");
    if (!state || !started) throw new Error("no hand came to a flop");
    const { hand, seats, stacks } = started;
    const update = { type: "update" as const, epoch: state.epoch, seq: state.seq + 1 };
    const after = fold(state, { ...update, events: [{ type: "hand_voided", hand, seats, stacks, reason: "a test" }] }, 0);
    expect(seats.map((seat) => after.seats[seat]?.stack)).toEqual(stacks);
    expect(chipsOf(after)).toBe(chipsOf(state));
    expect([after.playing, after.pot, after.board, after.turn, after.voided]).toEqual([false, 0, [], -1, "a test"]);
  });
});

describe("somebody whom the host sends away", () => {
  it("is told so, and plays his hand to its end", () => {
    const state = lived(session(6).seat).find((each) => isInHand(each) && !mySeat(each)?.sittingOut);
    if (!state) throw new Error("he was dealt no hand");
    const update = { type: "update" as const, epoch: state.epoch, seq: state.seq + 1 };
    const after = fold(state, { ...update, events: [{ type: "sat_out", seat: state.me, sent_away: true }] }, 0);
    expect(mySeat(after)).toMatchObject({ sittingOut: true, sentAway: true });
    expect(isInHand(after)).toBe(true);
    const gone = { type: "acted" as const, seat: state.me, action: "fold", paid: 0, bet: 0, all_in: false };
    expect(isInHand(fold(after, { ...update, seq: after.seq + 1, events: [gone] }, 0))).toBe(false);
  });
});

describe("a gap", () => {
  it("is known, and a snapshot closes it", () => {
    const [first, , third] = session(6).rail.filter((frame) => frame.type !== "accepted");
    if (!first || !third) throw new Error("no frames");
    const gap = fold(fold(UNKNOWN, first, 0), third, 0);
    expect(gap.gap).toBe(true);
    expect(fold(gap, first, 0).gap).toBe(false);
  });
});
