"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { amount } from "@/ui/amount";
import { api, ask } from "./api";

/** By code; undefined until the server has told. */
function useCurrencies(): ReadonlyMap<string, number> | undefined {
  return useQuery({
    queryKey: ["currencies"],
    queryFn: () => ask(api.GET("/v1/currencies")),
    staleTime: Infinity,
    select: exponentsOf,
  }).data;
}

const exponentsOf = (told: { currencies: readonly { code: string; exponent: number }[] }): ReadonlyMap<string, number> =>
  new Map(told.currencies.map(({ code, exponent }) => [code, exponent]));

/** How many digits of a currency are cents; none of one that is not known. */
export function useExponents(): (currency: string) => number {
  const known = useCurrencies();
  return useCallback((currency) => known?.get(currency) ?? 0, [known]);
}

/** Of one currency; null until it is known. Play chips have no cents. */
export function useExponent(currency: string): number | null {
  const known = useCurrencies();
  return currency === "PLAY" ? 0 : known ? (known.get(currency) ?? 0) : null;
}

/** How to write amounts of a currency. */
export function useAmounts(): (minor: number, currency?: string) => string {
  const exponents = useExponents();
  return useCallback((minor, currency = "PLAY") => amount(minor, exponents(currency)), [exponents]);
}
