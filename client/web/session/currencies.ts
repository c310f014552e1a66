"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { amount } from "@/ui/amount";
import { api, ask } from "./api";

/** How to write amounts of a currency: exponents come from the server, and are 0 until they have. */
export function useAmounts(): (minor: number, currency?: string) => string {
  const { data } = useQuery({
    queryKey: ["currencies"],
    queryFn: () => ask(api.GET("/v1/currencies")),
    staleTime: Infinity,
  });
  return useCallback(
    (minor, currency = "PLAY") => amount(minor, data?.currencies.find((each) => each.code === currency)?.exponent ?? 0),
    [data],
  );
}
