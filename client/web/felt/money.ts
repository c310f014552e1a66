// How the amounts of this table are written and read, for whatever is drawn of it.

import { createContext, useContext, useMemo } from "react";
import { moneyOf, type Money } from "@/room/amounts";
import { useExponent } from "@/session/currencies";

const Context = createContext<Money>(moneyOf(0));

export const MoneyOf = Context.Provider;
export const useMoney = (): Money => useContext(Context);

export function useCurrency(currency: string): Money {
  const exponent = useExponent(currency);
  return useMemo(() => moneyOf(exponent), [exponent]);
}
