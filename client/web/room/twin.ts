// A world for tests: time that stands still until it is told to go, and sockets that a test plays.

import type { ServerFrame } from "./frames";
import { OPEN, type World } from "./line";

export class TwinSocket {
  readyState = 0;
  sent: { type: string; ref: string; [field: string]: unknown }[] = [];
  closed = false;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;

  constructor(readonly url: string) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text) as TwinSocket["sent"][number]);
  }

  close(): void {
    this.closed = true;
  }

  /** The table sends. */
  told(...frames: ServerFrame[]): void {
    this.readyState = OPEN;
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** The line ends. */
  ends(code: number): void {
    this.onclose?.({ code, reason: "" });
  }
}

export class TwinWorld implements World {
  time = 0;
  tickets = 0;
  refusal: { code: string; message: string } | null = null;
  readonly sockets: TwinSocket[] = [];
  private timers: { at: number; then: () => void }[] = [];

  now = (): number => this.time;
  random = (): number => 1;

  after = (ms: number, then: () => void): (() => void) => {
    const timer = { at: this.time + ms, then };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  open = (url: string): WebSocket => {
    const socket = new TwinSocket(url);
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  };

  ticket = async (): Promise<{ url: string }> => {
    this.tickets += 1;
    if (this.refusal) throw this.refusal;
    return { url: `wss://table/?ticket=${this.tickets}` };
  };

  get last(): TwinSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  /** Lets so much time pass, and what waits for tickets go on. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      await settled();
      const due = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.time = Math.max(this.time, due.at);
      due.then();
    }
    this.time = until;
  }
}

/** Every promise that can go on has. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
