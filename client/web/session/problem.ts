import type { ErrorBody } from "@/wire/api";

/** Why a request was not answered as hoped: a stable code, and a sentence for people. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly retryAfterS = 0,
    readonly limit: ErrorBody["limit"] = null,
    /** What a code is sent with after signing in at another site. */
    readonly continuation = "",
  ) {
    super(message);
    this.name = "Problem";
  }

  static of(body: ErrorBody): Problem {
    return new Problem(body.code, body.message, body.retry_after_s ?? 0, body.limit ?? null, body.continuation ?? "");
  }

  /** Whether the same request may succeed a little later. */
  get passing(): boolean {
    return PASSING.has(this.code) || this.retryAfterS > 0;
  }
}

const PASSING = new Set(["offline", "unavailable", "internal", "table_busy", "table_not_open", "table_moved"]);

export const offline = () => new Problem("offline", "The server can't be reached.");

/**
 * What the server's own sentence does not say well to whoever sits at a browser. Everything else is
 * shown as the server words it.
 */
const SENTENCES: Record<string, string> = {
  offline: "The server can't be reached. Check your connection; we keep trying.",
  not_signed_in: "Sign in first.",
  token_invalid: "Your session is not valid any more. Sign in again.",
  token_expired: "Your session has run out. Sign in again.",
  session_ended: "You were signed out, here or from another device. Sign in again.",
  refresh_invalid: "Your session has run out. Sign in again.",
  refresh_reused: "This session was used from two places at once and was ended to be safe. Sign in again.",
  wrong_credentials: "Name and password don't match. Check both.",
  code_needed: "This account has a second factor. Enter the code of your authenticator.",
  code_wrong: "That code is wrong or has been used. Wait for the next one.",
  name_taken: "Somebody has this name already. Choose another.",
  too_many_attempts: "Too many attempts. Wait a while before you try again.",
  too_many_requests: "That was too quick. Wait a moment.",
  flow_invalid: "This trip to another site is over, or was not begun here. Begin again.",
  identity_refused: "The other site did not say who you are. Try again, or sign in another way.",
  identity_invalid: "What the other site said does not hold. Try again, or sign in another way.",
  provider_away: "The other site does not answer. Try again later, or sign in another way.",
  mail_failed: "The mail could not be sent. Try again later, or ask those who run the room.",
  mail_token_invalid: "This link has expired or has been used. Ask for a new one.",
  wallet_too_small: "There are not enough chips in your wallet.",
  no_seat_free: "No table that you can buy into has a free seat just now.",
  proof_needed: "You were away for a while. Show first that it is still you.",
  internal: "Something went wrong on our side. It has been written down; try again.",
  unavailable: "A part of the server does not answer. Try again in a moment.",
};

/** What a person is told of anything that was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof Problem) return SENTENCES[error.code] ?? error.message;
  return "Something went wrong in this page. Reload it.";
}

export function codeOf(error: unknown): string {
  return error instanceof Problem ? error.code : "page_failed";
}
