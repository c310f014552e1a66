// A run-out comes in one update: the board, the hands and the pots at once. This spreads it over the
// table's pause after a showdown, so that it can be followed. Pure.

import type { Event } from "./frames";

export interface Step {
  events: readonly Event[];
  /** Milliseconds after the step before. */
  waitMs: number;
}

const RUN_OUT_MS = 850;
const SHOWDOWN_MS = 350;
const POT_MS = 700;
const UNCONTESTED_MS = 250;
/** The shortest pause after a showdown that servers have by default is longer. */
const WHOLE_MS_MAX = 3_600;

/** The events of one update as steps, in their order; most updates are one step. */
export function steps(events: readonly Event[]): Step[] {
  const made: { events: Event[]; waitMs: number }[] = [];
  let shown = false;
  events.forEach((event, i) => {
    const waitMs = wait(event, events[i - 1], shown);
    const last = made.at(-1);
    if (waitMs === 0 && last) last.events.push(event);
    else made.push({ events: [event], waitMs: last ? waitMs : 0 });
    shown ||= event.type === "hand_shown" || event.type === "hand_mucked";
  });
  const whole = made.reduce((sum, step) => sum + step.waitMs, 0);
  const scale = Math.min(1, WHOLE_MS_MAX / Math.max(1, whole));
  return made.map((step) => ({ ...step, waitMs: Math.round(step.waitMs * scale) }));
}

function wait(event: Event, before: Event | undefined, shown: boolean): number {
  switch (event.type) {
    case "board_dealt":
      return shown ? RUN_OUT_MS : 0;
    case "hand_shown":
    case "hand_mucked":
      return shown ? 0 : SHOWDOWN_MS;
    case "pot_awarded":
      return shown ? POT_MS : before?.type === "pot_awarded" ? 0 : UNCONTESTED_MS;
    default:
      return 0;
  }
}
