import { useQuery } from "@tanstack/react-query";
import { api, ask } from "./api";

/** Other sites that this room signs people in by. */
export function useSites() {
  return useQuery({ queryKey: ["oidc"], queryFn: () => ask(api.GET("/v1/oidc")), staleTime: Infinity, select: (told) => told.providers });
}
