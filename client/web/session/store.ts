import { offline, Problem } from "./problem";
import type { ErrorResponse, PlayerInfo, TokensResponse } from "@/wire/api";

/**
 * Who is signed in, in all tabs of this browser. The tokens are in localStorage: one refresh token
 * works once, so tabs must share it, and only one may trade it at a time (a Web Lock). See
 * docs/security.md for why there is no cookie.
 */
export type Session = { access: string; refresh: string; expiresAt: number; player: PlayerInfo };

const KEY = "squaredeal.session";
const LOCK = "squaredeal.session";
/** Renewed so long before its end, ms: a request in flight must not meet it. */
const EARLY_MS = 30_000;
const OVER = new Set([
  "session_ended", "refresh_invalid", "refresh_reused", "account_disabled", "account_banned", "token_invalid",
]);

type Listener = () => void;
const listeners = new Set<Listener>();
let seen: string | null | undefined; // undefined: not read yet
let session: Session | null = null;
let why: Problem | null = null;

function parsed(text: string | null): Session | null {
  try {
    return text === null ? null : (JSON.parse(text) as Session);
  } catch {
    return null;
  }
}

function read(): Session | null {
  const text = localStorage.getItem(KEY);
  if (text !== seen) {
    seen = text;
    session = parsed(text);
  }
  return session;
}

function tell(): void {
  for (const listener of [...listeners]) listener();
}

/** The session of this browser; null if nobody is signed in. */
export const current = (): Session | null => read();

/** Why the last session ended, if nobody asked for it here. */
export const ending = (): Problem | null => why;

export function keep(tokens: TokensResponse): Session {
  const kept: Session = {
    access: tokens.access,
    refresh: tokens.refresh,
    expiresAt: Date.now() + tokens.expires_in_s * 1_000,
    player: tokens.player,
  };
  localStorage.setItem(KEY, JSON.stringify(kept));
  why = null;
  read();
  tell();
  return kept;
}

/** Nobody is signed in any more, in no tab. */
export function forget(because: Problem | null = null): void {
  if (read() === null) return;
  localStorage.removeItem(KEY);
  why = because;
  read();
  tell();
}

/** `because` ends the session that had this access token, unless another has begun since. */
export function endIf(access: string, because: Problem): void {
  if (OVER.has(because.code) && read()?.access === access) forget(because);
}

export function subscribe(listener: Listener): () => void {
  if (listeners.size === 0) window.addEventListener("storage", onStorage);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.removeEventListener("storage", onStorage);
  };
}

function onStorage(event: StorageEvent): void {
  if (event.key !== KEY && event.key !== null) return;
  const had = session;
  if (read() === null && had !== null) why = new Problem("session_ended", "This session has ended.");
  tell();
}

/** An access token that is good for a while; null if nobody is signed in. Throws Problem. */
export async function access(): Promise<string | null> {
  const now = read();
  if (now === null) return null;
  return now.expiresAt - EARLY_MS > Date.now() ? now.access : renew(now.access);
}

/** The token that comes after `old`: another tab may have it already. Throws Problem. */
export async function renew(old: string): Promise<string | null> {
  return exclusively(async () => {
    const now = read();
    if (now === null || now.access !== old) return now?.access ?? null;
    const traded = await trade(now.refresh);
    if (!(traded instanceof Problem)) return keep(traded).access;
    endIf(old, traded);
    throw traded;
  });
}

async function trade(refresh: string): Promise<TokensResponse | Problem> {
  const body = JSON.stringify({ refresh });
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch("/v1/refresh", { method: "POST", headers, body }).catch(() => null);
  if (answer === null) throw offline();
  if (answer.ok) return (await answer.json()) as TokensResponse;
  const refused = (await answer.json().catch(() => null)) as ErrorResponse | null;
  return refused === null ? offline() : Problem.of(refused.error);
}

let queue: Promise<unknown> = Promise.resolve();

/** One at a time among all tabs; among those of this page only, where a browser has no locks
 * (plain http at another host than localhost). */
function exclusively<T>(act: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(LOCK, act) as Promise<T>;
  const next = queue.then(act, act);
  queue = next.catch(() => undefined);
  return next;
}
