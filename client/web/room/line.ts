// A live line to one table: it comes back by itself, continues where it was, and says how it stands.

import type { ClientFrame, ServerFrame } from "./frames";
import { afterClose, backoff, FATAL, wordsOfClose } from "./closing";

export const SUBPROTOCOL = "squaredeal.v1.json";
export const LOST = 1006;
/** `WebSocket.OPEN`; there is no such global in every Node that runs the tests. */
export const OPEN = 1;
const QUIET_MS = 5_000;
const PONG_MS = 4_000;
const LOOK_MS = 1_000;
const OPEN_MS = 8_000;

/** What a line needs of the outside; a test gives its own. */
export interface World {
  now(): number;
  random(): number;
  /** Calls back once; the answer cancels it. */
  after(ms: number, then: () => void): () => void;
  open(url: string, subprotocol: string): WebSocket;
  ticket(): Promise<{ url: string; delay_s?: number | undefined }>;
}

/** `up` is: the frames of the table are all here. `why` are words with a stable code behind. */
export type LineStatus =
  | { phase: "coming"; failures: number }
  | { phase: "up"; delayS: number }
  | { phase: "ended"; code: string; why: string };

export interface LineOwner {
  /** Where to go on from; null for a snapshot. */
  place(): { epoch: number; seq: number } | null;
  frame(frame: ServerFrame): void;
  status(status: LineStatus): void;
}

export class Line {
  private socket: WebSocket | null = null;
  private failures = 0;
  private missing = 0;
  private delayS = 0;
  private heardAt = 0;
  private pingedAt: number | null = null;
  private pings = 0;
  private ended = false;
  private cancelRetry: (() => void) | null = null;
  private cancelLook: (() => void) | null = null;
  /** Grows with each attempt: what a former one still brings is not ours any more. */
  private attempt = 0;

  constructor(
    private readonly world: World,
    private readonly owner: LineOwner,
  ) {}

  start(): void {
    this.ended = false;
    this.failures = 0;
    void this.connect();
  }

  /** Hang up; the seat, if there is one, stays taken. */
  stop(): void {
    this.ended = true;
    this.attempt += 1;
    this.forget();
    this.cancelRetry?.();
  }

  /** The network is back, or somebody does not want to wait: try now. */
  hurry(): void {
    if (this.ended || this.socket || !this.cancelRetry) return;
    this.cancelRetry();
    void this.connect();
  }

  /** There is no network, or an update is missing: this line is over. */
  drop(): void {
    if (!this.ended && this.socket) this.lost(LOST);
  }

  /** False if it can't go out now. */
  send(frame: ClientFrame): boolean {
    if (this.socket?.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private async connect(): Promise<void> {
    const attempt = ++this.attempt;
    this.cancelRetry = null;
    this.owner.status({ phase: "coming", failures: this.failures });
    let ticket;
    try {
      ticket = await this.world.ticket();
    } catch (failure) {
      if (attempt === this.attempt) this.refused(failure);
      return;
    }
    if (attempt !== this.attempt) return;
    this.delayS = ticket.delay_s ?? 0;
    const place = this.owner.place();
    const resume = place ? `&epoch=${place.epoch}&seq=${place.seq}` : "";
    this.listen(this.world.open(ticket.url + resume, SUBPROTOCOL), attempt);
  }

  private listen(socket: WebSocket, attempt: number): void {
    this.socket = socket;
    this.heardAt = this.world.now();
    this.pingedAt = null;
    socket.onmessage = (message: MessageEvent<string>) => {
      if (attempt === this.attempt) this.heard(JSON.parse(message.data) as ServerFrame);
    };
    socket.onclose = (event: CloseEvent) => {
      if (attempt === this.attempt) this.lost(event.code, event.reason);
    };
    this.look(attempt);
  }

  private heard(frame: ServerFrame): void {
    this.heardAt = this.world.now();
    this.pingedAt = null;
    if (frame.type === "pong") return;
    this.owner.frame(frame);
    if (frame.type === "welcome") this.missing = frame.missed ?? 0;
    else if (frame.type === "update" && this.missing) this.missing -= 1;
    else return;
    if (this.missing || !this.socket) return;
    this.failures = 0;
    this.owner.status({ phase: "up", delayS: this.delayS });
  }

  /** A line that says nothing may be dead: a browser is not told for minutes. */
  private look(attempt: number): void {
    this.cancelLook = this.world.after(LOOK_MS, () => {
      if (attempt !== this.attempt || !this.socket) return;
      const now = this.world.now();
      const opening = this.socket.readyState !== OPEN;
      if (opening ? now - this.heardAt > OPEN_MS : this.pingedAt !== null && now - this.pingedAt > PONG_MS) {
        this.lost(LOST);
        return;
      }
      if (!opening && this.pingedAt === null && now - this.heardAt > QUIET_MS) {
        this.pingedAt = now;
        this.send({ type: "ping", ref: `ping-${++this.pings}` });
      }
      this.look(attempt);
    });
  }

  private forget(): void {
    this.cancelLook?.();
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    // Without a network its end may take minutes: it is not waited for.
    socket.close();
  }

  private lost(code: number, reason = ""): void {
    this.forget();
    if (afterClose(code) === "stay_away") this.end(String(code), wordsOfClose(code) || reason);
    else this.again();
  }

  private refused(failure: unknown): void {
    const { code, message } = failure as { code?: string; message?: string };
    if (code && FATAL.has(code)) this.end(code, message ?? "");
    else this.again();
  }

  private again(): void {
    this.attempt += 1;
    this.failures += 1;
    this.owner.status({ phase: "coming", failures: this.failures });
    const pause = backoff(this.failures - 1, () => this.world.random());
    this.cancelRetry = this.world.after(pause, () => void this.connect());
  }

  private end(code: string, why: string): void {
    this.ended = true;
    this.attempt += 1;
    this.owner.status({ phase: "ended", code, why });
  }
}
