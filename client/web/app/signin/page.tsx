import type { Metadata } from "next";
import { Suspense } from "react";
import { Enter } from "@/signin/enter";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "Sign in" };

export default function Page() {
  return (
    <Shell>
      <Suspense>
        <Enter />
      </Suspense>
    </Shell>
  );
}
