"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** What a page's address says behind the `?`, and how to change it: filters survive a reload and can
 * be sent to somebody. The page stands in a Suspense. */
export function useQueryWords(): [URLSearchParams, (changes: Record<string, string>) => void] {
  const words = useSearchParams();
  const change = useCallback((changes: Record<string, string>) => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    const text = next.toString();
    window.history.replaceState(null, "", text ? `?${text}` : window.location.pathname);
  }, []);
  return [words as URLSearchParams, change];
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
