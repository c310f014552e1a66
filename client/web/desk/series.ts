// What the live series come to. Pure.

import type { FloorSample, RevenueSample } from "@/wire/api";

export const seconds = (instant: string): number => Date.parse(instant) / 1_000;

/** Hands that ended in an hour at the pace of the last minutes; null while that can't be known. */
export function pace(samples: readonly FloorSample[], overS = 300): number | null {
  const last = samples.at(-1);
  if (!last) return null;
  const first = samples.find((each) => seconds(each.at) >= seconds(last.at) - overS);
  const span = first ? seconds(last.at) - seconds(first.at) : 0;
  // Tables that were closed or opened anew take their hands out of the count.
  return first && span > 0 && last.hands >= first.hands ? Math.round(((last.hands - first.hands) * 3_600) / span) : null;
}

/** What the house gained of one currency since the first sample, at each sample. */
export function gained(samples: readonly RevenueSample[], currency: string): { at: number[]; values: number[] } {
  const mine = samples.filter((each) => each.currency === currency);
  const first = mine[0]?.house ?? 0;
  return { at: mine.map((each) => seconds(each.at)), values: mine.map((each) => each.house - first) };
}

export const currenciesOf = (samples: readonly RevenueSample[]): string[] => [...new Set(samples.map((each) => each.currency))].sort();

/** Gained per minute, newest last: what the ticker runs. */
export function minutes(samples: readonly RevenueSample[], currency: string): { at: number; gain: number }[] {
  const { at, values } = gained(samples, currency);
  const ends = new Map<number, number>();
  at.forEach((when, i) => ends.set(Math.floor(when / 60), values[i] ?? 0));
  const list = [...ends.entries()];
  return list.slice(1).map(([minute, value], i) => ({ at: minute * 60, gain: value - (list[i]?.[1] ?? 0) }));
}
