import type { Metadata } from "next";
import { Suspense } from "react";
import { Forgot } from "@/signin/forgot";
import { Shell } from "@/ui/shell";

export const metadata: Metadata = { title: "A new password" };

export default function Page() {
  return (
    <Shell>
      <Suspense>
        <Forgot />
      </Suspense>
    </Shell>
  );
}
