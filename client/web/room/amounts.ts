// Sizes of a bet, in minor units. A size is a total for the street, as the protocol wants it.

import { amount } from "@/ui/amount";
import type { Legal } from "./frames";
import { mySeat, type TableState } from "./state";

export type Preset = "half" | "two_thirds" | "pot" | "all_in";

export const PRESETS: readonly { preset: Preset; label: string; key: string }[] = [
  { preset: "half", label: "½", key: "1" },
  { preset: "two_thirds", label: "⅔", key: "2" },
  { preset: "pot", label: "Pot", key: "3" },
  { preset: "all_in", label: "All-in", key: "4" },
];

const PARTS: Record<Exclude<Preset, "all_in">, readonly [number, number]> = {
  half: [1, 2],
  two_thirds: [2, 3],
  pot: [1, 1],
};

export const within = (amount: number, options: Legal): number =>
  Math.min(options.raise_max, Math.max(options.raise_min, amount));

/** A bet of a part of the pot as it would be after the call. */
export function presetTo(preset: Preset, state: TableState, options: Legal): number {
  if (preset === "all_in") return options.raise_max;
  const [over, under] = PARTS[preset];
  const bet = mySeat(state)?.bet ?? 0;
  const afterCall = state.pot + options.call;
  return within(bet + options.call + Math.floor((afterCall * over) / under), options);
}

/** The next size up or down: a step of a big blind, ending in whole ones. */
export function nudged(to: number, up: boolean, step: number, options: Legal): number {
  const next = up ? Math.floor(to / step) * step + step : Math.ceil(to / step) * step - step;
  return within(next, options);
}

/** How a table's amounts are written and read. */
export interface Money {
  say: (minor: number) => string;
  /** What somebody typed, in minor units; null if it is no amount. */
  read: (text: string) => number | null;
}

/** By a currency's exponent: 2 for cents. Nothing is said of amounts while it is not known. */
export const moneyOf = (exponent: number | null): Money => ({
  say: (minor) => (exponent === null ? "…" : amount(minor, exponent)),
  read: (text) => (exponent === null ? null : parsed(text, exponent)),
});

/** Whole chips, or with cents behind a point or a comma; thousands may be set apart, by threes. What
 * is neither is null: nobody buys in for a hundred times what he meant. */
export function parsed(text: string, exponent = 0): number | null {
  const plain = text.replaceAll(/[\s_’']/gu, "");
  const grouped = exponent ? String.raw`\d{1,3}(?:,\d{3})+` : String.raw`\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+`;
  const cents = exponent ? String.raw`(?:[.,](\d{0,${exponent}}))?` : "";
  const found = new RegExp(`^(${grouped}|\\d*)${cents}$`, "u").exec(plain);
  const digits = found ? (found[1] ?? "").replaceAll(/[,.]/gu, "") + (found[2] ?? "").padEnd(exponent, "0") : "";
  return /\d/u.test(plain) && /^\d{1,15}$/u.test(digits) ? Number(digits) : null;
}

/** Buy-in suggested: a hundred big blinds, if the table and the wallet allow it. */
export function suggested(info: { big_blind: number; buy_in_min: number; buy_in_max: number }, wallet: number): number {
  return Math.max(info.buy_in_min, Math.min(info.buy_in_max, 100 * info.big_blind, wallet));
}
