// What rooms need of a browser and of whoever is signed in.

import type { World } from "./line";

export type Role = "seat" | "rail";

/** The HTTP API as a table needs it; it throws what has a `code` and a `message`. */
export interface Access {
  ticket(table: string, role: Role): Promise<{ url: string; delay_s?: number | undefined }>;
  /** What is free in the wallet, minor units. */
  wallet(currency: string): Promise<number>;
}

export function browserWorld(ticket: World["ticket"]): World {
  return {
    now: () => performance.now(),
    random: () => Math.random(),
    after: (ms, then) => {
      const timer = setTimeout(then, ms);
      return () => clearTimeout(timer);
    },
    open: (url, subprotocol) => new WebSocket(url, subprotocol),
    ticket,
  };
}
