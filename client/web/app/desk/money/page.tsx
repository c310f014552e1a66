import type { Metadata } from "next";
import { Suspense } from "react";
import { MoneyPage } from "@/desk/money-page";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Money" };

export default function Page() {
  return (
    <Shell wide>
      <Suspense>
        <MoneyPage />
      </Suspense>
    </Shell>
  );
}
