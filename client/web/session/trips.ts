import { api, ask } from "./api";
import { Problem } from "./problem";
import { keep } from "./store";

/** Trips to another site and back (OpenID Connect). What shows that this tab began one stays in this
 * tab: whoever comes back without it was sent by somebody else. */

export type Purpose = "enter" | "link" | "prove";

export interface Trip {
  purpose: Purpose;
  provider: string;
  flow: string;
  state: string;
  /** Where to go on afterwards, in this site. */
  back: string;
}

/** What the other site sent along. */
export interface Arrival {
  trip: Trip | null;
  code: string;
  state: string;
}

const KEY = "squaredeal.trip";

/** Leave for another site; `name` is of an account to be made if nobody is known there. */
export async function setOut(purpose: Purpose, provider: string, back: string, name = ""): Promise<void> {
  const { url, flow, state } = await begun(purpose, provider, name);
  const trip: Trip = { purpose, provider, flow, state, back };
  sessionStorage.setItem(KEY, JSON.stringify(trip));
  location.assign(url);
}

function begun(purpose: Purpose, provider: string, name: string) {
  const params = { path: { provider } };
  if (purpose === "link") return ask(api.POST("/v1/identities/{provider}/begin", { params }));
  if (purpose === "prove") return ask(api.POST("/v1/prove/oidc/{provider}/begin", { params }));
  return ask(api.POST("/v1/oidc/{provider}/begin", { params, body: { name } }));
}

/** What this page was reached with. Read once: the trip is over, and its code stays in no history. */
export function arrival(): Arrival {
  const query = new URLSearchParams(location.search);
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  history.replaceState(history.state, "", location.pathname);
  return { trip: kept === null ? null : (JSON.parse(kept) as Trip), code: query.get("code") ?? "", state: query.get("state") ?? "" };
}

/** Do what the trip was for. Throws Problem. */
export async function arrive({ trip, code, state }: Arrival): Promise<void> {
  if (trip === null || trip.state !== state || location.pathname.split("/")[2] !== trip.provider) throw new Problem("flow_invalid", "");
  if (code === "") throw new Problem("identity_refused", "");
  const body = { flow: trip.flow, state, code };
  if (trip.purpose === "link") return ask(api.POST("/v1/identities", { body }));
  if (trip.purpose === "prove") return ask(api.POST("/v1/prove/oidc", { body }));
  await keep(await ask(api.POST("/v1/login/oidc", { body })));
}

/** The second half, where the account has a second factor. Throws Problem. */
export async function showCode(purpose: Purpose, continuation: string, factor: string): Promise<void> {
  const body = { continuation, factor };
  if (purpose === "prove") return ask(api.POST("/v1/prove/oidc/code", { body }));
  await keep(await ask(api.POST("/v1/login/oidc/code", { body })));
}
