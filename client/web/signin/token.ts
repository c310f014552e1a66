"use client";

import { useEffect, useSyncExternalStore } from "react";

let taken = "";

function read(): string {
  taken = new URLSearchParams(location.hash.slice(1)).get("token") ?? taken;
  return taken;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

/**
 * The token of a mail's link. It is behind the #, which no server and no log sees, and is taken out
 * of the address at once. undefined until the address was read, empty without one.
 */
export function useMailToken(): string | undefined {
  const token = useSyncExternalStore<string | undefined>(subscribe, read, () => undefined);
  useEffect(() => {
    if (location.hash !== "") history.replaceState(history.state, "", location.pathname);
  }, [token]);
  return token;
}
