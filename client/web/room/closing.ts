// What the end of a line means: docs/protocol.md, "When the line ends".

/** What to do when a socket has closed. */
export type Next = "again" | "stay_away";

export function afterClose(code: number): Next {
  // 41xx needs a new ticket; each of our lines begins with one anyway.
  return code < 4200 ? "again" : "stay_away";
}

/** Why we do not come back by ourselves, in words; the code stays visible behind them. */
const WORDS: Readonly<Record<number, string>> = {
  4200: "You opened this table in another window. It plays on over there.",
  4201: "The table could not read what this page sent. Reload the page to go on.",
  4202: "This page sent more than the table takes. Reload the page to go on.",
  4203: "This page sent faster than the table reads. Wait a moment, then go on.",
  4204: "This table has been closed. Your chips are in your wallet.",
  4205: "You have been signed out. Sign in again to go on.",
  4206: "You have been sent away from this table for a while. Your chips are in your wallet.",
};

export const wordsOfClose = (code: number): string =>
  WORDS[code] ?? "The table ended the connection and asked not to come back.";

/** Codes of the HTTP API after which asking for a ticket again is no use. */
export const FATAL = new Set([
  "not_signed_in",
  "session_ended",
  "refresh_invalid",
  "refresh_reused",
  "account_disabled",
  "account_banned",
  "banned",
  "table_unknown",
  "token_invalid",
]);

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** Jitter: a thousand clients that lost one server must not come back as one. */
export function backoff(failures: number, random: () => number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 10)) * (0.5 + random() / 2);
}
