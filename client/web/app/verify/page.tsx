import type { Metadata } from "next";
import { Suspense } from "react";
import { Verify } from "@/signin/verify";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Your address" };

export default function Page() {
  return (
    <Shell>
      <Suspense>
        <Verify />
      </Suspense>
    </Shell>
  );
}
