import type { Metadata } from "next";
import { Suspense } from "react";
import { Reset } from "@/signin/reset";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "A new password" };

export default function Page() {
  return (
    <Shell>
      <Suspense>
        <Reset />
      </Suspense>
    </Shell>
  );
}
