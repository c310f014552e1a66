// One table as a page has it: line, store, requests and checks together. A page subscribes to `view`,
// which is replaced, never changed.

import { chosen, played, stands, type Ahead, type AheadKind } from "./ahead";
import { Checks, UNCHECKED, type Checked } from "./checks";
import { fold, follows, granted, numbered, seatedAt, told } from "./fold";
import type { Action, LimitReached, ServerFrame, Update } from "./frames";
import { Line, type LineStatus, type World } from "./line";
import { steps, type Step } from "./pace";
import { Requests, type Answer, type Asked } from "./requests";
import { isMyTurn, NOBODY, UNKNOWN, type TableState } from "./state";
import { freshValue } from "./values";
import { isQuiet } from "./words";

/** A refusal for the person: the server's words and limit, and the stable code behind them. */
export interface Notice {
  id: number;
  code: string;
  message: string;
  limit: LimitReached | null;
}

/** `sent` is the turn for which an action is on its way; `state` may lag within a run-out. */
export interface RoomView {
  state: TableState;
  line: LineStatus;
  checked: Checked;
  ahead: Ahead | null;
  sent: { turn: number; action: Action } | null;
  notice: Notice | null;
}

export class Room {
  view: RoomView = {
    state: UNKNOWN,
    line: { phase: "coming", failures: 0 },
    checked: UNCHECKED,
    ahead: null,
    sent: null,
    notice: null,
  };
  readonly checks: Checks;
  readonly line: Line;
  private truth: TableState = UNKNOWN;
  private readonly requests: Requests;
  private readonly listeners = new Set<() => void>();
  private later: (Step & { last: Update })[] = [];
  private cancelStep: (() => void) | null = null;
  private mixing = false;
  private notices = 0;

  constructor(
    readonly table: string,
    private readonly world: World,
    /** False when nobody can follow a run-out, as in a hidden window: then all is shown at once. */
    private readonly watched: () => boolean = () => true,
  ) {
    this.checks = new Checks(table, (checked) => this.show({ checked }));
    this.line = new Line(world, {
      place: () => (this.truth.epoch > 0 && !this.truth.gap ? this.truth : null),
      frame: (frame) => this.received(frame),
      status: (line) => this.lineChanged(line),
    });
    this.requests = new Requests(
      (frame) => this.view.line.phase === "up" && this.line.send(frame),
      (ms, then) => void world.after(ms, then),
    );
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): RoomView => this.view;

  // Asking

  /** Play an action in the turn that is shown; a second click for the same turn does nothing. */
  async act(action: Action): Promise<void> {
    const { state, sent } = this.view;
    if (!isMyTurn(state) || sent?.turn === state.turnNumber) return;
    const turn = state.turnNumber;
    this.show({ sent: { turn, action }, ahead: null });
    const answer = await this.ask({ type: "act", hand: state.hand, turn, action });
    if (!answer.ok && this.view.sent?.turn === turn) this.show({ sent: null });
  }

  /** Any request; a refusal is shown in words, one that came too late is not. */
  async ask(asked: Asked): Promise<Answer> {
    const answer = await this.requests.ask(asked, (given) => {
      // Here and not where it is awaited: the next frames may be about this seat.
      if (!given.ok) return;
      if (asked.type === "sit") this.seatedNow(given.seat);
      else this.know((state) => granted(state, asked));
    });
    if (!answer.ok && !isQuiet(answer.code) && asked.type !== "entropy") {
      this.say(answer.code, answer.message, answer.limit);
    }
    return answer;
  }

  /** Decide before one's turn; the same again takes it back. */
  decideAhead(kind: AheadKind): void {
    const ahead = this.view.ahead?.kind === kind ? null : chosen(kind, this.view.state);
    this.show({ ahead });
  }

  say(code: string, message: string, limit: LimitReached | null = null): void {
    this.show({ notice: { id: ++this.notices, code, message, limit } });
  }

  hush(): void {
    this.show({ notice: null });
  }

  /** Come back by hand, after the end of a line. */
  restart(): void {
    this.line.stop();
    this.line.start();
  }

  close(): void {
    this.cancelStep?.();
    this.line.stop();
    this.requests.end("You have left the table.");
  }

  // Listening

  private lineChanged(line: LineStatus): void {
    this.show({ line });
    if (line.phase === "up") {
      this.requests.again();
      this.mix();
    } else if (line.phase === "ended") {
      this.requests.end(line.why);
    }
  }

  private received(frame: ServerFrame): void {
    if (frame.type === "accepted" || frame.type === "refused") {
      this.requests.settle(frame);
      return;
    }
    const before = this.truth;
    this.truth = fold(before, frame, this.world.now());
    if (this.truth.gap) {
      this.line.drop(); // the next line asks for a snapshot
      return;
    }
    if (frame.type === "update") this.updated(before, frame);
    else this.welcomed(frame);
    this.decided();
  }

  private welcomed(frame: ServerFrame): void {
    if (frame.type !== "welcome") return;
    if (frame.view) this.checks.welcome(frame.view.fair ?? null, this.truth.me);
    this.catchUp();
  }

  private updated(before: TableState, frame: Update): void {
    if (!follows(before, frame)) return;
    this.checks.update(frame.events, this.truth.me);
    this.catchUp(before);
    if (this.watched()) this.spread(frame);
    else this.show({ state: this.truth });
    if (frame.events.some((event) => event.type === "seed_committed")) this.mix();
  }

  /** Whatever was still to be shown is over. */
  private catchUp(state: TableState = this.truth): void {
    this.cancelStep?.();
    this.cancelStep = null;
    this.later = [];
    if (this.view.state !== state) this.show({ state });
  }

  private spread(frame: Update): void {
    this.later = steps(frame.events).map((step) => ({ ...step, last: frame }));
    this.step();
  }

  private step(): void {
    const step = this.later.shift();
    if (!step) return;
    const state = numbered(told(this.view.state, step.events, this.world.now()), step.last);
    // The last step ends where the store is: one truth.
    this.show({ state: this.later.length ? state : this.truth });
    const next = this.later[0];
    this.cancelStep = next ? this.world.after(next.waitMs, () => this.step()) : null;
  }

  private seatedNow(seat: number): void {
    this.checks.values.seated();
    this.know((state) => seatedAt(state, seat));
    this.mix();
  }

  /** Something that holds for what is shown as for what is known. */
  private know(change: (state: TableState) => TableState): void {
    const shown = this.view.state === this.truth;
    this.truth = change(this.truth);
    this.show({ state: shown ? this.truth : change(this.view.state) });
  }

  /** The server's seed is fixed by now: whatever we send, it did not know it. */
  private mix(): void {
    if (this.mixing || this.truth.me === NOBODY || !this.checks.mayMix) return;
    if (this.view.line.phase !== "up") return;
    this.mixing = true;
    const value = freshValue();
    this.checks.values.sent(value);
    void this.ask({ type: "entropy", value }).then((answer) => {
      this.mixing = false;
      if (answer.ok) this.checks.values.accepted(value);
    });
  }

  /** Give up what no longer means what it did; play it if it is our turn. */
  private decided(): void {
    const { ahead, sent } = this.view;
    const state = this.truth;
    if (sent && sent.turn !== state.turnNumber) this.show({ sent: null });
    if (!ahead) return;
    if (!stands(ahead, state)) {
      this.show({ ahead: null });
    } else if (isMyTurn(state) && this.view.line.phase === "up") {
      const action = played(ahead, state);
      this.show({ ahead: null });
      if (action) void this.act(action);
    }
  }

  private show(change: Partial<RoomView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.listeners) listener();
  }
}
