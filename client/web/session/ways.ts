import { api, ask } from "./api";
import { forget, keep } from "./store";

/** The ways in and out. All throw Problem. */

export async function playAsGuest() {
  return keep(await ask(api.POST("/v1/guest")));
}

export async function register(name: string, password: string) {
  return keep(await ask(api.POST("/v1/register", { body: { name, password } })));
}

export async function login(name: string, password: string, code = "") {
  return keep(await ask(api.POST("/v1/login", { body: { name, password, code } })));
}

/** From guest to player: same chips, same seats. */
export async function upgrade(name: string, password: string) {
  return keep(await ask(api.POST("/v1/upgrade", { body: { name, password } })));
}

/** Out in this browser, even when the server can't be told. */
export async function signOut() {
  await ask(api.POST("/v1/logout")).catch(() => undefined);
  forget();
}

export async function signOutEverywhere() {
  await ask(api.POST("/v1/logout-everywhere"));
  forget();
}
