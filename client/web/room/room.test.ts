import { beforeEach, describe, expect, it } from "vitest";
import type { ServerFrame, Update } from "./frames";
import { Room } from "./room";
import { lived, session, shown } from "./sessions";
import { mySeat, UNKNOWN } from "./state";
import { settled, TwinWorld } from "./twin";

const recorded = session(2);
const table = recorded.table;
const [first] = recorded.seat;
if (first?.type !== "welcome" || !first.view) throw new Error("a session begins with a welcome");
const welcome = first;
const updates = recorded.seat.filter((frame): frame is Update => frame.type === "update");
const continued = updates.filter((frame, n) => frame.seq === welcome.seq + 1 + n && frame.epoch === welcome.epoch);

let world: TwinWorld;
let room: Room;

async function arrive(): Promise<void> {
  room.line.start();
  await world.pass(0);
  world.last.told(welcome);
}

/** Up to my first turn. */
async function myTurn(): Promise<void> {
  await arrive();
  const sat = recorded.seat.find((frame) => frame.type === "accepted");
  void room.ask({ type: "sit", buy_in: 400, seat: null, post_now: true });
  const sit = world.last.sent.find((frame) => frame.type === "sit");
  world.last.told({ ...(sat as Extract<ServerFrame, { type: "accepted" }>), ref: sit?.ref ?? "" });
  for (const frame of continued) {
    world.last.told(frame);
    if (room.view.state.turn === room.view.state.me && room.view.state.me >= 0) return;
  }
}

const acts = (socket = world.last) => socket.sent.filter((frame) => frame.type === "act");
const refused = (ref: string, code: string): ServerFrame => ({ type: "refused", ref, code, message: "No." });

beforeEach(() => {
  world = new TwinWorld();
  room = new Room(table, world);
});

describe("a line that breaks", () => {
  it("comes back with a new ticket, to where it was, and shows what was missed", async () => {
    await arrive();
    const [one, two, three] = continued;
    if (!one || !two || !three) throw new Error("too few updates");
    world.last.told(one);
    world.last.ends(1006);
    expect(room.view.line).toEqual({ phase: "coming", failures: 1 });
    await world.pass(1_000);
    expect(world.tickets).toBe(2);
    expect(world.last.url).toContain(`&epoch=${one.epoch}&seq=${one.seq}`);
    world.last.told({ type: "welcome", table, epoch: one.epoch, seq: one.seq, seat: -1, missed: 2 }, two);
    expect(room.view.line.phase).toBe("coming");
    world.last.told(three);
    expect(room.view.line.phase).toBe("up");
    expect(room.view.state.seq).toBe(three.seq);
  });

  it("asks for a snapshot after a gap", async () => {
    await arrive();
    const later = continued[1];
    if (!later) throw new Error("too few updates");
    world.last.told(later);
    await world.pass(1_000);
    expect(world.sockets).toHaveLength(2);
    expect(world.last.url).not.toContain("epoch");
    world.last.told({ ...welcome, seq: later.seq });
    expect(room.view.state.gap).toBe(false);
    expect(room.view.line.phase).toBe("up");
  });

  it.each([1006, 1000, 4000, 4001, 4100, 4104, 4105])("comes back after %i", async (code) => {
    await arrive();
    world.last.ends(code);
    await world.pass(10_000);
    expect(world.sockets.length).toBeGreaterThan(1);
  });

  it.each([4200, 4201, 4202, 4203, 4204, 4205, 4206])("stays away after %i, and says why", async (code) => {
    await arrive();
    world.last.ends(code);
    await world.pass(60_000);
    expect(world.sockets).toHaveLength(1);
    expect(room.view.line).toMatchObject({ phase: "ended", code: String(code) });
    expect((room.view.line as { why: string }).why).toMatch(/\.$/u);
  });

  it("waits longer each time, and not when it is hurried", async () => {
    await arrive();
    const pauses: number[] = [];
    for (let n = 0; n < 8; n++) {
      const [before, from] = [world.sockets.length, world.time];
      world.last.ends(1006);
      while (world.sockets.length === before) await world.pass(50);
      pauses.push(world.time - from);
    }
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBeLessThanOrEqual(5_050);
    world.last.ends(1006);
    const count = world.sockets.length;
    room.line.hurry();
    await settled();
    expect(world.sockets).toHaveLength(count + 1);
  });

  it("ends when there is no such table, and not while the server is away", async () => {
    world.refusal = { code: "unavailable", message: "Away." };
    room.line.start();
    await world.pass(20_000);
    expect(room.view.line.phase).toBe("coming");
    expect(world.tickets).toBeGreaterThan(3);
    world.refusal = { code: "table_unknown", message: "There is no such table." };
    await world.pass(6_000);
    expect(room.view.line).toEqual({ phase: "ended", code: "table_unknown", why: "There is no such table." });
  });

  it("is left when it answers no ping", async () => {
    await arrive();
    await world.pass(7_000);
    const ping = world.last.sent.find((frame) => frame.type === "ping");
    world.last.told({ type: "pong", ref: ping?.ref ?? "" });
    expect(world.sockets).toHaveLength(1);
    await world.pass(20_000);
    expect(world.sockets.length).toBeGreaterThan(1);
  });
});

describe("an action", () => {
  it("is sent once, however often it is clicked", async () => {
    await myTurn();
    void room.act({ type: "call" });
    void room.act({ type: "call" });
    expect(acts()).toHaveLength(1);
    expect(acts()[0]).toMatchObject({ hand: room.view.state.hand, turn: room.view.state.turnNumber });
  });

  it("is asked again by the same reference after a break, and by no other", async () => {
    await myTurn();
    const { state } = room.view;
    void room.act({ type: "call" });
    const [sent] = acts();
    world.last.ends(1006);
    await world.pass(1_000);
    world.last.told({ type: "welcome", table, epoch: state.epoch, seq: state.seq, seat: state.me, missed: 0 });
    expect(acts()).toEqual([sent]);
    void room.act({ type: "fold" });
    expect(acts()).toEqual([sent]);
  });

  it("that came too late is refused quietly, and the turn is shown as it is", async () => {
    await myTurn();
    void room.act({ type: "call" });
    world.last.told(refused(acts()[0]?.ref ?? "", "stale_turn"));
    await settled();
    expect(room.view.notice).toBeNull();
    expect(room.view.sent).toBeNull();
  });

  it("that is refused is said in words, with the code behind", async () => {
    await myTurn();
    void room.act({ type: "raise", to: 1 });
    world.last.told(refused(acts()[0]?.ref ?? "", "below_minimum"));
    await settled();
    expect(room.view.notice).toMatchObject({ code: "below_minimum" });
  });

  it("refused for the moment is sent again by itself", async () => {
    await myTurn();
    void room.act({ type: "call" });
    const ref = acts()[0]?.ref ?? "";
    world.last.told(refused(ref, "table_busy"));
    await world.pass(200);
    expect(acts().map((frame) => frame.ref)).toEqual([ref, ref]);
    expect(room.view.notice).toBeNull();
  });
});

describe("entropy", () => {
  it("is sent anew after each commitment, by whoever sits", async () => {
    await myTurn();
    const values = world.last.sent.filter((frame) => frame.type === "entropy").map((frame) => frame.value);
    expect(values.length).toBeGreaterThan(0);
    expect(new Set(values).size).toBe(values.length);
    expect(values.every((value) => /^[0-9a-f]{32}$/u.test(String(value)))).toBe(true);
  });
});

describe("what is shown", () => {
  it("lags within a run-out and ends where the store is", async () => {
    room.line.start();
    await world.pass(0);
    let lagged = 0;
    const states = lived(recorded.rail);
    for (const [n, frame] of recorded.rail.entries()) {
      world.last.told(frame);
      const truth = shown({ ...(states[n] ?? UNKNOWN) });
      if (JSON.stringify(shown(room.view.state)) !== JSON.stringify(truth)) {
        lagged += 1;
        await world.pass(3_700);
      }
      expect(shown(room.view.state)).toEqual(truth);
    }
    expect(lagged).toBeGreaterThan(0);
  });

  it("is all at once when nobody looks", async () => {
    room = new Room(table, world, () => false);
    room.line.start();
    await world.pass(0);
    const states = lived(recorded.rail);
    recorded.rail.forEach((frame, n) => {
      world.last.told(frame);
      expect(room.view.state.seq).toBe(states[n]?.seq);
      expect(room.view.state.board).toEqual(states[n]?.board);
    });
  });

  it("has my seat from the answer on", async () => {
    await myTurn();
    expect(mySeat(room.view.state)?.playing).toBe(true);
  });
});
