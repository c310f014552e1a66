import { api, ask } from "./api";
import { Problem } from "./problem";
import { keep } from "./store";

/** Passkeys: the browser keeps the secret, the server only its public half. */

export function passkeysWork(): boolean {
  return (
    typeof PublicKeyCredential !== "undefined" &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === "function" &&
    // A passkey belongs to a name; an address has none. docs/security.md
    !/^[\d.]+$|^\[/.test(location.hostname)
  );
}

type Shown = { id: string; rawId: string; type: string; response: never };

async function made(options: unknown): Promise<Shown> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON);
  return json(await navigator.credentials.create({ publicKey }).catch(stopped));
}

async function shown(options: unknown): Promise<Shown> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON);
  return json(await navigator.credentials.get({ publicKey }).catch(stopped));
}

function stopped(): never {
  throw new Problem("passkey_stopped", "No passkey was used. Try again, or use your password.");
}

function json(credential: Credential | null): Shown {
  if (credential === null) return stopped();
  return (credential as PublicKeyCredential).toJSON() as Shown;
}

export async function enterByPasskey() {
  const credential = await shown(await ask(api.POST("/v1/login/passkey/options")));
  return keep(await ask(api.POST("/v1/login/passkey", { body: { credential } })));
}

export async function proveByPasskey() {
  const credential = await shown(await ask(api.POST("/v1/prove/passkey/options")));
  await ask(api.POST("/v1/prove/passkey", { body: { credential } }));
}

export async function addPasskey(name: string) {
  const credential = await made(await ask(api.POST("/v1/passkeys/options")));
  return ask(api.POST("/v1/passkeys", { body: { name, credential } }));
}
