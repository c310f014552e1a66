"use client";

import { useEffect, useState } from "react";

export const SPEEDS = [0.5, 1, 2, 4] as const;
const STEP_MS = 1_100;

/** A place in `steps` steps that goes on by itself while it plays. */
export function usePlaying(steps: number) {
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState<number>(1);
  const last = steps - 1;
  const runs = playing && at < last;
  useEffect(() => {
    if (!runs) return;
    const timer = setTimeout(() => setAt((now) => Math.min(last, now + 1)), STEP_MS / speed);
    return () => clearTimeout(timer);
  }, [runs, at, last, speed]);
  return {
    at,
    playing: runs,
    speed,
    setSpeed,
    go: (to: number) => {
      setPlaying(false);
      setAt(Math.max(0, Math.min(last, to)));
    },
    toggle: () => {
      if (!runs && at >= last) setAt(0);
      setPlaying(!runs);
    },
  };
}
