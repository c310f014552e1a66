import createClient from "openapi-fetch";
import { askForProof } from "./proof";
import { offline, Problem } from "./problem";
import { access, endIf, renew } from "./store";
import type { ErrorResponse, paths } from "@/wire/api";

const RENEWED = new Set(["token_expired", "token_invalid"]);

/** The HTTP API, typed by the server's own document: `await ask(api.GET("/v1/wallet"))`. */
export const api = createClient<paths>({ baseUrl: "/", fetch: signed });

type Answered<T> = { data?: T; error?: ErrorResponse; response: Response };

/** What was answered; throws Problem for a refusal. */
export async function ask<T>(call: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await call;
  if (error !== undefined) throw Problem.of(error.error);
  if (!response.ok) throw new Problem("unavailable", "The server does not answer.");
  return data as T;
}

/** A request as whoever is signed in. Tokens are renewed, a password is asked for where money needs
 * it, and the request is sent again, once each. Throws Problem when there is no answer. */
export async function signed(request: Request): Promise<Response> {
  const token = await access();
  const answer = await send(request, token);
  if (answer.status !== 401 || token === null) return answer;
  const problem = await problemOf(answer);
  if (RENEWED.has(problem.code)) return send(request, await renew(token));
  if (problem.code === "proof_needed" && (await askForProof())) return send(request, await access());
  endIf(token, problem);
  return answer;
}

async function send(request: Request, token: string | null): Promise<Response> {
  const copy = request.clone();
  if (token !== null) copy.headers.set("Authorization", `Bearer ${token}`);
  const answer = await fetch(copy).catch(() => null);
  if (answer === null) throw offline();
  return answer;
}

async function problemOf(answer: Response): Promise<Problem> {
  const body = (await answer.clone().json().catch(() => null)) as ErrorResponse | null;
  return body === null ? new Problem("unavailable", "The server does not answer.") : Problem.of(body.error);
}
