"use client";

import { useSyncExternalStore } from "react";
import type { Problem } from "./problem";
import { current, ending, type Session, subscribe } from "./store";

/** Who is signed in; undefined until the browser was asked, null if nobody is. */
export function useSession(): Session | null | undefined {
  return useSyncExternalStore<Session | null | undefined>(subscribe, current, () => undefined);
}

/** Why the last session ended, if nobody asked for that here. */
export function useEnding(): Problem | null {
  return useSyncExternalStore(subscribe, ending, () => null);
}
