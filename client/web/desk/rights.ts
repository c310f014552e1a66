"use client";

import { useQuery } from "@tanstack/react-query";
import { api, ask } from "@/session/api";
import { useSession } from "@/session/use";

/** What whoever is signed in may do here. A page goes by it; the server asks anew at each act. */
export function useRights() {
  const session = useSession();
  const found = useQuery({
    queryKey: ["rights", session?.player.id],
    queryFn: () => ask(api.GET("/v1/rights")),
    enabled: !!session,
    refetchInterval: 60_000,
  });
  const rights = found.data?.rights ?? [];
  return {
    session,
    error: found.error,
    known: found.data !== undefined,
    twoPerson: found.data?.two_person ?? false,
    may: (right: string) => rights.includes(right),
    /** Any right but that to play makes an operator. */
    operator: rights.some((right) => right !== "play"),
  };
}

/** Everybody acts under his own name. */
export function useBy(): { name: string } {
  return { name: useSession()?.player.name ?? "" };
}
