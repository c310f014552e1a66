"use client";

import { useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";

/** What a page's address says behind the `?`, and how to change it: filters survive a reload and can
 * be sent to somebody. The page stands in a Suspense. */
export function useQueryWords(): [URLSearchParams, (changes: Record<string, string>) => void] {
  const told = useSearchParams().toString();
  // The router tells of a new address a little later. An input that waits for it loses letters: what
  // was typed is shown at once, over all addresses that it has left behind.
  const [typed, setTyped] = useState<{ text: string; over: readonly string[] } | null>(null);
  if (typed?.text === told) setTyped(null);
  const text = typed?.over.includes(told) ? typed.text : told;
  const words = useMemo(() => new URLSearchParams(text), [text]);
  const change = (changes: Record<string, string>): void => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const now = next.toString();
    setTyped((before) => ({ text: now, over: [...(before ? [...before.over, before.text] : []), told] }));
    window.history.replaceState(null, "", now ? `?${now}` : window.location.pathname);
  };
  return [words, change];
}

/** Without what is empty: a filter that is left out is not asked for. */
export function asked<T extends Record<string, string | number | undefined>>(words: T) {
  const entries = Object.entries(words).filter(([, value]) => value !== undefined && value !== "");
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** The beginning of a day that a date input names, and the end of it, here, as instants. */
export const dayBegins = (day: string): string => (day ? new Date(`${day}T00:00`).toISOString() : "");
export const dayEnds = (day: string): string =>
  day ? new Date(new Date(`${day}T00:00`).getTime() + 86_400_000).toISOString() : "";
