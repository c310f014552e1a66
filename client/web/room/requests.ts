// What we have asked of the table and not been answered yet. By its reference a request is done once,
// however often it is sent: so after a break everything open is sent again.

import type { ClientFrame, LimitReached, ServerFrame } from "./frames";

export type Answer =
  | { ok: true; seat: number }
  | { ok: false; code: string; message: string; limit: LimitReached | null };

/** A request without its reference. */
export type Asked = ClientFrame extends infer F ? (F extends { ref: string } ? Omit<F, "ref"> : never) : never;

const LATER = new Set(["too_fast", "table_busy"]);
const LATER_TRIES = 12;
const LATER_MS_FIRST = 100;
const LATER_MS_MAX = 1_000;

interface Open {
  frame: ClientFrame;
  answer: (answer: Answer) => void;
  tries: number;
}

export class Requests {
  private readonly open = new Map<string, Open>();

  constructor(
    private readonly send: (frame: ClientFrame) => boolean,
    private readonly after: (ms: number, then: () => void) => void,
    private readonly ref: () => string = () => crypto.randomUUID(),
  ) {}

  /** Sent now, or with the next line. `at` hears the answer before anything else is read. */
  ask(asked: Asked, at: (answer: Answer) => void = () => undefined): Promise<Answer> {
    const ref = this.ref();
    const frame = { ...asked, ref } as ClientFrame;
    return new Promise((resolve) => {
      const answer = (given: Answer): void => {
        at(given);
        resolve(given);
      };
      this.open.set(ref, { frame, answer, tries: 0 });
      this.send(frame);
    });
  }

  /** A new line is up: ask again, by the same references. */
  again(): void {
    for (const { frame } of this.open.values()) this.send(frame);
  }

  /** Refused for the moment with nothing done: sent again a little later. */
  settle(frame: Extract<ServerFrame, { type: "accepted" | "refused" }>): void {
    const ref = frame.ref ?? "";
    const open = this.open.get(ref);
    if (!open) return;
    if (frame.type === "refused" && LATER.has(frame.code) && open.tries < LATER_TRIES) {
      const pause = Math.min(LATER_MS_MAX, LATER_MS_FIRST * 2 ** open.tries);
      open.tries += 1;
      this.after(pause, () => {
        if (this.open.get(ref) === open) this.send(open.frame);
      });
      return;
    }
    this.open.delete(ref);
    open.answer(
      frame.type === "accepted"
        ? { ok: true, seat: frame.seat ?? -1 }
        : { ok: false, code: frame.code, message: frame.message, limit: frame.limit ?? null },
    );
  }

  /** The line has ended for good: nobody will answer. */
  end(why: string): void {
    for (const { answer } of this.open.values()) {
      answer({ ok: false, code: "line_ended", message: why, limit: null });
    }
    this.open.clear();
  }
}
