"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { api, ask } from "@/session/api";

/** How many digits of a currency are cents; none of one that is not known. */
export function useExponents(): (currency: string) => number {
  const found = useQuery({ queryKey: ["currencies"], queryFn: () => ask(api.GET("/v1/currencies")), staleTime: Infinity });
  const known = found.data?.currencies;
  return useCallback((currency: string) => known?.find((each) => each.code === currency)?.exponent ?? 0, [known]);
}
