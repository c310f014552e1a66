// Refusals as sentences. The code stays visible behind them, for whoever asks for help.

import type { Money } from "./amounts";
import type { LimitReached } from "./frames";

const WORDS: Readonly<Record<string, string>> = {
  not_seated: "You have no seat at this table.",
  already_seated: "You have a seat at this table already.",
  seat_taken: "Somebody was quicker: this seat is taken.",
  seat_unknown: "There is no such seat.",
  table_full: "Every seat is taken.",
  buy_in_too_small: "That is less than this table's smallest buy-in.",
  buy_in_too_large: "That is more than this table's largest buy-in.",
  wallet_too_small: "There are not enough chips in your wallet.",
  wallet_failed: "Your wallet did not answer. Nothing was taken; try again in a moment.",
  rail_cannot_play: "You are watching: take a seat to play.",
  straddle_off: "There are no straddles at this table.",
  leaving: "You are leaving: your chips go to your wallet after this hand.",
  table_closing: "This table is closing after the hand.",
  table_moved: "The table is moving. It is back in a second; try again then.",
  table_paused: "The table is paused. Nothing counts until it goes on.",
  table_busy: "The table has too much to catch up with. Nothing was done; try again in a moment.",
  too_fast: "That was too fast for the table. Nothing was done; try again.",
  not_your_turn: "It is not your turn.",
  cannot_check: "There is a bet to call.",
  nothing_to_call: "There is nothing to call.",
  below_minimum: "That is less than the smallest raise.",
  above_stack: "That is more than you have in front of you.",
  betting_not_reopened: "The betting was not reopened to you: call or fold.",
  no_one_to_raise: "Nobody else could call a raise: call or fold.",
  line_ended: "There is no line to the table any more.",
  no_hand: "No hand is being played.",
};

/** Refusals that only say that the table is further on than we were: the truth is shown already. */
const QUIET = new Set(["stale_hand", "stale_turn"]);

const LIMITS: Readonly<Record<string, string>> = {
  self_exclusion: "You have excluded yourself from play",
  cooling_off: "You are taking a break from play",
  session: "Your time of play is over",
  deposit_day: "This would go beyond your deposits for a day",
  deposit_week: "This would go beyond your deposits for a week",
  deposit_month: "This would go beyond your deposits for a month",
  buy_in_day: "This would go beyond your buy-ins for a day",
  buy_in_week: "This would go beyond your buy-ins for a week",
  buy_in_month: "This would go beyond your buy-ins for a month",
  loss_day: "You have reached your loss limit for a day",
  loss_week: "You have reached your loss limit for a week",
  loss_month: "You have reached your loss limit for a month",
};

export const isQuiet = (code: string): boolean => QUIET.has(code);

/** One or two sentences for a refusal; the server's own where we have none. */
export function inWords(code: string, message: string, limit: LimitReached | null, say: Money["say"]): string {
  if (code !== "limit_reached" || !limit) return WORDS[code] ?? message;
  const until = limit.until ? `, until ${new Date(limit.until).toLocaleString()}` : "";
  const left = limit.left > 0 ? ` ${say(limit.left)} are left.` : "";
  return `${LIMITS[limit.limit] ?? "One of your limits is reached"}${until}.${left}`;
}

/** Why the clocks stand still. */
export function pauseInWords(reason: string): string {
  if (reason === "operator") return "The floor has paused this table. Clocks stand still; your seat and chips are safe.";
  if (reason === "storage") return "The table waits for its storage. Clocks stand still; nothing is lost.";
  return "The table is paused. Clocks stand still.";
}

export const SENT_AWAY =
  "The host has sent you away. You play this hand to its end, and then your chips go to your wallet.";

/** Why a hand does not count. */
export function voidInWords(reason: string): string {
  const said = reason ? ` Reason: ${reason}.` : "";
  return `The hand does not count: every stack is as it was before it.${said}`;
}
