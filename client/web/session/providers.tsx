"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Proof } from "@/account/proof";
import { Banners } from "@/ui/banners";
import { Problem } from "./problem";

const TRIES_MAX = 3;

/** Only what may pass by itself is asked again. */
function again(count: number, error: unknown): boolean {
  return count < TRIES_MAX && error instanceof Problem && error.passing;
}

/** What every page needs around it. */
export function Providers({ children }: { children: ReactNode }) {
  const [client] = useState(
    () => new QueryClient({ defaultOptions: { queries: { staleTime: 5_000, retry: again }, mutations: { retry: false } } }),
  );
  return (
    <QueryClientProvider client={client}>
      {children}
      <Proof />
      <Banners />
    </QueryClientProvider>
  );
}
