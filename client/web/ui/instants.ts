/** Instants as people read them, in their own zone. */

const DAY_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export const dayTime = (instant: string): string => DAY_TIME.format(new Date(instant));
export const exact = (instant: string): string => EXACT.format(new Date(instant));
export const clock = (instant: string): string => CLOCK.format(new Date(instant));

/** "2 h 05 min", "4 min", "12 s". */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
