// The clock of the seat to act: a bar that the compositor drains, and the seconds as a figure.

import { useEffect, useState } from "react";
import type { Clock } from "@/room/state";

const now = (): number => performance.now();

/** What is left in ms; while the table is paused it does not change. */
export const leftOf = (clock: Clock, at: number): number => clock.standsAt ?? Math.max(0, clock.endsAt - at);

/** Whole seconds left, again each second. Without a line nobody knows: null. */
export function useSeconds(clock: Clock | null, live: boolean): number | null {
  const [, tick] = useState(0);
  const runs = clock !== null && clock.standsAt === null && live;
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => tick((n) => n + 1), 500);
    return () => clearInterval(timer);
  }, [runs, clock]);
  return clock && live ? Math.ceil(leftOf(clock, now()) / 1_000) : null;
}

export function ClockBar({ clock, live }: { clock: Clock; live: boolean }) {
  const seconds = useSeconds(clock, live);
  const [began] = useState(now);
  const left = leftOf(clock, began);
  const style = {
    "--drain": `${clock.wholeMs}ms`,
    "--gone": `${left - clock.wholeMs}ms`,
  } as React.CSSProperties;
  const stands = clock.standsAt !== null || !live;
  return (
    <span className="clock" data-bank={clock.inBank} data-stands={stands}>
      {/* A new turn, bank or pause is a new animation. */}
      <span key={`${clock.endsAt}-${clock.inBank}-${stands}`} className="clock-bar" style={style}>
        <span className="clock-late" style={style} />
      </span>
      <span className="clock-figure figures">{seconds === null ? "…" : clock.inBank ? `bank ${seconds}` : seconds}</span>
    </span>
  );
}
